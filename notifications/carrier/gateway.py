"""A gateway for fax and Direct over HTTPS, with an idempotency key (docs/documents.md has its protocol)."""

import base64
from typing import Any

import requests
from django.conf import settings
from requests.exceptions import ConnectionError as ConnectionFailed
from requests.exceptions import ConnectTimeout, RequestException
from urllib3.exceptions import NewConnectionError

from notifications.carrier.base import STATUSES, Accepted, Answer, CantAsk, Job, NoAnswer, NotSent, Parcel, Refused

#: A 4xx that says nothing of what was done: a gateway gave up waiting.
_UNSURE = frozenset({408, 499})


class Gateway:
    """``POST /v1/documents`` hands over, ``GET /v1/documents/{key}`` asks."""

    def deliver(self, parcel: Parcel) -> Answer:
        """Hand a document over under its key."""
        content = {
            "way": parcel.way,
            "to": parcel.to,
            "document": base64.b64encode(parcel.pdf).decode(),
            "callback": parcel.callback,
        }
        try:
            answer = requests.post(
                f"{settings.DOCUMENT_CARRIER_URL}/v1/documents",
                json=content,
                headers={**_headers(), "Idempotency-Key": parcel.key},
                timeout=settings.DOCUMENT_CARRIER_TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except ConnectTimeout:
            return NotSent("connect_timeout")
        except ConnectionFailed as error:
            return NotSent("connection_refused") if _never_connected(error) else NoAnswer("connection_lost")
        except RequestException as error:
            return NoAnswer(type(error).__name__.lower())
        return _as_answer(answer)

    def look_up(self, key: str) -> Job | None:
        """Ask what became of a key."""
        try:
            answer = requests.get(
                f"{settings.DOCUMENT_CARRIER_URL}/v1/documents/{key}",
                headers=_headers(),
                timeout=settings.DOCUMENT_CARRIER_TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except RequestException as error:
            raise CantAsk from error
        if answer.status_code == 404:
            return None
        said = _read(answer)
        if answer.status_code != 200 or said.get("status") not in STATUSES:
            raise CantAsk
        return Job(str(said.get("id", "")), str(said["status"]), str(said.get("code") or ""))


def _headers() -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.DOCUMENT_CARRIER_TOKEN}"}


def _as_answer(answer: requests.Response) -> Answer:
    said = _read(answer)
    if answer.status_code in (200, 201):
        return Accepted(str(said["id"]), str(said.get("status", ""))) if said.get("id") else NoAnswer("no_id")
    # A gateway may answer for a server that has done it.
    if answer.status_code >= 500 or answer.status_code in _UNSURE or answer.status_code < 400:
        return NoAnswer(f"http_{answer.status_code}")
    return Refused(str(said.get("code") or f"http_{answer.status_code}")[:24], answer.status_code)


def _read(answer: requests.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _never_connected(error: ConnectionFailed) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)
