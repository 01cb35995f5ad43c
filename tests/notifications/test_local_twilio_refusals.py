"""What Twilio refuses, the local one refuses with the same code, and keeps nothing of it."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from notifications.local_twilio.server import LocalTwilio
from tests.notifications.line import SENDER, SERVICE, ask, knock, running_line, sdk

PHONE = "+12025550101"
GOOD = {"to": PHONE, "from_": SENDER, "body": "Hello"}
SOON = datetime.now(UTC) + timedelta(minutes=5)
SCHEDULED = {"to": PHONE, "messaging_service_sid": SERVICE, "body": "Hello", "schedule_type": "fixed"}


@pytest.fixture(scope="module")
def line() -> Iterator[LocalTwilio]:
    with running_line() as server:
        yield server


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (GOOD | {"to": ""}, 21604),
        ({"to": PHONE, "body": "Hello"}, 21603),
        ({"to": PHONE, "from_": SENDER}, 21602),
        (GOOD | {"body": ""}, 21602),
        (GOOD | {"to": "+15005550001"}, 21211),
        (GOOD | {"to": "+15005550002"}, 21612),
        (GOOD | {"to": "+15005550003"}, 21408),
        (GOOD | {"to": "+15005550004"}, 21610),
        (GOOD | {"to": "+15005550009"}, 21614),
        (GOOD | {"to": "2025550101"}, 21211),
        (GOOD | {"to": "+1202555010x"}, 21211),
        (GOOD | {"from_": "+15005550001"}, 21212),
        (GOOD | {"from_": "clinic"}, 21212),
        (GOOD | {"from_": "+15005550008"}, 21611),
        (GOOD | {"body": "x" * 1601}, 21617),
        (GOOD | {"body": "x" * 10_000}, 21617),
        (GOOD | {"status_callback": "not a url"}, 21609),
        (GOOD | {"status_callback": "http://web_1/status"}, 21609),
        (GOOD | {"status_callback": "http://web:99999/status"}, 21609),
        (GOOD | {"validity_period": 0}, 90007),
        (GOOD | {"validity_period": 36_001}, 90007),
        ({"to": PHONE, "messaging_service_sid": "MG1", "body": "Hello"}, 21701),
        (SCHEDULED | {"send_at": SOON}, 35114),
        (SCHEDULED, 35114),
    ],
)
def test_refused_with_the_code_of_twilio(line: LocalTwilio, request_: dict[str, Any], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        sdk(line).messages.create(**request_)
    assert refused.value.code == code
    assert ask(line, "/_local/messages")["messages"] == []


def test_the_longest_body_is_taken(line: LocalTwilio) -> None:
    with running_line() as fresh:
        assert sdk(fresh).messages.create(**GOOD | {"body": "x" * 1600}).num_segments == "11"


def test_without_a_service_a_schedule_is_ignored() -> None:
    with running_line() as fresh:
        sent = sdk(fresh).messages.create(**GOOD, schedule_type="fixed", send_at=SOON + timedelta(hours=1))
        assert sent.status == "queued"


def test_wrong_credentials(line: LocalTwilio) -> None:
    with pytest.raises(TwilioRestException) as refused:
        sdk(line, token="wrong").messages.create(**GOOD)
    assert (refused.value.status, refused.value.code) == (401, 20003)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/elsewhere", 404),
        ("DELETE", "/_local/faults", 405),
        ("GET", "/_local/reset", 405),
        ("GET", "/2010-04-01/Accounts/AC1/Messages.json", 401),
        ("POST", "/_local/latency", 400),
    ],
)
def test_other_doors_are_shut(line: LocalTwilio, method: str, path: str, status: int) -> None:
    body = b'{"answer_ms": -1}' if method == "POST" else None
    assert knock(line, path, body, method).status == status


def test_a_body_without_end_is_refused(line: LocalTwilio) -> None:
    with suppress(OSError):  # the connection may be closed before all is sent
        assert knock(line, "/_local/faults", b"x" * 100_000).status == 413
    assert ask(line, "/healthz")["ok"] is True
