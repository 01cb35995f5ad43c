"""Writing resource-days from shifts, exceptions, hours and closures.

A day that exists may have bookings: only `scheduling.services.editing` and `hours.follow_hours` rewrite it, under its
lock. `materialise` adds what is missing, which makes it idempotent and safe to run beside bookings; it and edits keep
out of each other's way by one advisory lock, so that no day is added from a rota that is just being changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q

from clinic import clock
from clinic.db import in_transaction
from clinic.models import Center, Closure, OpeningHours
from scheduling import bits, calendar
from scheduling.calendar import DAY, Hours
from scheduling.models import Absence, Resource, ResourceKind, ShiftException, ShiftPattern

#: How far ahead time can be booked: 120 days, which the three-month visit needs.
HORIZON_DAYS = 120

#: The advisory lock between adding days (alone) and editing what they are written from (many at once).
ROTA_LOCK = 0x5348_4946

Row = tuple[int, int, str, date, datetime, bytes]


@dataclass(frozen=True)
class Rota:
    """Everything that says when resources are on duty, loaded for a span of dates."""

    zones: dict[int, str]
    hours: dict[tuple[int, int], list[OpeningHours]]
    closures: dict[tuple[int, date], list[Closure]]
    patterns: dict[int, list[ShiftPattern]]
    exceptions: dict[tuple[int, date], ShiftException]
    absences: dict[int, list[Absence]]

    def opening(self, center_id: int, on: date) -> Hours | None:
        """Return a center's hours of a date, as its weekdays have them; None where it is not open."""
        rows = self.hours.get((center_id, on.weekday()), ())
        return next((Hours(center_id, row.opens, row.closes) for row in rows if row.in_force(on)), None)

    def shifts(self, resource: Resource, on: date) -> list[Hours]:
        """Return the resource's shifts that start on a date. Rooms follow the center's hours."""
        exception = self.exceptions.get((resource.pk, on))
        if exception is not None:
            if exception.starts is None or exception.ends is None or exception.center_id is None:
                return []
            return [Hours(exception.center_id, exception.starts, exception.ends)]
        if resource.kind in (ResourceKind.ROOM, ResourceKind.OVERFLOW):
            opening = self.opening(resource.center_id, on)
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
        if resource.retired_from is not None and resource.retired_from <= on:
            return None
        found = calendar.day_of(self.zones, on, self.shifts(resource, on), self.shifts(resource, on - DAY))
        if found is None:
            return None
        center_id, mask = found
        origin = calendar.origin(self.zones[center_id], on)
        for absence in self.absences.get(resource.pk, ()):
            mask &= ~bits.between(origin, absence.starts_at, absence.ends_at)
        if not resource.remote:
            mask &= self._open(center_id, on)
        return (center_id, mask) if mask else None

    def _open(self, center_id: int, on: date) -> int:
        """Return the bits at which a center is open on a date."""
        opening, zone = self.opening(center_id, on), self.zones[center_id]
        mask = calendar.own_mask(zone, on, opening) if opening else 0
        for closure in self.closures.get((center_id, on), ()):
            if closure.starts is None or closure.ends is None:
                return 0
            mask &= ~calendar.own_mask(zone, on, Hours(center_id, closure.starts, closure.ends))
        return mask

    def row(self, resource: Resource, on: date) -> Row | None:
        """Return the resource-day's columns, or None where the resource is off."""
        found = self.day(resource, on)
        if found is None:
            return None
        center_id, mask = found
        origin = calendar.origin(self.zones[center_id], on)
        return resource.pk, center_id, resource.kind, on, origin, bits.encode(mask)


def load_rota(resources: Iterable[Resource], first: date, last: date) -> Rota:
    """Load the rota of these resources for the dates from ``first`` to ``last``, in six queries."""
    ids = [resource.pk for resource in resources]
    patterns: dict[int, list[ShiftPattern]] = defaultdict(list)
    for pattern in ShiftPattern.objects.filter(resource_id__in=ids, valid_from__lte=last).filter(
        Q(valid_until=None) | Q(valid_until__gte=first - DAY)
    ):
        patterns[pattern.resource_id].append(pattern)
    exceptions = ShiftException.objects.filter(resource_id__in=ids, on__range=(first - DAY, last))
    hours: dict[tuple[int, int], list[OpeningHours]] = defaultdict(list)
    for row in OpeningHours.objects.all():
        hours[row.center_id, row.weekday].append(row)
    closures: dict[tuple[int, date], list[Closure]] = defaultdict(list)
    for closure in Closure.objects.filter(on__range=(first, last)):
        closures[closure.center_id, closure.on].append(closure)
    absences: dict[int, list[Absence]] = defaultdict(list)
    span = datetime.combine(first - DAY, time(), UTC), datetime.combine(last + 2 * DAY, time(), UTC)
    for absence in Absence.objects.filter(resource_id__in=ids, ends_at__gt=span[0], starts_at__lt=span[1]):
        absences[absence.resource_id].append(absence)
    return Rota(
        zones=dict(Center.objects.values_list("id", "zone")),
        hours=hours,
        closures=closures,
        patterns=patterns,
        exceptions={(exception.resource_id, exception.on): exception for exception in exceptions},
        absences=absences,
    )


def materialise(*, resources: Iterable[Resource] | None = None, days: int = HORIZON_DAYS) -> int:
    """Add the missing resource-days from yesterday to ``days`` ahead, and return how many were added.

    Yesterday is included since it may still be yesterday, or be running on, where a center is. Days on which a resource
    is off have no row.
    """
    first = clock.now().date() - DAY
    last = first + timedelta(days=days + 1)

    def work() -> int:
        lock_rota(alone=True)
        chosen = list(Resource.objects.filter(active=True).order_by("id") if resources is None else resources)
        rota = load_rota(chosen, first, last)
        return _add(row for each in chosen for on in dates_of(first, last) if (row := rota.row(each, on)) is not None)

    return in_transaction(work)


def lock_rota(*, alone: bool) -> None:
    """Take the lock between adding days, which is done alone, and edits, for the rest of the transaction."""
    take = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {take}(%s)", [ROTA_LOCK])


def dates_of(first: date, last: date) -> list[date]:
    """Return the dates from one to another, both included."""
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


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
