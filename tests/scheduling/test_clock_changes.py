"""Both clock changes of 2026 and 2027, in four zones and on the line between two, against the plain oracle."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from clinic.models import OpeningHours, Role
from scheduling import calendar
from scheduling.models import ResourceKind, ShiftPattern, VisitType
from scheduling.selectors.search import SearchAnswer
from scheduling.services.calendar import materialise
from scheduling.services.holding import hold_slot
from scheduling.services.wanted import SlotChoice
from scheduling.visit_types import ensure_visit_types
from tests.factories import (
    actor_of,
    make_center,
    make_cover,
    make_resource,
    make_scanner,
    make_shift,
    make_staff,
    make_zip,
)
from tests.scheduling.machine.questions import ZIPS, compare
from tests.scheduling.oracle.rota import DAY, shown
from tests.scheduling.oracle.rows import read_network, read_visits
from tests.scheduling.oracle.scene import Busy, Question

CHANGES = (date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7))
ZONES = ("America/New_York", "America/Chicago", "America/Phoenix", "America/Los_Angeles")
HOUR = timedelta(hours=1)


class World:
    """A center in each zone, open around the clock but for its last minutes; the first two on the zones' line."""

    def __init__(self) -> None:
        for code, zone in (("37402", ZONES[0]), ("37347", ZONES[1])):
            make_zip(code, zone=zone, at=ZIPS[code])
        places = (ZIPS["37402"], ZIPS["37347"], (33.45, -112.07), (34.05, -118.24))
        self.centers = [
            make_center(f"Z{number}", zone=zone, state=state, at=at, opens=time(0), closes=time(23))
            for number, (zone, state, at) in enumerate(zip(ZONES, ("TN", "TN", "AZ", "CA"), places, strict=True))
        ]
        for center in self.centers:
            for resource in [*make_scanner(center), *make_cover(center)]:
                if resource.kind != ResourceKind.ROOM:
                    resource.patterns.update(starts=time(0, 30), ends=time(22, 30))
        self.types: dict[str, VisitType] = ensure_visit_types()

    def opens(self, on: date, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let it be the evening before a date, in the east, with the calendar open."""
        evening = datetime.combine(on - DAY, time(21, 7, 30), ZoneInfo(ZONES[0])).astimezone(UTC)
        monkeypatch.setattr(clock, "real_now", lambda: evening)
        materialise(days=4)

    def ask(self, kind: str = "dvt_scan", **how: object) -> SearchAnswer:
        """Ask, and let the oracle agree."""
        now = clock.now()
        values: dict[str, object] = {"visit": read_visits()[kind], "now": now, "since": now, "until": now + 12 * HOUR}
        return compare(read_network(), Busy(), self.types[kind], Question(**(values | how)))  # type: ignore[arg-type]


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


@pytest.mark.parametrize("on", CHANGES)
def test_every_start_of_the_night_is_offered_once_and_none_that_does_not_exist(
    world: World, on: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.opens(on, monkeypatch)
    for kind in ("dvt_scan", "consult"):
        for center in world.centers:
            midnight = datetime.combine(on, time(), ZoneInfo(center.zone)).astimezone(UTC)
            found = world.ask(kind, code=center.code, since=midnight, until=midnight + 8 * HOUR)
            starts = [slot.starts_at for slot in found.slots]
            assert starts
            assert {later - earlier for earlier, later in pairwise(starts)} == {timedelta(minutes=20)}


@pytest.mark.parametrize("on", CHANGES)
def test_both_passes_of_the_repeated_hour_can_be_held_and_the_missing_one_is_the_next(
    world: World, on: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.opens(on, monkeypatch)
    actor, center = actor_of(), world.centers[0]
    zone = ZoneInfo(center.zone)
    hours = [datetime.combine(on, time(1, 20), zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
    if on.month > 6:
        assert hours[1] - hours[0] == HOUR
        for starts_at in hours:
            held = hold_slot(actor, slot=SlotChoice(world.types["dvt_scan"], center, starts_at))
            assert held.starts_at == starts_at
    else:
        # What a clock that had not changed would call 2:20 is 3:20, and it is offered by that name.
        missing = datetime.combine(on, time(2, 20), zone).astimezone(UTC)
        held = hold_slot(actor, slot=SlotChoice(world.types["dvt_scan"], center, missing))
        assert held.starts_at.astimezone(zone).time() == time(3, 20)


@pytest.mark.parametrize("on", CHANGES)
@pytest.mark.parametrize("tier", [1, 2])
def test_deadlines_count_elapsed_minutes_and_the_centers_own_day(
    world: World, on: date, tier: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.opens(on, monkeypatch)
    began = datetime.combine(on, time(0, 20), ZoneInfo(ZONES[0])).astimezone(UTC)
    for clock_at in (clock.now(), began):
        for near in (None, *ZIPS.values()):
            found = world.ask(tier=tier, clock=clock_at, near=near, since=began, until=began + 9 * HOUR)
            in_time = [slot for slot in found.slots if slot.meets_deadline]
            if tier == 1 and clock_at == began:
                assert max(slot.result_by for slot in in_time) - began == timedelta(minutes=240)


def test_a_zip_beyond_the_line_is_served_by_its_own_center_on_that_centers_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Near midnight the eastern day is over, and the central one has an hour to go: tier 2 asks the center's clock."""
    on = CHANGES[1]
    OpeningHours.objects.filter(center__code="Z1").update(closes=time(23, 55))
    ShiftPattern.objects.filter(center__code="Z1").update(ends=time(23, 55))
    world.opens(on, monkeypatch)
    late = datetime.combine(on - DAY, time(23, 55), ZoneInfo(ZONES[0])).astimezone(UTC)
    monkeypatch.setattr(clock, "real_now", lambda: late)
    found = world.ask(tier=2, clock=late, near=ZIPS["37347"], within=25.0, until=late + 8 * HOUR)
    first = {slot.center.code: slot for slot in reversed(found.slots)}
    assert first["Z0"].meets_deadline is False
    assert first["Z1"].meets_deadline is True
    assert first["Z1"].starts_at.astimezone(ZoneInfo(ZONES[1])).date() == on - DAY


@pytest.mark.parametrize("on", CHANGES)
def test_a_remote_reader_and_prescriber_of_another_zone_cover_the_night_through_the_change(
    world: World, on: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    for resource in world.centers[0].resources.filter(kind__in=("physician", "clinician")):
        resource.patterns.all().delete()
    for kind, place, hours in (
        ("physician", world.centers[3], (time(19), time(2, 30))),
        ("clinician", world.centers[2], (time(20), time(1, 15))),
    ):
        person = make_staff(Role(kind), licensed_in=("TN",))
        make_shift(make_resource(place, kind, staff=person, remote=True), *hours)
    world.opens(on, monkeypatch)
    now = clock.now()
    found = world.ask(tier=1, clock=now, code="Z0", since=now, until=now + 14 * HOUR)
    assert found.slots


@pytest.mark.parametrize("on", CHANGES)
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("starts", [time(0), time(1, 30), time(2), time(2, 30), time(3), time(22)])
@pytest.mark.parametrize("ends", [time(1, 30), time(2), time(2, 30), time(3), time(9)])
def test_a_shift_that_begins_or_ends_in_the_changed_hour_has_no_gap(
    on: date, zone: str, starts: time, ends: time
) -> None:
    hours = calendar.Hours(1, starts, ends)
    origin = int(calendar.origin(zone, on).timestamp()) // 60
    expected = shown(zone, on, starts, ends if ends > starts else None)
    mask = calendar.own_mask(zone, on, hours)
    assert {origin + 5 * bit + minute for bit in range(304) if mask >> bit & 1 for minute in range(5)} == expected
    spilled = calendar.spill_mask(zone, on, hours)
    tonight = shown(zone, on, None, ends) if ends <= starts else frozenset()
    assert {origin + 5 * bit + minute for bit in range(304) if spilled >> bit & 1 for minute in range(5)} == tonight
