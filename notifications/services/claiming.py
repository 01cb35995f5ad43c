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
from notifications.services import circuit, pacing

#: The longest that a call may take. Connecting and answering have a time-out each.
CALL = timedelta(seconds=2 * settings.TWILIO_TIMEOUT_SECONDS)
#: How long a worker that has written an attempt may take to begin its call; later than that it does not call.
DELAY = timedelta(seconds=settings.TWILIO_TIMEOUT_SECONDS)
#: How long a worker may be at one message before its lease counts as lost.
LEASE = DELAY + CALL
TRIES = 3
#: How long an urgent text waits for a stopped provider; then a person takes over.
STOPPED_TOO_LONG = timedelta(minutes=5)
#: May leave now: its time has come, and it can't or need not wait for a channel that is stopped.
_MAY_LEAVE = """
    {0}.status = 'due' AND {0}.due_at <= %(now)s AND {0}.channel = ANY(%(only)s::text[])
    AND ({0}.channel <> ALL(%(stopped)s::text[]) OR {0}.expires_at <= %(now)s
        OR ({0}.urgent AND {0}.staff_id IS NULL AND {0}.created_at <= %(long_ago)s))
"""
#: Asks nothing of the rate of a sender: what is urgent, calls, and what is not sent any more.
_NEEDS_NO_ROOM = "(due.urgent OR due.channel <> 'sms' OR due.expires_at <= %(now)s)"


# One message a number, its first; a number with an unsettled text waits, so that what the provider lists for it can be
# told apart. Read in the order of an index, so that it costs the same however many wait. SKIP LOCKED lets workers claim
# side by side, and the status is asked again under the lock. Two that see different messages of one number at the same
# moment are told apart by the database's own constraint. Materialized: as a subquery it may be run again for each row
# of a join, and take a further message each time.
def _claiming(which: str) -> str:
    return f"""
    WITH taken AS MATERIALIZED (
        SELECT due.id FROM notifications_message due
        WHERE {which}
        AND NOT EXISTS (
            SELECT 1 FROM notifications_message other
            WHERE other.phone = due.phone AND other.phone <> '' AND other.status IN ('sending', 'unknown')
        )
        AND NOT EXISTS (
            SELECT 1 FROM notifications_message first
            WHERE first.phone = due.phone AND first.phone <> '' AND {_MAY_LEAVE.format("first")}
            AND (NOT first.urgent, first.due_at, first.id) < (NOT due.urgent, due.due_at, due.id)
        )
        ORDER BY due.urgent DESC, due.due_at, due.id LIMIT %(most)s
        FOR UPDATE OF due SKIP LOCKED
    )
    UPDATE notifications_message claimed SET status = 'sending', claimed_at = %(real)s
    FROM taken WHERE claimed.id = taken.id
    RETURNING claimed.id, claimed.urgent, claimed.due_at
"""  # noqa: S608 - put together from words of our own


_CLAIM = _claiming(_MAY_LEAVE.format("due"))
#: While no sender has room.
_CLAIM_WITHOUT_ROOM = _claiming(f"{_MAY_LEAVE.format('due')} AND {_NEEDS_NO_ROOM}")


@dataclass(frozen=True)
class Claim:
    """One message, and the lease that this worker has on it: another claim has another instant."""

    message_id: int
    claimed_at: datetime
    #: The circuit that it tries, or None.
    probe: int | None = None


def claim(most: int) -> list[Claim]:
    """Take at most so many due messages, in the order in which they are to leave.

    While nothing leaves by a channel that is one probe at its time; else only what can't wait for it to close. Where
    senders have a rate no more is taken than they have room for: what waits for room is not taken up and put back.
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
    room = None if probe else pacing.room(standing.well(Channel.SMS))
    values: dict[str, Any] = {
        "real": claimed_at,
        "now": now,
        "most": 1 if probe else min(most, room) if room else most,
        "only": only,
        "stopped": [] if probe else stopped,
        "long_ago": now - STOPPED_TOO_LONG,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_WITHOUT_ROOM if room == 0 else _CLAIM, values)
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
