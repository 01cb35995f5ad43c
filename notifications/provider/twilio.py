"""The provider, as an adapter that only sends and asks: no rules, no rows. It is Twilio's own SDK with a time-out."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from requests.exceptions import ConnectionError as ConnectionFailed
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.twiml.voice_response import VoiceResponse
from urllib3.exceptions import NewConnectionError


@dataclass(frozen=True)
class Accepted:
    """The provider has the text or the call, under this id, with this first status."""

    sid: str
    status: str


@dataclass(frozen=True)
class Refused:
    """The provider said no; nothing was created."""

    code: int | None
    http_status: int


@dataclass(frozen=True)
class NotSent:
    """The request never reached the provider."""

    reason: str


@dataclass(frozen=True)
class NoAnswer:
    """It may have been accepted, or not: nobody knows yet."""

    reason: str


Answer = Accepted | Refused | NotSent | NoAnswer


@dataclass(frozen=True)
class Found:
    """A text or call that the provider has. ``senders``: its number, and the service that chose the number.

    ``body`` is None for a call: what was said in it is not kept.
    """

    sid: str
    status: str
    code: str
    senders: frozenset[str]
    body: str | None
    created_at: datetime


class CantAsk(Exception):
    """The provider did not answer a question: ask again later."""


#: A 4xx that says nothing of what was done: a gateway gave up waiting.
_UNSURE = frozenset({408, 499})
#: What the provider puts before the texts of a trial account.
_TRIAL = "Sent from your Twilio trial account - "
#: As many texts of one number as the provider lists on one page.
_PAGE = 1000
#: What the provider tells of a call on its way: the first proves that the call was created.
_EVENTS = ("initiated", "ringing", "answered", "completed")
#: Whoever takes a call may have missed its first words.
_SAID_TIMES = 2
_VOICES = {"en": "en-US", "es": "es-US"}


@functools.cache
def _client() -> Client:
    client = Client(
        settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_AUTH_TOKEN,
        http_client=TwilioHttpClient(timeout=settings.TWILIO_TIMEOUT_SECONDS, max_retries=None),
    )
    if settings.TWILIO_API_BASE:
        client.api.base_url = settings.TWILIO_API_BASE
    return client


def sender() -> str:
    """The number that we send from, as it is kept with each attempt."""
    return str(settings.TWILIO_MESSAGING_SERVICE_SID or settings.TWILIO_FROM)


def send(*, to: str, body: str, callback: str, valid_for: timedelta) -> Answer:
    """Hand a text to the provider. Never raises for what the network or the provider does."""
    client = _client()
    source = (
        {"messaging_service_sid": settings.TWILIO_MESSAGING_SERVICE_SID}
        if settings.TWILIO_MESSAGING_SERVICE_SID
        else {"from_": settings.TWILIO_FROM}
    )
    seconds = int(min(max(valid_for.total_seconds(), 60), 36_000))
    return _answer(
        lambda: client.messages.create(to=to, body=body, status_callback=callback, validity_period=seconds, **source)
    )


def caller() -> str:
    """The number that we call from, as it is kept with each attempt."""
    return str(settings.TWILIO_VOICE_FROM)


def call(*, to: str, words: str, language: str, callback: str, rings_for: timedelta) -> Answer:
    """Have the provider call a number and say these words to whoever takes the call. Never raises, as `send`."""
    client = _client()
    return _answer(
        lambda: client.calls.create(
            to=to,
            from_=caller(),
            twiml=instructions(words, language),
            timeout=int(rings_for.total_seconds()),
            status_callback=callback,
            status_callback_event=list(_EVENTS),
        )
    )


def instructions(words: str, language: str) -> str:
    """Return the TwiML that says these words, twice, and hangs up."""
    response = VoiceResponse()
    for _ in range(_SAID_TIMES):
        response.say(words, language=_VOICES.get(language, language))
        response.pause(length=1)
    return str(response)


def _answer(create: Callable[[], Any]) -> Answer:
    try:
        made = create()
    except (TwilioRestException, TwilioServiceException) as error:
        # A gateway may answer for a server that has done it.
        unsure = error.status >= 500 or error.status in _UNSURE
        return NoAnswer(f"http_{error.status}") if unsure else Refused(error.code, error.status)
    except ConnectTimeout:
        return NotSent("connect_timeout")
    except ConnectionFailed as error:
        return NotSent("connection_refused") if _never_connected(error) else NoAnswer("connection_lost")
    except (RequestException, ValueError) as error:
        return NoAnswer(type(error).__name__.lower())
    return Accepted(made.sid, str(made.status)) if made.sid else NoAnswer("no_id")


def _never_connected(error: ConnectionFailed) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except (TwilioException, RequestException, ValueError) as error:
        raise CantAsk from error


def sent_to(number: str) -> list[Found]:
    """Return what the provider has for a number. Raises `CantAsk`.

    All of it, not what was sent since some day: what still waits in the provider's queue has no date of sending.
    """
    with _asking():
        rows = _client().messages.list(to=number, limit=_PAGE)
    return [
        Found(
            sid=str(row.sid),
            status=str(row.status),
            code=str(row.error_code or ""),
            senders=frozenset(str(each) for each in (row.messaging_service_sid, row.from_) if each),
            body=str(row.body or "").removeprefix(_TRIAL),
            created_at=row.date_created,
        )
        for row in rows
        if row.date_created is not None
    ]


def called(number: str, *, since: datetime) -> list[Found]:
    """Return the calls to a number that were dialed since an instant, or wait to be. Raises `CantAsk`.

    One that waits has no start yet. They are asked for first: what is dialed in between is then among the others.
    """
    with _asking():
        waiting = _client().calls.list(to=number, status="queued", limit=_PAGE)
        dialed = _client().calls.list(to=number, start_time_after=since, limit=_PAGE)
    return [
        Found(
            sid=str(row.sid),
            status=str(row.status),
            code="",
            senders=frozenset({str(row._from)}),  # noqa: SLF001 - the SDK's own name for it
            body=None,
            created_at=row.date_created,
        )
        for row in {row.sid: row for row in (*waiting, *dialed)}.values()
        if row.date_created is not None
    ]


def fetch(sid: str) -> tuple[str, str]:
    """Return the present status and error code of a text or a call. Raises `CantAsk`."""
    with _asking():
        if sid.startswith("CA"):
            return str(_client().calls(sid).fetch().status), ""
        row = _client().messages(sid).fetch()
    return str(row.status), str(row.error_code or "")
