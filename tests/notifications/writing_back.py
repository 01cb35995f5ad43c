"""Patients who were told of a visit and write back, as several files of tests need them."""

from clinic import clock
from clinic.access import SYSTEM, Actor
from clinic.models import ConsentChannel, Patient, Role, Step
from clinic.services.consent import record_consent
from notifications.local_twilio.message import new_sid
from notifications.models import Conversation, Inbound, Message, Purpose
from notifications.services.hearing import handle_replies, store
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.booking import book
from tests.factories import make_patient, phone_of
from tests.pages.staff import Ward


def told_of(ward: Ward, hour: int = 16, patient: Patient | None = None) -> Appointment:
    """A visit whose confirmation has arrived."""
    someone = patient or make_patient()
    record_consent(SYSTEM, phone=phone_of(someone), granted=True, channel=ConsentChannel.PHONE, language="en")
    visit = book(ward.place.actor, patient=someone, slot=ward.place.at(hour, kind="consult"))
    send_due()
    return visit


def writes(phone: str, body: str) -> Inbound:
    """Somebody writes, and it is handled."""
    sid = new_sid()
    assert store(sid=sid, phone=phone, body=body, opt_out_type="")
    handle_replies()
    inbound = Inbound.objects.get(provider_sid=sid)
    assert inbound.handled_at is not None
    return inbound


def number_for(visit: Appointment) -> str:
    """The number at which a visit's patient is reached."""
    assert visit.patient is not None
    return phone_of(visit.patient)


def status_of(visit: Appointment) -> str:
    """How a visit stands by now."""
    return Appointment.objects.get(pk=visit.pk).status


def open_steps(visit: Appointment, kind: str = "contact") -> list[Step]:
    """What a person owes about a visit's episode."""
    return list(Step.objects.filter(episode=visit.episode, kind=kind, status="open"))


def was_answered(inbound: Inbound) -> bool:
    """Whether we wrote something back."""
    return Message.objects.filter(purpose=Purpose.REPLY, about_kind="inbound", about_id=inbound.pk).exists()


def conversation_about(visit: Appointment) -> Conversation:
    """What was written to and by a visit's patient."""
    return Conversation.objects.get_or_create(phone=number_for(visit), defaults={"created_at": clock.now()})[0]


def representative(ward: Ward) -> Actor:
    """Whoever answers at Patient Services."""
    return ward.actor(Role.REPRESENTATIVE)
