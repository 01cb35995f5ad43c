"""Every refusal of a time is an event with its reason, although all else of it was rolled back."""

import pytest

from clinic.access import patient_actor
from clinic.errors import DomainError
from clinic.models import Event, Role
from scheduling.errors import PastDeadline, SlotTaken
from scheduling.services.asking_clinician import ask_clinician
from scheduling.services.booking import book
from scheduling.services.holding import hold_slot
from scheduling.services.rescheduling import reschedule
from tests.factories import actor_of, make_patient
from tests.scheduling.conftest import Place

pytestmark = pytest.mark.django_db(transaction=True)


def told() -> list[dict[str, object]]:
    return list(Event.objects.filter(kind="appointment.refused").order_by("id").values_list("codes", flat=True))


def test_a_refused_hold_and_a_refused_booking_say_why(place: Place) -> None:
    hold_slot(place.actor, slot=place.at(14))
    with pytest.raises(SlotTaken):
        hold_slot(place.actor, slot=place.at(14))
    episode = place.suspected()
    with pytest.raises(SlotTaken):
        book(place.actor, patient=episode.patient, episode=episode, slot=place.at(14))
    assert [(codes["act"], codes["code"]) for codes in told()] == [("hold", "slot_taken"), ("book", "slot_taken")]
    event = Event.objects.filter(kind="appointment.refused").latest("id")
    assert (event.actor_id, event.patient, event.episode) == (place.actor.id, episode.patient, episode)
    assert event.codes["starts_at"] == place.at(14).starts_at.isoformat()


def test_the_same_button_pressed_again_is_written_down_once(place: Place) -> None:
    hold_slot(place.actor, slot=place.at(14))
    for _ in range(5):
        with pytest.raises(SlotTaken):
            hold_slot(place.actor, slot=place.at(14))
    assert len(told()) == 1


def test_a_patient_who_would_move_past_the_deadline_is_told_no_and_the_refusal_is_kept(place: Place) -> None:
    visit = place.booked()
    patient = patient_actor(visit.patient_id or 0)
    with pytest.raises(PastDeadline):
        reschedule(patient, appointment_id=visit.pk, starts_at=place.at(17).starts_at)
    [codes] = told()
    assert (codes["act"], codes["code"]) == ("reschedule", "past_deadline")
    visit.refresh_from_db()
    assert (visit.starts_at, visit.sequence) == (place.at(13).starts_at, 0)


def test_instead_a_clinician_calls_once_however_often_they_ask(place: Place) -> None:
    visit = place.booked()
    patient = patient_actor(visit.patient_id or 0)
    step = ask_clinician(patient, appointment_id=visit.pk)
    assert (step.kind, step.owner_role) == ("callback", Role.CLINICIAN)
    assert ask_clinician(actor_of(Role.REPRESENTATIVE), appointment_id=visit.pk) == step
    visit.refresh_from_db()
    assert visit.status == "booked"


def test_nobody_asks_about_somebody_elses_visit(place: Place) -> None:
    visit = place.booked()
    with pytest.raises(DomainError):
        ask_clinician(patient_actor(make_patient().pk), appointment_id=visit.pk)
    assert not visit.episode.steps.filter(kind="callback").exists() if visit.episode else False


def test_a_clinician_may_move_it_in_their_own_name(place: Place) -> None:
    visit = place.booked()
    moved = reschedule(actor_of(Role.CLINICIAN), appointment_id=visit.pk, starts_at=place.at(17).starts_at)
    assert moved.starts_at == place.at(17).starts_at
    assert told() == []
