"""Giving time back: appointment rows first, then their resource-days in order, then the occupancies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from clinic import clock
from clinic.access import SYSTEM
from scheduling.models import Appointment, Overbook
from scheduling.services.news import record

_LOCK_DAYS = """
SELECT d.id FROM scheduling_resourceday d
WHERE d.id IN (SELECT o.day_id FROM scheduling_occupancy o WHERE o.appointment_id = ANY(%s) AND o.live)
ORDER BY d.resource_id, d.id FOR NO KEY UPDATE
"""
_DAYS_OF = "SELECT DISTINCT day_id FROM scheduling_occupancy WHERE appointment_id = ANY(%s) AND live"
_FREE = "UPDATE scheduling_occupancy SET live = false WHERE appointment_id = ANY(%s) AND live"
#: An update of an occupancy has the mask of its day written anew.
_REMASK = "UPDATE scheduling_occupancy SET live = live WHERE day_id = ANY(%s) AND live"
_EXPIRE = """
UPDATE scheduling_appointment SET status = 'expired', ended_at = %s, end_reason = 'hold_expired'
WHERE id IN (
    SELECT a.id FROM scheduling_appointment a
    WHERE a.status = 'held' AND a.hold_expires_at <= %s AND {which}
    ORDER BY a.id FOR NO KEY UPDATE
) RETURNING id
"""
_AT = """
a.center_id = %s AND a.starts_at < %s AND EXISTS (
    SELECT FROM scheduling_occupancy o
    WHERE o.appointment_id = a.id AND o.live AND o.during && tstzrange(%s, %s)
)
"""
_ON_DAYS = """
EXISTS (SELECT FROM scheduling_occupancy o WHERE o.appointment_id = a.id AND o.live AND o.day_id = ANY(%s))
"""
_HAS_STALE = f"""
SELECT EXISTS (
    SELECT FROM scheduling_appointment a WHERE a.status = 'held' AND a.hold_expires_at <= %s AND {_AT}
)
"""  # noqa: S608 - built of constants


def free(appointment_ids: Sequence[int]) -> None:
    """Give back all that these appointments take. Their rows are locked by the caller's own UPDATE."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_DAYS, [list(appointment_ids)])
        cursor.execute(_FREE, [list(appointment_ids)])


def remask(day_ids: Sequence[int]) -> None:
    """Write the masks of locked resource-days anew, whose midnight has become another."""
    if day_ids:
        with connection.cursor() as cursor:
            cursor.execute(_REMASK, [list(day_ids)])


def end_add_on(appointment_id: int) -> None:
    """Take the mark of an add-on from a visit that has left the overflow unit: what was approved was its time there.

    Who approved it stays in the events.
    """
    Overbook.objects.filter(appointment_id=appointment_id).delete()


def days_of(appointment_ids: Sequence[int]) -> list[int]:
    """Return the resource-days on which these appointments take time."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS_OF, [list(appointment_ids)])
        return [row[0] for row in cursor.fetchall()]


def has_stale(center_id: int, start: datetime, end: datetime) -> bool:
    """Whether holds of a center that ran out still lie in [start, end)."""
    with connection.cursor() as cursor:
        cursor.execute(_HAS_STALE, [clock.now(), center_id, end, start, end])
        return bool(cursor.fetchone()[0])


def expire_stale(center_id: int, start: datetime, end: datetime) -> None:
    """End the holds of a center that ran out and lie in [start, end)."""
    _expire(_AT, [center_id, end, start, end])


def expire_stale_on(day_ids: Sequence[int]) -> None:
    """End the holds that ran out and take any of these resource-days, before the days themselves are locked."""
    _expire(_ON_DAYS, [list(day_ids)])


def expire_one(appointment_id: int) -> bool:
    """End one hold if it has run out. Return whether it had."""
    return bool(_expire("a.id = %s", [appointment_id]))


def _expire(which: str, parameters: Sequence[Any]) -> list[int]:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE.format(which=which), [now, now, *parameters])
        ids = [row[0] for row in cursor.fetchall()]
    if ids:
        free(ids)
    for appointment in Appointment.objects.filter(pk__in=ids).select_related("center", "visit_type").order_by("id"):
        record(SYSTEM, "appointment.hold_expired", appointment)
    return ids
