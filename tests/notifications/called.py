"""Patients whom a text did not reach, and the calls to them: how they are owed, made, taken and told of."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.test import Client
from twilio.request_validator import RequestValidator

from clinic.access import SYSTEM
from clinic.models import ConsentChannel, Report, Role
from clinic.services.consent import record_consent
from clinic.services.reports import Finding, finalize
from clinic.services.telling import release_result
from notifications.models import Channel, Message, Purpose
from notifications.provider import Refused
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.booking import book
from tests.factories import actor_of, make_patient, phone_of
from tests.notifications.carrier import Call, Carrier, tells
from tests.pages.staff import Ward

LANDLINE = Refused(21614, 400)
NEAR, LATER = timedelta(hours=4), timedelta(days=5)


def agrees(phone: str, *, wording: str = "", granted: bool = True) -> None:
    """The holder of a number agrees to texts and calls, in our words or in theirs."""
    record_consent(SYSTEM, phone=phone, granted=granted, channel=ConsentChannel.PHONE, language="en", wording=wording)


def result_sent(ward: Ward, *, consents: bool = True) -> Report:
    """A clear result that was released a moment ago; its text is due."""
    report = ward.read()
    if consents:
        agrees(phone_of(report.episode.patient))
    finding = Finding(impression="", category="no_dvt_complete", side="left", findings="")
    finalize(ward.actor(Role.PHYSICIAN), report_id=report.pk, finding=finding)
    release_result(actor_of(Role.REPRESENTATIVE), report_id=report.pk)
    _only(Purpose.RESULT_READY, Purpose.RESULT_WAITING)
    return Report.objects.get(pk=report.pk)


def visit_booked(ward: Ward, *, days: int = 0) -> Appointment:
    """A consult at four, today or in some days, of a patient who agreed; its confirmation is due."""
    patient = make_patient()
    agrees(phone_of(patient))
    return book(ward.place.actor, patient=patient, slot=ward.place.at(16, kind="consult", days=days))


def _only(*purposes: Purpose) -> None:
    """Nothing else is due, which a test does not look at."""
    Message.objects.filter(status="due").exclude(purpose__in=purposes).update(status="cancelled", end_code="test")


def refuses_the_text(carrier: Carrier, answer: Refused = LANDLINE) -> None:
    """The text that is due is refused for its number's sake, and what follows is sent."""
    carrier.answers.append(answer)
    send_due()
    send_due()


def the_call() -> Message:
    """The one call that is owed to a patient since their text did not arrive."""
    return Message.objects.get(channel=Channel.VOICE, dedupe_key__startswith="call:")


def calls_made(carrier: Carrier) -> list[Call]:
    """The calls to telephones that were asked for."""
    return [call for call in carrier.calls if call.rings]


def ends(carrier: Carrier, call: Call, *statuses: str) -> None:
    """Let the provider tell of a call, in this order."""
    tells(carrier.texts[call.to][-1].sid, *statuses, call=call)


def asks(url: str, form: dict[str, str], *, signed: bool = True) -> Any:
    """The provider asks us what a call is to say."""
    validator = RequestValidator(settings.TWILIO_AUTH_TOKEN)
    headers = {"X-Twilio-Signature": validator.compute_signature(url, form)} if signed else {}
    parts = urlsplit(url)
    content = urlencode(form)
    return Client().post(
        f"{parts.path}?{parts.query}", content, content_type="application/x-www-form-urlencoded", headers=headers
    )


def taken(carrier: Carrier, call: Call, by: str = "human") -> Any:
    """Somebody takes a call: what they hear."""
    return asks(call.url, {"CallSid": carrier.texts[call.to][-1].sid, "AnsweredBy": by})


def with_nothing_owed(ward: Ward, hour: int, *, days: int = 0) -> Appointment:
    """A visit of a patient who agreed to texts, about which none is owed any more."""
    patient = make_patient()
    agrees(phone_of(patient))
    visit = book(ward.place.actor, patient=patient, slot=ward.place.at(hour, kind="consult", days=days))
    Message.objects.all().delete()
    return visit
