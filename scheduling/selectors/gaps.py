"""The first gaps of a center's day for somebody who stands at the desk, by the person who would do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from clinic import clock
from clinic.models import Center
from scheduling import bits
from scheduling.models import USES_RESERVE, AddOnLimit, Occupancy, ResourceDay, ResourceKind, VisitKind, VisitType
from scheduling.needs import NO_NEEDS, Needs
from scheduling.selectors.day import LocalDay
from scheduling.selectors.fitting import misfits
from scheduling.selectors.reserves import reserves
from scheduling.slots import Unit, free_starts, latest_start, within
from scheduling.visit_types import keeps_out_of_reserve, kinds_looked_at, shape_of

#: Add-ons a person and day where nobody set another limit.
ADD_ONS = 3
#: How many gaps of each person are shown: the person takes the first that suits.
SHOWN = 3


@dataclass(frozen=True)
class Gaps:
    """One person's next gaps today, and how many add-ons they have of how many."""

    resource_id: int
    name: str
    starts: tuple[datetime, ...]
    add_ons: int
    limit: int

    @property
    def full(self) -> bool:
        """Whether only a clinician may add another one."""
        return self.add_ons >= self.limit


def gaps(center: Center, visit_type: VisitType, now: datetime, needs: Needs = NO_NEEDS) -> list[Gaps]:
    """Return who could see somebody today, whose gap comes first on top.

    A gap never lies in a break, which is no part of a shift, nor in what is reserved for rule-outs where the visit is
    none; that of a rule-out leaves the reading and the treatment before the close. Rooms that do not fit what the
    patient ``needs`` are left out; where none does, nobody has a gap.
    """
    if not needs.met_by(center):
        return []
    shape, today = shape_of(visit_type), clock.today(center.zone)
    kinds = kinds_looked_at(shape.takes, keeps_out=keeps_out_of_reserve(visit_type))
    days = list(
        ResourceDay.objects.filter(
            center=center, on=today, kind__in=kinds, resource__active=True, resource__remote=False
        )
        .exclude(misfits(needs) if needs.of_room else Q(pk=None))
        .select_related("resource")
        .order_by("resource_id")
    )
    units = [Unit(day.kind, bits.decode(day.shift), bits.decode(day.busy)) for day in days]
    added, limit = add_ons([day.pk for day in days]), limit_of(center)
    found = []
    for day, unit in zip(days, units, strict=True):
        if unit.kind == ResourceKind.ROOM or unit.kind not in shape.takes:
            continue
        theirs = [at for at, each in enumerate(units) if each.kind != unit.kind or each is unit]
        free = free_starts(shape, [units[at] for at in theirs])
        free &= within(day.origin, now, LocalDay(today, center.zone).end)
        if visit_type.kind == VisitKind.DVT_SCAN:
            free &= latest_start(shape, _staffed(units))
        starts = bits.positions(free)
        if keeps_out_of_reserve(visit_type):
            kept = reserves([center.pk], from_=now, until=now, now=now)
            starts = kept.starts(center.pk, today, shape, units, free, among=theirs)
        shown = tuple(bits.instant_of(day.origin, bit) for bit, _ in zip(starts, range(SHOWN), strict=False))
        found.append(Gaps(day.resource_id, day.resource.name, shown, added.get(day.pk, 0), limit))
    return sorted(found, key=lambda each: (each.full, each.starts[:1] or (LocalDay(today, center.zone).end,)))


def limit_of(center: Center) -> int:
    """Return how many add-ons a person's shift takes at a center."""
    set_by_manager = AddOnLimit.objects.filter(center=center).values_list("visits", flat=True).first()
    return ADD_ONS if set_by_manager is None else set_by_manager


def add_ons(day_ids: Sequence[int]) -> dict[int, int]:
    """Return how many people were added to each of these resource-days, those already seen included."""
    rows = Occupancy.objects.filter(
        day__in=day_ids, appointment__signs__isnull=False, appointment__status__in=USES_RESERVE
    )
    return dict(rows.values_list("day_id").annotate(Count("appointment", distinct=True)).order_by())


def _staffed(units: Sequence[Unit]) -> int:
    mask = 0
    for unit in units:
        if unit.kind == ResourceKind.ROOM:
            mask |= unit.shift
    return mask
