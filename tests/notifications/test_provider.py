"""The provider's own SDK against a local line: what each mishap on the way is taken for, and what can be asked."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.conf import LazySettings

from notifications import provider
from notifications.local_twilio.server import LocalTwilio
from notifications.provider import Accepted, Answer, CantAsk, NoAnswer, NotSent, Refused, twilio
from notifications.senders import senders_of
from tests.notifications.line import SENDER, SERVICE, SID, TOKEN, eventually, running_line, tell

TO = "+13015550147"


@pytest.fixture
def line(settings: LazySettings) -> Iterator[LocalTwilio]:
    with running_line() as running:
        _point_to(settings, running.url)
        yield running
        _hang_up()


def _point_to(settings: LazySettings, url: str) -> None:
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = SID, TOKEN
    settings.TWILIO_FROM, settings.TWILIO_MESSAGING_SERVICE_SID = SENDER, ""
    settings.TWILIO_API_BASE, settings.TWILIO_TIMEOUT_SECONDS = url, 0.3
    twilio.client.cache_clear()


def _hang_up() -> None:
    twilio.client().http_client.session.close()
    twilio.client.cache_clear()


def _send(*, to: str = TO, sender: str = SENDER, valid_for: timedelta = timedelta(hours=1)) -> Answer:
    callback = "http://127.0.0.1:1/status/?attempt=7"
    return provider.send(to=to, body="Hello", sender=sender, callback=callback, valid_for=valid_for)


def _is_there(line: LocalTwilio) -> bool:
    return bool(line.network.store.all())


@pytest.mark.parametrize(
    ("fault", "answer", "is_there"),
    [
        ("hang_before_create:1", NoAnswer("readtimeout"), False),
        ("hang_after_create:1", NoAnswer("readtimeout"), True),
        ("reset_before_create", NoAnswer("connection_lost"), False),
        ("reset_after_create", NoAnswer("connection_lost"), True),
        ("500", NoAnswer("http_500"), False),
        ("502", NoAnswer("http_502"), False),
        ("503_after_create", NoAnswer("http_503"), True),
        ("429", Refused(20429, 429), False),
        ("error:21610", Refused(21610, 400), False),
        ("error:20003", Refused(20003, 401), False),
    ],
)
def test_only_what_was_surely_not_done_is_taken_for_refused(
    line: LocalTwilio, fault: str, answer: Answer, is_there: bool
) -> None:
    tell(line, "/_local/faults", {"queue": [fault]})
    assert (_send(), _is_there(line)) == (answer, is_there)


def test_an_acceptance_names_the_text(line: LocalTwilio) -> None:
    answer = _send()
    [text] = line.network.store.all()
    assert answer == Accepted(text.sid, "queued")
    assert (text.to, text.sender, text.body) == (TO, SENDER, "Hello")
    assert text.status_callback == "http://127.0.0.1:1/status/?attempt=7"


def test_a_provider_that_is_not_there_got_nothing(settings: LazySettings) -> None:
    _point_to(settings, "http://127.0.0.1:1")
    assert _send() == NotSent("connection_refused")
    _hang_up()


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        (b"HTTP/1.1 201 Created\r\nContent-Length: 6\r\n\r\n<html>", NoAnswer("jsondecodeerror")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", NoAnswer("no_id")),
        (b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n", NoAnswer("http_408")),
        (b"HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 3\r\n\r\n<p>", NoAnswer("http_504")),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 600\r\n\r\n{", NoAnswer("chunkedencodingerror")),
        (
            b'HTTP/1.1 400 Bad Request\r\nContent-Length: 50\r\n\r\n{"type":"t","title":"n","status":400,"code":21211}',
            Refused(21211, 400),
        ),
    ],
)
def test_an_answer_that_says_nothing_is_no_answer(settings: LazySettings, response: bytes, answer: Answer) -> None:
    with _says(response) as url:
        _point_to(settings, url)
        assert _send() == answer
        _hang_up()


@contextmanager
def _says(response: bytes) -> Iterator[str]:
    """A server that reads one request and answers with these bytes, whatever was asked."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def answer() -> None:
            connection, _ = door.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(response)

        thread = Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        thread.join(timeout=5)


def test_its_time_of_use_is_told_within_what_the_provider_takes(line: LocalTwilio) -> None:
    for valid_for, seconds in (
        (timedelta(seconds=5), "60"),
        (timedelta(hours=2), "7200"),
        (timedelta(days=7), "36000"),
    ):
        _send(valid_for=valid_for)
        assert f"ValidityPeriod={seconds}&" in line.network.exchanges[-1]["body"] + "&"


def test_what_the_provider_has_for_a_number_is_listed_whether_sent_or_waiting(line: LocalTwilio) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    line.network.step_s = 60
    first, second = _send(), _send()
    _send(to="+13015550148")
    found = provider.sent_to(TO)
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert [text.sid for text in found] == [second.sid, first.sid]
    assert {(text.body, text.status, text.senders) for text in found} == {("Hello", "queued", frozenset({SENDER}))}
    assert all(before <= text.created_at <= datetime.now(UTC) for text in found)


def test_a_text_by_a_messaging_service_is_listed_with_the_service(line: LocalTwilio, settings: LazySettings) -> None:
    settings.TWILIO_MESSAGING_SERVICE_SID = SERVICE
    assert senders_of("sms") == (SERVICE,)
    _send(sender=SERVICE)
    [text] = provider.sent_to(TO)
    assert SERVICE in text.senders


def test_how_a_text_stands_can_be_asked(line: LocalTwilio) -> None:
    tell(line, "/_local/faults", {"queue": ["undelivered:30003"]})
    answer = _send()
    assert isinstance(answer, Accepted)
    _settled(line)
    assert provider.fetch(answer.sid) == ("undelivered", "30003")


def test_what_can_not_be_asked_says_so(settings: LazySettings, line: LocalTwilio) -> None:
    with pytest.raises(CantAsk):
        provider.fetch("SM" + "0" * 32)
    for response in (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"):
        with _says(response) as url:
            _hang_up()
            _point_to(settings, url)
            with pytest.raises(CantAsk):
                provider.sent_to(TO)


def _settled(line: LocalTwilio) -> None:
    eventually(lambda: all(text.is_final for text in line.network.store.all()))
