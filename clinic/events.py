"""News goes up as events: a service records one in its own transaction, and subscribers act on it there.

Subscribers are registered in an ``AppConfig.ready``, may call services of their own app, and do no I/O: what must be
sent is a row that a worker finds.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from clinic import clock, rows
from clinic.models import Center, Episode, Event, Patient

if TYPE_CHECKING:
    from clinic.access import Actor

Subscriber = Callable[[Event], None]
_subscribers: dict[str, list[Subscriber]] = defaultdict(list)


def subscribe(kind: str, subscriber: Subscriber) -> None:
    """Have ``subscriber`` called, in the same transaction, for each event of a kind."""
    if subscriber not in _subscribers[kind]:
        _subscribers[kind].append(subscriber)


def record(
    kind: str,
    *,
    actor: "Actor",
    episode: Episode | None = None,
    patient: Patient | None = None,
    center: Center | None = None,
    subject: object | None = None,
    codes: Mapping[str, object] | None = None,
) -> Event:
    """Write one event and let its subscribers act. Must run inside the transaction of what it tells.

    ``subject`` is the row that it is about; ``codes`` holds ids and codes only, never health text.
    """
    event = news(kind, actor=actor, episode=episode, patient=patient, center=center, subject=subject, codes=codes)
    tell(event)
    return event


def news(
    kind: str,
    *,
    actor: "Actor",
    episode: Episode | None = None,
    patient: Patient | None = None,
    center: Center | None = None,
    subject: object | None = None,
    codes: Mapping[str, object] | None = None,
) -> Event:
    """Return an event that is yet to be told."""
    # By their ids: an event must not read a patient and a center only to name them.
    whose = {"patient": patient} if patient else {"patient_id": episode.patient_id if episode else None}
    where = {"center": center} if center else {"center_id": episode.center_id if episode else None}
    event = Event(
        kind=kind,
        at=clock.now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        episode=episode,
        **whose,
        **where,
        subject_kind=type(subject).__name__.lower() if subject is not None else "",
        subject_id=getattr(subject, "pk", None),
        codes=dict(codes or {}),
    )
    event.subject = subject
    return event


def tell(*told: Event) -> None:
    """Write the events of one write by one statement, and let the subscribers of each act, in order."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event belongs to the transaction that made it true.")
    rows.insert(*told)
    for event in told:
        for subscriber in _subscribers[event.kind]:
            subscriber(event)
