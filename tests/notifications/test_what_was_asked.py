"""What a reply answers: only what reached the telephone, and never a visit where another time was asked about since."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from clinic import clock
from clinic.access import SYSTEM, patient_actor
from clinic.models import ConsentChannel
from clinic.selectors.consent import may_text, opted_out
from clinic.services.consent import record_consent
from notifications.models import Message, Purpose
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.rescheduling import reschedule
from scheduling.services.visits import cancel
from tests.factories import make_patient, phone_of, set_clock
from tests.notifications.called import agrees, ends, refuses_the_text, taken, visit_booked
from tests.notifications.carrier import Carrier, tells
from tests.notifications.writing_back import number_for, open_steps, status_of, told_of, writes
from tests.pages.staff import Ward, open_ward
from tests.scheduling.test_making_room import asked

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture
def ward(transactional_db: None, settings: LazySettings) -> Ward:
    """A center at noon, whose provider signs."""
    settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_BASE_URL = "a-token-of-the-tests", "https://clinic.example"
    return open_ward()


def _moved(ward: Ward, visit: Appointment) -> None:
    reschedule(ward.place.actor, appointment_id=visit.pk, starts_at=ward.place.at(17).starts_at)
    send_due()


def _did_not_arrive(carrier: Carrier, code: str) -> None:
    text = carrier.calls[-1]
    tells(carrier.texts[text.to][-1].sid, "undelivered", call=text, code=code)


def test_who_never_got_the_new_time_does_not_confirm_it(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    _moved(ward, visit)
    _did_not_arrive(carrier, "30007")
    writes(number_for(visit), "C")
    assert status_of(visit) == "booked"
    assert open_steps(visit), "a person tells them how it stands"


def test_a_call_that_was_taken_told_no_time(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    agrees(number_for(visit))
    _moved(ward, visit)
    _did_not_arrive(carrier, "30006")
    send_due()
    taken(carrier, carrier.calls[-1])
    ends(carrier, carrier.calls[-1], "completed")
    assert Message.objects.get(channel="voice").status == "delivered"
    writes(number_for(visit), "C")
    assert status_of(visit) == "booked"
    assert open_steps(visit)


def _asked_to_move(ward: Ward) -> Appointment:
    """A visit whose patient was told of it, and then was asked to move it."""
    visit, _, _ = asked(ward.place)
    record_consent(SYSTEM, phone=number_for(visit), granted=True, channel=ConsentChannel.PHONE, language="en")
    Message.objects.filter(phone=number_for(visit), status="due", due_at__gt=clock.now()).delete()
    send_due()
    sent = Message.objects.filter(phone=number_for(visit), sent_at__isnull=False).order_by("id")
    assert [each.purpose for each in sent] == [Purpose.BOOKING_CONFIRMATION, Purpose.MOVE_ASKED]
    return visit


@pytest.mark.parametrize("letter", ["X", "C"])
def test_a_letter_after_the_offer_of_another_time_moves_no_visit(ward: Ward, carrier: Carrier, letter: str) -> None:
    visit = _asked_to_move(ward)
    before = status_of(visit)
    inbound = writes(number_for(visit), letter)
    assert status_of(visit) == before
    assert (inbound.answer, inbound.waits_for_person) == ("reply_received", True)


@pytest.mark.parametrize("word", ["Yes", "CANCEL"])
def test_a_word_that_the_carrier_takes_for_itself_after_an_offer_is_asked_about(
    ward: Ward, carrier: Carrier, word: str
) -> None:
    visit = _asked_to_move(ward)
    long_ago = clock.now() - timedelta(days=8)
    Message.objects.filter(phone=number_for(visit), purpose=Purpose.BOOKING_CONFIRMATION).update(sent_at=long_ago)
    inbound = writes(number_for(visit), word)
    assert inbound.waits_for_person
    step = inbound.steps.get()
    assert step.due_at is not None
    assert step.due_at <= clock.now() + timedelta(hours=1)


def test_a_yes_of_who_was_asked_nothing_asks_nobody(ward: Ward, carrier: Carrier) -> None:
    phone = phone_of(make_patient())
    agrees(phone)
    assert not writes(phone, "YES").waits_for_person
    assert may_text(phone)


def test_who_wants_another_time_still_does_once_the_system_has_moved_the_visit(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    inbound = writes(number_for(visit), "R")
    [step] = open_steps(visit)
    # As where a center closes: no wish of theirs.
    reschedule(SYSTEM, appointment_id=visit.pk, starts_at=ward.place.at(17).starts_at)
    assert open_steps(visit) == [step]
    inbound.refresh_from_db()
    assert inbound.attended_at is None


def test_who_has_chosen_another_time_or_given_the_visit_up_is_not_called(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    inbound = writes(number_for(visit), "R")
    set_clock(clock.now() + timedelta(minutes=1))
    cancel(patient_actor(visit.patient_id or 0), appointment_id=visit.pk)
    assert open_steps(visit) == []
    inbound.refresh_from_db()
    assert inbound.attended_as == "step_ended"


def test_a_cancel_after_a_call_about_a_visit_is_asked_about(ward: Ward, carrier: Carrier) -> None:
    visit = visit_booked(ward)
    refuses_the_text(carrier)
    taken(carrier, carrier.calls[-1])
    ends(carrier, carrier.calls[-1], "completed")
    assert open_steps(visit) == []
    inbound = writes(number_for(visit), "CANCEL")
    assert (inbound.waits_for_person, opted_out(number_for(visit)), status_of(visit)) == (True, True, "booked")


def test_a_cancel_after_a_text_that_is_said_to_be_lost_is_asked_about(ward: Ward, carrier: Carrier) -> None:
    visit = told_of(ward)
    _did_not_arrive(carrier, "30007")
    assert writes(number_for(visit), "CANCEL").waits_for_person
