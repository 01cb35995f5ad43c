"""Twilio's own SDK with a time-out, as an adapter that only sends, calls and asks."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from requests.exceptions import ConnectionError as ConnectionFailed
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from notifications.provider.base import (
    Accepted,
    Answer,
    AskUs,
    CantAsk,
    Found,
    Heard,
    NoAnswer,
    NotSent,
    Refused,
    Speech,
)
from notifications.provider.twiml import said_twice

#: A 4xx that says nothing of what was done: a gateway gave up waiting.
_UNSURE = frozenset({408, 499})
#: What the provider puts before the texts of a trial account.
_TRIAL = "Sent from your Twilio trial account - "
#: As many texts of one number as the provider lists on one page.
_PAGE = 1000
#: What the provider tells of a call on its way: the first proves that the call was created.
_EVENTS = ("initiated", "ringing", "answered", "completed")
#: A mailbox is spoken to after its greeting; how long the provider may listen before it says that it can't tell.
_DETECTION, _LISTENS_SECONDS = "DetectMessageEnd", 20


@functools.cache
def client() -> Client:
    """Return the SDK's client, one for each process."""
    made = Client(
        settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_AUTH_TOKEN,
        http_client=TwilioHttpClient(timeout=settings.TWILIO_TIMEOUT_SECONDS, max_retries=None),
    )
    if settings.TWILIO_API_BASE:
        made.api.base_url = settings.TWILIO_API_BASE
    return made


class Twilio:
    """Twilio's Messages and Calls API."""

    def send(self, *, to: str, body: str, sender: str, callback: str, valid_for: timedelta) -> Answer:
        """Hand a text to the provider, from a number or by a messaging service."""
        source = {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}
        seconds = int(min(max(valid_for.total_seconds(), 60), 36_000))
        return _answer(
            lambda: client().messages.create(
                to=to, body=body, status_callback=callback, validity_period=seconds, **source
            )
        )

    def call(self, *, to: str, speech: Speech, sender: str, callback: str, rings_for: timedelta) -> Answer:
        """Have the provider call a number, and say what was handed over or what we answer it then."""
        says: dict[str, Any] = (
            {
                "url": speech.url,
                "method": "POST",
                "machine_detection": _DETECTION,
                "machine_detection_timeout": _LISTENS_SECONDS,
            }
            if isinstance(speech, AskUs)
            else {"twiml": said_twice(speech.words, speech.language)}
        )
        return _answer(
            lambda: client().calls.create(
                to=to,
                from_=sender,
                timeout=int(rings_for.total_seconds()),
                status_callback=callback,
                status_callback_event=list(_EVENTS),
                **says,
            )
        )

    def sent_to(self, number: str) -> list[Found]:
        """Return what the provider has for a number.

        All of it, not what was sent since some day: what still waits in the provider's queue has no date of sending.
        """
        with _asking():
            rows = client().messages.list(to=number, limit=_PAGE)
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

    def called(self, number: str, *, since: datetime) -> list[Found]:
        """Return the calls to a number that were dialed since an instant, or wait to be.

        One that waits has no start yet. They are asked for first: what is dialed in between is then among the others.
        """
        with _asking():
            waiting = client().calls.list(to=number, status="queued", limit=_PAGE)
            dialed = client().calls.list(to=number, start_time_after=since, limit=_PAGE)
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

    def received(self, number: str, *, since: datetime) -> list[Heard]:
        """Return the texts that came to a number of ours since an instant, the first one first.

        The provider lists the newest first, page by page, and beside them what we sent to that number ourselves.
        """
        with _asking():
            rows = list(client().messages.stream(to=number, date_sent_after=since, page_size=_PAGE))
        came = [row for row in reversed(rows) if row.direction == "inbound" and row.date_created is not None]
        return [
            Heard(
                sid=str(row.sid),
                phone=str(row.from_),
                body=str(row.body or ""),
                media=int(row.num_media or 0),
                at=row.date_created,
            )
            for row in came
        ]

    def fetch(self, sid: str) -> tuple[str, str]:
        """Return the present status and error code of a text or a call."""
        with _asking():
            if sid.startswith("CA"):
                return str(client().calls(sid).fetch().status), ""
            row = client().messages(sid).fetch()
        return str(row.status), str(row.error_code or "")


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
