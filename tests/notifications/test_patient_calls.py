"""A text about what matters that does not arrive becomes one call; a call that reaches nobody becomes a person's."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from clinic import clock
from clinic.access import patient_actor
from clinic.models import Event, Patient, Role
from clinic.selectors.consent import may_text
from clinic.services.telling import record_opened
from notifications.local_twilio.message import new_sid
from notifications.models import Message, Purpose
from notifications.provider import NoAnswer, Refused
from notifications.services import circuit
from notifications.services.claiming import LEASE, claim
from notifications.services.hearing import handle_replies, store
from notifications.services.reconciling import ABSENT_AFTER, settle_unknown
from notifications.services.sending import send_due, send_one
from scheduling.models import Displacement, ShiftEdit
from scheduling.models.shift_edit import EditKind
from scheduling.services import visits
from tests.factories import phone_of, set_clock
from tests.notifications.called import (
    LANDLINE,
    agrees,
    calls_made,
    ends,
    refuses_the_text,
    result_sent,
    taken,
    the_call,
    visit_booked,
)
from tests.notifications.carrier import Carrier, asked_of_a_person, loses_the_answer, outcomes_of, status_of, tells
from tests.notifications.conftest import MachineTime
from tests.pages.staff import Ward, open_ward

pytestmark = [
    pytest.mark.django_db,
    # Static files are collected by a deployment, not by a test.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture
def ward(db: None, settings: LazySettings) -> Ward:
    """A center at noon, whose provider signs."""
    settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_BASE_URL = "a-token-of-the-tests", "https://clinic.example"
    return open_ward()


def _text_of(call: Message) -> Message:
    return Message.objects.get(dedupe_key=call.dedupe_key.removeprefix("call:"))


def _text_is_refused(carrier: Carrier) -> None:
    """The text is refused, and its call is due but not made yet."""
    carrier.answers.append(LANDLINE)
    [claimed] = claim(1)
    send_one(claimed)


def test_a_landline_is_called_at_once_and_nobody_else_is_asked(ward: Ward, carrier: Carrier) -> None:
    report = result_sent(ward)
    refuses_the_text(carrier)
    [call] = calls_made(carrier)
    assert (call.to, call.url) == (
        report.episode.patient.phone,
        f"https://clinic.example/webhooks/twilio/call/?attempt={call.attempt.pk}",
    )
    assert status_of(the_call()) == "sent"
    assert asked_of_a_person(report.episode) == []


def test_the_call_is_owed_with_the_end_of_its_text_once(ward: Ward, carrier: Carrier) -> None:
    result_sent(ward)
    send_due()
    text = carrier.calls[-1]
    sid = carrier.texts[text.to][-1].sid
    tells(sid, "undelivered", "failed", "undelivered", call=text, code="30004")
    tells(sid, "canceled", call=text)
    owed = the_call()
    assert (owed.status, owed.expires_at) == ("due", _text_of(owed).expires_at)
    assert owed.due_at <= clock.now()
    failed = Event.objects.get(kind="message.failed")
    assert (failed.codes["code"], failed.codes["way"]) == ("30004", "call")


def _another_result(ward: Ward, phone: str) -> Message:
    """A second result for the same number, whose text is due; nothing else is."""
    Message.objects.filter(status="due").update(status="cancelled", end_code="test")
    report = result_sent(ward)
    Patient.objects.filter(pk=report.episode.patient_id).update(phone=phone)
    Message.objects.filter(episode=report.episode).update(phone=phone)
    return Message.objects.get(purpose=Purpose.RESULT_READY, episode=report.episode, channel="sms")


def test_a_number_known_as_a_landline_is_called_without_trying_a_text(ward: Ward, carrier: Carrier) -> None:
    first = result_sent(ward)
    refuses_the_text(carrier)
    ends(carrier, calls_made(carrier)[-1], "completed")
    clock.advance(timedelta(days=1))
    second, before = _another_result(ward, phone_of(first.episode.patient)), len(carrier.calls)
    send_due()
    assert [call.rings for call in carrier.calls[before:]] == [True]
    assert Message.objects.get(pk=second.pk).end_code == "known_landline"


def test_after_a_month_a_landline_is_texted_again(ward: Ward, carrier: Carrier) -> None:
    first = result_sent(ward)
    refuses_the_text(carrier)
    Message.objects.filter(end_code="21614").update(ended_at=clock.now() - timedelta(days=31))
    _another_result(ward, phone_of(first.episode.patient))
    before = len(carrier.calls)
    send_due()
    assert [call.rings for call in carrier.calls[before:]] == [False]


@pytest.mark.parametrize("answer", [Refused(21211, 400), Refused(21610, 400)])
def test_a_number_that_is_none_or_wants_nothing_goes_to_a_person(ward: Ward, carrier: Carrier, answer: Refused) -> None:
    report = result_sent(ward)
    refuses_the_text(carrier, answer)
    assert calls_made(carrier) == []
    assert len(asked_of_a_person(report.episode)) == 1


def test_who_agreed_to_texts_only_is_called_by_a_person(ward: Ward, carrier: Carrier) -> None:
    report = result_sent(ward, consents=False)
    agrees(phone_of(report.episode.patient), wording="START")
    assert may_text(phone_of(report.episode.patient))
    refuses_the_text(carrier)
    assert calls_made(carrier) == []
    assert len(asked_of_a_person(report.episode)) == 1


def test_who_says_stop_before_the_call_leaves_is_not_called_by_a_machine(ward: Ward, carrier: Carrier) -> None:
    report = result_sent(ward)
    _text_is_refused(carrier)
    agrees(phone_of(report.episode.patient), wording="STOP", granted=False)
    send_due()
    assert (the_call().status, calls_made(carrier)) == ("suppressed", [])
    assert len(asked_of_a_person(report.episode)) == 1


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (("initiated", "ringing", "busy"), "busy"),
        (("no-answer",), "no-answer"),
        (("failed",), "failed"),
        (("initiated", "ringing", "in-progress", "completed"), "not_heard"),
    ],
)
def test_a_call_that_reaches_nobody_is_a_persons(
    ward: Ward, carrier: Carrier, statuses: tuple[str, ...], code: str
) -> None:
    report = result_sent(ward)
    refuses_the_text(carrier)
    ends(carrier, calls_made(carrier)[-1], *statuses)
    assert (the_call().status, the_call().end_code) == ("undelivered", code)
    assert len(asked_of_a_person(report.episode)) == 1
    send_due()
    assert len(calls_made(carrier)) == 1


def test_a_mailbox_is_nobody(ward: Ward, carrier: Carrier) -> None:
    report = result_sent(ward)
    refuses_the_text(carrier)
    call = calls_made(carrier)[-1]
    taken(carrier, call, "machine_end_beep")
    ends(carrier, call, "completed")
    assert (the_call().status, the_call().end_code) == ("undelivered", "machine")
    assert len(asked_of_a_person(report.episode)) == 1


def test_a_person_who_takes_the_call_is_reached(ward: Ward, carrier: Carrier) -> None:
    report = result_sent(ward)
    refuses_the_text(carrier)
    call = calls_made(carrier)[-1]
    taken(carrier, call)
    ends(carrier, call, "in-progress", "completed")
    assert status_of(the_call()) == "delivered"
    assert asked_of_a_person(report.episode) == []


def test_a_call_that_nobody_told_of_but_somebody_took_is_known_to_have_been_made(ward: Ward, carrier: Carrier) -> None:
    result_sent(ward)
    carrier.answers.extend([LANDLINE, loses_the_answer])
    send_due()
    send_due()
    assert status_of(the_call()) == "unknown"
    taken(carrier, calls_made(carrier)[-1])
    assert status_of(the_call()) == "sent"
    assert outcomes_of(the_call()) == [["unknown", "found"]]


def test_a_worker_that_died_in_its_call_is_found_out_about_before_any_second_call(
    ward: Ward, carrier: Carrier, machine: MachineTime
) -> None:
    def dies(carrier: Carrier, call: object) -> object:
        carrier.create(call)  # type: ignore[arg-type]
        raise SystemExit

    result_sent(ward)
    carrier.answers.extend([LANDLINE, dies])  # type: ignore[list-item]
    with pytest.raises(SystemExit):
        send_due()
    machine.go_on(LEASE + timedelta(seconds=1))
    assert settle_unknown() == 1
    send_due()
    assert (status_of(the_call()), len(calls_made(carrier))) == ("sent", 1)


def test_only_a_call_that_never_came_to_be_is_made_again(ward: Ward, carrier: Carrier, machine: MachineTime) -> None:
    result_sent(ward)
    carrier.answers.extend([LANDLINE, NoAnswer("readtimeout")])
    send_due()
    send_due()
    assert settle_unknown() == 0
    machine.go_on(ABSENT_AFTER)
    assert settle_unknown() == 1
    send_due()
    assert (status_of(the_call()), len(calls_made(carrier))) == ("sent", 2)


def test_a_result_is_not_rung_about_at_night(ward: Ward, carrier: Carrier) -> None:
    result_sent(ward)
    set_clock(clock.now() + timedelta(hours=11))
    refuses_the_text(carrier)
    assert calls_made(carrier) == []
    call = the_call()
    assert (call.status, call.urgent) == ("due", False)
    set_clock(call.due_at)
    send_due()
    assert len(calls_made(carrier)) == 1


@pytest.mark.parametrize(("days", "called"), [(0, True), (2, False)])
def test_only_a_visit_that_is_near_is_called_about(ward: Ward, carrier: Carrier, days: int, called: bool) -> None:
    visit = visit_booked(ward, days=days)
    refuses_the_text(carrier)
    assert bool(calls_made(carrier)) is called
    assert bool(asked_of_a_person(visit.episode)) is not called  # type: ignore[arg-type]


def test_a_displaced_visit_is_called_about_whenever_it_is(ward: Ward, carrier: Carrier) -> None:
    visit = visit_booked(ward, days=2)
    send_due()
    edit = ShiftEdit.objects.create(center=visit.center, kind=EditKind.values[0], at=clock.now(), by_kind="system")
    Displacement.objects.create(
        appointment=visit, edit=edit, was_center=visit.center, was_starts_at=visit.starts_at, created_at=clock.now()
    )
    visits.cancel(ward.actor(Role.MANAGER), appointment_id=visit.pk)
    refuses_the_text(carrier)
    assert [call.attempt.message.purpose for call in calls_made(carrier)] == [Purpose.BOOKING_CANCELLED]


def test_what_is_no_longer_true_is_not_called_about(ward: Ward, carrier: Carrier) -> None:
    visit = visit_booked(ward)
    _text_is_refused(carrier)
    confirmation = the_call()
    visits.cancel(ward.actor(Role.MANAGER), appointment_id=visit.pk)
    send_due()
    assert status_of(confirmation) == "cancelled"
    assert confirmation not in [call.attempt.message for call in calls_made(carrier)]


def test_while_no_number_to_call_from_is_well_a_person_calls(ward: Ward, carrier: Carrier) -> None:
    report = result_sent(ward)
    circuit.open_circuit("21215", channel="voice", sender="+12025550100")
    refuses_the_text(carrier)
    assert calls_made(carrier) == []
    assert len(asked_of_a_person(report.episode)) == 1


def test_without_a_number_to_call_from_a_person_calls(ward: Ward, carrier: Carrier, settings: LazySettings) -> None:
    settings.TWILIO_VOICE_FROM = ""
    report = result_sent(ward)
    refuses_the_text(carrier)
    assert calls_made(carrier) == []
    assert len(asked_of_a_person(report.episode)) == 1


def test_a_routine_call_counts_as_the_days_one_message(ward: Ward, carrier: Carrier) -> None:
    result_sent(ward)
    refuses_the_text(carrier)
    assert (the_call().urgent, the_call().status) == (False, "sent")
    waiting = Message.objects.filter(purpose=Purpose.RESULT_WAITING, channel="voice")
    waiting.update(due_at=clock.now(), expires_at=clock.now() + timedelta(days=3))
    send_due()
    assert waiting.get().due_at > clock.now() + timedelta(hours=6)


def test_who_knows_their_result_by_the_morning_is_not_rung_about_it(ward: Ward, carrier: Carrier) -> None:
    report = result_sent(ward)
    set_clock(clock.now() + timedelta(hours=10))
    refuses_the_text(carrier)
    call = the_call()
    assert call.due_at > clock.now()
    record_opened(patient_actor(report.episode.patient_id), report=report)
    set_clock(call.due_at)
    send_due()
    assert calls_made(carrier) == []
    assert (status_of(call), Message.objects.get(pk=call.pk).end_code) == ("cancelled", "told")


def test_a_number_that_has_written_to_us_since_is_texted_again(ward: Ward, carrier: Carrier) -> None:
    first = result_sent(ward)
    refuses_the_text(carrier)
    clock.advance(timedelta(days=1))
    phone = phone_of(first.episode.patient)
    store(sid=new_sid(), phone=phone, body="START", opt_out_type="START")
    handle_replies()
    _another_result(ward, phone)
    before = len(carrier.calls)
    send_due()
    assert [call.rings for call in carrier.calls[before:]] == [False]
