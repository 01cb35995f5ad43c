"""What a provider of texts and calls must be able to do, and what it may answer. Another one is added by a class.

An adapter sends, calls and asks: no rules, no rows. It never raises for what the network or the provider does to what
it was given to send; a question that is not answered raises `CantAsk`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


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
class Words:
    """What a call says to whoever takes it, twice: it needs nothing of ours once it was handed over."""

    words: str
    language: str


@dataclass(frozen=True)
class AskUs:
    """A call of which the provider asks us, at this address, what to say, once it knows whether a person took it."""

    url: str


Speech = Words | AskUs


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


@dataclass(frozen=True)
class Heard:
    """A text that somebody sent to a number of ours. ``media``: how many pictures came with it."""

    sid: str
    phone: str
    body: str
    media: int
    at: datetime


class CantAsk(Exception):
    """The provider did not answer a question: ask again later."""


class Provider(Protocol):
    """An adapter. ``sender`` is one of ours: a number, or a service of the provider that chooses the number."""

    def send(self, *, to: str, body: str, sender: str, callback: str, valid_for: timedelta) -> Answer:
        """Hand a text over. The provider tells of it at ``callback``, and drops it after ``valid_for``."""

    def call(self, *, to: str, speech: Speech, sender: str, callback: str, rings_for: timedelta) -> Answer:
        """Have a number called, letting it ring for so long. The provider tells of it at ``callback``."""

    def sent_to(self, number: str) -> list[Found]:
        """Return the texts that the provider has for a number, waiting or sent. Raises `CantAsk`."""

    def called(self, number: str, *, since: datetime) -> list[Found]:
        """Return the calls to a number that were dialed since an instant, or wait to be. Raises `CantAsk`."""

    def received(self, number: str, *, since: datetime) -> list[Heard]:
        """Return the texts that came to a number of ours since an instant, the first one first. Raises `CantAsk`."""

    def fetch(self, sid: str) -> tuple[str, str]:
        """Return the present status and error code of a text or a call. Raises `CantAsk`."""
