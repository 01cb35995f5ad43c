"""An emergency that somebody writes of is answered at once, and a clinician calls."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import Episode, Patient, Step
from clinic.services.episodes import close_episode
from notifications.services.sending import send_due
from tests.factories import make_center, make_patient, phone_of
from tests.kernel import make_episode
from tests.notifications.carrier import Carrier
from tests.notifications.writing_back import number_for, open_steps, status_of, told_of, was_answered, writes
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db
STRANGER = "+13015559999"


@pytest.mark.parametrize(
    ("language", "body", "answer"),
    [("en", "C but I can't breathe", "call 911"), ("es", "me desmayé", "llame al 911")],
)
def test_an_emergency_is_answered_at_once_and_a_clinician_calls(
    ward: Ward, carrier: Carrier, language: str, body: str, answer: str
) -> None:
    visit = told_of(ward, 16, make_patient(language=language))
    writes(number_for(visit), body)
    [step] = open_steps(visit, "callback")
    assert step.owner_role == "clinician"
    assert step.due_at is not None
    assert step.due_at <= clock.now() + timedelta(minutes=10)
    assert status_of(visit) == "booked"
    send_due()
    assert answer in carrier.calls[-1].body


def test_an_emergency_calls_everybody_in_our_care_who_shares_the_phone(ward: Ward, carrier: Carrier) -> None:
    mother = make_patient()
    daughter = make_patient(phone=mother.phone)
    visits = [told_of(ward, 15, mother), told_of(ward, 17, daughter)]
    writes(phone_of(mother), "chest pain")
    assert [len(open_steps(visit, "callback")) for visit in visits] == [1, 1]


def test_an_emergency_of_somebody_who_opted_out_is_answered_all_the_same(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward, 16)
    writes(number_for(visit), "STOP")
    writes(number_for(visit), "I fainted")
    send_due()
    assert "call 911" in carrier.calls[-1].body


def test_an_emergency_of_somebody_no_longer_in_our_care_takes_them_into_it(ward: Ward, carrier: Carrier) -> None:
    episode = make_episode(SYSTEM)
    close_episode(ward.actor("clinician"), episode_id=episode.pk, reason="declined")
    writes(phone_of(episode.patient), "chest pain")
    [opened] = Episode.objects.filter(patient=episode.patient, status="open")
    step = opened.steps.get()
    assert (opened.center, step.kind, step.owner_role) == (episode.center, "callback", "clinician")
    send_due()
    assert "We are calling you too" in carrier.calls[-1].body


def test_an_emergency_of_somebody_whom_no_center_knows_yet_goes_to_the_nearest(ward: Ward, carrier: Carrier) -> None:
    make_center(at=(47.6, -122.3), state="WA")
    patient = make_patient()
    writes(phone_of(patient), "can't breathe")
    assert Episode.objects.get(patient=patient).center == ward.place.center


def test_an_emergency_of_a_stranger_is_answered_and_a_clinician_calls(ward: Ward, carrier: Carrier) -> None:
    inbound = writes(STRANGER, "hola, mi madre no puede respirar")
    patient = Patient.objects.get(phone=STRANGER)
    assert (str(patient), patient.language) == ("Not named Texted us", "es")
    step = Step.objects.get(episode__patient=patient)
    assert (step.kind, step.owner_role, step.center) == ("callback", "clinician", ward.place.center)
    assert list(inbound.steps.all()) == [step]
    assert (inbound.handled_as, inbound.urgent) == ("emergency", True)
    send_due()
    texts = [call for call in carrier.calls if call.to == STRANGER]
    assert "llame al 911" in texts[-1].body


def test_a_number_from_abroad_is_called_all_the_same(ward: Ward, carrier: Carrier) -> None:
    writes("+525512345678", "me duele el pecho")
    assert Step.objects.get(episode__patient__phone="+525512345678").kind == "callback"


def test_a_second_emergency_text_is_answered_and_asks_for_no_second_call(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward, 16)
    texts = [writes(number_for(visit), body) for body in ("chest pain", "I think I will pass out")]
    assert all(was_answered(text) for text in texts)
    assert len(open_steps(visit, "callback")) == 1


def test_the_answer_to_an_emergency_is_in_the_language_of_the_text(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward, 16)
    writes(number_for(visit), "no puedo respirar")
    send_due()
    assert "llame al 911" in carrier.calls[-1].body
