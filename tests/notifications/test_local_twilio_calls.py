"""Calls: what is said, how they end, what callbacks tell of them; all of it as Twilio describes it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from requests.exceptions import ReadTimeout
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import VoiceResponse

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
    tell,
)
from tests.notifications.test_local_twilio_page import Tags
from tests.twilio_contract import ContractBroken, check, check_all, require_description

PHONE = "+12025550101"
EVENTS = ["initiated", "ringing", "answered", "completed"]


@pytest.fixture
def line() -> Iterator[LocalTwilio]:
    with running_line() as server:
        yield server


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as hooks:
        yield hooks


def words(text: str = "Please open your worklist.") -> str:
    response = VoiceResponse()
    response.say(text)
    return str(response)


def call(line: LocalTwilio, receiver: Receiver | None = None, **changes: Any) -> Any:
    telling = {"status_callback": f"{receiver.url}/?attempt=7", "status_callback_event": EVENTS} if receiver else {}
    values = {"to": PHONE, "from_": SENDER, "twiml": words(), "timeout": 30, **telling, **changes}
    return sdk(line, timeout_s=0.5).calls.create(**values)


def told_of(receiver: Receiver) -> list[str]:
    """The statuses as their numbers order them: on a busy machine callbacks overtake each other."""
    return [
        hook.fields["CallStatus"] for hook in sorted(receiver.hooks, key=lambda each: each.fields["SequenceNumber"])
    ]


def exchanges(line: LocalTwilio) -> list[dict[str, Any]]:
    require_description()
    listed: list[dict[str, Any]] = ask(line, "/_local/exchanges")["exchanges"]
    return listed


def test_a_call_is_taken_heard_and_told_of(line: LocalTwilio, receiver: Receiver) -> None:
    made = call(line, receiver)
    assert (made.status, made.direction, made.start_time) == ("queued", "outbound-api", None)
    settle(line)
    ended = sdk(line).calls(made.sid).fetch()
    assert (ended.status, ended.duration) == ("completed", "1")
    assert told_of(receiver) == ["initiated", "ringing", "in-progress", "completed"]
    assert sorted(hook.fields["SequenceNumber"] for hook in receiver.hooks) == ["0", "1", "2", "3"]
    [last] = [hook for hook in receiver.hooks if hook.fields["CallStatus"] == "completed"]
    assert (last.fields["CallSid"], last.fields["CallDuration"], last.fields["To"]) == (made.sid, "1", PHONE)
    assert RequestValidator(TOKEN).validate(last.url, last.fields, last.signature)
    assert [each["said"] for each in ask(line, "/_local/calls")["calls"]] == ["Please open your worklist."]


def test_only_the_end_is_told_where_nothing_else_was_asked_for(line: LocalTwilio, receiver: Receiver) -> None:
    call(line, receiver, status_callback_event=["completed"])
    call(line, status_callback=receiver.url)
    settle(line)
    assert receiver.statuses() == ["completed", "completed"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("busy", ["initiated", "ringing", "busy"]),
        ("no-answer", ["initiated", "ringing", "no-answer"]),
        ("failed", ["initiated", "failed"]),
        ("stuck", ["initiated", "ringing", "in-progress"]),
        ("drop", []),
        (
            "duplicate",
            ["initiated", "initiated", "ringing", "ringing", "in-progress", "in-progress"] + ["completed"] * 2,
        ),
    ],
)
def test_a_call_that_goes_wrong(line: LocalTwilio, receiver: Receiver, fault: str, told: list[str]) -> None:
    tell(line, "/_local/faults", {"queue": [fault]})
    made = call(line, receiver)
    settle(line)
    assert told_of(receiver) == told
    ended = sdk(line).calls(made.sid).fetch()
    heard = fault in {"stuck", "drop", "duplicate"}
    assert ended.status == ({"stuck": "in-progress"}.get(fault, "completed") if heard else fault)
    assert (ended.duration is None) is (fault in {"busy", "no-answer", "failed", "stuck"})


def test_the_last_callback_of_a_call_may_come_first(line: LocalTwilio, receiver: Receiver) -> None:
    tell(line, "/_local/faults", {"queue": ["reorder"]})
    call(line, receiver)
    settle(line)
    assert receiver.statuses() == ["completed", "in-progress", "ringing", "initiated"]


def test_an_unanswered_create_is_known_to_the_list(line: LocalTwilio) -> None:
    tell(line, "/_local/faults", {"queue": ["hang_after_create", "hang_before_create"]})
    for _ in range(2):
        with pytest.raises(ReadTimeout):
            call(line)
    settle(line)
    calls = sdk(line).calls
    assert len(calls.list(to=PHONE, start_time_after=datetime.now(UTC) - timedelta(minutes=1))) == 1
    assert calls.list(to=PHONE, start_time_before=datetime.now(UTC) - timedelta(minutes=1)) == []
    assert calls.list(to="+12025550199") == []
    assert calls.list(to=PHONE, status="queued") == []


def test_a_call_that_was_not_dialed_yet_has_no_start(line: LocalTwilio) -> None:
    tell(line, "/_local/latency", {"step_ms": 60_000})
    call(line)
    calls = sdk(line).calls
    assert calls.list(to=PHONE, start_time_after=datetime.now(UTC) - timedelta(minutes=1)) == []
    assert len(calls.list(to=PHONE, status="queued")) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "somebody"}, 21211),
        ({"to": "+15005550001"}, 21217),
        ({"to": "+15005550002"}, 21214),
        ({"to": "+15005550003"}, 21215),
        ({"to": "+15005550004"}, 21216),
        ({"from_": ""}, 21213),
        ({"from_": "us"}, 21212),
        ({"twiml": ""}, 21205),
        ({"twiml": "Hello"}, 12100),
        ({"twiml": words("x" * 4000)}, 20001),
        ({"timeout": 601}, 20001),
        ({"status_callback": "nowhere"}, 21609),
        ({"status_callback_event": ["hung-up"]}, 20001),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code(line: LocalTwilio, changes: dict[str, Any], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        call(line, **changes)
    assert refused.value.code == code
    assert ask(line, "/_local/calls")["calls"] == []


def test_texts_and_calls_have_doors_of_their_own(line: LocalTwilio) -> None:
    made = call(line)
    text = sdk(line).messages.create(to=PHONE, from_=SENDER, body="Hello")
    assert [each.sid for each in sdk(line).calls.list()] == [made.sid]
    assert [each.sid for each in sdk(line).messages.list()] == [text.sid]
    with pytest.raises(TwilioRestException):
        sdk(line).messages(made.sid).fetch()
    with pytest.raises(TwilioRestException):
        sdk(line).calls(text.sid).fetch()


def test_calls_are_on_the_page_with_what_was_said_and_escaped(line: LocalTwilio) -> None:
    call(line, twiml=words("<b>Urgent</b> & waiting"))
    settle(line)
    tell(line, "/_local/faults", {"queue": ["busy"]})
    call(line, to="+12025550102", twiml=words("A secret"))
    settle(line)
    html = knock(line, "/phones").text
    page = Tags(html)
    assert "<b>Urgent</b> & waiting" in page.text
    assert "(202) 555-0102" in page.text
    assert "busy" in page.text
    assert "A secret" not in page.text


def test_calls_outlive_a_restart(tmp_path: Path) -> None:
    with running_line(journal=tmp_path / "journal") as line:
        sid = call(line).sid
        settle(line)
    with running_line(journal=tmp_path / "journal") as line:
        assert sdk(line).calls(sid).fetch().status == "completed"
        assert ask(line, "/_local/calls")["calls"][0]["said"] == "Please open your worklist."


def test_every_exchange_is_as_described(line: LocalTwilio, receiver: Receiver) -> None:
    made = call(line, receiver)
    settle(line)
    calls = sdk(line).calls
    calls(made.sid).fetch()
    for _ in range(3):
        call(line)
    settle(line)
    calls.list(to=PHONE, start_time_after=datetime.now(UTC) - timedelta(minutes=5), page_size=2)
    calls.list(to=PHONE, status="queued")
    with pytest.raises(TwilioRestException):
        call(line, to="+15005550004")
    assert check_all(exchanges(line)) == 1 + 1 + 3 + 2 + 1 + 1


def test_the_check_sees_what_is_wrong_with_a_call(line: LocalTwilio, receiver: Receiver) -> None:
    call(line, receiver)
    (good,) = exchanges(line)
    answer = json.loads(good["response"])
    check(good)
    for spoiled in (
        good | {"response": json.dumps(answer | {"status": "initiated"})},
        good | {"response": json.dumps(answer | {"sid": "SM" + "0" * 32})},
        good | {"response": json.dumps({name: value for name, value in answer.items() if name != "queue_time"})},
        good | {"body": good["body"].replace("Twiml", "TwiML")},
        good | {"body": good["body"].replace("To=", "Too=")},
        good | {"body": good["body"].replace("Timeout=30", "Timeout=soon")},
    ):
        with pytest.raises(ContractBroken):
            check(spoiled)
