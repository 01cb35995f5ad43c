"""Receipts in any order, twice, too early, of texts that nobody knows: the end is the same."""

from datetime import timedelta
from functools import partial
from itertools import permutations

import pytest

from clinic import clock
from clinic.access import SYSTEM
from clinic.db import in_transaction
from clinic.models import ConsentChannel
from clinic.selectors.consent import may_text
from clinic.services.consent import record_consent
from notifications.models import Message, Receipt
from notifications.provider import Accepted, Answer
from notifications.services import settling
from notifications.services.claiming import claim
from notifications.services.sending import _prepare, _record, send_due, send_one
from tests.factories import set_clock
from tests.notifications.carrier import (
    Call,
    Carrier,
    a_text_owed,
    asked_of_a_person,
    in_care,
    loses_the_answer,
    outcomes_of,
    status_of,
    tells,
)
from tests.scheduling.conftest import at_once

pytestmark = pytest.mark.django_db


def _sent(carrier: Carrier, **changes: object) -> tuple[Message, str, Call]:
    """A text that the provider has, its id, and the call that brought it there."""
    message = a_text_owed(**changes)  # type: ignore[arg-type]
    send_due()
    return message, carrier.texts[message.phone][-1].sid, carrier.calls[-1]


@pytest.mark.parametrize(
    ("statuses", "end"),
    [
        (("queued", "sending", "sent", "delivered"), "delivered"),
        (("sent", "undelivered", "delivered"), "delivered"),
        (("sent", "failed", "undelivered"), "undelivered"),
        (("queued", "failed", "canceled"), "failed"),
        (("sent", "delivered", "read"), "delivered"),
        (("failed", "delivered"), "delivered"),
        (("accepted", "sent"), "sent"),
    ],
)
def test_every_order_of_arrival_ends_the_same(carrier: Carrier, statuses: tuple[str, ...], end: str) -> None:
    for order in permutations(statuses):
        message, sid, call = _sent(carrier)
        tells(sid, *order, call=call)
        assert status_of(message) == end, order


def test_the_code_is_that_of_the_receipt_that_decides_in_every_order(carrier: Carrier) -> None:
    said = {"failed": "30008", "canceled": "", "undelivered": "30003"}
    for size in (1, 2, 3):
        for order in permutations(said, size):
            message, sid, call = _sent(carrier)
            for status in order:
                tells(sid, status, call=call, code=said[status])
            decides = next(status for status in ("undelivered", "failed", "canceled") if status in order)
            assert Message.objects.get(pk=message.pk).end_code == said[decides], order


def test_a_receipt_that_comes_twice_counts_once(carrier: Carrier) -> None:
    episode = in_care()
    message, sid, call = _sent(carrier, episode=episode)
    assert settling.receive(attempt_id=call.attempt.pk, sid=sid, status="undelivered", code="30003")
    assert not settling.receive(attempt_id=call.attempt.pk, sid=sid, status="undelivered", code="30003")
    assert Receipt.objects.filter(provider_sid=sid).count() == 1
    assert len(asked_of_a_person(episode)) == 1
    assert status_of(message) == "undelivered"


def test_receipts_that_overtake_the_answer_count(carrier: Carrier) -> None:
    def tells_first(carrier: Carrier, call: Call) -> Answer:
        sid = carrier.create(call)
        tells(sid, "sent", "delivered", call=call)
        return Accepted(sid, "queued")

    message = a_text_owed()
    carrier.answers.append(tells_first)
    send_due()
    assert status_of(message) == "delivered"
    assert outcomes_of(message) == [["found", "accepted"]]


def test_a_receipt_takes_the_place_of_an_answer_that_was_lost(carrier: Carrier) -> None:
    def tells_and_hangs_up(carrier: Carrier, call: Call) -> Answer:
        answer = loses_the_answer(carrier, call)
        tells(carrier.texts[call.to][-1].sid, "delivered", call=call)
        return answer

    message = a_text_owed()
    carrier.answers.append(tells_and_hangs_up)
    send_due()
    assert (status_of(message), len(carrier.calls)) == ("delivered", 1)
    assert outcomes_of(message) == [["found", "unknown"]]


def test_a_receipt_settles_an_unknown_outcome(carrier: Carrier) -> None:
    carrier.answers.append(loses_the_answer)
    message, sid, call = _sent(carrier)
    assert status_of(message) == "unknown"
    tells(sid, "sent", call=call)
    assert status_of(message) == "sent"
    assert outcomes_of(message) == [["unknown", "found"]]


def test_a_receipt_of_a_text_that_nobody_knows_is_kept_and_moves_nothing(carrier: Carrier) -> None:
    message, _, _ = _sent(carrier)
    tells("SM" + "f" * 32, "delivered")
    assert settling.receive(attempt_id=999_999, sid="SM" + "e" * 32, status="failed", code="30008")
    assert Receipt.objects.filter(attempt=None).count() == 2
    assert status_of(message) == "sent"


def test_a_receipt_that_names_no_attempt_is_known_by_the_text_it_is_about(carrier: Carrier) -> None:
    message, sid, call = _sent(carrier)
    tells(sid, "delivered")
    assert status_of(message) == "delivered"
    assert Receipt.objects.get(provider_sid=sid).attempt == call.attempt


def test_one_that_came_before_its_text_was_known_counts_when_it_comes_again(carrier: Carrier) -> None:
    message, sid, call = _sent(carrier)
    # As two transactions that did not see each other leave it.
    Receipt.objects.create(provider_sid=sid, status="delivered", at=call.attempt.at)
    assert status_of(message) == "sent"
    tells(sid, "delivered")
    assert status_of(message) == "delivered"


def test_a_text_that_was_put_back_and_came_to_be_after_all_is_not_sent_again(carrier: Carrier) -> None:
    carrier.answers.append(loses_the_answer)
    message, sid, call = _sent(carrier)
    Message.objects.filter(pk=message.pk).update(status="due")
    [claimed] = claim(1)
    tells(sid, "delivered", call=call)
    send_one(claimed)
    assert send_due() == 0
    assert (status_of(message), len(carrier.calls)) == ("delivered", 1)


def test_of_two_texts_of_one_message_the_one_that_arrived_decides_in_every_order(carrier: Carrier) -> None:
    for statuses in (("delivered", "failed"), ("failed", "delivered")):
        carrier.answers.append(loses_the_answer)
        message, first, call = _sent(carrier)
        # Taken for lost although it was not: the one case in which a patient gets two.
        Message.objects.filter(pk=message.pk).update(status="due")
        send_due()
        second = carrier.texts[message.phone][-1].sid
        tells(first, statuses[0], call=call)
        tells(second, statuses[1], call=carrier.calls[-1])
        assert status_of(message) == "delivered"


@pytest.mark.parametrize("status", ["undelivered", "failed"])
def test_a_text_that_did_not_arrive_goes_to_a_person_once(carrier: Carrier, status: str) -> None:
    episode = in_care()
    message, sid, call = _sent(carrier, episode=episode)
    tells(sid, "sent", status, "canceled", call=call)
    assert len(asked_of_a_person(episode)) == 1
    assert Message.objects.get(pk=message.pk).ended_at is not None


def test_an_opt_out_that_a_receipt_reports_holds_from_then_on(carrier: Carrier) -> None:
    message, sid, call = _sent(carrier)
    tells(sid, "failed", call=call, code="21610")
    assert not may_text(message.phone)


def test_who_agreed_again_before_an_old_opt_out_is_told_has_not_left(carrier: Carrier) -> None:
    message, sid, call = _sent(carrier)
    set_clock(clock.now() + timedelta(minutes=20))
    record_consent(
        SYSTEM, phone=message.phone, granted=True, channel=ConsentChannel.REPLY, language="en", wording="START"
    )
    set_clock(clock.now() + timedelta(minutes=40))
    tells(sid, "failed", call=call, code="21610")
    assert may_text(message.phone)


@pytest.mark.django_db(transaction=True)
def test_receipts_and_the_answer_that_arrive_at_the_same_moment_end_the_same(carrier: Carrier) -> None:
    for _ in range(10):
        message = a_text_owed()
        [claimed] = claim(1)
        prepared = in_transaction(partial(_prepare, claimed))
        assert prepared is not None
        call = Call(message.phone, prepared[1], f"?attempt={prepared[0].pk}", prepared[2])
        sid = carrier.create(call)
        answer = partial(in_transaction, partial(_record, prepared[0], Accepted(sid, "queued")))
        told = [partial(tells, sid, status, call=call) for status in ("sent", "delivered", "delivered", "queued")]
        assert at_once(answer, *told) == [None] * 5
        assert status_of(message) == "delivered"
        assert Receipt.objects.filter(provider_sid=sid).count() == 3
        assert call.attempt.outcomes.filter(kind="found").count() <= 1
