"""The life of a booked visit, and what each end leaves owed in its episode."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from clinic import clock
from clinic.access import Actor, patient_actor, visitor_actor
from clinic.errors import DomainError, Forbidden, StaleState
from clinic.models import ClosingReason, EpisodeKind, Event, Role, Step
from clinic.services.episodes import close_episode
from scheduling.errors import (
    EpisodeMismatch,
    EpisodeNeeded,
    NotYet,
    PastDeadline,
    PatientBusy,
    SlotTaken,
    VisitBookedAlready,
)
from scheduling.models import Appointment, AppointmentStatus, Occupancy
from scheduling.services import sweeps, visits
from scheduling.services.booking import book
from scheduling.services.rescheduling import reschedule
from scheduling.states import TRANSITIONS
from tests.factories import actor_of, make_patient, set_clock, tomorrow_at
from tests.scheduling.conftest import Place, masks_match_the_rows

S = AppointmentStatus
SERVICES: dict[AppointmentStatus, Callable[..., Appointment]] = {
    S.CONFIRMED: visits.confirm,
    S.ARRIVED: visits.check_in,
    S.IN_PROGRESS: visits.start,
    S.COMPLETED: visits.complete,
    S.CANCELLED: visits.cancel,
    S.NO_SHOW: visits.no_show,
}


def _live(visit: Appointment) -> list[tuple[str, str, str]]:
    assert visit.episode is not None
    steps = visit.episode.steps.filter(status__in=("open", "scheduled", "escalated"))
    return [(step.kind, step.status, step.owner_role) for step in steps.order_by("id")]


def _minutes_left(visit: Appointment) -> float:
    due_at = Step.objects.get(episode=visit.episode, status="open").due_at
    assert due_at is not None
    return (due_at - clock.now()).total_seconds() / 60


def _forced(visit: Appointment, status: AppointmentStatus) -> None:
    """Put a visit into a status with all the times that the database asks for."""
    now = clock.now()
    Appointment.objects.filter(pk=visit.pk).update(
        status=status, arrived_at=now, started_at=now, completed_at=now, ended_at=now, hold_expires_at=now
    )


@pytest.mark.parametrize(("source", "target"), list(product(S, SERVICES)))
def test_every_pair_of_statuses_moves_or_is_refused_as_the_table_says(
    place: Place, source: AppointmentStatus, target: AppointmentStatus
) -> None:
    visit = place.booked()
    set_clock(visit.starts_at)
    _forced(visit, source)
    doctor = actor_of(Role.CLINICIAN)
    if target in TRANSITIONS[source] and source != S.HELD:
        assert SERVICES[target](doctor, appointment_id=visit.pk).status == target
    elif source != S.HELD:
        with pytest.raises(StaleState):
            SERVICES[target](doctor, appointment_id=visit.pk)
        visit.refresh_from_db()
        assert visit.status == source


def test_booking_ends_the_booking_step_and_schedules_the_scan(place: Place) -> None:
    visit = place.booked()
    assert _live(visit) == [("scan", "scheduled", "sonographer")]
    assert visit.step is not None
    assert visit.step.due_at == visit.starts_at
    event = Event.objects.get(kind="appointment.booked")
    assert (event.subject_id, event.codes) == (visit.pk, {"visit": "V10", "sequence": 0})


def test_a_cancelled_rule_out_is_a_clinicians_call_within_30_minutes(place: Place) -> None:
    visit = visits.cancel(place.actor, appointment_id=place.booked().pk, reason="patient_asked")
    assert _live(visit) == [("callback", "open", "clinician")]
    assert 29 < _minutes_left(visit) <= 30
    assert not Occupancy.objects.filter(live=True).exists()
    assert masks_match_the_rows()


def test_a_missed_rule_out_is_called_within_15_minutes(place: Place) -> None:
    visit = place.booked()
    set_clock(visit.starts_at + timedelta(minutes=29))
    assert sweeps.mark_no_shows() == 0
    clock.advance(timedelta(minutes=1))
    assert (sweeps.mark_no_shows(), sweeps.mark_no_shows()) == (1, 0)
    assert _live(visit) == [("callback", "open", "clinician")]
    assert 14 < _minutes_left(visit) <= 15
    missed = Step.objects.get(episode=visit.episode, status="missed")
    assert (missed.kind, missed.successor.kind) == ("scan", "callback")


def test_a_finished_scan_is_read_next(place: Place) -> None:
    visit, sonographer = place.booked(), actor_of(Role.SONOGRAPHER)
    set_clock(visit.starts_at)
    visits.check_in(sonographer, appointment_id=visit.pk)
    visits.start(sonographer, appointment_id=visit.pk)
    visit = visits.complete(sonographer, appointment_id=visit.pk)
    assert _live(visit) == [("reading", "open", "physician")]
    assert not Occupancy.objects.filter(live=True).exists()


def test_a_consultation_opens_its_own_episode_and_each_end_has_its_step(place: Place) -> None:
    booked = [book(place.actor, patient=make_patient(), slot=place.at(hour, kind="consult")) for hour in (13, 14, 15)]
    assert {visit.episode.kind for visit in booked if visit.episode} == {EpisodeKind.CONSULT}
    assert visits.cancel(place.actor, appointment_id=booked[0].pk).status == S.CANCELLED
    assert _live(booked[0]) == [("booking", "open", "representative")]
    set_clock(booked[1].starts_at + timedelta(minutes=60))
    assert sweeps.mark_no_shows() == 1
    assert _live(booked[1]) == [("booking", "open", "representative")]
    clinician = actor_of(Role.CLINICIAN)
    for service in (visits.check_in, visits.start, visits.complete):
        service(clinician, appointment_id=booked[2].pk)
    assert _live(booked[2]) == [("decision", "open", "clinician")]


def test_a_visit_moves_with_its_identity_and_its_step(place: Place) -> None:
    visit = place.booked(13)
    visits.confirm(place.actor, appointment_id=visit.pk)
    moved = reschedule(place.actor, appointment_id=visit.pk, starts_at=tomorrow_at(13, 20, days=0))
    assert (moved.pk, moved.sequence, moved.status, moved.confirmed_at) == (visit.pk, 1, S.BOOKED, None)
    assert moved.step is not None
    assert moved.step.due_at == moved.starts_at
    assert Occupancy.objects.filter(live=True).count() == 2
    assert masks_match_the_rows()


def test_a_refused_move_leaves_the_visit_where_it_was(place: Place) -> None:
    visit, other = place.booked(13), place.booked(14)
    with pytest.raises(DomainError) as refused:
        reschedule(place.actor, appointment_id=visit.pk, starts_at=other.starts_at)
    assert refused.value.code == "slot_taken"
    visit.refresh_from_db()
    assert (visit.sequence, Occupancy.objects.filter(appointment=visit, live=True).count()) == (0, 2)
    assert masks_match_the_rows()


def test_only_a_clinician_moves_a_rule_out_past_its_deadline(place: Place) -> None:
    visit = place.booked(13)
    too_late = tomorrow_at(16, days=0)
    assert visit.patient is not None
    for actor in (place.actor, patient_actor(visit.patient.pk)):
        with pytest.raises(PastDeadline):
            reschedule(actor, appointment_id=visit.pk, starts_at=too_late)
    assert reschedule(actor_of(Role.CLINICIAN), appointment_id=visit.pk, starts_at=too_late).sequence == 1
    earlier_but_late = tomorrow_at(15, 20, days=0)
    assert reschedule(place.actor, appointment_id=visit.pk, starts_at=earlier_but_late).sequence == 2


def test_a_patient_is_in_one_place(place: Place) -> None:
    visit = place.booked(13)
    assert visit.patient is not None
    with pytest.raises(PatientBusy):
        book(place.actor, patient=visit.patient, slot=place.at(13, 20, kind="consult"))
    assert Appointment.objects.count() == 1
    assert Occupancy.objects.filter(live=True).count() == 2


def test_who_asks_twice_for_their_own_time_hears_that_they_are_booked_then(place: Place) -> None:
    patient, slot = make_patient(), place.at(13, kind="consult")
    book(place.actor, patient=patient, slot=slot)
    with pytest.raises(PatientBusy):
        book(place.actor, patient=patient, slot=slot)
    with pytest.raises(SlotTaken):
        book(place.actor, patient=make_patient(), slot=slot)


def test_a_scan_needs_an_open_episode_of_its_own_patient_and_one_visit(place: Place) -> None:
    visit = place.booked(13)
    assert visit.episode is not None
    assert visit.patient is not None
    refusals: list[tuple[type[DomainError], dict[str, Any]]] = [
        (EpisodeNeeded, {"patient": make_patient()}),
        (EpisodeMismatch, {"patient": make_patient(), "episode": visit.episode}),
        (VisitBookedAlready, {"patient": visit.patient, "episode": visit.episode}),
    ]
    for error, given in refusals:
        with pytest.raises(error):
            book(place.actor, slot=place.at(15), **given)
    assert Appointment.objects.count() == 1


def test_a_closed_episode_gives_its_visits_up(place: Place) -> None:
    visit = place.booked(13)
    assert visit.episode is not None
    close_episode(actor_of(Role.CLINICIAN), episode_id=visit.episode.pk, reason=ClosingReason.DECLINED)
    visit.refresh_from_db()
    assert (visit.status, visit.end_reason) == (S.CANCELLED, "episode_closed")
    assert not Occupancy.objects.filter(live=True).exists()


def test_nothing_happens_before_its_time_or_by_the_wrong_hands(place: Place) -> None:
    visit = place.booked(13)
    with pytest.raises(NotYet):
        visits.no_show(place.actor, appointment_id=visit.pk)
    consult = book(place.actor, patient=make_patient(), slot=place.at(13, kind="consult", days=1))
    with pytest.raises(NotYet):
        visits.check_in(place.actor, appointment_id=consult.pk)
    stranger: Actor = visitor_actor("stranger")
    for service in (visits.check_in, visits.start, visits.complete, visits.no_show):
        with pytest.raises(Forbidden):
            service(stranger, appointment_id=visit.pk)
    with pytest.raises(Forbidden):
        book(patient_actor(1), patient=make_patient(), slot=place.at(15, kind="consult"))


def test_a_visit_of_another_kind_leaves_the_booking_of_a_rule_out_owed(place: Place) -> None:
    episode = place.suspected()
    consult = book(place.actor, patient=episode.patient, slot=place.at(16, kind="consult"), episode=episode)
    assert _live(consult) == [("booking", "open", "representative"), ("consult", "scheduled", "clinician")]
    scan = book(place.actor, patient=episode.patient, slot=place.at(14), episode=episode)
    assert _live(scan) == [("consult", "scheduled", "clinician"), ("scan", "scheduled", "sonographer")]


def test_a_consultation_after_the_scan_ends_the_booking_that_asked_for_it(place: Place) -> None:
    scan = place.booked(13)
    sonographer = actor_of(Role.SONOGRAPHER)
    for service in (visits.check_in, visits.start, visits.complete):
        service(sonographer, appointment_id=scan.pk)
    assert scan.patient is not None
    for hour in (16, 17):
        slot = place.at(hour, kind="consult")
        consult = book(place.actor, patient=scan.patient, slot=slot, episode=scan.episode)
        assert "booking" not in [kind for kind, _, _ in _live(consult)]
        if hour == 16:
            visits.cancel(place.actor, appointment_id=consult.pk)
            assert "booking" in [kind for kind, _, _ in _live(consult)]


def test_a_consultation_beside_a_scan_that_is_booked_ends_the_booking_that_asked_for_it(place: Place) -> None:
    scan = place.booked(14)
    assert scan.patient is not None
    given_up = book(place.actor, patient=scan.patient, slot=place.at(16, kind="consult"), episode=scan.episode)
    visits.cancel(place.actor, appointment_id=given_up.pk)
    consult = book(place.actor, patient=scan.patient, slot=place.at(17, kind="consult"), episode=scan.episode)
    assert _live(consult) == [("scan", "scheduled", "sonographer"), ("consult", "scheduled", "clinician")]
