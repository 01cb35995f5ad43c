"""Webhooks to the product: signed as Twilio signs them, tried again when the receiver fails."""

import http.client
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from threading import local
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from twilio.request_validator import RequestValidator

from notifications.local_twilio.agenda import Agenda

TIMEOUT_S = 15.0
BACKOFF_S = (0.2, 1.0, 3.0)
KEPT = 20_000


@dataclass(frozen=True)
class Delivery:
    """One try to deliver a webhook: `outcome` is the status that the receiver answered, or why there is none."""

    url: str
    fields: Mapping[str, str]
    token: str
    outcome: int | str


class Courier:
    """Posts webhooks on the agenda's threads and keeps a list of what it tried."""

    def __init__(self, auth_token: str, agenda: Agenda) -> None:
        self._validator = RequestValidator(auth_token)
        self._agenda = agenda
        self._connections = local()
        self._opened: list[http.client.HTTPConnection] = []
        self._deliveries: deque[Delivery] = deque(maxlen=KEPT)

    def post(self, url: str, fields: Mapping[str, str]) -> None:
        """Deliver a webhook now, on this thread; later tries go to the agenda."""
        self._try(url, dict(fields), str(uuid4()), 0)

    def ask(self, url: str, fields: Mapping[str, str]) -> str | None:
        """Ask the receiver what a call is to say, now, on this thread; None where it does not say so."""
        outcome, body = self._exchange(url, dict(fields), str(uuid4()))
        return body.decode("utf-8", "replace") if outcome == 200 else None

    def deliveries(self) -> list[dict[str, Any]]:
        """What was tried, oldest first."""
        return [asdict(delivery) for delivery in self._deliveries.copy()]

    def clear(self) -> None:
        """Forget what was tried."""
        self._deliveries.clear()

    def close(self) -> None:
        """Let go of the connections; only once no thread posts any more."""
        for connection in self._opened:
            connection.close()

    def _try(self, url: str, fields: dict[str, str], token: str, earlier: int) -> None:
        outcome, _ = self._exchange(url, fields, token)
        failed = isinstance(outcome, str) or outcome >= 500
        if failed and earlier < len(BACKOFF_S):
            self._agenda.after(BACKOFF_S[earlier], partial(self._try, url, fields, token, earlier + 1))

    def _exchange(self, url: str, fields: dict[str, str], token: str) -> tuple[int | str, bytes]:
        """Post once; the status of the answer, or why there is none, and its body."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": self._validator.compute_signature(url, fields),
            "I-Twilio-Idempotency-Token": token,
        }
        outcome: int | str
        try:
            outcome, body = self._send(url, urlencode(fields).encode(), headers)
        except (OSError, http.client.HTTPException) as error:
            outcome, body = type(error).__name__, b""
        self._deliveries.append(Delivery(url, fields, token, outcome))
        return outcome, body

    def _send(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        kept, connection = self._connection(parts.scheme, parts.netloc)
        try:
            return self._round_trip(connection, path, body, headers)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            connection.close()
            if not kept:
                raise
        except (OSError, http.client.HTTPException):
            connection.close()
            raise
        # A kept connection may have been closed by the receiver meanwhile: that is not a failure of the webhook.
        try:
            return self._round_trip(connection, path, body, headers)
        except (OSError, http.client.HTTPException):
            connection.close()
            raise

    def _connection(self, scheme: str, netloc: str) -> tuple[bool, http.client.HTTPConnection]:
        """This thread's connection to a receiver, and whether it is open from before."""
        if not hasattr(self._connections, "own"):
            self._connections.own = {}
        own: dict[tuple[str, str], http.client.HTTPConnection] = self._connections.own
        connection = own.get((scheme, netloc))
        if connection is None:
            kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
            connection = own[scheme, netloc] = kind(netloc, timeout=TIMEOUT_S)
            self._opened.append(connection)
        return connection.sock is not None, connection

    @staticmethod
    def _round_trip(
        connection: http.client.HTTPConnection,
        path: str,
        body: bytes,
        headers: dict[str, str],
    ) -> tuple[int, bytes]:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        content = response.read()
        return response.status, content
