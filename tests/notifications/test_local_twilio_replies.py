"""Phones reply: signed webhooks, and the words that opt a number out and in again."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from notifications.local_twilio.keywords import opt_out_type
from notifications.local_twilio.server import LocalTwilio
from tests.notifications.line import (
    SENDER,
    TOKEN,
    Receiver,
    ask,
    knock,
    running_line,
    running_receiver,
    sdk,
    settle,
)

PHONE = "+12025550101"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


@pytest.fixture
def line(receiver: Receiver) -> Iterator[LocalTwilio]:
    with running_line(inbound_url=f"{receiver.url}/webhooks/twilio/inbound/") as server:
        yield server


def reply(line: LocalTwilio, body: str, **headers: str) -> int:
    form = urlencode({"Body": body}).encode()
    answer = knock(line, "/_local/phones/%2B12025550101/reply", form, **headers)
    settle(line)
    return answer.status


def test_a_reply_reaches_the_product_signed(line: LocalTwilio, receiver: Receiver) -> None:
    sdk(line).messages.create(to=PHONE, from_="+12025550177", body="Reply C to confirm.")
    assert reply(line, "c ¿está bien?") == 201
    (hook,) = receiver.hooks
    assert (hook.fields["From"], hook.fields["To"]) == (PHONE, "+12025550177")
    assert hook.fields["Body"] == "c ¿está bien?"
    assert "OptOutType" not in hook.fields
    assert RequestValidator(TOKEN).validate(hook.url, hook.fields, hook.signature)
    assert sdk(line).messages(hook.fields["MessageSid"]).fetch().direction == "inbound"


def test_stop_and_start(line: LocalTwilio, receiver: Receiver) -> None:
    messages = sdk(line).messages
    messages.create(to=PHONE, from_=SENDER, body="Hello")
    reply(line, " Stop ")
    with pytest.raises(TwilioRestException) as refused:
        messages.create(to=PHONE, from_=SENDER, body="Are you there?")
    assert (refused.value.status, refused.value.code) == (400, 21610)
    messages.create(to="+12025550102", from_=SENDER, body="Others still get theirs")
    reply(line, "START")
    assert messages.create(to=PHONE, from_=SENDER, body="Welcome back").status == "queued"
    assert [hook.fields["OptOutType"] for hook in receiver.hooks] == ["STOP", "START"]
    bodies = [m["body"] for m in ask(line, f"/_local/messages?to=%2B{PHONE[1:]}")["messages"]]
    assert bodies[2].startswith("You have successfully been unsubscribed.")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("stopall", "STOP"),
        ("CANCEL", "STOP"),
        ("End\n", "STOP"),
        ("yes", "START"),
        ("Info", "HELP"),
        ("stop please", None),
        ("C", None),
        ("no más", None),
    ],
)
def test_only_a_word_alone_counts(body: str, kind: str | None) -> None:
    assert opt_out_type(body) == kind


@pytest.mark.parametrize("body", ["", "   ", "x" * 1601])
def test_a_reply_of_no_use_is_refused(line: LocalTwilio, body: str) -> None:
    assert reply(line, body) == 400
    assert ask(line, "/_local/messages")["messages"] == []


def test_a_page_of_another_site_cannot_reply(line: LocalTwilio) -> None:
    assert reply(line, "STOP", Origin="https://elsewhere.example") == 403
    assert ask(line, "/_local/messages")["messages"] == []


def test_a_browser_is_led_back_to_the_phone(line: LocalTwilio) -> None:
    answer = knock(line, "/_local/phones/12025550101/reply", b"Body=C", Accept="text/html", Origin=line.url)
    assert answer.url == f"{line.url}/phones#phone-12025550101"
    assert "(202) 555-0101" in answer.text
