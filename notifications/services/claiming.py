"""Taking due messages for sending: each by one worker, the urgent first, one unsettled text a number."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection

from clinic import clock
from clinic.db import constraint_of, in_transaction
from notifications.models import Channel, Message
from notifications.models.message import ONE_UNSETTLED_A_NUMBER
from notifications.services import circuit

#: The longest that a call may take. Connecting and answering have a time-out each.
CALL = timedelta(seconds=2 * settings.TWILIO_TIMEOUT_SECONDS)
#: How long a worker that has written an attempt may take to begin its call; later than that it does not call.
DELAY = timedelta(seconds=settings.TWILIO_TIMEOUT_SECONDS)
#: How long a worker may be at one message before its lease counts as lost.
LEASE = DELAY + CALL
TRIES = 3
#: How long an urgent text waits for a stopped provider; then a person takes over.
STOPPED_TOO_LONG = timedelta(minutes=5)
# The inner query picks one message a number; a number with an unsettled text waits, so that what the provider lists for
# it can be told apart. SKIP LOCKED lets two workers claim side by side, and the status is asked again under the lock.
# Two that see different messages of one number at the same moment are told apart by the database's own constraint.
_CLAIM = """
    UPDATE notifications_message SET status = 'sending', claimed_at = %(real)s
    WHERE id IN (
        SELECT id FROM notifications_message
        WHERE status = 'due' AND id IN (
            SELECT first.id FROM (
                SELECT DISTINCT ON (phone) id, urgent, due_at FROM notifications_message due
                WHERE status = 'due' AND due_at <= %(now)s
                AND channel = ANY(%(only)s::text[])
                AND (channel <> ALL(%(stopped)s::text[]) OR expires_at <= %(now)s OR (urgent AND staff_id IS NULL
                    AND created_at <= %(long_ago)s))
                AND NOT EXISTS (
                    SELECT 1 FROM notifications_message other
                    WHERE other.phone = due.phone AND other.status IN ('sending', 'unknown')
                )
                ORDER BY phone, urgent DESC, due_at, id
            ) first ORDER BY first.urgent DESC, first.due_at, first.id LIMIT %(most)s
        )
        FOR UPDATE SKIP LOCKED
    )
    RETURNING id, urgent, due_at
"""


@dataclass(frozen=True)
class Claim:
    """One message, and the lease that this worker has on it: another claim has another instant."""

    message_id: int
    claimed_at: datetime
    #: The circuit that it tries, or None.
    probe: int | None = None


def claim(most: int) -> list[Claim]:
    """Take at most so many due messages, in the order in which they are to leave.

    While nothing leaves by a channel that is one probe at its time; else only what can't wait for it to close.
    """
    for _ in range(TRIES):
        try:
            return in_transaction(lambda: _claim(most))
        except IntegrityError as error:
            if constraint_of(error) != ONE_UNSETTLED_A_NUMBER:
                raise
    return []


def _claim(most: int) -> list[Claim]:
    claimed_at, now = clock.real_now(), clock.now()
    standing = circuit.standing()
    stopped = list(standing.stopped())
    probe = circuit.take_probe(standing) if stopped and _any_due(stopped) else None
    only = Channel.values if probe is None else [probe.channel] if probe.channel else stopped
    values: dict[str, Any] = {
        "real": claimed_at,
        "now": now,
        "most": 1 if probe else most,
        "only": only,
        "stopped": [] if probe else stopped,
        "long_ago": now - STOPPED_TOO_LONG,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        rows = cursor.fetchall()
    if probe and not rows:
        circuit.not_probed(probe.pk)
    named = probe.pk if probe else None
    return [Claim(pk, claimed_at, named) for pk, _, _ in sorted(rows, key=lambda row: (not row[1], row[2], row[0]))]


def _any_due(channels: list[str]) -> bool:
    return Message.objects.filter(status="due", due_at__lte=clock.now(), channel__in=channels).exists()


def stopped_too_long(message: Message) -> bool:
    """Whether a text is one that can't wait any longer for a stopped provider. Who is paged is paged again anyway."""
    return message.urgent and message.staff_id is None and message.created_at <= clock.now() - STOPPED_TOO_LONG


def waiting() -> int:
    """Return how many messages are due, or on their way to the provider, now. By a channel that is stopped none is."""
    due = Message.objects.filter(status="due", due_at__lte=clock.now())
    if stopped := circuit.standing().stopped():
        due = due.exclude(channel__in=stopped)
    return due.count() + Message.objects.filter(status__in=("sending", "unknown")).count()
