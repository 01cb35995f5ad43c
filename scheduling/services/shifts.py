"""Changing when a resource is on duty on one day, without losing a booking."""

from datetime import date, time

from clinic.access import Actor
from clinic.errors import Invalid
from clinic.models import Center
from scheduling.models import Resource
from scheduling.services.editing import Day, apply


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

    Raises `ShiftDisplacesBookings` with the visits and holds that would lose their time, and changes nothing then.
    """
    if (starts is None) != (ends is None):
        raise Invalid(fields={"ends": "Give both hours, or neither for a day off."})
    apply(actor, Day(resource=resource, on=on, starts=starts, ends=ends, at=center))
