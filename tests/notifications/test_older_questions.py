"""An answer to an older text means what stood there; and a word that ends our texts may have been meant for a visit."""

from datetime import timedelta

import pytest

from clinic import clock
from clinic.access import SYSTEM, patient_actor
from clinic.db import in_transaction
from clinic.models import ConsentChannel, Step
from clinic.selectors.consent import opted_out
from clinic.services.consent import record_consent
from notifications.local_twilio.message import new_sid
from notifications.models import Inbound
from notifications.services.hearing import _handle, handle_replies, store
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.booking import book
from scheduling.services.rescheduling import reschedule
from tests.factories import make_patient, phone_of
from tests.notifications.carrier import Carrier
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db


def _told(ward: Ward) -> Appointment:
    """A visit of whose time its patient was told."""
    someone = make_patient()
    record_consent(SYSTEM, phone=phone_of(someone), granted=True, channel=ConsentChannel.PHONE, language="en")
    visit = book(ward.place.actor, patient=someone, slot=ward.place.at(16, kind="consult"))
    send_due()
    return visit


def _says(visit: Appointment, body: str, opt_out_type: str = "") -> Inbound:
    assert visit.patient is not None
    sid = new_sid()
    store(sid=sid, phone=phone_of(visit.patient), body=body, opt_out_type=opt_out_type)
    handle_replies()
    return Inbound.objects.get(provider_sid=sid)


def _moved(ward: Ward, visit: Appointment) -> None:
    reschedule(ward.place.actor, appointment_id=visit.pk, starts_at=ward.place.at(17).starts_at)


def _status(visit: Appointment) -> str:
    return Appointment.objects.get(pk=visit.pk).status


def _asked(visit: Appointment) -> list[Step]:
    return list(Step.objects.filter(episode=visit.episode, kind="contact", status="open"))


@pytest.mark.parametrize("body", ["C", "X"])
def test_nobody_answers_for_a_time_that_they_were_not_told(ward: Ward, carrier: Carrier, body: str) -> None:
    visit = _told(ward)
    _moved(ward, visit)
    assert _says(visit, body).answer == "reply_received"
    assert _status(visit) == "booked"
    assert len(_asked(visit)) == 1


def test_once_the_new_time_was_told_it_is_what_they_confirm(ward: Ward, carrier: Carrier) -> None:
    visit = _told(ward)
    _moved(ward, visit)
    send_due()
    _says(visit, "C")
    assert (_status(visit), _asked(visit)) == ("confirmed", [])


def test_who_moved_it_themselves_and_answers_the_text_about_it_is_understood(ward: Ward, carrier: Carrier) -> None:
    visit = _told(ward)
    actor = patient_actor(visit.patient_id or 0)
    reschedule(actor, appointment_id=visit.pk, starts_at=ward.place.at(17).starts_at)
    send_due()
    _says(visit, "X")
    assert _status(visit) == "cancelled"


@pytest.mark.parametrize("opt_out_type", ["STOP", ""])
def test_a_cancel_after_a_text_about_a_visit_ends_the_texts_and_a_person_asks_what_was_meant(
    ward: Ward, carrier: Carrier, opt_out_type: str
) -> None:
    visit = _told(ward)
    inbound = _says(visit, "Cancel", opt_out_type)
    assert opted_out(inbound.phone)
    assert (_status(visit), inbound.visit) == ("booked", visit)
    [step] = _asked(visit)
    assert step.due_at is not None
    assert step.due_at <= clock.now() + timedelta(hours=1)


def test_who_was_asked_about_no_visit_only_leaves(ward: Ward, carrier: Carrier) -> None:
    someone = make_patient()
    store(sid=(sid := new_sid()), phone=phone_of(someone), body="CANCEL", opt_out_type="STOP")
    handle_replies()
    assert not Inbound.objects.get(provider_sid=sid).waits_for_person


@pytest.mark.parametrize(("first", "then", "left"), [("START", "STOP", True), ("STOP", "START", False)])
def test_what_was_written_last_holds_whichever_worker_takes_it_first(
    ward: Ward, carrier: Carrier, first: str, then: str, left: bool
) -> None:
    phone = phone_of(make_patient())
    for word in (first, then):
        store(sid=new_sid(), phone=phone, body=word, opt_out_type=word)
    last = Inbound.objects.get(body=then)
    # As another worker does that found the first one taken.
    in_transaction(lambda: _handle(last.pk))
    handle_replies()
    assert opted_out(phone) == left
