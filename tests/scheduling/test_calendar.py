"""A day's mask against the zone's own clocks, on ordinary days and on both changes."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling import bits
from scheduling.calendar import Hours, day_of, length, origin, own_mask, spill_mask

SPRING, AUTUMN, ORDINARY = date(2027, 3, 14), date(2027, 11, 7), date(2027, 6, 1)
ZONES = ["America/New_York", "America/Denver", "America/Los_Angeles", "America/Phoenix"]


def _oracle(zone: str, on: date, hours: Hours) -> set[int]:
    """Walk the day in elapsed five minutes and ask what the clock on the wall shows."""
    found = set()
    start = origin(zone, on)
    for bit in range(bits.WIDTH):
        shown = (start + timedelta(minutes=5 * bit)).astimezone(ZoneInfo(zone))
        if shown.date() == on and shown.time() >= hours.starts and (hours.overnight or shown.time() < hours.ends):
            found.add(bit)
    return found


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("on", [SPRING, AUTUMN, ORDINARY])
@pytest.mark.parametrize(
    ("starts", "ends"),
    [(time(0), time(12)), (time(8), time(17)), (time(1), time(4)), (time(7, 30), time(18, 45)), (time(19), time(7))],
)
def test_a_shift_is_what_the_wall_clock_shows(zone: str, on: date, starts: time, ends: time) -> None:
    hours = Hours(1, starts, ends)
    assert set(bits.positions(own_mask(zone, on, hours))) == _oracle(zone, on, hours)


@pytest.mark.parametrize(("on", "hours"), [(SPRING, 23), (AUTUMN, 25), (ORDINARY, 24)])
def test_the_day_is_as_long_as_it_is(on: date, hours: int) -> None:
    assert length("America/New_York", on) == hours * 12
    assert length("America/Phoenix", on) == 24 * 12


@pytest.mark.parametrize(("on", "hours"), [(SPRING, 6), (AUTUMN, 8), (ORDINARY, 7)])
def test_a_night_shift_runs_on_into_the_next_day(on: date, hours: int) -> None:
    night = Hours(1, time(19), time(7))
    assert spill_mask("America/New_York", on, night).bit_count() == hours * 12
    assert own_mask("America/New_York", on, night).bit_count() == 5 * 12


def test_a_resource_is_at_one_center_a_day() -> None:
    zones = {1: "America/New_York", 2: "America/Denver"}
    morning, evening = Hours(1, time(8), time(12)), Hours(2, time(13), time(17))
    found = day_of(zones, ORDINARY, [evening, morning], [])
    assert found == (1, own_mask(zones[1], ORDINARY, morning))
    assert day_of(zones, ORDINARY, [], [Hours(2, time(19), time(7))]) == (2, bits.span(0, 7 * 12))
    assert day_of(zones, ORDINARY, [], [morning]) is None


def test_midnight_is_local() -> None:
    assert origin("America/Los_Angeles", ORDINARY) == datetime(2027, 6, 1, tzinfo=ZoneInfo("America/Los_Angeles"))
