"""A request as the routes see it, and what the connection shall do with the answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

Pairs = tuple[tuple[str, str], ...]


class Ending(Enum):
    """How an exchange ends: answered, held open and then closed without a word, or reset."""

    ANSWER = auto()
    HANG = auto()
    RESET = auto()


@dataclass(frozen=True)
class Request:
    """One HTTP request, its query and form decoded; header names in lower case."""

    method: str
    path: str
    query: Pairs = ()
    form: Pairs = ()
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def asked(self, name: str) -> str | None:
        """The last value of a query parameter, or None."""
        return dict(self.query).get(name)

    def sent(self, name: str) -> str | None:
        """The last value of a form field, or None."""
        return dict(self.form).get(name)


@dataclass(frozen=True)
class Response:
    """One HTTP response; `wait_s` seconds pass before `ending`."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    wait_s: float = 0.0
    ending: Ending = Ending.ANSWER


def as_json(content: Mapping[str, Any] | Sequence[Any], status: int = 200) -> Response:
    """A JSON response."""
    return Response(status, json.dumps(content, ensure_ascii=False).encode())
