"""Replies of numbers that nobody, or somebody else, is known by."""

import pytest
from django.conf import settings

from clinic.access import SYSTEM
from clinic.models import ConsentChannel, Episode, Patient, Step
from clinic.phones import national
from clinic.services.consent import record_consent
from notifications.local_twilio.message import new_sid
from notifications.models import Inbound, Message, Purpose
from notifications.services.hearing import handle_replies, store
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.booking import book
from tests.factories import make_patient, phone_of
from tests.notifications.carrier import Carrier
from tests.pages.staff import Ward, open_ward

pytestmark = pytest.mark.django_db
STRANGER = "+13015559999"


@pytest.fixture
def ward(db: None) -> Ward:
    """A center at noon."""
    return open_ward()


def _visit(ward: Ward, hour: int, patient: Patient | None = None) -> Appointment:
    """A visit whose confirmation has arrived."""
    someone = patient or make_patient()
    record_consent(SYSTEM, phone=phone_of(someone), granted=True, channel=ConsentChannel.PHONE, language="en")
    visit = book(ward.place.actor, patient=someone, slot=ward.place.at(hour, kind="consult"))
    send_due()
    return visit


def _reply(phone: str, body: str) -> Inbound:
    sid = new_sid()
    assert store(sid=sid, phone=phone, body=body, opt_out_type="")
    handle_replies()
    inbound = Inbound.objects.get(provider_sid=sid)
    assert inbound.handled_at is not None
    return inbound


def _status(visit: Appointment) -> str:
    return Appointment.objects.get(pk=visit.pk).status


def _steps(visit: Appointment, kind: str = "contact") -> list[Step]:
    return list(Step.objects.filter(episode=visit.episode, kind=kind, status="open"))


def _answered(inbound: Inbound) -> bool:
    return Message.objects.filter(purpose=Purpose.REPLY, about_kind="inbound", about_id=inbound.pk).exists()


@pytest.mark.parametrize("writes", ["from the number of the record that stands", "from that of the other"])
def test_who_was_merged_is_known_by_either_number_and_answered_where_they_wrote(
    ward: Ward, carrier: Carrier, writes: str
) -> None:
    duplicate, kept = make_patient(), make_patient()
    visit = _visit(ward, 16, duplicate)
    Patient.objects.filter(pk=duplicate.pk).update(merged_into=kept)
    phone = phone_of(kept if "stands" in writes else duplicate)
    _reply(phone, "chest pain")
    assert len(_steps(visit, "callback")) == 1
    assert not Episode.objects.filter(patient=kept).exists()
    send_due()
    assert carrier.calls[-1].to == phone


@pytest.mark.parametrize(
    ("body", "answer"), [("C", "we do not know this number"), ("Hola, \u00bfqui\u00e9n es?", "no conocemos")]
)
def test_a_stranger_hears_who_we_are_and_waits_for_a_person_and_nothing_is_done(
    ward: Ward, carrier: Carrier, body: str, answer: str
) -> None:
    visit = _visit(ward, 16)
    inbound = _reply(STRANGER, body)
    assert (inbound.handled_as, inbound.waits_for_person, inbound.attended_at) == ("stranger", True, None)
    assert _status(visit) == "booked"
    send_due()
    assert carrier.calls[-1].to == STRANGER
    assert answer in carrier.calls[-1].body
    assert national(settings.PATIENT_SERVICES_LINE) in carrier.calls[-1].body


def test_a_machine_that_answers_our_answer_is_not_answered_again(ward: Ward, carrier: Carrier) -> None:
    first = _reply(STRANGER, "Thank you for your message")
    second = _reply(STRANGER, "Thank you for your message")
    assert (_answered(first), _answered(second)) == (True, False)
    assert second.waits_for_person


def test_a_stranger_who_leaves_has_left(ward: Ward, carrier: Carrier) -> None:
    _reply("+13015559999", "STOP")
    visit = _visit(ward, 16)
    later = book(ward.place.actor, patient=make_patient(phone="+13015559999"), slot=ward.place.at(18, kind="consult"))
    send_due()
    about = Message.objects.filter(purpose=Purpose.BOOKING_CONFIRMATION)
    assert about.get(about_id=visit.pk).status == "sent"
    assert about.get(about_id=later.pk).status == "suppressed"


def test_who_is_in_nobody_s_care_and_asks_something_waits_in_the_list(ward: Ward, carrier: Carrier) -> None:
    patient = make_patient()
    inbound = _reply(phone_of(patient), "Do you take my insurance?")
    assert inbound.waits_for_person
    assert _answered(inbound)
    assert not Step.objects.exists()
