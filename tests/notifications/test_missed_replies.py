"""Texts that no webhook brought, since no web process answered: they are asked for, and each is heard once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings

from clinic import clock
from clinic.access import SYSTEM
from clinic.models import Consent, ConsentChannel, Step
from clinic.selectors.consent import opted_out
from clinic.services.consent import record_consent
from notifications import provider
from notifications.local_twilio.server import LocalTwilio
from notifications.models import Attempt, Inbound, Message, Purpose
from notifications.provider import Heard, twilio
from notifications.services import listening
from notifications.services.hearing import handle_replies, store
from notifications.services.listening import fetch_missed
from notifications.services.sending import send_due
from scheduling.models import Appointment
from scheduling.services.booking import book
from scheduling.services.rescheduling import reschedule
from tests.factories import make_patient, phone_of
from tests.notifications.called import agrees
from tests.notifications.carrier import Carrier, a_text_owed
from tests.notifications.conftest import MachineTime
from tests.notifications.line import SENDER, SERVICE, SID, TOKEN, running_line
from tests.pages.staff import Ward
from tests.scheduling.conftest import at_once

pytestmark = pytest.mark.django_db
ANOTHER = "+12025550122"
LATER = timedelta(minutes=5)


@pytest.fixture
def line(settings: LazySettings, machine: MachineTime) -> Iterator[LocalTwilio]:
    """The local Twilio, with nobody who answers its webhooks; something has been sent by it before."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = SID, TOKEN
    settings.TWILIO_SENDERS, settings.TWILIO_INBOUND_NUMBERS = [SENDER], []
    settings.TWILIO_TIMEOUT_SECONDS = 2
    with running_line() as running:
        settings.TWILIO_API_BASE = running.url
        twilio.client.cache_clear()
        _sent_before(machine)
        yield running
        twilio.client().http_client.session.close()
        twilio.client.cache_clear()


def _sent_before(machine: MachineTime) -> Message:
    message = a_text_owed()
    Message.objects.filter(pk=message.pk).update(status="cancelled", end_code="test")
    Attempt.objects.create(message=message, number=1, segments=1, sender=SENDER, at=machine.look() - timedelta(days=30))
    return message


def _writes(line: LocalTwilio, phone: str, body: str, *, to: str = SENDER) -> str:
    """Somebody writes to one of our numbers; return the provider's id of it."""
    line.network.reply(phone, body, to)
    return line.network.store.of_phone(phone)[-1].sid


def _heard(carrier: Carrier, phone: str, body: str, *, ago: timedelta) -> None:
    carrier.received_texts.append(
        Heard(f"SM{len(carrier.received_texts):032x}", phone, body, 0, clock.real_now() - ago)
    )


def _bodies() -> list[str]:
    return list(Inbound.objects.exclude(body="Thanks").order_by("id").values_list("body", flat=True))


def test_what_no_webhook_brought_is_fetched_once(line: LocalTwilio, machine: MachineTime) -> None:
    phone = phone_of(make_patient())
    _writes(line, phone, "May I bring my dog?")
    _writes(line, phone, "And my cat?")
    machine.go_on(LATER)
    assert (fetch_missed(), _bodies()) == (2, ["May I bring my dog?", "And my cat?"])
    assert handle_replies() == 2
    machine.go_on(LATER)
    assert (fetch_missed(), handle_replies()) == (0, 0)


def test_what_a_webhook_brought_is_not_heard_again(line: LocalTwilio, machine: MachineTime) -> None:
    phone = phone_of(make_patient())
    sid = _writes(line, phone, "May I bring my dog?")
    assert store(sid=sid, phone=phone, body="May I bring my dog?", opt_out_type="")
    machine.go_on(LATER)
    assert (fetch_missed(), len(_bodies())) == (0, 1)


def test_what_has_just_come_in_is_left_to_its_webhook(line: LocalTwilio) -> None:
    _writes(line, phone_of(make_patient()), "May I bring my dog?")
    assert (fetch_missed(), _bodies()) == (0, [])


def test_what_we_sent_is_not_taken_for_what_came_in(line: LocalTwilio, machine: MachineTime) -> None:
    sent = provider.send(
        to=ANOTHER, body="Hello", sender=SENDER, callback="http://127.0.0.1:1/", valid_for=timedelta(hours=1)
    )
    assert isinstance(sent, provider.Accepted)
    twilio.client().messages.create(to=SENDER, from_=ANOTHER, body="From one of ours to another")
    machine.go_on(LATER)
    assert (fetch_missed(), _bodies()) == (0, [])


def test_each_of_our_numbers_is_asked_for_and_those_of_a_service_that_are_named(
    line: LocalTwilio, machine: MachineTime, settings: LazySettings
) -> None:
    settings.TWILIO_SENDERS, settings.TWILIO_INBOUND_NUMBERS = [SERVICE, SENDER], [ANOTHER, SENDER]
    phone = phone_of(make_patient())
    _writes(line, phone, "May I bring my dog?", to=ANOTHER)
    _writes(line, phone, "And my cat?", to=SENDER)
    _writes(line, phone, "To somebody else's number", to="+12025550133")
    machine.go_on(LATER)
    assert fetch_missed() == 2
    assert set(_bodies()) == {"May I bring my dog?", "And my cat?"}


def test_more_texts_than_a_page_of_the_provider_s_list_holds(
    line: LocalTwilio, machine: MachineTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio, "_PAGE", 2)
    for number in range(5):
        _writes(line, phone_of(make_patient()), f"Number {number}")
    machine.go_on(LATER)
    assert (fetch_missed(), _bodies()) == (5, [f"Number {number}" for number in range(5)])


def test_after_an_outage_of_everything_it_goes_back_to_where_it_had_been(
    line: LocalTwilio, machine: MachineTime
) -> None:
    fetch_missed()
    _writes(line, phone_of(make_patient()), "May I bring my dog?")
    machine.go_on(timedelta(days=3))
    assert fetch_missed() == 1


def test_a_provider_that_does_not_answer_is_asked_for_the_same_span_again(
    carrier: Carrier, machine: MachineTime
) -> None:
    _sent_before(machine)
    fetch_missed()
    _heard(carrier, phone_of(make_patient()), "May I bring my dog?", ago=timedelta(0))
    carrier.silent = True
    machine.go_on(timedelta(hours=12))
    assert fetch_missed() == 0
    carrier.silent = False
    assert fetch_missed() == 1


def test_what_was_written_before_we_ever_sent_anything_was_not_written_to_us(
    carrier: Carrier, machine: MachineTime
) -> None:
    _heard(carrier, phone_of(make_patient()), "To whoever had this number before", ago=timedelta(hours=3))
    assert fetch_missed() == 0


def test_a_number_that_is_none_and_a_zero_byte_do_no_harm(carrier: Carrier, machine: MachineTime) -> None:
    _sent_before(machine)
    _heard(carrier, "72345", "Win a prize", ago=LATER)
    _heard(carrier, phone_of(make_patient()), "May I\0 bring my dog?" + "!" * 2000, ago=LATER)
    assert fetch_missed() == 1
    [body] = _bodies()
    assert (body[:20], len(body)) == ("May I bring my dog?!", 1600)


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_hear_each_text_once(
    carrier: Carrier, machine: MachineTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the look at what is known already, so that only the constraint is left."""
    _sent_before(machine)
    for number in range(8):
        _heard(carrier, phone_of(make_patient()), f"Number {number}", ago=LATER)
    monkeypatch.setattr(listening, "_known", lambda texts: set())
    assert sum(at_once(*[fetch_missed] * 4)) == 8
    assert len(_bodies()) == 8


def _visit(ward: Ward) -> Appointment:
    patient = make_patient()
    agrees(phone_of(patient))
    visit = book(ward.place.actor, patient=patient, slot=ward.place.at(16, kind="consult"))
    send_due()
    return visit


def _phone(visit: Appointment) -> str:
    assert visit.patient is not None
    return phone_of(visit.patient)


def _status(visit: Appointment) -> str:
    return Appointment.objects.get(pk=visit.pk).status


def _hears(carrier: Carrier, visit: Appointment, body: str, *, ago: timedelta = LATER) -> Inbound:
    _heard(carrier, _phone(visit), body, ago=ago)
    assert fetch_missed() == 1
    assert handle_replies() == 1
    return Inbound.objects.latest("id")


def test_an_emergency_is_answered_and_raised_however_late(ward: Ward, carrier: Carrier, machine: MachineTime) -> None:
    visit = _visit(ward)
    machine.go_on(timedelta(hours=1))
    _hears(carrier, visit, "I can't breathe", ago=timedelta(minutes=40))
    assert Step.objects.filter(episode=visit.episode, kind="callback", status="open").count() == 1
    send_due()
    assert "911" in carrier.calls[-1].body


def test_a_letter_counts_where_all_stands_as_it_was_asked(ward: Ward, carrier: Carrier, machine: MachineTime) -> None:
    visit = _visit(ward)
    machine.go_on(timedelta(minutes=30))
    inbound = _hears(carrier, visit, "C", ago=timedelta(minutes=10))
    assert _status(visit) == "confirmed"
    assert clock.now() - inbound.received_at >= timedelta(minutes=10)


@pytest.mark.parametrize("letter", ["C", "X"])
def test_a_letter_that_was_written_before_the_visit_was_moved_is_a_person_s(
    ward: Ward, carrier: Carrier, machine: MachineTime, letter: str
) -> None:
    visit = _visit(ward)
    machine.go_on(timedelta(minutes=30))
    reschedule(ward.place.actor, appointment_id=visit.pk, starts_at=ward.place.at(17, kind="consult").starts_at)
    send_due()
    assert carrier.calls[-1].to == _phone(visit)
    inbound = _hears(carrier, visit, letter, ago=timedelta(minutes=10))
    assert (_status(visit), inbound.waits_for_person) == ("booked", True)


def test_what_they_wrote_since_goes_before_what_is_heard_late(
    ward: Ward, carrier: Carrier, machine: MachineTime
) -> None:
    visit = _visit(ward)
    machine.go_on(timedelta(minutes=30))
    store(sid="SM" + "f" * 32, phone=_phone(visit), body="C", opt_out_type="")
    handle_replies()
    inbound = _hears(carrier, visit, "X", ago=timedelta(minutes=10))
    assert (_status(visit), inbound.waits_for_person) == ("confirmed", True)


@pytest.mark.parametrize(("first", "then", "out"), [("START", "STOP", True), ("STOP", "START", False)])
def test_the_last_word_about_texts_holds_in_whatever_order_it_is_heard(
    ward: Ward, carrier: Carrier, machine: MachineTime, first: str, then: str, out: bool
) -> None:
    visit = _visit(ward)
    machine.go_on(timedelta(minutes=30))
    store(sid="SM" + "f" * 32, phone=_phone(visit), body=then, opt_out_type=then)
    handle_replies()
    _hears(carrier, visit, first, ago=timedelta(minutes=10))
    assert opted_out(_phone(visit)) is out


def test_a_stop_that_is_heard_late_holds(ward: Ward, carrier: Carrier, machine: MachineTime) -> None:
    visit = _visit(ward)
    machine.go_on(timedelta(minutes=30))
    _hears(carrier, visit, "Stop texting me", ago=timedelta(minutes=10))
    assert opted_out(_phone(visit))
    # Whoever leaves is told so within five minutes, or not at all.
    assert not Message.objects.filter(purpose=Purpose.REPLY, about_kind="inbound", phone=_phone(visit)).exists()


def test_whoever_agreed_on_the_phone_since_is_not_taken_back_by_it(
    ward: Ward, carrier: Carrier, machine: MachineTime
) -> None:
    visit = _visit(ward)
    machine.go_on(timedelta(minutes=30))
    record_consent(SYSTEM, phone=_phone(visit), granted=True, channel=ConsentChannel.PHONE, language="en")
    before = Consent.objects.filter(phone=_phone(visit)).count()
    _hears(carrier, visit, "STOP", ago=timedelta(minutes=10))
    assert Consent.objects.filter(phone=_phone(visit)).count() == before


def test_at_first_it_looks_back_a_day(carrier: Carrier, machine: MachineTime) -> None:
    _sent_before(machine)
    _heard(carrier, phone_of(make_patient()), "Two days ago", ago=timedelta(days=2))
    _heard(carrier, phone_of(make_patient()), "This morning", ago=timedelta(hours=9))
    assert (fetch_missed(), _bodies()) == (1, ["This morning"])
