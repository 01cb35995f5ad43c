"""Consent is the number's: without it nothing leaves; who leaves, leaves for all who share it; a person takes over."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import ConsentChannel, Patient
from clinic.services.consent import record_consent
from notifications.local_twilio.message import new_sid
from notifications.models import Message, Purpose
from notifications.services.claiming import claim
from notifications.services.hearing import handle_replies, store
from notifications.services.sending import send_due, send_one
from scheduling.models import Appointment
from scheduling.services.booking import book
from tests.factories import make_patient, make_zip, phone_of, set_clock
from tests.notifications.carrier import Carrier, a_text_owed, asked_of_a_person, status_of
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db


def _visit(ward: Ward, hour: int, patient: Patient) -> Appointment:
    return book(ward.place.actor, patient=patient, slot=ward.place.at(hour, kind="consult"))


def _says(phone: str, granted: bool) -> None:
    record_consent(SYSTEM, phone=phone, granted=granted, channel=ConsentChannel.PHONE, language="en")


def _texts_back(phone: str, body: str, opt_out_type: str = "") -> None:
    store(sid=new_sid(), phone=phone, body=body, opt_out_type=opt_out_type)
    handle_replies()


def _confirmation(visit: Appointment) -> Message:
    return Message.objects.get(purpose=Purpose.BOOKING_CONFIRMATION, about_id=visit.pk)


def test_who_never_agreed_is_not_texted_and_a_person_takes_over(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward, 16, make_patient())
    send_due()
    assert (status_of(_confirmation(visit)), carrier.calls) == ("suppressed", [])
    assert visit.episode is not None
    assert len(asked_of_a_person(visit.episode)) == 1


def test_who_agreed_is_texted(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward, 16, make_patient())
    _says(_confirmation(visit).phone, granted=True)
    send_due()
    assert status_of(_confirmation(visit)) == "sent"


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    # Who says so in a word that the provider does not answer hears it from us, once.
    [("STOP", "STOP", []), ("no más", "", ["no more texts"]), ("Unsubscribe", "", [])],
)
def test_who_leaves_leaves_for_all_who_share_the_number(
    ward: Ward, carrier: Carrier, body: str, kind: str, told: list[str]
) -> None:
    mother = make_patient()
    daughter = make_patient(phone=mother.phone)
    _says(phone_of(mother), granted=True)
    visits = [_visit(ward, 15, mother), _visit(ward, 17, daughter)]
    _texts_back(phone_of(mother), body, kind)
    send_due()
    assert [status_of(_confirmation(visit)) for visit in visits] == ["suppressed", "suppressed"]
    assert [words for call in carrier.calls for words in told if words in call.body] == told
    assert len(carrier.calls) == len(told)


def test_who_comes_back_is_texted_again_and_what_was_suppressed_stays_so(ward: Ward, carrier: Carrier) -> None:
    patient = make_patient()
    _texts_back(phone_of(patient), "STOP", "STOP")
    before = _visit(ward, 15, patient)
    send_due()
    _texts_back(phone_of(patient), "START", "START")
    after = _visit(ward, 17, patient)
    send_due()
    assert [status_of(_confirmation(visit)) for visit in (before, after)] == ["suppressed", "sent"]


def test_who_leaves_while_a_worker_has_their_text_is_not_texted(ward: Ward, carrier: Carrier) -> None:
    visit = _visit(ward, 16, make_patient())
    phone = _confirmation(visit).phone
    _says(phone, granted=True)
    [claimed] = claim(1)
    _texts_back(phone, "STOP", "STOP")
    send_one(claimed)
    assert (status_of(_confirmation(visit)), carrier.calls) == ("suppressed", [])


def test_an_answer_to_a_reply_needs_no_other_consent(carrier: Carrier) -> None:
    message = a_text_owed()
    _says(message.phone, granted=False)
    send_due()
    assert status_of(message) == "sent"


def _at_night(ward: Ward, patient: Patient) -> Message:
    """A reminder, which is not urgent, that is due at ten in the evening where the center is."""
    _says(phone_of(patient), granted=True)
    visit = _visit(ward, 16, patient)
    Message.objects.filter(purpose=Purpose.BOOKING_CONFIRMATION).delete()
    reminder = Message.objects.get(purpose=Purpose.VISIT_REMINDER, about_id=visit.pk)
    late = ward.place.at(22).starts_at
    Appointment.objects.filter(pk=visit.pk).update(starts_at=late + timedelta(days=2), ends_at=late + timedelta(days=3))
    Message.objects.filter(pk=reminder.pk).update(due_at=late, expires_at=late + timedelta(days=2))
    set_clock(late)
    return reminder


@pytest.mark.parametrize(
    ("zone", "zip", "opens"),
    [
        ("America/New_York", "20770", "America/New_York"),
        # Seven in the evening there: it leaves at once.
        ("America/Los_Angeles", "94103", ""),
        # Nobody knows where: it is day at both coasts when it is eight at the western one.
        ("", "00501", "America/Los_Angeles"),
    ],
)
def test_what_is_not_urgent_waits_for_the_patient_s_morning(
    ward: Ward, carrier: Carrier, zone: str, zip: str, opens: str
) -> None:
    if zone:
        make_zip(zip, zone=zone)
    # A number that lies in no area tells nothing of it either.
    reminder = _at_night(ward, make_patient(zip=zip, phone="+18005550147" if not zone else "+13015550147"))
    send_due()
    assert bool(carrier.calls) == (not opens)
    if opens:
        due_at = Message.objects.get(pk=reminder.pk).due_at
        local = due_at.astimezone(ZoneInfo(opens))
        assert (local.hour, local.minute) == (8, 0)
        assert due_at > clock.now()
        set_clock(due_at)
        send_due()
    assert status_of(reminder) == "sent"


def test_what_the_patient_waits_for_passes_the_night(ward: Ward, carrier: Carrier) -> None:
    message = a_text_owed()
    set_clock(ward.place.at(23).starts_at)
    Message.objects.filter(pk=message.pk).update(expires_at=clock.now() + timedelta(hours=1))
    send_due()
    assert status_of(message) == "sent"
