"""What a carrier of documents must be able to do, and what it may answer. Another one is added by a class.

An adapter hands over and asks: no rules, no rows. It never raises for what the network or the carrier does to what it
was given; a question that is not answered raises `CantAsk`. The answers are those of `notifications.provider.base`.
"""

from dataclasses import dataclass
from typing import Protocol

from notifications.provider.base import Accepted, CantAsk, NoAnswer, NotSent

__all__ = ["Accepted", "Answer", "CantAsk", "Carrier", "Job", "NoAnswer", "NotSent", "Parcel", "Refused"]

#: What a carrier may say of a job.
STATUSES = ("queued", "delivered", "failed")


@dataclass(frozen=True)
class Refused:
    """The carrier said no; nothing was created."""

    code: str
    http_status: int


Answer = Accepted | Refused | NotSent | NoAnswer


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A document on its way: how and whereto, its bytes, the key that makes it one job, and where to tell of it."""

    way: str
    to: str
    pdf: bytes
    key: str
    callback: str


@dataclass(frozen=True)
class Job:
    """What the carrier has under a key."""

    carrier_id: str
    status: str
    code: str


class Carrier(Protocol):
    """An adapter. The same key handed over again is the same job: the carrier keeps keys for a day at least."""

    def deliver(self, parcel: Parcel) -> Answer:
        """Hand a document over. The carrier tells of it at its callback."""

    def look_up(self, key: str) -> Job | None:
        """Return the job of a key, or None where there is none. Raises `CantAsk`."""
