"""Which starts of a day the seeded visits take: a share of the time, drawn by chance, with some always left free."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from scheduling import bits
from scheduling.models import ResourceDay, VisitType

#: On a center's first scanner the first 40 minutes of every second hour stay free, so that whoever is sent for a
#: same-day scan finds one at any working hour.
RESERVED = sum(bits.span(hour * 12, hour * 12 + 8) for hour in range(1, 24, 2))


@dataclass(frozen=True)
class Taken:
    """A start that a visit takes, of all of these resource-days together."""

    visit_type: VisitType
    days: tuple[ResourceDay, ...]
    starts_at: datetime


def take(
    chance: Random, visit_types: Sequence[VisitType], days: tuple[ResourceDay, ...], *, share: float, reserved: int = 0
) -> Iterator[Taken]:
    """Walk one day from start to start, and take about ``share`` of the time when all are on duty and none is taken.

    Each visit is one of ``visit_types``, drawn anew, on its own grid; its buffer lies within the shifts.
    """
    on_duty = bits.FULL & ~reserved
    for day in days:
        on_duty &= bits.decode(day.shift) & ~bits.decode(day.busy)
    at, visit_type = 0, chance.choice(visit_types)
    while on_duty >> at:
        length = bits.units(visit_type.minutes + visit_type.buffer_minutes)
        starts = bits.runs(on_duty, length) & bits.grid(visit_type.step_minutes)
        at = next(bits.positions(starts >> at << at), bits.WIDTH)
        if at == bits.WIDTH:
            return
        if chance.random() < _likelihood(share, length / bits.units(visit_type.step_minutes)):
            yield Taken(visit_type, days, bits.instant_of(days[0].origin, at))
            at += length
        else:
            at += bits.units(visit_type.step_minutes)
        visit_type = chance.choice(visit_types)


def _likelihood(share: float, length: float) -> float:
    """Return how likely a start must be taken for ``share`` of the time to be: a visit fills ``length`` starts."""
    return share / (share + length * (1 - share))
