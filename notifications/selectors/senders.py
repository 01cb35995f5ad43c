"""How our senders stand: stopped or behind, and what left by each within a day. Counts and codes only."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q

from clinic import clock
from notifications.models import Attempt, Channel, Circuit, MessageStatus
from notifications.senders import rates, senders_of
from notifications.services import circuit, pacing

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class SenderStanding:
    """One of our senders. ``place`` counts from 1, in the order in which they take over.

    ``rate`` is in segments a second, None where it has none; ``behind`` in seconds.
    """

    channel: str
    place: int
    sender: str
    stopped: Circuit | None
    in_use: bool
    tries: int
    arrived: int
    lost: int
    rate: float | None
    behind: float


def standing_of_senders() -> list[SenderStanding]:
    """Return our senders of texts, then those that call, each in order. Two queries; three with rates."""
    now, counts, limits, late = circuit.standing(), _counts(), rates(), pacing.behind()
    found = []
    for channel in circuit.CHANNELS:
        well = now.well(channel)
        for place, sender in enumerate(senders_of(channel), start=1):
            tries, arrived, lost = counts.get((channel.value, sender), (0, 0, 0))
            stopped = now.senders.get((channel.value, sender))
            in_use = well[:1] == (sender,)
            pace = (limits.get(sender), late.get(sender, 0.0)) if channel == Channel.SMS else (None, 0.0)
            found.append(SenderStanding(channel.value, place, sender, stopped, in_use, tries, arrived, lost, *pace))
    return found


def account_stopped() -> Circuit | None:
    """Return the account's circuit where it is open."""
    return circuit.standing().account


def _counts() -> dict[tuple[str, str], tuple[int, int, int]]:
    lately = Attempt.objects.filter(at__gt=clock.real_now() - A_DAY)
    arrived = Q(message__status=MessageStatus.DELIVERED)
    lost = Q(message__status__in=(MessageStatus.UNDELIVERED, MessageStatus.FAILED))
    rows = lately.values("message__channel", "sender").annotate(
        tries=Count("pk"), arrived=Count("pk", filter=arrived), lost=Count("pk", filter=lost)
    )
    return {(row["message__channel"], row["sender"]): (row["tries"], row["arrived"], row["lost"]) for row in rows}
