"""The provider, as an adapter that only sends and asks: no rules, no rows. It is Twilio's own SDK with a time-out."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from requests.exceptions import ConnectionError as ConnectionFailed
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError


@dataclass(frozen=True)
class Accepted:
    """The provider has the text, under this id, with this first status."""

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
    """A text that the provider has."""

    sid: str
    status: str
    code: str
    sender: str
    body: str
    created_at: datetime


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
    source = (
        {"messaging_service_sid": settings.TWILIO_MESSAGING_SERVICE_SID}
        if settings.TWILIO_MESSAGING_SERVICE_SID
        else {"from_": settings.TWILIO_FROM}
    )
    seconds = int(min(max(valid_for.total_seconds(), 60), 36_000))
    try:
        made = _client().messages.create(to=to, body=body, status_callback=callback, validity_period=seconds, **source)
    except TwilioRestException as error:
        if error.status >= 500:
            # A gateway may answer for a server that has done it.
            return NoAnswer(f"http_{error.status}")
        return Refused(error.code, error.status)
    except ConnectTimeout:
        return NotSent("connect_timeout")
    except ConnectionFailed as error:
        return NotSent("connection_refused") if _never_connected(error) else NoAnswer("connection_lost")
    except RequestException as error:
        return NoAnswer(type(error).__name__.lower())
    return Accepted(str(made.sid), str(made.status))


def _never_connected(error: ConnectionFailed) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


def sent_to(number: str, *, since: datetime) -> Iterator[Found]:
    """Yield what the provider has for a number since an instant. Raises what the SDK raises."""
    for row in _client().messages.list(to=number, date_sent_after=since.replace(hour=0, minute=0, second=0), limit=200):
        yield Found(
            sid=str(row.sid),
            status=str(row.status),
            code=str(row.error_code or ""),
            sender=str(row.messaging_service_sid or row.from_ or ""),
            body=str(row.body or ""),
            created_at=row.date_created,
        )


def fetch(sid: str) -> tuple[str, str]:
    """Return a text's present status and error code. Raises what the SDK raises."""
    row = _client().messages(sid).fetch()
    return str(row.status), str(row.error_code or "")
