"""Whether somebody scans while an add-on is done, which takes the overflow unit alone: its own time can't say it."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from clinic import clock
from scheduling import bits, calendar
from scheduling.models import STANDING, Appointment, ResourceDay, ResourceKind
from scheduling.selectors.search import local_date

#: A center on one of its local dates.
CenterDate = tuple[int, date]


def is_scanned(visit: Appointment) -> bool:
    """Whether sonographers are on duty at a visit's center for all of it."""
    on = local_date(visit.starts_at, visit.center.zone)
    scanning = 0
    for shift in sonographer_days(visit.center_id, on).values_list("shift", flat=True):
        scanning |= bits.decode(shift)
    return not bits.between(calendar.origin(visit.center.zone, on), visit.starts_at, visit.ends_at) & ~scanning


def unscanned_add_ons(days: Collection[CenterDate]) -> list[Appointment]:
    """Return the add-ons of these days that are not over and that nobody would scan."""
    add_ons = Appointment.objects.filter(
        overbook__isnull=False, status__in=STANDING, center__in={center_id for center_id, _ in days}
    ).select_related("center", "visit_type", "patient", "episode")
    ahead = add_ons.filter(ends_at__gt=clock.now()).order_by("id")
    return [
        visit
        for visit in ahead
        if (visit.center_id, local_date(visit.starts_at, visit.center.zone)) in days and not is_scanned(visit)
    ]


def sonographer_days(center_id: int, on: date) -> QuerySet[ResourceDay]:
    """Return the days of those who scan at a center on a date."""
    return ResourceDay.objects.filter(
        center=center_id, on=on, kind=ResourceKind.SONOGRAPHER, resource__active=True, resource__remote=False
    )
