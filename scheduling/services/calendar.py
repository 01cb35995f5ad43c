"""Writing resource-days from shifts, exceptions, hours and closures.

A day that exists is never rewritten in bulk: it may have bookings. `materialise` adds what is missing, which makes it
idempotent and safe to run beside bookings; `shifts.change_shift` is the one that changes a day, under its lock.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q

from clinic import clock
from clinic.db import in_transaction
from clinic.models import Center, Closure, OpeningHours
from scheduling import bits, calendar
from scheduling.calendar import DAY, Hours
from scheduling.models import Resource, ResourceKind, ShiftException, ShiftPattern

#: How far ahead time can be booked: 120 days, which the three-month visit needs.
HORIZON_DAYS = 120

Row = tuple[int, int, str, date, datetime, bytes]


@dataclass(frozen=True)
class Rota:
    """Everything that says when resources are on duty, loaded for a span of dates."""

    zones: dict[int, str]
    hours: dict[tuple[int, int], Hours]
    closed: frozenset[tuple[int, date]]
    patterns: dict[int, list[ShiftPattern]]
    exceptions: dict[tuple[int, date], ShiftException]

    def shifts(self, resource: Resource, on: date) -> list[Hours]:
        """Return the resource's shifts that start on a date. Rooms follow the center's hours."""
        exception = self.exceptions.get((resource.pk, on))
        if exception is not None:
            if exception.starts is None or exception.ends is None or exception.center_id is None:
                return []
            return [Hours(exception.center_id, exception.starts, exception.ends)]
        if resource.kind in (ResourceKind.ROOM, ResourceKind.OVERFLOW):
            opening = self.hours.get((resource.center_id, on.weekday()))
            return [opening] if opening else []
        return [
            Hours(pattern.center_id, pattern.starts, pattern.ends)
            for pattern in self.patterns.get(resource.pk, ())
            if pattern.weekday == on.weekday()
            and pattern.valid_from <= on
            and (pattern.valid_until is None or on <= pattern.valid_until)
        ]

    def day(self, resource: Resource, on: date) -> tuple[int, int] | None:
        """Return (center, mask) of a resource on a date, or None where it is off.

        People on site work while the center is open and not on a day it is closed; remote people have no door.
        """
        found = calendar.day_of(self.zones, on, self.shifts(resource, on), self.shifts(resource, on - DAY))
        if found is None or resource.remote:
            return found
        center_id, mask = found
        opening = self.hours.get((center_id, on.weekday()))
        if opening is None or (center_id, on) in self.closed:
            return None
        mask &= calendar.own_mask(self.zones[center_id], on, opening)
        return (center_id, mask) if mask else None

    def row(self, resource: Resource, on: date) -> Row | None:
        """Return the resource-day's columns, or None where the resource is off."""
        found = self.day(resource, on)
        if found is None:
            return None
        center_id, mask = found
        origin = calendar.origin(self.zones[center_id], on)
        return resource.pk, center_id, resource.kind, on, origin, bits.encode(mask)


def load_rota(resources: Iterable[Resource], first: date, last: date) -> Rota:
    """Load the rota of these resources for the dates from ``first`` to ``last``, in five queries."""
    ids = [resource.pk for resource in resources]
    patterns: dict[int, list[ShiftPattern]] = defaultdict(list)
    for pattern in ShiftPattern.objects.filter(resource_id__in=ids, valid_from__lte=last).filter(
        Q(valid_until=None) | Q(valid_until__gte=first - DAY)
    ):
        patterns[pattern.resource_id].append(pattern)
    exceptions = ShiftException.objects.filter(resource_id__in=ids, on__range=(first - DAY, last))
    return Rota(
        zones=dict(Center.objects.values_list("id", "zone")),
        hours={
            (row.center_id, row.weekday): Hours(row.center_id, row.opens, row.closes)
            for row in OpeningHours.objects.all()
        },
        closed=frozenset(Closure.objects.filter(on__range=(first, last)).values_list("center_id", "on")),
        patterns=patterns,
        exceptions={(exception.resource_id, exception.on): exception for exception in exceptions},
    )


def materialise(*, resources: Iterable[Resource] | None = None, days: int = HORIZON_DAYS) -> int:
    """Add the missing resource-days from yesterday to ``days`` ahead, and return how many were added.

    Yesterday is included since it may still be yesterday, or be running on, where a center is. Days on which a resource
    is off have no row.
    """
    chosen = list(Resource.objects.filter(active=True).order_by("id") if resources is None else resources)
    first = clock.now().date() - DAY
    last = first + timedelta(days=days + 1)
    rota = load_rota(chosen, first, last)
    dates = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    rows = (row for resource in chosen for on in dates if (row := rota.row(resource, on)) is not None)
    return in_transaction(lambda: _add(rows))


def _add(rows: Iterator[Row]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS incoming_day (resource_id bigint, center_id bigint, kind text,"
            ' "on" date, origin timestamptz, shift bytea) ON COMMIT DELETE ROWS'
        )
        cursor.execute("TRUNCATE incoming_day")
        with cursor.copy("COPY incoming_day FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            'INSERT INTO scheduling_resourceday (resource_id, center_id, kind, "on", origin, shift, busy)'
            ' SELECT resource_id, center_id, kind, "on", origin, shift, %s FROM incoming_day'
            ' ORDER BY resource_id, "on" ON CONFLICT DO NOTHING',
            [bits.encode(0)],
        )
        return int(cursor.rowcount)
