"""Editing availability: what each edit makes of the calendar, what it refuses, and what a rehearsal says."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from clinic import clock
from clinic.errors import Forbidden, Invalid
from clinic.models import ConsentChannel, Role
from clinic.services.consent import record_consent
from scheduling.errors import HoldExpired, OutsideShift, ShiftDisplacesBookings
from scheduling.models import Displacement, Resource, ResourceDay, ShiftPattern
from scheduling.selectors.search import search
from scheduling.services.booking import book
from scheduling.services.calendar import materialise
from scheduling.services.editing import (
    AbsenceOver,
    Break,
    Closing,
    Day,
    DayAsUsual,
    Down,
    Edit,
    NewHours,
    NewUnit,
    Reopening,
    Retirement,
    Week,
    WeeklyBreak,
    apply,
    rehearse,
)
from scheduling.services.holding import hold_slot
from tests.factories import actor_of, make_scanner, make_working_center
from tests.invariants import fingerprint
from tests.scheduling.conftest import Place, masks_match_the_rows


@pytest.fixture
def manager(place: Place) -> Any:
    return actor_of(Role.MANAGER)


def _unit(place: Place, kind: str) -> Resource:
    return Resource.objects.select_related("center").get(center=place.center, kind=kind)


def _offered(place: Place, *, days: int = 0, kind: str = "dvt_scan") -> list[str]:
    """The local hours of a day's starts at the center."""
    on = clock.today(place.center.zone) + timedelta(days=days)
    answer = search(place.types[kind], center_code=place.center.code, limit=200)
    local = (slot.starts_at.astimezone(place.at(12).starts_at.tzinfo) for slot in answer.slots)
    return [f"{at:%H:%M}" for at in (_at_home(each) for each in local) if at.date() == on]


def _at_home(at: Any) -> Any:
    from zoneinfo import ZoneInfo

    return at.astimezone(ZoneInfo("America/New_York"))


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
    assert {slot.starts_at.astimezone(_zone(other.zone)).hour for slot in there} == {9, 10, 11}


def _zone(name: str) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


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


@pytest.mark.parametrize("on", [date(2027, 3, 14), date(2027, 11, 7)])
def test_a_break_on_the_day_that_the_clocks_change_is_what_the_wall_shows(
    transactional_db: None, on: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    center = make_working_center(opens=time(0), closes=time(23, 55))
    sonographer = Resource.objects.get(center=center, kind="sonographer")
    ShiftPattern.objects.filter(resource=sonographer).update(starts=time(0), ends=time(12))
    from datetime import datetime

    midnight = datetime.combine(on, time(), _zone(center.zone))
    monkeypatch.setattr(clock, "now", lambda: midnight.astimezone(_zone("UTC")) - timedelta(days=1))
    materialise(days=4)
    edit = Break(resource=sonographer, on=on, starts=time(1), ends=time(4))
    apply(actor_of(Role.MANAGER), edit)
    day = ResourceDay.objects.get(resource=sonographer, on=on)
    shift = int.from_bytes(bytes(day.shift), "little")
    shown = {(day.origin + timedelta(minutes=5 * bit)).astimezone(_zone(center.zone)).hour for bit in range(300) if shift >> bit & 1}
    assert shown == {0, 4, 5, 6, 7, 8, 9, 10, 11}
    assert shift.bit_count() == 9 * 12


def test_a_rehearsal_counts_and_changes_nothing(place: Place, manager: Any) -> None:
    scan = place.booked(14)
    episode = place.suspected()
    consult = book(place.actor, patient=episode.patient, slot=place.at(13, kind="consult"))
    record_consent(place.actor, phone=consult.patient.phone, granted=True, channel=ConsentChannel.WEB, language="en")
    hold_slot(place.actor, slot=place.at(17))
    before = fingerprint()
    rehearsal = rehearse(manager, Closing(place=place.center, on=clock.today(place.center.zone), reason="Storm"))
    assert fingerprint() == before
    first, second = rehearsal.visits
    assert (first.visit.pk, first.rule_out, first.unreachable) == (scan.pk, True, "no_consent")
    assert first.remaining is not None
    assert timedelta(minutes=175) < first.remaining <= timedelta(minutes=180)
    assert (second.visit.pk, second.rule_out, second.remaining, second.unreachable) == (consult.pk, False, None, "")
    assert rehearsal.holds == 1


def test_what_displaces_somebody_is_refused_unless_it_may(place: Place, manager: Any) -> None:
    visit = place.booked(14)
    edit = Closing(place=place.center, on=clock.today(place.center.zone), reason="Storm")
    before = fingerprint()
    with pytest.raises(ShiftDisplacesBookings) as refused:
        apply(manager, edit)
    assert fingerprint() == before
    assert refused.value.extra == {
        "appointments": [visit.pk], "rule_outs": 1, "routine": {}, "here": 0, "unreachable": 1
    }
    apply(manager, edit, displace=True)
    row = Displacement.objects.get()
    assert (row.appointment_id, row.status) == (visit.pk, "waiting")
    # It stands where it stood until it has another time, and nobody gets that time meanwhile.
    visit.refresh_from_db()
    assert visit.status == "booked"
    assert visit.occupancies.filter(live=True).count() == 2
    assert masks_match_the_rows()


def test_a_slot_that_somebody_holds_is_given_up_and_can_not_be_booked(place: Place, manager: Any) -> None:
    hold, episode = hold_slot(place.actor, slot=place.at(14)), place.suspected()
    apply(manager, Down(resource=_unit(place, "room"), until=place.at(18).starts_at), displace=True)
    with pytest.raises(HoldExpired):
        book(place.actor, patient=episode.patient, hold_id=hold.pk, episode=episode)
    with pytest.raises(OutsideShift):
        hold_slot(place.actor, slot=place.at(14))
    assert masks_match_the_rows()


def test_a_visit_on_a_day_that_moves_to_another_zone_keeps_a_true_mask(place: Place, manager: Any) -> None:
    make_scanner(place.center)
    other = make_working_center("WEST", zone="America/Los_Angeles")
    materialise(days=3)
    place.booked(14)
    today = clock.today(place.center.zone)
    for sonographer in Resource.objects.filter(center=place.center, kind="sonographer"):
        edit = Day(resource=sonographer, on=today, starts=time(10), ends=time(18), at=other)
        apply(manager, edit, displace=True)
    assert Displacement.objects.count() == 1
    assert masks_match_the_rows()


def test_what_makes_no_sense_names_its_field(place: Place, manager: Any) -> None:
    center, room, sonographer = place.center, _unit(place, "room"), _unit(place, "sonographer")
    today = clock.today(center.zone)
    yesterday = today - timedelta(days=1)
    wrong: list[tuple[Edit, str]] = [
        (Day(resource=room, on=yesterday), "on"),
        (Day(resource=room, on=today, starts=time(8)), "ends"),
        (Day(resource=room, on=today, at=make_working_center("ELSE")), "at"),
        (DayAsUsual(resource=room, on=today), "on"),
        (Week(resource=room, first=today, shifts=()), "resource"),
        (Week(resource=sonographer, first=today, shifts=((7, time(8), time(9)),)), "shifts"),
        (Break(resource=sonographer, on=today, starts=time(9), ends=time(9)), "ends"),
        (WeeklyBreak(resource=sonographer, first=today, weekdays=(), starts=time(8), ends=time(9)), "weekdays"),
        (Down(resource=room, until=clock.now()), "until"),
        (Down(resource=room, until=clock.now() + timedelta(days=400)), "until"),
        (Down(resource=room, until=clock.now() + timedelta(hours=1), why="break"), "why"),
        (AbsenceOver(resource=room, absence=1), "absence"),
        (Retirement(resource=room, first=yesterday), "first"),
        (Closing(place=center, on=today, reason=" "), "reason"),
        (Closing(place=center, on=today, reason="x", starts=time(9), ends=time(8)), "ends"),
        (Reopening(place=center, on=today), "on"),
        (NewHours(place=center, first=today, hours={0: (time(9), time(9))}), "hours"),
        (NewUnit(place=center, unit_kind="boat"), "unit_kind"),
        (NewUnit(place=center, unit_kind="sonographer"), "staff"),
        (NewUnit(place=center, unit_kind="room", name=room.name), "name"),
    ]
    before = fingerprint()
    for edit, field in wrong:
        for act in (rehearse, apply):
            with pytest.raises(Invalid) as refused:
                act(manager, edit)
            assert list(refused.value.fields) == [field], edit
    assert fingerprint() == before


def test_only_managers_edit(place: Place) -> None:
    edit = Closing(place=place.center, on=clock.today(place.center.zone), reason="Storm")
    for act in (rehearse, apply):
        with pytest.raises(Forbidden):
            act(place.actor, edit)
