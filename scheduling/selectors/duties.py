"""Somebody's rostered duties in a span of dates, and where nobody else would be on duty in their place."""

from dataclasses import dataclass
from datetime import date, datetime

from clinic.models import Center, License
from scheduling import bits
from scheduling.models import Resource, ResourceDay, ResourceKind
from scheduling.selectors.covered import COVER
from scheduling.selectors.days import Cover, cover
from scheduling.selectors.week import spans_of
from scheduling.slots import Duty


@dataclass(frozen=True)
class DutyHit:
    """One day's duty: its hours as instants, and the states for which some of them leave nobody who may act."""

    on: date
    center: Center
    spans: tuple[tuple[datetime, datetime], ...]
    uncovered: tuple[str, ...]


def duties_of(resource: Resource, first: date, last: date) -> list[DutyHit]:
    """Return a person's duties from one date to another, both included, by their own calendar."""
    days = ResourceDay.objects.filter(resource=resource, on__range=(first, last)).select_related("center")
    licenses = list(License.objects.filter(staff__resource=resource)) if resource.kind in COVER else []
    people = cover([resource.center_id], first=first, last=last) if licenses else None
    found = []
    for day in days.order_by("on"):
        shift = bits.decode(bytes(day.shift))
        if not shift:
            continue
        states = sorted({each.state for each in licenses if each.expires_on >= day.on})
        found.append(
            DutyHit(
                on=day.on,
                center=day.center,
                spans=tuple(spans_of(day.origin, shift)),
                uncovered=tuple(state for state in states if people and _left(resource, state, people, day, shift)),
            )
        )
    return found


def _left(resource: Resource, state: str, people: Cover, day: ResourceDay, shift: int) -> int:
    """Return the bits of a duty at which nobody else of the kind may act in a state."""
    kind, zone = ResourceKind(resource.kind), day.center.zone
    others = people.remote(kind, state, zone) if resource.remote else people.of(kind, resource.center_id, state, zone)
    for other in others:
        if other.person != resource.pk:
            shift &= ~_aligned(other, day.origin)
    return shift


def _aligned(other: Duty, origin: datetime) -> int:
    """Another duty's bits on the axis of a day that begins at ``origin``."""
    offset = bits.bit_within(origin, other.origin)
    return other.shift << offset if offset >= 0 else other.shift >> -offset
