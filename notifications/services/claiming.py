"""Taking due messages for sending: each by one worker, the urgent first, one unsettled text a number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, connection

from clinic import clock
from clinic.db import constraint_of, in_transaction
from notifications.models import Message
from notifications.models.message import ONE_UNSETTLED_A_NUMBER

#: The longest that a call may take. Connecting and answering have a time-out each.
CALL = timedelta(seconds=2 * settings.TWILIO_TIMEOUT_SECONDS)
#: How long a worker that has written an attempt may take to begin its call; later than that it does not call.
DELAY = timedelta(seconds=settings.TWILIO_TIMEOUT_SECONDS)
#: How long a worker may be at one message before its lease counts as lost.
LEASE = DELAY + CALL
TRIES = 3
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
                WHERE status = 'due' AND due_at <= %(now)s AND NOT EXISTS (
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


def claim(most: int) -> list[Claim]:
    """Take at most so many due messages, in the order in which they are to leave."""
    for _ in range(TRIES):
        try:
            return in_transaction(lambda: _claim(most))
        except IntegrityError as error:
            if constraint_of(error) != ONE_UNSETTLED_A_NUMBER:
                raise
    return []


def _claim(most: int) -> list[Claim]:
    claimed_at = clock.real_now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"real": claimed_at, "now": clock.now(), "most": most})
        rows = cursor.fetchall()
    return [Claim(pk, claimed_at) for pk, _, _ in sorted(rows, key=lambda row: (not row[1], row[2], row[0]))]


def waiting() -> int:
    """Return how many messages are due, or on their way to the provider, now."""
    now = clock.now()
    due = Message.objects.filter(status="due", due_at__lte=now).count()
    return due + Message.objects.filter(status__in=("sending", "unknown")).count()
