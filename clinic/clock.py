"""The product's one clock.

Everything that decides asks `now`. In the demo and in tests an offset in the database moves the clock of all processes
forward together; production has none and asks nothing of the database.
"""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from clinic.models.door import ClockOffset

#: How long a process may go on with an offset it has read, in seconds of real time.
STALE_AFTER = 0.1


class _Reading:
    """The offset as this process read it last."""

    at = float("-inf")
    offset = timedelta(0)


def now() -> datetime:
    """Return the instant at which the product lives, in UTC."""
    return real_now() + (offset() if settings.CLOCK_MOVABLE else timedelta(0))


def real_now() -> datetime:
    """Return the machine's time: for leases, log-ins and network time-outs only."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """Return the current date where the zone's clocks stand."""
    return now().astimezone(ZoneInfo(zone)).date()


def offset() -> timedelta:
    """Return by how much the clock runs ahead, at most `STALE_AFTER` old."""
    if time.monotonic() - _Reading.at > STALE_AFTER:
        with connection.cursor() as cursor:
            cursor.execute("SELECT seconds FROM clinic_clockoffset")
            row = cursor.fetchone()
        _Reading.offset, _Reading.at = timedelta(seconds=row[0] if row else 0), time.monotonic()
    return _Reading.offset


def forget() -> None:
    """Read the offset anew at the next question."""
    _Reading.at = float("-inf")


def advance(by: timedelta) -> None:
    """Move the clock of every process forward. Refused in production, and backwards always."""
    if not settings.CLOCK_MOVABLE:
        raise RuntimeError("The clock can't be moved in production.")
    if by < timedelta(0):
        raise ValueError("The clock only moves forward.")
    with transaction.atomic():
        row, _ = ClockOffset.objects.select_for_update().get_or_create(only=True)
        row.seconds += int(by.total_seconds())
        row.save()
    forget()
