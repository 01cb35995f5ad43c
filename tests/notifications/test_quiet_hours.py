"""Quiet hours are 21:00 to 08:00 where the patient is, in every zone that they may be in, over both changes of time."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import zipcodes

from notifications.quiet_hours import end_of_day, next_allowed

EAST, CENTRAL, WEST, PHOENIX = "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Phoenix"


def _at(words: str, zone: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        ("2026-06-10 08:00", "2026-06-10 08:00"),
        ("2026-06-10 20:59:59", "2026-06-10 20:59:59"),
        ("2026-06-10 21:00", "2026-06-11 08:00"),
        ("2026-06-10 23:59", "2026-06-11 08:00"),
        ("2026-06-11 00:00", "2026-06-11 08:00"),
        ("2026-06-11 07:59:59", "2026-06-11 08:00"),
        ("2026-12-31 22:00", "2027-01-01 08:00"),
    ],
)
@pytest.mark.parametrize("zone", [EAST, CENTRAL, WEST, PHOENIX])
def test_a_text_waits_for_the_morning(at: str, allowed: str, zone: str) -> None:
    assert next_allowed(_at(at, zone), [zone]) == _at(allowed, zone)


@pytest.mark.parametrize(
    ("at", "allowed", "hours"),
    [
        # 2026-03-08: the night is an hour shorter; 2026-11-01: an hour longer.
        ("2026-03-07 21:00", "2026-03-08 08:00", 10),
        ("2026-10-31 21:00", "2026-11-01 08:00", 12),
        ("2026-06-10 21:00", "2026-06-11 08:00", 11),
    ],
)
@pytest.mark.parametrize("zone", [EAST, CENTRAL, WEST])
def test_the_night_is_as_long_as_the_clocks_make_it(at: str, allowed: str, hours: int, zone: str) -> None:
    start, end = _at(at, zone), next_allowed(_at(at, zone), [zone])
    assert end == _at(allowed, zone)
    assert end.timestamp() - start.timestamp() == hours * 3600


@pytest.mark.parametrize("fold", [0, 1])
def test_an_hour_that_comes_twice_is_night_both_times(fold: int) -> None:
    at = _at("2026-11-01 01:30", EAST).replace(fold=fold)
    assert next_allowed(at, [EAST]) == _at("2026-11-01 08:00", EAST)


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        # Day at both coasts is 11:00 to 21:00 in the east.
        (("2026-06-10 09:00", EAST), ("2026-06-10 08:00", WEST)),
        (("2026-06-10 11:00", EAST), ("2026-06-10 11:00", EAST)),
        (("2026-06-10 20:59", EAST), ("2026-06-10 20:59", EAST)),
        (("2026-06-10 21:00", EAST), ("2026-06-11 08:00", WEST)),
        (("2026-06-10 20:59", WEST), ("2026-06-11 08:00", WEST)),
    ],
)
def test_who_may_be_at_either_coast_is_texted_when_it_is_day_at_both(
    at: tuple[str, str], allowed: tuple[str, str]
) -> None:
    assert next_allowed(_at(*at), [EAST, WEST]) == _at(*allowed)


#: Both changes of 2026: clocks go forward on March 8 and back on November 1, at two in the morning of each zone's own
#: time. Each row: an instant by the zone's clocks, and UTC of when a text may go.
CHANGES = [
    # the spring night, in every zone that changes, and where it does not
    (EAST, "2026-03-07 20:59", "2026-03-08 01:59"),
    (EAST, "2026-03-07 21:00", "2026-03-08 12:00"),
    (EAST, "2026-03-08 01:59", "2026-03-08 12:00"),
    (EAST, "2026-03-08 03:00", "2026-03-08 12:00"),
    (EAST, "2026-03-08 08:00", "2026-03-08 12:00"),
    (EAST, "2026-03-08 21:00", "2026-03-09 12:00"),
    (CENTRAL, "2026-03-07 21:00", "2026-03-08 13:00"),
    ("America/Denver", "2026-03-07 21:00", "2026-03-08 14:00"),
    (WEST, "2026-03-07 21:00", "2026-03-08 15:00"),
    ("America/Anchorage", "2026-03-07 21:00", "2026-03-08 16:00"),
    (PHOENIX, "2026-03-07 21:00", "2026-03-08 15:00"),
    ("Pacific/Honolulu", "2026-03-07 21:00", "2026-03-08 18:00"),
    ("America/Puerto_Rico", "2026-03-07 21:00", "2026-03-08 12:00"),
    # the autumn night
    (EAST, "2026-10-31 20:59", "2026-11-01 00:59"),
    (EAST, "2026-10-31 21:00", "2026-11-01 13:00"),
    (EAST, "2026-11-01 07:59", "2026-11-01 13:00"),
    (EAST, "2026-11-01 08:00", "2026-11-01 13:00"),
    (EAST, "2026-11-01 20:59", "2026-11-02 01:59"),
    (EAST, "2026-11-01 21:00", "2026-11-02 13:00"),
    (CENTRAL, "2026-10-31 21:00", "2026-11-01 14:00"),
    ("America/Denver", "2026-10-31 21:00", "2026-11-01 15:00"),
    (WEST, "2026-10-31 21:00", "2026-11-01 16:00"),
    ("America/Anchorage", "2026-10-31 21:00", "2026-11-01 17:00"),
    (PHOENIX, "2026-10-31 21:00", "2026-11-01 15:00"),
    ("Pacific/Honolulu", "2026-10-31 21:00", "2026-11-01 18:00"),
    ("America/Puerto_Rico", "2026-10-31 21:00", "2026-11-01 12:00"),
]


@pytest.mark.parametrize(("zone", "at", "allowed"), CHANGES)
def test_both_changes_of_the_clocks_in_2026(zone: str, at: str, allowed: str) -> None:
    assert next_allowed(_at(at, zone), [zone]) == _at(allowed, "UTC")


#: ZIP codes of states that lie in two zones, one on either side: at 07:30 of the eastern side's clocks on a summer's
#: day both are asleep; the table says at which UTC hour each may be texted.
SPLIT = [
    ("IN", "46204", 12),
    ("IN", "46402", 13),
    ("KY", "40202", 12),
    ("KY", "42101", 13),
    ("TN", "37902", 12),
    ("TN", "37201", 13),
    ("FL", "33101", 12),
    ("FL", "32501", 13),
    ("MI", "48201", 12),
    ("MI", "49801", 13),
    ("TX", "75201", 13),
    ("TX", "79901", 14),
    ("KS", "67202", 13),
    ("KS", "67735", 14),
    ("NE", "69101", 13),
    ("NE", "69301", 14),
    ("ND", "58501", 13),
    ("ND", "58601", 14),
    ("SD", "57501", 13),
    ("SD", "57701", 14),
    ("ID", "83702", 14),
    ("ID", "83814", 15),
    ("OR", "97914", 14),
    ("OR", "97201", 15),
    # The Navajo Nation changes its clocks, the rest of Arizona does not.
    ("AZ", "86515", 14),
    ("AZ", "86001", 15),
    ("AK", "99501", 16),
    ("AK", "99546", 17),
]


@pytest.mark.parametrize(("state", "zip_code", "hour"), SPLIT)
def test_states_that_lie_in_two_zones_are_texted_by_the_patients_own(state: str, zip_code: str, hour: int) -> None:
    [place] = zipcodes.matching(zip_code)  # type: ignore[no-untyped-call]
    assert place["state"] == state
    night = _at("2026-07-01 07:30", "UTC")
    assert next_allowed(night, [place["timezone"]]) == _at(f"2026-07-01 {hour:02}:00", "UTC")


#: The mornings beside both changes of 2026, and how much later than in summer it is 08:00 by clocks that change.
MORNINGS = [("2026-03-07", 1), ("2026-03-08", 0), ("2026-10-31", 0), ("2026-11-01", 1)]
UNCHANGED = {"86001"}


@pytest.mark.parametrize(("day", "later"), MORNINGS)
@pytest.mark.parametrize(("state", "zip_code", "hour"), SPLIT)
def test_on_either_side_of_a_split_state_the_morning_follows_its_own_clocks_over_both_changes(
    state: str, zip_code: str, hour: int, day: str, later: int
) -> None:
    [place] = zipcodes.matching(zip_code)  # type: ignore[no-untyped-call]
    assert place["state"] == state
    opens = hour if zip_code in UNCHANGED else hour + later
    before = _at(f"{day} 07:30", "UTC")
    assert next_allowed(before, [place["timezone"]]) == _at(f"{day} {opens:02}:00", "UTC")


@pytest.mark.parametrize(
    ("at", "zones", "ends"),
    [
        ("2026-06-10 08:00", [EAST], "2026-06-10 21:00"),
        # In the east it is night first.
        ("2026-06-10 15:00", [WEST, EAST], "2026-06-10 21:00"),
        ("2026-03-08 08:00", [EAST], "2026-03-08 21:00"),
        ("2026-11-01 20:59", [EAST], "2026-11-01 21:00"),
    ],
)
def test_the_day_ends_where_night_begins_first(at: str, zones: list[str], ends: str) -> None:
    assert end_of_day(_at(at, EAST), zones) == _at(ends, EAST)
