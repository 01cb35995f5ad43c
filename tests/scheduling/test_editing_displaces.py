"""An edit that takes booked time: rehearsed, refused, or done with the visits flagged; and what makes no sense."""

from datetime import time, timedelta
from typing import Any

import pytest

from clinic import clock
from clinic.errors import Forbidden, Invalid
from clinic.models import ConsentChannel, Role
from clinic.services.consent import record_consent
from scheduling.errors import HoldExpired, OutsideShift, ShiftDisplacesBookings
from scheduling.models import Displacement, Resource
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
from tests.factories import actor_of, make_scanner, make_working_center, phone_of
from tests.invariants import fingerprint
from tests.scheduling.conftest import Place, masks_match_the_rows


@pytest.fixture
def manager(place: Place) -> Any:
    return actor_of(Role.MANAGER)


def _unit(place: Place, kind: str) -> Resource:
    return Resource.objects.select_related("center").get(center=place.center, kind=kind)


def test_a_rehearsal_counts_and_changes_nothing(place: Place, manager: Any) -> None:
    scan = place.booked(14)
    episode = place.suspected()
    consult = book(place.actor, patient=episode.patient, slot=place.at(13, kind="consult"))
    record_consent(
        place.actor, phone=phone_of(episode.patient), granted=True, channel=ConsentChannel.WEB, language="en"
    )
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
        "appointments": [visit.pk],
        "rule_outs": 1,
        "routine": {},
        "here": 0,
        "unreachable": 1,
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
