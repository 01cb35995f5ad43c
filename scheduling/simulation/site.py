"""A center as a replay sees it: who is on duty on which date, and how far it is from where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from clinic.geography import haversine_miles, travel_minutes
from scheduling import bits
from scheduling.slots import Unit, VisitShape

Point = tuple[float, float]
#: A rule-out is sent no further than the search of the product looks first.
WITHIN_MILES = 50


@dataclass(frozen=True, slots=True)
class Day:
    """One local date: its midnight, the bit of its noon, and the units on duty, none of them taken."""

    origin: datetime
    noon: int
    units: tuple[Unit, ...]

    @property
    def staffed(self) -> int:
        """The bits at which a room is open."""
        mask = 0
        for unit in self.units:
            if unit.kind == "room":
                mask |= unit.shift
        return mask


@dataclass(frozen=True)
class Site:
    """A center and its days. ``scanners`` counts the scans that it can do side by side."""

    code: str
    zone: str
    point: Point
    scanners: int
    days: Mapping[date, Day]


@dataclass(frozen=True, slots=True)
class Way:
    """A center within reach: its place in the network, the minutes that the way takes, and the miles."""

    site: int
    minutes: int
    miles: float


@dataclass
class Reach:
    """Which centers can be reached from where, nearest first; each place is worked out once."""

    sites: Sequence[Site]
    _known: dict[Point, tuple[Way, ...]] = field(default_factory=dict)

    def of(self, point: Point) -> tuple[Way, ...]:
        """Return the ways from a point: to the nearest center however far, and to all within 50 miles."""
        if point not in self._known:
            miles = sorted((haversine_miles(point, site.point), at) for at, site in enumerate(self.sites))
            self._known[point] = tuple(
                Way(at, travel_minutes(far), far)
                for place, (far, at) in enumerate(miles)
                if place == 0 or far <= WITHIN_MILES
            )
        return self._known[point]


def capacity(shape: VisitShape, day: Day, first: int, end: int) -> float:
    """Return how many visits of a shape could be done one after the other between two bits of a day."""
    per_kind = [
        sum((unit.shift & bits.span(first, end)).bit_count() for unit in day.units if unit.kind == kind)
        for kind in shape.takes
    ]
    return min(per_kind) / bits.units(shape.minutes + shape.buffer_minutes)
