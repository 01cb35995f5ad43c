"""Letting the days that the calendar has already follow a center's changed hours, without losing a booking."""

from collections.abc import Iterable

from clinic import clock
from clinic.db import in_transaction
from clinic.models import Center
from scheduling import bits
from scheduling.calendar import DAY
from scheduling.errors import ShiftDisplacesBookings
from scheduling.models import Occupancy, ResourceDay
from scheduling.services.calendar import load_rota
from scheduling.services.freeing import expire_stale_on, remask


def follow_hours(center: Center) -> int:
    """Rewrite a center's coming days from its hours, shifts and zone as they are now; return how many changed.

    Takes the same rows as a booking does, in the same order. Remote people keep their own hours. Raises
    `ShiftDisplacesBookings` with the visits that would lose their time, and changes nothing then. Days that a resource
    had no row for are the calendar's to add.
    """

    def work() -> int:
        coming = ResourceDay.objects.filter(
            center=center, on__gte=clock.today(center.zone), resource__remote=False, resource__active=True
        )
        # A hold that ran out is nobody's: it ends first.
        expire_stale_on(list(coming.values_list("id", flat=True)))
        days = list(
            coming.select_for_update(no_key=True, of=("self",)).select_related("resource").order_by("resource_id", "id")
        )
        midnights = {day.pk: day.origin for day in days}
        changed = list(_changed(days))
        _refuse_displaced(changed)
        ResourceDay.objects.bulk_update(changed, ["origin", "shift"], batch_size=500)
        remask([day.pk for day in changed if day.origin != midnights[day.pk]])
        return len(changed)

    return in_transaction(work)


def _changed(days: list[ResourceDay]) -> Iterable[ResourceDay]:
    """Yield the days whose shift is another one now, with it set."""
    if not days:
        return
    resources = {day.resource_id: day.resource for day in days}
    dates = [day.on for day in days]
    rota = load_rota(resources.values(), min(dates) - DAY, max(dates))
    for day in days:
        row = rota.row(day.resource, day.on)
        origin, shift = (row[4], row[5]) if row else (day.origin, bits.encode(0))
        if (origin, shift) != (day.origin, bytes(day.shift)):
            day.origin, day.shift = origin, shift
            yield day


def _refuse_displaced(days: list[ResourceDay]) -> None:
    by_id = {day.pk: day for day in days}
    # What is over can't lose its time.
    coming = Occupancy.objects.filter(day__in=by_id, live=True, appointment__ends_at__gt=clock.now())
    taken = coming.select_related("appointment").order_by("id")
    displaced = []
    for each in taken:
        day = by_id[each.day_id]
        mask = bits.between(day.origin, each.appointment.starts_at, each.appointment.ends_at)
        if mask & ~bits.decode(day.shift):
            displaced.append(each.appointment_id)
    if displaced:
        raise ShiftDisplacesBookings(extra={"appointments": sorted(set(displaced))})
