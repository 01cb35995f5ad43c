"""Every refusal of a time is an event with its reason, although all else of it was rolled back."""

import pytest

from clinic import clock
from clinic.access import patient_actor
from clinic.errors import DomainError
from clinic.models import Event, Role
from scheduling.errors import AlreadyWaiting, NobodyToMove, PastDeadline, SlotTaken
from scheduling.selectors.gaps import gaps
from scheduling.services.asking_clinician import ask_clinician
from scheduling.services.booking import book
from scheduling.services.holding import hold_slot
from scheduling.services.rescheduling import reschedule
from scheduling.services.walk_ins import place_walk_in
from scheduling.services.wanted import SlotChoice
from scheduling.waitlist.offering import ask_to_move
from tests.factories import actor_of, make_patient
from tests.scheduling.conftest import Place
from tests.scheduling.line import waits
from tests.scheduling.test_day_at_a_center import asked_at_desk

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


def test_a_refused_walk_in_a_refused_wait_and_a_refused_wish_to_make_room_say_why(place: Place) -> None:
    entry = waits(place)
    with pytest.raises(AlreadyWaiting):
        waits(place, entry.episode)
    with pytest.raises(NobodyToMove):
        ask_to_move(place.actor, entry_id=entry.pk)
    assert [(codes["act"], codes["code"]) for codes in told()] == [
        ("wait", "already_waiting"),
        ("ask_to_move", "nobody_to_move"),
    ]
    assert set(Event.objects.filter(kind="appointment.refused").values_list("episode", "patient")) == {
        (entry.episode_id, entry.patient_id)
    }


def test_who_is_turned_away_at_the_desk_is_written_down(place: Place) -> None:
    walked_in = asked_at_desk(place)
    [person] = gaps(place.center, place.types["dvt_scan"], clock.now())
    hold_slot(place.actor, slot=SlotChoice(place.types["dvt_scan"], place.center, person.starts[0]))
    patient = make_patient()
    with pytest.raises(SlotTaken):
        place_walk_in(
            place.actor,
            assessment_id=walked_in,
            center=place.center,
            visit_type=place.types["dvt_scan"],
            accepted_by=person.resource_id,
            starts_at=person.starts[0],
            patient_id=patient.pk,
        )
    assert [(codes["act"], codes["code"]) for codes in told()] == [("walk_in", "slot_taken")]
    assert Event.objects.get(kind="appointment.refused").patient == patient


def test_the_same_time_refused_to_another_patient_is_written_down_as_well(place: Place) -> None:
    hold_slot(place.actor, slot=place.at(14))
    for episode in (place.suspected(), place.suspected()):
        with pytest.raises(SlotTaken):
            book(place.actor, patient=episode.patient, episode=episode, slot=place.at(14))
    assert len(told()) == 2
