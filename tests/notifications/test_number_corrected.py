"""What is owed leaves for the number that the patient has then, not for one that was corrected since."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.models import Patient, Role
from clinic.services.merging import merge_patients
from notifications.local_twilio.message import new_sid
from notifications.models import Inbound, Message, Purpose
from notifications.selectors.messages import of_patient
from notifications.services.hearing import handle_replies, store
from notifications.services.owing import owe, owed
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.booking import book
from tests.factories import make_patient, phone_of
from tests.notifications.called import agrees, calls_made
from tests.notifications.carrier import Carrier, asked_of_a_person, status_of, tells
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db
CORRECTED = "+13015550177"


def _booked(ward: Ward) -> Appointment:
    patient = make_patient()
    agrees(phone_of(patient))
    visit = book(ward.place.actor, patient=patient, slot=ward.place.at(16, kind="consult"))
    Message.objects.filter(purpose=Purpose.VISIT_REMINDER).delete()
    return visit


def _corrected(visit: Appointment) -> None:
    Patient.objects.filter(pk=visit.patient_id or 0).update(phone=CORRECTED)


def _confirmation() -> Message:
    return Message.objects.get(purpose=Purpose.BOOKING_CONFIRMATION, channel="sms")


def test_a_text_that_is_due_leaves_for_the_corrected_number(ward: Ward, carrier: Carrier) -> None:
    _corrected(_booked(ward))
    agrees(CORRECTED)
    send_due()
    assert [call.to for call in carrier.calls] == [CORRECTED]
    assert status_of(_confirmation()) == "sent"


def test_consent_is_that_of_the_corrected_number(ward: Ward, carrier: Carrier) -> None:
    visit = _booked(ward)
    _corrected(visit)
    send_due()
    assert (status_of(_confirmation()), carrier.calls) == ("suppressed", [])
    assert visit.episode is not None
    assert len(asked_of_a_person(visit.episode)) == 1


def test_a_call_after_a_text_to_the_former_number_rings_at_the_corrected_one(ward: Ward, carrier: Carrier) -> None:
    visit = _booked(ward)
    send_due()
    former = carrier.calls[-1].to
    _corrected(visit)
    agrees(CORRECTED)
    tells(carrier.texts[former][-1].sid, "undelivered", code="30006")
    send_due()
    assert [call.to for call in calls_made(carrier)] == [CORRECTED]


def test_an_answer_goes_to_where_the_text_came_from(ward: Ward, carrier: Carrier) -> None:
    visit = _booked(ward)
    assert visit.patient is not None
    wrote = Inbound.objects.create(
        provider_sid="SM" + "0" * 32, phone=phone_of(visit.patient), body="?", received_at=clock.now()
    )
    Message.objects.all().delete()
    owe(
        owed(
            purpose=Purpose.REPLY,
            patient=visit.patient,
            about_kind="inbound",
            about_id=wrote.pk,
            due_at=clock.now(),
            expires_at=clock.now() + timedelta(hours=1),
            urgent=True,
        )
    )
    _corrected(visit)
    send_due()
    assert [call.to for call in carrier.calls] == [wrote.phone]


@pytest.mark.parametrize("body", ["C", "X"])
def test_who_has_the_former_number_now_answers_nothing_that_was_asked_of_the_other(
    ward: Ward, carrier: Carrier, body: str
) -> None:
    visit = _booked(ward)
    send_due()
    former = carrier.calls[-1].to
    _corrected(visit)
    make_patient(phone=former)
    store(sid=new_sid(), phone=former, body=body, opt_out_type="")
    handle_replies()
    visit.refresh_from_db()
    wrote = Inbound.objects.get()
    assert (visit.status, wrote.visit, wrote.waits_for_person) == ("booked", None, True)


def test_what_is_due_of_a_record_that_was_merged_leaves_for_the_one_that_stays(ward: Ward, carrier: Carrier) -> None:
    visit, kept = _booked(ward), make_patient()
    agrees(phone_of(kept))
    former = visit.patient_id or 0
    merge_patients(ward.actor(Role.CLINICIAN), duplicate_id=former, kept_id=kept.pk, reason="Same license.")
    send_due()
    assert [call.to for call in carrier.calls] == [phone_of(kept)]
    assert [each.purpose for each in of_patient(str(kept.pk))] == [Purpose.BOOKING_CONFIRMATION]
