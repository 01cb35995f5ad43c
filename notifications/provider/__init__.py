"""The provider of texts and calls: the adapter that the setting ``MESSAGE_PROVIDER`` names, behind its protocol."""

import functools
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from notifications.provider.base import (
    Accepted,
    Answer,
    AskUs,
    CantAsk,
    Found,
    Heard,
    NoAnswer,
    NotSent,
    Provider,
    Refused,
    Speech,
    Words,
)

__all__ = [
    "Accepted",
    "Answer",
    "AskUs",
    "CantAsk",
    "Found",
    "Heard",
    "NoAnswer",
    "NotSent",
    "Provider",
    "Refused",
    "Speech",
    "Words",
    "call",
    "called",
    "chosen",
    "fetch",
    "received",
    "send",
    "sent_to",
]


@functools.cache
def chosen() -> Provider:
    """Return the adapter, one for each process."""
    adapter: Provider = import_string(settings.MESSAGE_PROVIDER)()
    return adapter


def send(*, to: str, body: str, sender: str, callback: str, valid_for: timedelta) -> Answer:
    """Hand a text over, as `Provider.send` says."""
    return chosen().send(to=to, body=body, sender=sender, callback=callback, valid_for=valid_for)


def call(*, to: str, speech: Speech, sender: str, callback: str, rings_for: timedelta) -> Answer:
    """Have a number called, as `Provider.call` says."""
    return chosen().call(to=to, speech=speech, sender=sender, callback=callback, rings_for=rings_for)


def sent_to(number: str) -> list[Found]:
    """Return the texts of a number, as `Provider.sent_to` says. Raises `CantAsk`."""
    return chosen().sent_to(number)


def called(number: str, *, since: datetime) -> list[Found]:
    """Return the calls to a number, as `Provider.called` says. Raises `CantAsk`."""
    return chosen().called(number, since=since)


def received(number: str, *, since: datetime) -> list[Heard]:
    """Return the texts that came to a number of ours, as `Provider.received` says. Raises `CantAsk`."""
    return chosen().received(number, since=since)


def fetch(sid: str) -> tuple[str, str]:
    """Return how a text or a call stands, as `Provider.fetch` says. Raises `CantAsk`."""
    return chosen().fetch(sid)
