"""A center's week as its calendar stands: who is on duty when, and what changes that."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from clinic.models import Center, Closure, OpeningHours
from scheduling import bits
from scheduling.calendar import DAY, origin
from scheduling.models import (
    Absence,
    Displacement,
    DisplacementStatus,
    Occupancy,
    Resource,
    ResourceDay,
    ShiftException,
)

DAYS = 7


@dataclass
class UnitDay:
    """One resource on one date: its shift as instants, what was said of that day alone, and its visits."""

    on: date
    center: Center | None = None
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    exception: bool = False
    visits: int = 0


@dataclass
class UnitWeek:
    """One resource's week."""

    unit: Resource
    days: list[UnitDay]


@dataclass(frozen=True)
class CenterDate:
    """One date of a center: its hours, none where it is not open, and its closures."""

    on: date
    hours: OpeningHours | None
    closures: list[Closure]


@dataclass(frozen=True)
class Week:
    """A center's week, from a Monday on. ``displaced`` counts the center's visits that wait to be rebooked."""

    center: Center
    first: date
    dates: list[CenterDate]
    units: list[UnitWeek]
    displaced: int


def week_of(center: Center, on: date) -> Week:
    """Return the week in which a date lies: six queries, however many units."""
    first = on - timedelta(days=on.weekday())
    dates = [first + timedelta(days=number) for number in range(DAYS)]
    here = ResourceDay.objects.filter(center=center, on__range=(dates[0], dates[-1])).values("resource_id")
    units = (
        Resource.objects.filter(Q(center=center) | Q(pk__in=here), active=True)
        .filter(Q(retired_from=None) | Q(retired_from__gt=first))
        .select_related("center")
        .order_by("remote", "kind", "name")
    )
    weeks = [UnitWeek(unit, [UnitDay(day) for day in dates]) for unit in units]
    _fill(weeks, center, dates)
    waiting = Displacement.objects.filter(status=DisplacementStatus.WAITING, was_center=center).count()
    return Week(center, first, _dates(center, dates), weeks, waiting)


def _dates(center: Center, dates: list[date]) -> list[CenterDate]:
    hours = list(OpeningHours.objects.filter(center=center))
    closures: dict[date, list[Closure]] = defaultdict(list)
    for closure in Closure.objects.filter(center=center, on__range=(dates[0], dates[-1])):
        closures[closure.on].append(closure)
    return [
        CenterDate(
            on, next((row for row in hours if row.weekday == on.weekday() and row.in_force(on)), None), closures[on]
        )
        for on in dates
    ]


def _fill(weeks: Iterable[UnitWeek], center: Center, dates: list[date]) -> None:
    by_unit = {(week.unit.pk, day.on): day for week in weeks for day in week.days}
    ids = {resource_id for resource_id, _ in by_unit}
    span = {"resource_id__in": ids, "on__range": (dates[0], dates[-1])}
    excepted = Exists(ShiftException.objects.filter(resource=OuterRef("resource"), on=OuterRef("on")))
    taken = Occupancy.objects.filter(day=OuterRef("pk"), live=True).order_by().values("day").annotate(n=Count("pk"))
    rows = ResourceDay.objects.filter(**span).select_related("center")
    for row in rows.annotate(excepted=excepted, visits=Subquery(taken.values("n"))):
        day = by_unit[row.resource_id, row.on]
        day.center, day.exception, day.visits = row.center, row.excepted, row.visits or 0
        day.spans = spans_of(row.origin, bits.decode(row.shift))
    ends = origin(center.zone, dates[-1] + DAY)
    for absence in Absence.objects.filter(
        resource_id__in=ids, ends_at__gt=origin(center.zone, dates[0]), starts_at__lt=ends
    ).order_by("starts_at"):
        for on in dates:
            day = by_unit[absence.resource_id, on]
            zone = ZoneInfo((day.center or center).zone)
            midnight = datetime.combine(on, time(), zone)
            if absence.starts_at < midnight + DAY and absence.ends_at > midnight:
                day.absences.append(absence)


def spans_of(midnight: datetime, mask: int) -> list[tuple[datetime, datetime]]:
    """Return the runs of a mask as instants."""
    found: list[tuple[int, int]] = []
    for bit in bits.positions(mask):
        if found and found[-1][1] == bit:
            found[-1] = (found[-1][0], bit + 1)
        else:
            found.append((bit, bit + 1))
    return [(bits.instant_of(midnight, first), bits.instant_of(midnight, end)) for first, end in found]
