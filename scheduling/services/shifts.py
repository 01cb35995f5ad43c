"""Changing when a resource is on duty on one day, without losing a booking."""

from datetime import date, time

from django.db import connection

from clinic import events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Invalid
from clinic.models import Center
from scheduling import bits
from scheduling.calendar import DAY
from scheduling.errors import ShiftDisplacesBookings
from scheduling.models import Occupancy, Resource, ResourceDay, ShiftException
from scheduling.services.calendar import load_rota
from scheduling.services.freeing import expire_stale_on

_WRITE = """
INSERT INTO scheduling_resourceday (resource_id, center_id, kind, "on", origin, shift, busy)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (resource_id, "on") DO UPDATE
SET center_id = EXCLUDED.center_id, origin = EXCLUDED.origin, shift = EXCLUDED.shift
"""


def change_shift(
    actor: Actor,
    *,
    resource: Resource,
    on: date,
    starts: time | None = None,
    ends: time | None = None,
    center: Center | None = None,
) -> None:
    """Set a dated exception to a resource's pattern: other hours, or off where none are given.

    Takes the same rows as a booking does, in the same order, so that neither slips past the other. Raises
    `ShiftDisplacesBookings` with the visits that would lose their time, and changes nothing then.
    """
    require(actor, Permission.EDIT_SHIFTS)
    if (starts is None) != (ends is None):
        raise Invalid(fields={"ends": "Give both hours, or neither for a day off."})

    def work() -> None:
        days = _locked_days(resource, on)
        place = center or resource.center
        ShiftException.objects.update_or_create(
            resource=resource,
            on=on,
            defaults={"starts": starts, "ends": ends, "center": place if starts is not None else None},
        )
        _rewrite(resource, on, days)
        events.record("shift.changed", actor=actor, center=place, subject=resource, codes={"on": on.isoformat()})

    in_transaction(work)


def _locked_days(resource: Resource, on: date) -> dict[date, ResourceDay]:
    """Lock the day and the one after it, into which a night runs. A hold that ran out is nobody's: it ends first."""
    days = ResourceDay.objects.filter(resource=resource, on__in=(on, on + DAY))
    expire_stale_on(list(days.values_list("id", flat=True)))
    return {day.on: day for day in days.select_for_update(no_key=True).order_by("id")}


def _rewrite(resource: Resource, on: date, days: dict[date, ResourceDay]) -> None:
    rota = load_rota([resource], on - DAY, on + DAY)
    for each in (on, on + DAY):
        row = rota.row(resource, each)
        former = days.get(each)
        if former is not None:
            _refuse_displaced(former, row[1] if row else None, bits.decode(row[5]) if row else 0)
            if row is None:
                ResourceDay.objects.filter(pk=former.pk).update(shift=bits.encode(0))
        if row is not None:
            with connection.cursor() as cursor:
                cursor.execute(_WRITE, [*row, bits.encode(0)])


def _refuse_displaced(day: ResourceDay, center_id: int | None, mask: int) -> None:
    """Raise where a live visit would lie outside the new shift, or at a center where the resource no longer is.

    A visit's buffer may run past the shift, so its own end counts.
    """
    displaced = [
        taken.appointment_id
        for taken in Occupancy.objects.filter(day=day, live=True).select_related("appointment").order_by("id")
        if center_id != day.center_id
        or bits.between(day.origin, taken.appointment.starts_at, taken.appointment.ends_at) & ~mask
    ]
    if displaced:
        raise ShiftDisplacesBookings(extra={"appointments": displaced})
