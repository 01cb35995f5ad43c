"""A client that keeps its connection, so that what is measured is the product and not the client."""

import hashlib
import http.client
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg

from clinic.bench.errors import BenchFailed

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    media_type: str
    content: bytes

    @property
    def json(self) -> Any:
        """The content, read as JSON."""
        return json.loads(self.content)


class Caller:
    """One integration's connection to the API. Not to be shared by threads."""

    def __init__(self, base: str, token: str) -> None:
        address = urlsplit(base)
        self._connection = http.client.HTTPConnection(
            address.hostname or "", address.port or 80, timeout=PATIENCE_SECONDS
        )
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send one request and return its answer, whatever its status."""
        content = None if body is None else json.dumps(body).encode()
        self._connection.request(method, path, content, {**self._headers, **headers})
        response = self._connection.getresponse()
        return Answer(response.status, response.headers.get_content_type(), response.read())

    def answer(self, method: str, path: str, body: object = None) -> Any:
        """Send one request and return what it came to. Raises `BenchFailed` unless that was a 2xx."""
        try:
            answer = self.call(method, path, body)
        except (http.client.HTTPException, OSError) as error:
            raise BenchFailed(f"{method} {path} was not answered: {error!r}.") from error
        if not 200 <= answer.status < 300:
            raise BenchFailed(
                f"{method} {path.partition('?')[0]} was answered with {answer.status}: {answer.content!r}"
            )
        return answer.json

    def ready(self) -> None:
        """Be on the line: the server closes a connection that was silent for a while."""
        try:
            self.call("GET", "/healthz")
        except (http.client.HTTPException, OSError):
            self._connection.close()
            self.call("GET", "/healthz")

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def new_token(database_url: str, name: str, scopes: Collection[str]) -> str:
    """Register an integration with these scopes, and return its bearer token."""
    token = secrets.token_urlsafe(24)
    digest = hashlib.sha256(token.encode()).hexdigest()
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO clinic_integration (name, digest, scopes, created_at) VALUES (%s, %s, %s, now())",
            [name, digest, list(scopes)],
        )
    return token
