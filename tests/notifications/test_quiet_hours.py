"""Quiet hours are 21:00 to 08:00 where the patient is, in every zone that they may be in, over both changes of time."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from notifications.quiet_hours import next_allowed

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
