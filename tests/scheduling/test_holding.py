"""Holds: whose they are, how long they stand, and what they refuse."""

from dataclasses import replace
from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM, Actor, visitor_actor
from clinic.errors import DomainError
from clinic.models import Closure, Event, Role
from scheduling.errors import HoldAlreadyUsed, HoldExpired, HoldNotYours, SlotTaken
from scheduling.models import Appointment, AppointmentStatus, HoldPurpose, Occupancy
from scheduling.needs import Needs
from scheduling.selectors.search import search
from scheduling.services import booking, holding
from scheduling.services.booking import book
from scheduling.services.holding import expire_holds, hold_slot, release_hold
from scheduling.services.shifts import change_shift
from tests.factories import actor_of
from tests.scheduling.conftest import Place, masks_match_the_rows


def test_a_hold_stands_ten_minutes_and_then_is_anybodys(place: Place) -> None:
    held = hold_slot(place.actor, slot=place.at(13))
    assert held.hold_expires_at is not None
    assert timedelta(minutes=9, seconds=58) < held.hold_expires_at - clock.now() <= timedelta(minutes=10)
    other = visitor_actor("other")
    with pytest.raises(SlotTaken):
        hold_slot(other, slot=place.at(13))
    with pytest.raises(SlotTaken):
        hold_slot(other, slot=place.at(13, 20))
    clock.advance(timedelta(minutes=10))
    assert place.at(13).starts_at in [slot.starts_at for slot in search(place.types["dvt_scan"]).slots]
    taken = hold_slot(other, slot=place.at(13, 20))
    held.refresh_from_db()
    assert held.status == AppointmentStatus.EXPIRED
    assert taken.status == AppointmentStatus.HELD
    assert masks_match_the_rows()


def test_the_sweep_ends_what_ran_out_and_nothing_else(place: Place) -> None:
    old = hold_slot(place.actor, slot=place.at(13))
    clock.advance(timedelta(minutes=10))
    young = hold_slot(place.actor, slot=place.at(15))
    assert expire_holds() == 1
    assert expire_holds() == 0
    assert set(Appointment.objects.values_list("pk", "status")) == {(old.pk, "expired"), (young.pk, "held")}
    assert Event.objects.filter(kind="appointment.hold_expired", subject_id=old.pk).count() == 1
    assert masks_match_the_rows()


def test_a_visitor_keeps_one_slot_at_a_time(place: Place) -> None:
    visitor = visitor_actor("one")
    first = hold_slot(visitor, slot=place.at(13))
    hold_slot(visitor, slot=place.at(13, 20))
    first.refresh_from_db()
    assert first.status == AppointmentStatus.CANCELLED


def test_only_its_holder_gives_a_hold_back_or_books_it(place: Place) -> None:
    hold = hold_slot(place.actor, slot=place.at(13))
    episode = place.suspected()
    thief = actor_of(Role.REPRESENTATIVE)
    with pytest.raises(HoldNotYours):
        release_hold(thief, hold_id=hold.pk)
    with pytest.raises(HoldNotYours):
        book(thief, patient=episode.patient, hold_id=hold.pk, episode=episode)
    release_hold(place.actor, hold_id=hold.pk)
    assert not Occupancy.objects.filter(live=True).exists()
    with pytest.raises(HoldExpired):
        book(place.actor, patient=episode.patient, hold_id=hold.pk, episode=episode)


def test_an_expired_or_used_hold_books_nothing(place: Place) -> None:
    episode = place.suspected()
    hold = hold_slot(place.actor, slot=place.at(13))
    clock.advance(timedelta(minutes=10))
    with pytest.raises(HoldExpired):
        book(place.actor, patient=episode.patient, hold_id=hold.pk, episode=episode)
    fresh = hold_slot(place.actor, slot=place.at(14))
    book(place.actor, patient=episode.patient, hold_id=fresh.pk, episode=episode)
    with pytest.raises(HoldAlreadyUsed):
        book(place.actor, patient=episode.patient, hold_id=fresh.pk, episode=episode)


def test_a_hold_that_runs_out_while_it_is_booked_has_run_out(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    hold, episode = hold_slot(place.actor, slot=place.at(13)), place.suspected()
    checked = holding.own_hold

    def slowly(actor: Actor, hold_id: int) -> Appointment:
        found = checked(actor, hold_id)
        clock.advance(timedelta(minutes=10))
        return found

    monkeypatch.setattr(booking, "own_hold", slowly)
    with pytest.raises(HoldExpired):
        book(place.actor, patient=episode.patient, hold_id=hold.pk, episode=episode)


@pytest.mark.parametrize(
    ("hour", "minute", "days", "code"),
    [
        (11, 0, 0, "slot_in_the_past"),
        (13, 10, 0, "off_the_grid"),
        (7, 40, 1, "outside_shift"),
        (19, 40, 0, "outside_shift"),
        (13, 0, 125, "too_far_ahead"),
        (13, 0, 2, "center_closed"),
    ],
)
def test_a_time_that_was_never_offered_is_refused_by_its_own_name(
    place: Place, hour: int, minute: int, days: int, code: str
) -> None:
    change = clock.today(place.center.zone) + timedelta(days=2)
    Closure.objects.create(center=place.center, on=change, reason="Holiday")
    for resource in place.center.resources.all():
        change_shift(actor_of(Role.MANAGER), resource=resource, on=change)
    with pytest.raises(DomainError) as refused:
        hold_slot(place.actor, slot=place.at(hour, minute, days=days))
    assert refused.value.code == code
    assert not Appointment.objects.exists()


def test_what_a_center_lacks_is_refused(place: Place) -> None:
    for slot in (
        replace(place.at(13), needs=Needs(arm=True)),
        replace(place.at(13), needs=Needs(iliac=True)),
    ):
        with pytest.raises(DomainError) as refused:
            hold_slot(place.actor, slot=slot)
        assert refused.value.code == "capability_missing"
    place.center.resources.filter(kind="clinician").update(active=False)
    with pytest.raises(DomainError) as refused:
        hold_slot(place.actor, slot=place.at(13, kind="consult"))
    assert refused.value.code == "capability_missing"


def test_the_buffer_keeps_the_next_visit_away_and_may_run_past_the_shift(place: Place) -> None:
    hold_slot(place.actor, slot=place.at(19, 20))
    hold_slot(place.actor, slot=place.at(18, 40))
    with pytest.raises(SlotTaken):
        hold_slot(place.actor, slot=place.at(18, 20))


def test_what_is_kept_for_the_call_to_one_patient_is_not_booked_for_another(place: Place) -> None:
    episode, other = place.suspected(), place.suspected()
    until = clock.now() + timedelta(minutes=45)
    hold = hold_slot(SYSTEM, slot=place.at(14), purpose=HoldPurpose.CALLBACK, holder="episode:1", expires_at=until)
    Appointment.objects.filter(pk=hold.pk).update(patient=episode.patient, episode=episode)
    clinician = actor_of(Role.CLINICIAN)
    with pytest.raises(HoldNotYours):
        book(clinician, patient=other.patient, hold_id=hold.pk, episode=other)
    assert book(clinician, patient=episode.patient, hold_id=hold.pk, episode=episode).pk == hold.pk
