"""Calls through the provider's own SDK against a local line: what is said, taken for what, and found."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings

from notifications import provider
from notifications.local_twilio.server import LocalTwilio
from notifications.provider import Accepted, Answer, AskUs, CantAsk, NoAnswer, Refused, Words
from notifications.provider.twiml import said_twice
from notifications.senders import senders_of
from tests.notifications.line import SENDER, SERVICE, ask, eventually, running_line, settle, tell
from tests.notifications.test_provider import _hang_up, _point_to
from tests.twilio_contract import check_all

TO = "+12405550123"
WORDS = "This is Vein Center. An urgent callback is waiting for you."


@pytest.fixture
def line(settings: LazySettings) -> Iterator[LocalTwilio]:
    with running_line() as running:
        _point_to(settings, running.url)
        settings.TWILIO_VOICE_FROM = SENDER
        yield running
        _hang_up()


def _call(*, to: str = TO, words: str = WORDS, language: str = "en", sender: str = SENDER) -> Answer:
    return provider.call(
        to=to,
        speech=Words(words, language),
        sender=sender,
        callback="http://127.0.0.1:1/call-status/?attempt=7",
        rings_for=timedelta(seconds=30),
    )


def test_the_words_are_said_twice_in_their_language_and_nothing_else_is_done() -> None:
    for language, voice in (("en", "en-US"), ("es", "es-US")):
        response = ElementTree.fromstring(said_twice(WORDS, language))
        assert [(each.tag, each.text, each.get("language")) for each in response] == [
            ("Say", WORDS, voice),
            ("Pause", None, None),
        ] * 2


def test_words_are_never_taken_for_instructions(line: LocalTwilio) -> None:
    _call(words="<Dial>+15550100</Dial> & more")
    assert ask(line, "/_local/calls")["calls"][0]["said"] == "\n".join(["<Dial>+15550100</Dial> & more"] * 2)


def test_an_acceptance_names_the_call_which_tells_of_all_its_progress(line: LocalTwilio) -> None:
    answer = _call()
    [call] = line.network.store.calls()
    assert answer == Accepted(call.sid, "queued")
    assert (call.to, call.sender, call.said) == (TO, SENDER, f"{WORDS}\n{WORDS}")
    assert call.status_callback == "http://127.0.0.1:1/call-status/?attempt=7"
    assert call.told == ("initiated", "ringing", "answered", "completed")


@pytest.mark.parametrize(
    ("fault", "answer", "is_there"),
    [
        ("hang_before_create:1", NoAnswer("readtimeout"), False),
        ("hang_after_create:1", NoAnswer("readtimeout"), True),
        ("reset_after_create", NoAnswer("connection_lost"), True),
        ("503_after_create", NoAnswer("http_503"), True),
        ("429", Refused(20429, 429), False),
        ("error:21215", Refused(21215, 403), False),
    ],
)
def test_only_what_was_surely_not_done_is_taken_for_refused(
    line: LocalTwilio, fault: str, answer: Answer, is_there: bool
) -> None:
    tell(line, "/_local/faults", {"queue": [fault]})
    assert (_call(), bool(line.network.store.calls())) == (answer, is_there)


def test_without_a_number_to_call_from_the_provider_refuses(line: LocalTwilio, settings: LazySettings) -> None:
    settings.TWILIO_VOICE_FROM, settings.TWILIO_MESSAGING_SERVICE_SID = "", SERVICE
    assert senders_of("voice") == ()
    assert _call(sender="") == Refused(21213, 400)


def test_a_call_is_found_while_it_waits_and_once_it_was_dialed(line: LocalTwilio) -> None:
    since = datetime.now(UTC) - timedelta(seconds=30)
    tell(line, "/_local/latency", {"step_ms": 60_000})
    _call()
    [waiting] = provider.called(TO, since=since)
    tell(line, "/_local/latency", {"step_ms": 10})
    _call()
    settled = line.network.store.calls()[-1].sid
    eventually(lambda: line.network.store.calls()[-1].is_final)
    found = {call.sid: call for call in provider.called(TO, since=since)}
    assert found.keys() == {waiting.sid, settled}
    assert (found[settled].status, found[settled].senders, found[settled].body) == (
        "completed",
        frozenset({SENDER}),
        None,
    )
    assert provider.called("+12405550199", since=since) == []


def test_how_a_call_stands_can_be_asked(line: LocalTwilio) -> None:
    tell(line, "/_local/faults", {"queue": ["busy"]})
    answer = _call()
    assert isinstance(answer, Accepted)
    settle(line)
    assert provider.fetch(answer.sid) == ("busy", "")
    with pytest.raises(CantAsk):
        provider.fetch("CA" + "0" * 32)


def test_a_call_that_asks_us_wants_to_know_who_takes_it(line: LocalTwilio) -> None:
    url = "http://127.0.0.1:1/call/?attempt=7"
    answer = provider.call(
        to=TO,
        speech=AskUs(url),
        sender=SENDER,
        callback="http://127.0.0.1:1/call-status/?attempt=7",
        rings_for=timedelta(seconds=30),
    )
    [call] = line.network.store.calls()
    assert answer == Accepted(call.sid, "queued")
    assert (call.url, call.detects, call.rings_s, call.said) == (url, True, 30, "")
    assert check_all(ask(line, "/_local/exchanges")["exchanges"]) == 1


def test_all_that_is_asked_and_answered_is_as_described(line: LocalTwilio) -> None:
    answer = _call()
    assert isinstance(answer, Accepted)
    settle(line)
    provider.called(TO, since=datetime.now(UTC) - timedelta(minutes=1))
    provider.fetch(answer.sid)
    assert check_all(ask(line, "/_local/exchanges")["exchanges"]) == 4
