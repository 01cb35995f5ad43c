"""Calls that nobody knows the outcome of, and what the provider says of them later: each telephone rings once."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from clinic import clock
from clinic.models import Step
from notifications.models import Message, Receipt
from notifications.provider import Accepted, Answer, NoAnswer
from notifications.receipt_rank import CALL, TEXT, Said, known, verdict
from notifications.services import reconciling
from notifications.services.claiming import LEASE
from notifications.services.reconciling import ABSENT_AFTER, RECEIPT_MISSING_AFTER, poll_receipts, settle_unknown
from notifications.services.sending import send_due
from tests.notifications.carrier import (
    Call,
    Carrier,
    loses_the_answer,
    loses_the_call,
    outcomes_of,
    status_of,
    tells,
)
from tests.notifications.conftest import MachineTime
from tests.notifications.pagers import make_on_call

pytestmark = pytest.mark.django_db


def _call_owed() -> Message:
    """A call to who is on call that is due now; everything else that pages them is out of the way."""
    step: Step = make_on_call(clinicians=1).callback()
    call = Message.objects.filter(step=step, channel="voice").order_by("due_at")[0]
    Message.objects.filter(step=step).exclude(pk=call.pk).update(status="cancelled")
    Message.objects.filter(pk=call.pk).update(due_at=clock.now(), expires_at=clock.now() + timedelta(days=1))
    call.refresh_from_db()
    return call


def _made(carrier: Carrier) -> tuple[Message, str, Call]:
    """A call that the provider has, its id, and the request that brought it there."""
    message = _call_owed()
    send_due()
    return message, carrier.texts[message.phone][-1].sid, carrier.calls[-1]


@pytest.mark.parametrize(
    ("statuses", "end", "code"),
    [
        (("queued", "initiated", "ringing", "in-progress", "completed"), "delivered", ""),
        (("initiated", "ringing", "busy"), "undelivered", "busy"),
        (("initiated", "ringing", "no-answer"), "undelivered", "no-answer"),
        (("initiated", "failed"), "undelivered", "failed"),
        (("queued", "canceled"), "failed", "canceled"),
        (("completed", "busy", "canceled"), "delivered", ""),
        (("busy", "no-answer", "failed"), "undelivered", "busy"),
        (("queued", "ringing"), "sent", ""),
    ],
)
def test_every_order_of_what_is_said_of_a_call_ends_the_same(statuses: tuple[str, ...], end: str, code: str) -> None:
    for order in permutations(statuses):
        assert verdict([Said(status) for status in order], CALL) == Said(end, code)


def test_texts_and_calls_have_words_of_their_own() -> None:
    for status in ("completed", "busy", "no-answer", "ringing", "initiated", "in-progress"):
        assert known(status, CALL)
        assert not known(status, TEXT)
    for status in ("delivered", "undelivered", "read", "sent", "accepted"):
        assert known(status, TEXT)
        assert not known(status, CALL)


def test_receipts_of_a_call_move_it_in_every_order(carrier: Carrier) -> None:
    message, sid, call = _made(carrier)
    for number, order in enumerate(permutations(("ringing", "completed", "initiated"))):
        if number:
            Message.objects.filter(pk=message.pk).update(status="due", ended_at=None)
            send_due()
            sid, call = carrier.texts[message.phone][-1].sid, carrier.calls[-1]
        tells(sid, *order, call=call)
        assert status_of(message) == "delivered", order


def test_a_busy_line_is_told_of_and_a_late_ringing_takes_nothing_back(carrier: Carrier) -> None:
    message, sid, call = _made(carrier)
    tells(sid, "initiated", "busy", "ringing", "busy", call=call)
    assert status_of(message) == "undelivered"
    assert Message.objects.get(pk=message.pk).end_code == "busy"
    assert Receipt.objects.filter(provider_sid=sid).count() == 3


def test_receipts_that_overtake_the_answer_count(carrier: Carrier) -> None:
    def tells_first(carrier: Carrier, call: Call) -> Answer:
        sid = carrier.create(call)
        tells(sid, "initiated", "completed", call=call)
        return Accepted(sid, "queued")

    message = _call_owed()
    carrier.answers.append(tells_first)
    send_due()
    assert status_of(message) == "delivered"
    assert outcomes_of(message) == [["found", "accepted"]]


def test_a_call_without_an_answer_is_found_and_not_made_again(carrier: Carrier) -> None:
    message = _call_owed()
    carrier.answers.append(loses_the_answer)
    send_due()
    assert status_of(message) == "unknown"
    assert settle_unknown() == 1
    send_due()
    assert (status_of(message), len(carrier.calls)) == ("sent", 1)
    assert outcomes_of(message) == [["unknown", "found"]]


def test_a_worker_that_died_in_its_call_is_found_out_about(carrier: Carrier, machine: MachineTime) -> None:
    def dies(carrier: Carrier, call: Call) -> Answer:
        carrier.create(call)
        raise SystemExit

    message = _call_owed()
    carrier.answers.append(dies)
    with pytest.raises(SystemExit):
        send_due()
    machine.go_on(LEASE + timedelta(seconds=1))
    assert settle_unknown() == 1
    send_due()
    assert (status_of(message), len(carrier.calls)) == ("sent", 1)


def test_only_a_call_that_never_came_to_be_is_made_again_and_only_later(carrier: Carrier, machine: MachineTime) -> None:
    message = _call_owed()
    carrier.answers.append(loses_the_call)
    send_due()
    assert settle_unknown() == 0
    machine.go_on(ABSENT_AFTER)
    assert settle_unknown() == 1
    send_due()
    assert (status_of(message), len(carrier.calls)) == ("sent", 2)
    assert outcomes_of(message) == [["unknown", "absent"], ["accepted"]]


def test_a_call_before_this_one_or_of_another_number_is_not_taken_for_it(
    carrier: Carrier, machine: MachineTime
) -> None:
    message = _call_owed()
    earlier = Call(message.phone, "", "", timedelta(0), rings=True)
    carrier.create(earlier, at=machine.look() - timedelta(minutes=1))
    carrier.create(earlier, sender="+12025550199")
    carrier.answers.append(lambda carrier, call: NoAnswer("readtimeout"))
    send_due()
    assert settle_unknown() == 0
    assert status_of(message) == "unknown"


def test_a_text_to_the_same_telephone_is_not_taken_for_the_call(carrier: Carrier) -> None:
    message = _call_owed()
    carrier.create(Call(message.phone, "Hello", "", timedelta(0)))
    carrier.answers.append(loses_the_call)
    send_due()
    assert settle_unknown() == 0


def test_how_a_call_of_which_nothing_was_told_stands_is_asked(carrier: Carrier) -> None:
    message, _, _ = _made(carrier)
    [call] = carrier.texts[message.phone]
    carrier.texts[message.phone] = [replace(call, status="no-answer")]
    clock.advance(RECEIPT_MISSING_AFTER + timedelta(minutes=1))
    assert poll_receipts() == 1
    assert (status_of(message), Message.objects.get(pk=message.pk).end_code) == ("undelivered", "no-answer")


def test_a_call_takes_no_segments_and_keeps_the_number_it_was_made_from(carrier: Carrier) -> None:
    message, _, call = _made(carrier)
    assert (call.attempt.segments, call.attempt.sender) == (0, "+12025550100")
    assert reconciling.settle_unknown() == 0
    assert status_of(message) == "sent"
