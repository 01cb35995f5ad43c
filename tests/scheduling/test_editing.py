"""Editing availability: what each edit makes of the calendar, what it refuses, and what a rehearsal says."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from clinic.models import Role
from scheduling.models import Resource, ResourceDay, ShiftPattern
from scheduling.selectors.search import search
from scheduling.services.calendar import materialise
from scheduling.services.editing import (
    AbsenceOver,
    Break,
    Closing,
    Day,
    DayAsUsual,
    NewHours,
    NewUnit,
    Reopening,
    Retirement,
    Week,
    WeeklyBreak,
    apply,
)
from scheduling.services.holding import hold_slot
from tests.factories import actor_of, make_working_center
from tests.scheduling.conftest import Place


@pytest.fixture
def manager(place: Place) -> Any:
    return actor_of(Role.MANAGER)


def _unit(place: Place, kind: str) -> Resource:
    return Resource.objects.select_related("center").get(center=place.center, kind=kind)


def _offered(place: Place, *, days: int = 0, kind: str = "dvt_scan") -> list[str]:
    """The local hours of a day's starts at the center."""
    on = clock.today(place.center.zone) + timedelta(days=days)
    answer = search(place.types[kind], center_code=place.center.code, limit=200)
    local = [slot.starts_at.astimezone(ZoneInfo(place.center.zone)) for slot in answer.slots]
    return [f"{at:%H:%M}" for at in local if at.date() == on]


def test_a_break_is_protected_and_can_be_taken_back(place: Place, manager: Any) -> None:
    sonographer, today = _unit(place, "sonographer"), clock.today(place.center.zone)
    apply(manager, Break(resource=sonographer, on=today, starts=time(14), ends=time(15)))
    # A visit takes 30 minutes: the last one ends when the break begins.
    assert {"13:20", "15:00"} <= set(_offered(place))
    assert not [at for at in _offered(place) if "13:40" <= at < "15:00"]
    absence = sonographer.absences.get()
    apply(manager, AbsenceOver(resource=sonographer, absence=absence.pk))
    assert "14:00" in _offered(place)


def test_a_weekly_break_splits_the_shifts_from_its_date_on(place: Place, manager: Any) -> None:
    sonographer, tomorrow = _unit(place, "sonographer"), clock.today(place.center.zone) + timedelta(days=1)
    lunch = {"starts": time(12), "ends": time(13)}
    apply(manager, WeeklyBreak(resource=sonographer, first=tomorrow, weekdays=tuple(range(7)), **lunch))
    assert "12:20" in _offered(place)
    assert "12:20" not in _offered(place, days=1)
    assert {"11:20", "13:00"} <= set(_offered(place, days=1))


def test_weekly_hours_change_from_a_date_on_and_keep_what_was_before(place: Place, manager: Any) -> None:
    sonographer, tomorrow = _unit(place, "sonographer"), clock.today(place.center.zone) + timedelta(days=1)
    apply(manager, Week(resource=sonographer, first=tomorrow, shifts=((tomorrow.weekday(), time(15), time(17)),)))
    assert "12:20" in _offered(place)
    assert _offered(place, days=1) == ["15:00", "15:20", "15:40", "16:00", "16:20"]
    assert _offered(place, days=2) == []
    assert ShiftPattern.objects.filter(resource=sonographer, valid_until=tomorrow - timedelta(days=1)).count() == 7


def test_a_dated_exception_is_taken_back(place: Place, manager: Any) -> None:
    sonographer, tomorrow = _unit(place, "sonographer"), clock.today(place.center.zone) + timedelta(days=1)
    apply(manager, Day(resource=sonographer, on=tomorrow))
    assert _offered(place, days=1) == []
    apply(manager, DayAsUsual(resource=sonographer, on=tomorrow))
    assert "12:00" in _offered(place, days=1)


def test_a_sonographer_works_at_another_center_for_a_day(place: Place, manager: Any) -> None:
    other = make_working_center("OTHER", zone="America/Chicago")
    Resource.objects.filter(center=other, kind="sonographer").delete()
    materialise(days=3)
    sonographer, tomorrow = _unit(place, "sonographer"), clock.today(place.center.zone) + timedelta(days=1)
    apply(manager, Day(resource=sonographer, on=tomorrow, starts=time(9), ends=time(12), at=other))
    assert _offered(place, days=1) == []
    there = search(place.types["dvt_scan"], center_code=other.code, limit=200).slots
    assert {slot.starts_at.astimezone(ZoneInfo(other.zone)).hour for slot in there} == {9, 10, 11}


def test_a_closure_of_a_part_and_of_a_day_and_the_reopening(place: Place, manager: Any) -> None:
    today = clock.today(place.center.zone)
    apply(manager, Closing(place=place.center, on=today, reason="No power", starts=time(13), ends=time(16)))
    assert not [at for at in _offered(place) if "12:40" <= at < "16:00"]
    assert "16:00" in _offered(place)
    with pytest.raises(Exception, match="closed that day"):
        hold_slot(place.actor, slot=place.at(14))
    apply(manager, Closing(place=place.center, on=today, reason="Storm"))
    assert _offered(place) == []
    answer = search(place.types["dvt_scan"], until=place.at(23).starts_at)
    assert {each.reason for each in answer.unavailable} == {"closed"}
    apply(manager, Reopening(place=place.center, on=today))
    assert "14:00" in _offered(place)


def test_new_hours_from_a_date_on(place: Place, manager: Any) -> None:
    tomorrow = clock.today(place.center.zone) + timedelta(days=1)
    apply(manager, NewHours(place=place.center, first=tomorrow, hours={tomorrow.weekday(): (time(10), time(12))}))
    assert "19:20" in _offered(place)
    # No rule-out clock runs: the last visit ends when the doors close.
    assert _offered(place, days=1) == ["10:00", "10:20", "10:40", "11:00", "11:20"]
    assert _offered(place, days=2) == []


def test_a_unit_is_added_and_retired(place: Place, manager: Any) -> None:
    today = clock.today(place.center.zone)
    row = apply(manager, NewUnit(place=place.center, unit_kind="room"))
    assert row.kind == "new_unit"
    added = Resource.objects.get(center=place.center, kind="room", name="Room 1")
    assert ResourceDay.objects.filter(resource=added, on=today).exists()
    first = Resource.objects.filter(center=place.center, kind="room").exclude(pk=added.pk).get()
    apply(manager, Retirement(resource=first, first=today))
    assert "14:00" in _offered(place)
    apply(manager, Retirement(resource=added, first=today))
    assert _offered(place) == []
    apply(manager, NewUnit(place=place.center, unit_kind="room", name="Room 1"))
    assert "14:00" in _offered(place)


def test_who_goes_to_another_center_leaves_no_day_behind(place: Place, manager: Any) -> None:
    today, on = clock.today(place.center.zone), clock.today(place.center.zone) + timedelta(days=2)
    other = make_working_center("OTHER")
    leaves = _unit(place, "sonographer")
    apply(manager, Day(resource=leaves, on=on, starts=time(9), ends=time(12)))
    apply(manager, Retirement(resource=leaves, first=today))
    apply(manager, NewUnit(place=other, unit_kind="sonographer", staff=leaves.staff))
    assert _offered(place, days=2) == []


@pytest.mark.parametrize("on", [date(2027, 3, 14), date(2027, 11, 7)])
def test_a_break_on_the_day_that_the_clocks_change_is_what_the_wall_shows(
    transactional_db: None, on: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    center = make_working_center(opens=time(0), closes=time(23, 55))
    sonographer = Resource.objects.get(center=center, kind="sonographer")
    ShiftPattern.objects.filter(resource=sonographer).update(starts=time(0), ends=time(12))
    midnight = datetime.combine(on, time(), ZoneInfo(center.zone))
    monkeypatch.setattr(clock, "now", lambda: midnight.astimezone(ZoneInfo("UTC")) - timedelta(days=1))
    materialise(days=4)
    edit = Break(resource=sonographer, on=on, starts=time(1), ends=time(4))
    apply(actor_of(Role.MANAGER), edit)
    day = ResourceDay.objects.get(resource=sonographer, on=on)
    shift = int.from_bytes(bytes(day.shift), "little")
    shown = {
        (day.origin + timedelta(minutes=5 * bit)).astimezone(ZoneInfo(center.zone)).hour
        for bit in range(300)
        if shift >> bit & 1
    }
    assert shown == {0, 4, 5, 6, 7, 8, 9, 10, 11}
    assert shift.bit_count() == 9 * 12


def test_a_clinician_who_is_away_is_told_from_a_center_that_is_closed(place: Place, manager: Any) -> None:
    today = clock.today(place.center.zone)

    def reason() -> str:
        answer = search(place.types["consult"], until=place.at(23).starts_at)
        return "".join(each.reason for each in answer.unavailable)

    apply(manager, Day(resource=_unit(place, "clinician"), on=today))
    assert reason() == "no_clinician"
    apply(manager, Closing(place=place.center, on=today, reason="Storm"))
    assert reason() == "closed"
