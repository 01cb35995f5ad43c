"""What operators do about messages: again what reached nobody, not what is due; ids and codes only on their screen."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import Conflict, NotFound
from clinic.models import Event
from notifications.models import Message
from notifications.provider import NotSent, Refused
from notifications.services import operating
from notifications.services.sending import send_due
from tests.notifications.carrier import (
    Carrier,
    a_text_owed,
    asked_of_a_person,
    in_care,
    loses_the_answer,
    status_of,
    tells,
)

pytestmark = pytest.mark.django_db


def _undelivered(carrier: Carrier) -> Message:
    message = a_text_owed()
    send_due()
    tells(carrier.texts[message.phone][-1].sid, "undelivered", call=carrier.calls[-1], code="30004")
    return message


def test_what_was_not_delivered_is_sent_again_and_what_was_said_of_the_first_does_not_count(carrier: Carrier) -> None:
    message = _undelivered(carrier)
    again = operating.retry(SYSTEM, message_id=message.pk)
    send_due()
    tells(carrier.texts[message.phone][-1].sid, "delivered", call=carrier.calls[-1])
    assert [status_of(each) for each in (message, again)] == ["undelivered", "delivered"]
    assert Event.objects.get(kind="message.retried").codes == {"purpose": "reply", "was": "30004", "as": again.pk}


def test_a_message_is_retried_once_and_its_retry_once_more(carrier: Carrier) -> None:
    message = _undelivered(carrier)
    again = operating.retry(SYSTEM, message_id=message.pk)
    with pytest.raises(Conflict) as refused:
        operating.retry(SYSTEM, message_id=message.pk)
    assert refused.value.code == "retried_before"
    Message.objects.filter(pk=again.pk).update(status="failed")
    assert operating.retry(SYSTEM, message_id=again.pk).pk > again.pk


def test_one_that_waits_for_its_next_try_is_sent_now(carrier: Carrier) -> None:
    message = a_text_owed()
    carrier.answers.append(NotSent("connection_refused"))
    send_due()
    assert status_of(message) == "due"
    assert operating.retry(SYSTEM, message_id=message.pk) == message
    send_due()
    assert (status_of(message), len(carrier.calls)) == ("sent", 2)


def test_what_may_have_arrived_is_not_sent_again(carrier: Carrier) -> None:
    sent, unknown, waits = a_text_owed(), a_text_owed(), a_text_owed()
    Message.objects.filter(pk=waits.pk).update(due_at=clock.now() + timedelta(minutes=9))
    carrier.answers.extend([Refused(30007, 400), loses_the_answer])
    failed = sent
    send_due()
    delivered = a_text_owed()
    send_due()
    tells(carrier.texts[delivered.phone][-1].sid, "delivered", call=carrier.calls[-1])
    for message in (unknown, waits, delivered):
        with pytest.raises(Conflict) as refused:
            operating.retry(SYSTEM, message_id=message.pk)
        assert refused.value.code == "not_to_retry"
    assert operating.retry(SYSTEM, message_id=failed.pk).status == "due"


def test_what_is_of_no_use_any_more_is_not_sent_again(carrier: Carrier) -> None:
    message = _undelivered(carrier)
    clock.advance(timedelta(hours=2))
    with pytest.raises(Conflict) as refused:
        operating.retry(SYSTEM, message_id=message.pk)
    assert refused.value.code == "too_late"
    assert Message.objects.count() == 1


def test_what_is_cancelled_is_not_sent(carrier: Carrier) -> None:
    message = a_text_owed()
    operating.cancel(SYSTEM, message_id=message.pk)
    send_due()
    message.refresh_from_db()
    assert (message.status, message.end_code, carrier.calls) == ("cancelled", "operator", [])
    assert Event.objects.get(kind="message.cancelled").codes == {"purpose": "reply", "code": "operator"}


def test_what_had_to_be_said_is_said_by_a_person_where_its_text_is_cancelled(carrier: Carrier) -> None:
    episode = in_care()
    message = a_text_owed(episode=episode)
    Message.objects.filter(pk=message.pk).update(purpose="please_call")
    operating.cancel(SYSTEM, message_id=message.pk)
    assert len(asked_of_a_person(episode)) == 1


def test_what_has_left_can_not_be_cancelled(carrier: Carrier) -> None:
    message = a_text_owed()
    send_due()
    with pytest.raises(Conflict):
        operating.cancel(SYSTEM, message_id=message.pk)
    assert status_of(message) == "sent"
    with pytest.raises(NotFound):
        operating.cancel(SYSTEM, message_id=message.pk + 1)


def _says(*given: object) -> str:
    out = StringIO()
    call_command("messages", *map(str, given), stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_shows_ids_and_codes_but_no_words_and_no_number(carrier: Carrier) -> None:
    message = _undelivered(carrier)
    said = _says("show", message.pk)
    [shown] = json.loads(said)
    assert (shown["id"], shown["status"], shown["code"]) == (message.pk, "undelivered", "30004")
    assert shown["attempts"][0]["receipts"] == ["undelivered 30004"]
    assert shown["number_ends"] == message.phone[-2:]
    for kept_back in (message.phone, message.phone[-7:], carrier.calls[0].body, message.recipient.family_name):
        assert kept_back not in said
    assert [each["id"] for each in json.loads(_says("show", "--status", "undelivered"))] == [message.pk]
    assert json.loads(_says("show", "--status", "due")) == []


def test_the_command_does_what_it_may_and_fails_where_one_was_refused(carrier: Carrier) -> None:
    message, due = _undelivered(carrier), a_text_owed()
    assert "retry done, as message" in _says("retry", message.pk)
    with pytest.raises(CommandError, match="1 of 2 refused"):
        _says("cancel", message.pk, due.pk)
    assert status_of(due) == "cancelled"


@pytest.mark.parametrize("given", [("show",), ("retry",), ("cancel",)])
def test_the_command_asks_which(given: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="Name"):
        _says(*given)
