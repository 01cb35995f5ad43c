"""Where and when a rule-out could be added on: a center's overflow unit, with somebody who scans, reads and prescribes.

An add-on takes no room and no sonographer of its own: it is scanned between the visits of whoever is on duty. So it is
offered only where a sonographer is on duty, and, for tier 1, a licensed reader and prescriber after it and before the
close.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from clinic import clock
from scheduling import bits
from scheduling.models import TAKES_TIME, Overbook, ResourceKind, VisitKind, VisitType
from scheduling.needs import NO_NEEDS, Needs
from scheduling.selectors.centers import CenterCard, nearest_centers
from scheduling.selectors.days import CenterDay, Cover, center_days, cover
from scheduling.selectors.fitting import able_centers
from scheduling.selectors.search import Slot
from scheduling.slots import Deadline, VisitShape, covered_starts, free_starts, latest_start, within
from scheduling.visit_types import shape_of

#: Add-ons that a center takes in one half day, this product's own rule: each costs the visits after it some minutes.
MOST_A_HALF_DAY = 2
#: The local hour at which the second half begins.
NOON = time(12)
SHOWN = 6
_KINDS = (ResourceKind.OVERFLOW, ResourceKind.SONOGRAPHER)


@dataclass(frozen=True, slots=True)
class HalfDay:
    """The morning or the afternoon of a local date at a center."""

    center_id: int
    on: date
    afternoon: bool


def overflow_shape() -> VisitShape:
    """Return a rule-out's shape as an add-on: as long as any, on the overflow unit alone."""
    return replace(shape_of(VisitType.objects.get(kind=VisitKind.DVT_SCAN)), takes=(ResourceKind.OVERFLOW.value,))


def half_day(center_id: int, starts_at: datetime, zone: str) -> HalfDay:
    """Return the half day in which a start lies."""
    local = starts_at.astimezone(ZoneInfo(zone))
    return HalfDay(center_id, local.date(), local.time() >= NOON)


def add_ons_around(center_ids: Sequence[int], around: datetime) -> Counter[HalfDay]:
    """Count the add-ons that stand or took place, by half day, within two days around an instant."""
    near = Q(appointment__starts_at__range=(around - timedelta(days=2), around + timedelta(days=2)))
    rows = Overbook.objects.filter(near, appointment__center_id__in=center_ids)
    stand = rows.filter(appointment__status__in=(*TAKES_TIME, "completed"))
    found = stand.values_list("appointment__center_id", "appointment__starts_at", "appointment__center__zone")
    return Counter(half_day(center_id, starts_at, zone) for center_id, starts_at, zone in found)


def add_on_times(
    deadline: Deadline,
    *,
    near_zip: str | None,
    within_miles: float | None,
    needs: Needs = NO_NEEDS,
    center_code: str = "",
    most: int = SHOWN,
) -> list[Slot]:
    """Return the add-ons that would be in time, the earliest result first; one a center unless one is named."""
    now = clock.now()
    until = deadline.result_by
    if until <= now:
        return []
    cards = [
        card
        for card in nearest_centers(near_zip=near_zip, within_miles=within_miles)
        if needs.met_by(card) and center_code in ("", card.code)
    ]
    able = able_centers((card.id for card in cards), needs, _KINDS)
    cards = [card for card in cards if card.id in able]
    ids = [card.id for card in cards]
    first, last = (now - timedelta(days=1)).date(), (until + timedelta(days=1)).date()
    days = center_days(ids, first=first, last=last, span=(now, until), kinds=_KINDS, now=now, needs=needs, takes=_KINDS)
    people = cover(ids, first=first, last=last) if deadline.tier == 1 else None
    counts, shape = add_ons_around(ids, now), overflow_shape()
    found: list[Slot] = []
    for card in cards:
        earliest = now + timedelta(minutes=card.travel_minutes or 0)
        times = [
            slot
            for day in days.get(card.id, ())
            for slot in _of_day(shape, card, day, deadline, people, (earliest, until))
            if counts[half_day(card.id, slot.starts_at, card.zone)] < MOST_A_HALF_DAY
        ]
        found += times if center_code else times[:1]
    return sorted(found, key=lambda slot: (slot.result_by, slot.center.miles or 0.0, slot.center.code))[:most]


def _of_day(
    shape: VisitShape,
    card: CenterCard,
    day: CenterDay,
    deadline: Deadline,
    people: Cover | None,
    span: tuple[datetime, datetime],
) -> Iterator[Slot]:
    on_duty = dict.fromkeys(_KINDS, 0)
    for unit in day.mine:
        on_duty[ResourceKind(unit.kind)] |= unit.shift
    starts = free_starts(shape, [unit for unit in day.mine if unit.kind == ResourceKind.OVERFLOW])
    starts &= bits.runs(on_duty[ResourceKind.SONOGRAPHER], bits.units(shape.minutes))
    starts &= within(day.origin, *span)
    if people is not None:
        starts &= latest_start(shape, on_duty[ResourceKind.OVERFLOW])
        readers = people.of(ResourceKind.PHYSICIAN, card.id, card.state, card.zone)
        starts &= covered_starts(
            shape, day.origin, readers, people.of(ResourceKind.CLINICIAN, card.id, card.state, card.zone)
        )
    for bit in bits.positions(starts):
        starts_at = bits.instant_of(day.origin, bit)
        ends_at = starts_at + timedelta(minutes=shape.minutes)
        result_by = ends_at + timedelta(minutes=shape.reading_minutes)
        if deadline.met_by(starts_at, result_by, card.zone):
            yield Slot(card, starts_at, ends_at, result_by, meets_deadline=True)
