"""A center's week as its calendar stands: who is on duty when, and what changes that."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

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


def with_displaced(centers: QuerySet[Center]) -> QuerySet[Center]:
    """Count beside each center its visits that wait to be rebooked, as ``displaced``."""
    waiting = Displacement.objects.filter(status=DisplacementStatus.WAITING, was_center=OuterRef("pk")).order_by()
    counted = waiting.values("was_center").annotate(waiting=Count("pk")).values("waiting")
    return centers.annotate(displaced=Coalesce(Subquery(counted), 0))


def week_of(center: Center, on: date) -> Week:
    """Return the week in which a date lies: four queries, however many units; one more where one works elsewhere, and
    one where `with_displaced` has not counted for the center."""
    first = on - timedelta(days=on.weekday())
    dates = [first + timedelta(days=number) for number in range(DAYS)]
    weeks = _weeks(center, dates)
    _mark_absences(weeks, center, dates)
    waiting = getattr(center, "displaced", None)
    if waiting is None:
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


def _weeks(center: Center, dates: list[date]) -> list[UnitWeek]:
    """The units of a center and those that work here this week, each with its days, in one query: a row a day."""
    span = (dates[0], dates[-1])
    here = ResourceDay.objects.filter(center=center, on__range=span).values("resource_id")
    taken = Occupancy.objects.filter(day=OuterRef("day__pk"), live=True).order_by().values("day")
    visits = taken.annotate(visits=Count("pk")).values("visits")
    excepted = ShiftException.objects.filter(resource=OuterRef("pk"), on=OuterRef("day__on"))
    rows = list(
        Resource.objects.filter(Q(center=center) | Q(pk__in=here), active=True)
        .filter(Q(retired_from=None) | Q(retired_from__gt=dates[0]))
        .annotate(day=FilteredRelation("days", condition=Q(days__on__range=span)))
        .annotate(day_on=F("day__on"), day_origin=F("day__origin"), day_shift=F("day__shift"), day_at=F("day__center"))
        .annotate(day_excepted=Exists(excepted), day_visits=Subquery(visits))
        .select_related("center")
        .order_by("remote", "kind", "name", "pk")
    )
    places = _places([center, *(row.center for row in rows)], {row.day_at for row in rows if row.day_at})
    found: dict[int, UnitWeek] = {}
    for row in rows:
        week = found.setdefault(row.pk, UnitWeek(row, [UnitDay(on) for on in dates]))
        if row.day_on is None:
            continue
        day = week.days[(row.day_on - dates[0]).days]
        day.center, day.exception, day.visits = places[row.day_at], row.day_excepted, row.day_visits or 0
        day.spans = spans_of(row.day_origin, bits.decode(row.day_shift))
    return list(found.values())


def _places(known: Iterable[Center], asked: set[int]) -> dict[int, Center]:
    """The centers asked for, by id; only those that nobody has read yet are read."""
    found = {center.pk: center for center in known}
    missing = asked - found.keys()
    return found | (Center.objects.in_bulk(missing) if missing else {})


def _mark_absences(weeks: Iterable[UnitWeek], center: Center, dates: list[date]) -> None:
    by_unit = {(week.unit.pk, day.on): day for week in weeks for day in week.days}
    ids = {resource_id for resource_id, _ in by_unit}
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
