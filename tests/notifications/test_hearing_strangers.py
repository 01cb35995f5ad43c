"""Replies of numbers that nobody, or somebody else, is known by."""

import pytest
from django.conf import settings

from clinic.models import Episode, Patient, Step
from clinic.phones import national
from notifications.models import Message, Purpose
from notifications.provider import Refused
from notifications.selectors.conversations import waiting_conversations
from notifications.services import circuit
from notifications.services.sending import send_due
from scheduling.services.booking import book
from tests.factories import make_patient, phone_of
from tests.notifications.carrier import Carrier
from tests.notifications.writing_back import open_steps, status_of, told_of, was_answered, writes
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db
STRANGER = "+13015559999"


@pytest.mark.parametrize("where", ["from the number of the record that stands", "from that of the other"])
def test_who_was_merged_is_known_by_either_number_and_answered_where_they_wrote(
    ward: Ward, carrier: Carrier, where: str
) -> None:
    duplicate, kept = make_patient(), make_patient()
    visit = told_of(ward, 16, duplicate)
    Patient.objects.filter(pk=duplicate.pk).update(merged_into=kept)
    phone = phone_of(kept if "stands" in where else duplicate)
    writes(phone, "chest pain")
    assert len(open_steps(visit, "callback")) == 1
    assert not Episode.objects.filter(patient=kept).exists()
    send_due()
    assert carrier.calls[-1].to == phone


@pytest.mark.parametrize(
    ("body", "answer"), [("C", "we do not know this number"), ("Hola, \u00bfqui\u00e9n es?", "no conocemos")]
)
def test_a_stranger_hears_who_we_are_and_waits_for_a_person_and_nothing_is_done(
    ward: Ward, carrier: Carrier, body: str, answer: str
) -> None:
    visit = told_of(ward, 16)
    inbound = writes(STRANGER, body)
    assert (inbound.handled_as, inbound.waits_for_person, inbound.attended_at) == ("stranger", True, None)
    assert status_of(visit) == "booked"
    send_due()
    assert carrier.calls[-1].to == STRANGER
    assert answer in carrier.calls[-1].body
    assert national(settings.PATIENT_SERVICES_LINE) in carrier.calls[-1].body


def test_a_machine_that_answers_our_answer_is_not_answered_again(ward: Ward, carrier: Carrier) -> None:
    first = writes(STRANGER, "Thank you for your message")
    second = writes(STRANGER, "Thank you for your message")
    assert (was_answered(first), was_answered(second)) == (True, False)
    assert second.waits_for_person


def test_a_stranger_who_leaves_has_left(ward: Ward, carrier: Carrier) -> None:
    writes("+13015559999", "STOP")
    visit = told_of(ward, 16)
    later = book(ward.place.actor, patient=make_patient(phone="+13015559999"), slot=ward.place.at(18, kind="consult"))
    send_due()
    about = Message.objects.filter(purpose=Purpose.BOOKING_CONFIRMATION)
    assert about.get(about_id=visit.pk).status == "sent"
    assert about.get(about_id=later.pk).status == "suppressed"


def test_who_is_in_nobody_s_care_and_asks_something_waits_in_the_list(ward: Ward, carrier: Carrier) -> None:
    patient = make_patient()
    inbound = writes(phone_of(patient), "Do you take my insurance?")
    assert inbound.waits_for_person
    assert was_answered(inbound)
    assert not Step.objects.exists()


def test_whoever_writes_from_abroad_stops_no_sender_of_ours(ward: Ward, carrier: Carrier) -> None:
    for number in range(circuit.MOST_FAULTS + 1):
        writes(f"+447700900{number:03d}", "Who is this?")
        carrier.answers.append(Refused(21408, 400))
        send_due()
    assert {message.status for message in Message.objects.filter(purpose=Purpose.REPLY)} == {"failed"}
    assert len(carrier.calls) == circuit.MOST_FAULTS + 1, "none is tried again"
    assert circuit.standing().well("sms")
    assert len(waiting_conversations()) == circuit.MOST_FAULTS + 1
