"""Status callbacks: signed, in order unless asked otherwise, tried again when the receiver fails."""

from collections.abc import Iterator

import pytest
from twilio.request_validator import RequestValidator

from notifications.local_twilio.faults import parse_all
from notifications.local_twilio.receipts import receipts
from notifications.local_twilio.server import LocalTwilio
from tests.notifications.line import (
    SENDER,
    SERVICE,
    SID,
    TOKEN,
    Receiver,
    ask,
    eventually,
    running_line,
    running_receiver,
    sdk,
    settle,
    tell,
)

PHONE = "+12025550101"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


@pytest.fixture
def line() -> Iterator[LocalTwilio]:
    with running_line() as server:
        yield server


def send(line: LocalTwilio, receiver: Receiver, **sender: str) -> str:
    callback = f"{receiver.url}/webhooks/twilio/status/?attempt=7&n=%C3%B1"
    chosen = sender or {"from_": SENDER}
    created = sdk(line).messages.create(to=PHONE, body="Hello", status_callback=callback, **chosen)
    return str(created.sid)


def test_callbacks_tell_the_status_and_are_signed(line: LocalTwilio, receiver: Receiver) -> None:
    sid = send(line, receiver)
    settle(line)
    assert receiver.statuses() == ["sent", "delivered"]
    last = receiver.hooks[-1]
    assert last.fields == {
        "AccountSid": SID,
        "ApiVersion": "2010-04-01",
        "From": SENDER,
        "MessageSid": sid,
        "MessageStatus": "delivered",
        "SmsSid": sid,
        "SmsStatus": "delivered",
        "To": PHONE,
    }
    validator = RequestValidator(TOKEN)
    assert all(validator.validate(hook.url, hook.fields, hook.signature) for hook in receiver.hooks)
    assert not validator.validate(last.url, last.fields | {"MessageStatus": "failed"}, last.signature)
    assert not RequestValidator("another").validate(last.url, last.fields, last.signature)


def test_a_messaging_service_picks_the_sender(line: LocalTwilio, receiver: Receiver) -> None:
    sid = send(line, receiver, messaging_service_sid=SERVICE)
    settle(line)
    assert receiver.statuses() == ["queued", "sent", "delivered"]
    assert receiver.hooks[-1].fields["MessagingServiceSid"] == SERVICE
    assert sdk(line).messages(sid).fetch().from_ == SENDER


@pytest.mark.parametrize(
    ("faults", "told", "ends"),
    [
        (["drop"], [], "delivered"),
        (["duplicate"], ["sent", "sent", "delivered", "delivered"], "delivered"),
        (["reorder"], ["delivered", "sent"], "delivered"),
        (["delay:0.1"], ["sent", "delivered"], "delivered"),
        (["stuck"], ["sent"], "sent"),
        (["undelivered:30005"], ["sent", "undelivered"], "undelivered"),
        (["failed:30034"], ["failed"], "failed"),
        (["undelivered", "reorder", "duplicate"], ["undelivered"] * 2 + ["sent"] * 2, "undelivered"),
    ],
)
def test_faults_of_receipts(
    line: LocalTwilio, receiver: Receiver, faults: list[str], told: list[str], ends: str
) -> None:
    tell(line, "/_local/faults", {"queue": [faults]})
    sid = send(line, receiver)
    settle(line)
    assert receiver.statuses() == told
    assert sdk(line).messages(sid).fetch().status == ends


def test_an_error_code_is_told_and_kept(line: LocalTwilio, receiver: Receiver) -> None:
    tell(line, "/_local/faults", {"numbers": {PHONE: "undelivered:30003"}})
    sid = send(line, receiver)
    settle(line)
    assert receiver.hooks[-1].fields["ErrorCode"] == "30003"
    assert "ErrorCode" not in receiver.hooks[0].fields
    assert sdk(line).messages(sid).fetch().error_code == 30003


def test_a_callback_may_overtake_the_answer(line: LocalTwilio, receiver: Receiver) -> None:
    tell(line, "/_local/faults", {"queue": ["late_answer:0.2"]})
    sid = send(line, receiver)
    assert receiver.statuses() == ["sent", "delivered"]
    assert {hook.fields["MessageSid"] for hook in receiver.hooks} == {sid}


def test_a_failing_receiver_is_tried_again_with_the_same_token(line: LocalTwilio, receiver: Receiver) -> None:
    receiver.answers = [503]
    tell(line, "/_local/faults", {"queue": ["stuck"]})
    send(line, receiver)
    eventually(lambda: len(receiver.hooks) == 2)
    assert receiver.statuses() == ["sent", "sent"]
    assert receiver.hooks[0].token == receiver.hooks[1].token
    settle(line)
    assert [d["outcome"] for d in ask(line, "/_local/deliveries")["deliveries"]] == [503, 204]


def test_the_product_may_refuse_a_callback_for_good(line: LocalTwilio, receiver: Receiver) -> None:
    receiver.answers = [403, 403]
    send(line, receiver)
    settle(line)
    assert receiver.statuses() == ["sent", "delivered"]


def test_a_dropped_callback_still_takes_its_time() -> None:
    plain, dropped = receipts("queued", 0.5, ()), receipts("queued", 0.5, parse_all("drop"))
    assert [step.becomes for step in plain] == [step.becomes for step in dropped]
    assert not any(step.tells for step in dropped)
