"""All that the SDK asks the local Twilio, and all that it answers, is as Twilio describes it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from notifications.local_twilio.server import LocalTwilio
from tests.notifications.line import SENDER, SERVICE, ask, running_line, running_receiver, sdk, settle, tell
from tests.twilio_contract import ContractBroken, check, check_all, require_description

PHONE = "+12025550101"


@pytest.fixture
def line() -> Iterator[LocalTwilio]:
    require_description()
    with running_line() as server:
        yield server


def exchanges(line: LocalTwilio) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = ask(line, "/_local/exchanges")["exchanges"]
    return listed


def test_the_life_of_a_text(line: LocalTwilio) -> None:
    messages = sdk(line).messages
    with running_receiver() as receiver:
        sent = messages.create(
            to=PHONE, from_=SENDER, body="Hola, señor", status_callback=receiver.url, validity_period=3600
        )
        assert (sent.status, sent.num_segments, sent.direction) == ("queued", "1", "outbound-api")
        settle(line)
    assert messages(sent.sid).fetch().status == "delivered"
    assert check_all(exchanges(line)) == 2


def test_through_a_messaging_service_and_scheduled(line: LocalTwilio) -> None:
    messages = sdk(line).messages
    through = messages.create(to=PHONE, messaging_service_sid=SERVICE, body="Hello")
    assert (through.status, through.from_) == ("accepted", None)
    at = datetime.now(UTC) + timedelta(hours=1)
    later = messages.create(to=PHONE, messaging_service_sid=SERVICE, body="Later", schedule_type="fixed", send_at=at)
    assert later.status == "scheduled"
    assert check_all(exchanges(line)) == 2


def test_lists_with_filters_and_pages(line: LocalTwilio) -> None:
    messages = sdk(line).messages
    for number in range(5):
        messages.create(to=PHONE, from_=SENDER, body=str(number))
    now = datetime.now(UTC)
    for query in (
        {"to": PHONE, "date_sent": now.date()},
        {"to": PHONE, "from_": SENDER, "date_sent_after": now - timedelta(minutes=5)},
        {"to": PHONE, "date_sent_before": now + timedelta(minutes=5), "page_size": 2},
    ):
        assert [message.body for message in messages.list(**query)] == ["4", "3", "2", "1", "0"]
    assert messages.list(to="+12025550199") == []
    assert check_all(exchanges(line)) == 5 + 1 + 1 + 3 + 1


def test_the_list_of_what_came_to_a_number_of_the_account(line: LocalTwilio) -> None:
    messages = sdk(line).messages
    other = "+12025550122"
    line.network.reply(PHONE, "to one", SENDER)
    line.network.reply(PHONE, "to the other", other)
    messages.create(to=PHONE, from_=other, body="from the other")
    ago = datetime.now(UTC) - timedelta(hours=2)
    for number, body in ((SENDER, "to one"), (other, "to the other")):
        came = messages.list(to=number, date_sent_after=ago, page_size=1000)
        assert [(text.body, text.direction, text.from_) for text in came] == [(body, "inbound", PHONE)]
    assert messages.list(to=other, date_sent_after=datetime.now(UTC) + timedelta(hours=1)) == []
    assert check_all(exchanges(line)) == 1 + 2 + 1


def test_refusals_carry_the_documented_envelope(line: LocalTwilio) -> None:
    messages = sdk(line).messages
    for to in ("+15005550001", "+15005550002", "+15005550003", "+15005550004", "+15005550009"):
        with pytest.raises(TwilioRestException):
            messages.create(to=to, from_=SENDER, body="Hello")
    with pytest.raises(TwilioRestException):
        sdk(line, token="wrong").messages.create(to=PHONE, from_=SENDER, body="Hello")
    with pytest.raises(TwilioRestException):
        messages("SM" + "0" * 32).fetch()
    assert check_all(exchanges(line)) == 7


def test_unanswered_requests_are_checked_too(line: LocalTwilio) -> None:
    tell(line, "/_local/faults", {"queue": ["hang_after_create:0", "502", "429"]})
    for _ in range(3):
        with pytest.raises((TwilioRestException, OSError)):
            sdk(line).messages.create(to=PHONE, from_=SENDER, body="Hello")
    assert [exchange["status"] for exchange in exchanges(line)] == [None, 502, 429]
    assert check_all(exchanges(line)) == 3


def breaks(exchange: dict[str, Any]) -> bool:
    try:
        check(exchange)
    except ContractBroken:
        return True
    return False


def test_the_check_sees_what_is_wrong(line: LocalTwilio) -> None:
    sdk(line).messages.create(to=PHONE, from_=SENDER, body="Hello")
    (good,) = exchanges(line)
    answer = json.loads(good["response"])
    spoiled = {
        "a status that is none": good | {"response": json.dumps(answer | {"status": "gone"})},
        "a number where text stands": good | {"response": json.dumps(answer | {"num_segments": 1})},
        "a time in another form": good | {"response": json.dumps(answer | {"date_created": "2026-01-02T03:04:05Z"})},
        "a field left out": good | {"response": json.dumps({k: v for k, v in answer.items() if k != "price"})},
        "a field of our own": good | {"response": json.dumps(answer | {"segments": "1"})},
        "another account's form": good | {"response": json.dumps(answer | {"account_sid": "AC1"})},
        "no To": good | {"body": "From=%2B15005550006&Body=Hello"},
        "a misspelled field": good | {"body": good["body"] + "&StatusCallBack=http%3A%2F%2Fa"},
        "words where seconds stand": good | {"body": good["body"] + "&ValidityPeriod=soon"},
        "an undescribed route": good | {"url": good["url"].replace("Messages", "Letters")},
    }  # fmt: skip
    check(good)
    for what, exchange in spoiled.items():
        assert breaks(exchange), f"not noticed: {what}"
