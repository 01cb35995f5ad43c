"""The same-day reserve: which starts a routine scan may take, so that the rule-outs kept for today still fit.

Pure. Each center keeps room for a number of rule-outs in each half-day, and releases it to routine scans on a
schedule. Rule-outs that are booked use it up. A routine scan may take a start where, with the units that it takes, as
many rule-outs as are still kept could start in the half-day afterwards; where fewer fit already, it may not take away
one more. A half-day is split at local noon; a scan belongs to the one in which it starts.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from scheduling import bits
from scheduling.packing import Lanes, fitting, in_a_row
from scheduling.slots import Unit, VisitShape, free_starts, latest_start, unit_starts

MORNING, AFTERNOON = "morning", "afternoon"
HALVES = (MORNING, AFTERNOON)


@dataclass(frozen=True, slots=True)
class Release:
    """From ``minutes_before`` the half-day's start on (negative: after it), ``kept_percent`` of the size is kept."""

    minutes_before: int
    kept_percent: int


#: All of it until the half-day begins, half of it an hour later, nothing three hours later. A rule-out is found, booked
#: and scanned within hours, so that what is released the day before protects nobody; in the last hours of a half-day
#: few can still come.
DEFAULT_RELEASE = (Release(-60, 50), Release(-180, 0))


@dataclass(frozen=True, slots=True)
class Policy:
    """What one center keeps in one half-day: a size in scans, all of it until the first step of the release."""

    scans: int
    release: tuple[Release, ...] = DEFAULT_RELEASE

    def kept(self, begins_at: datetime, now: datetime) -> int:
        """Return how many scans are kept at an instant, used ones included; part of a scan counts as a whole."""
        passed = [step for step in self.release if now >= begins_at - timedelta(minutes=step.minutes_before)]
        percent = min(passed, key=lambda step: step.minutes_before).kept_percent if passed else 100
        return -(-self.scans * percent // 100)


@dataclass(frozen=True, slots=True)
class Span:
    """One half-day: the bits of the grid at which a rule-out counts, how many are kept now, and how many are booked."""

    half: str
    window: int
    kept: int
    used: int

    @property
    def owed(self) -> int:
        """How many rule-outs must still fit."""
        return max(0, self.kept - self.used)


def half_days(
    rule_out: VisitShape,
    *,
    policies: Mapping[str, Policy],
    used: Mapping[str, int],
    origin: datetime,
    noon: int,
    staffed: int,
    now: datetime,
) -> tuple[Span, ...]:
    """Return the half-days of one center's day that have a reserve.

    ``noon`` is the bit of local noon, ``staffed`` the bits at which the building is; a half-day begins with its first
    one. A rule-out counts only where it can still start, and where reading and treatment end before the close.
    """
    useful = latest_start(rule_out, staffed) & bits.grid(rule_out.step_minutes)
    useful &= bits.span(bits.first_bit_from(origin, now), bits.WIDTH)
    found = []
    for half, half_mask in ((MORNING, bits.span(0, noon)), (AFTERNOON, bits.span(noon, bits.WIDTH))):
        policy, on_duty = policies.get(half), staffed & half_mask
        if policy is not None and policy.scans and on_duty:
            begins_at = bits.instant_of(origin, next(bits.positions(on_duty)))
            found.append(Span(half, useful & half_mask, policy.kept(begins_at, now), used.get(half, 0)))
    return tuple(found)


def plenty(shape: VisitShape, rule_out: VisitShape, free: int, *, most: int, noon: int, staffed: int) -> bool:
    """Whether no reserve of at most ``most`` scans can bind any of the ``free`` starts of a routine visit.

    The quick answer for a day with much free time; where it is no, `DayReserve` looks closer and agrees with it.
    """
    if _time(shape) != _time(rule_out):
        return False
    useful, length = free & latest_start(rule_out, staffed), _length(rule_out)
    halves = (bits.span(0, noon), bits.span(noon, bits.WIDTH))
    # A visit also meets rule-outs of the other half-day, where it lies near noon.
    return all(in_a_row(useful & half, length, most + 2) == most + 2 for half in halves)


@dataclass(frozen=True, slots=True)
class DayReserve:
    """What a center keeps on one day for visits of the shape ``rule_out``."""

    rule_out: VisitShape
    spans: tuple[Span, ...]

    def room_for(self, span: Span, units: Sequence[Unit], most: int) -> int:
        """Return how many rule-outs can still start in a half-day, counted up to ``most``."""
        return fitting(self._lanes(span, units), self._length, most)

    def choice(
        self,
        shape: VisitShape,
        units: Sequence[Unit],
        bit: int,
        *,
        instead_of: Sequence[Unit] | None = None,
        among: Collection[int] | None = None,
    ) -> tuple[int, ...] | None:
        """Return the units that a routine visit may take at a start, as indexes, one of each kind that it takes.

        The first in the order given that leave the reserve whole; None where none do, or where nobody is free. Where a
        visit moves, ``instead_of`` are the units before its own time was freed: it may keep what it had.

        ``among``: only these may be taken, by index. What is left for rule-outs is counted by all units.
        """
        before = units if instead_of is None else instead_of
        return self._choice(shape, units, bit, self._tight(shape, units), before, among)

    def starts(
        self, shape: VisitShape, units: Sequence[Unit], free: int, *, among: Collection[int] | None = None
    ) -> Iterator[int]:
        """Yield, lowest first, those of the ``free`` starts that a routine visit may take."""
        tight = self._tight(shape, units)
        for bit in bits.positions(free):
            if not tight or self._choice(shape, units, bit, tight, units, among) is not None:
                yield bit

    def _tight(self, shape: VisitShape, units: Sequence[Unit]) -> list[Span]:
        """Return the half-days in which a visit of this shape could take something from the reserve.

        Not those in which so many rule-outs fit one after the other that enough are left whatever it takes: among
        visits that don't overlap, it can only meet those that its own time touches.
        """
        owed = [span for span in self.spans if span.owed]
        if not owed:
            return []
        common, met = free_starts(self.rule_out, units), -(-_length(shape) // self._length) + 1
        return [
            span for span in owed if in_a_row(common & span.window, self._length, span.owed + met) < span.owed + met
        ]

    def _choice(
        self,
        shape: VisitShape,
        units: Sequence[Unit],
        bit: int,
        tight: Sequence[Span],
        before: Sequence[Unit],
        among: Collection[int] | None,
    ) -> tuple[int, ...] | None:
        mine = range(len(units)) if among is None else among
        free = [
            [at for at in mine if units[at].kind == kind and _free(shape, units[at]) >> bit & 1] for kind in shape.takes
        ]
        lost = ~bits.span(bit - self._length + 1, bit + _length(shape))
        floors = [(span, self.room_for(span, before, span.owed)) for span in tight if span.window & ~lost]
        for chosen in product(*free):
            if all(self._left(span, units, chosen, lost, floor) for span, floor in floors):
                return chosen
        return None

    @property
    def _length(self) -> int:
        return _length(self.rule_out)

    def _left(self, span: Span, units: Sequence[Unit], chosen: tuple[int, ...], lost: int, floor: int) -> bool:
        """Whether at least ``floor`` rule-outs still fit when the chosen units lose these starts."""
        return fitting(self._lanes(span, units, chosen, lost), self._length, floor) >= floor

    def _lanes(self, span: Span, units: Sequence[Unit], chosen: tuple[int, ...] = (), lost: int = -1) -> Lanes:
        """Return the lanes of a half-day, each kind's in order: equal days then meet in the cache."""
        return tuple(
            tuple(
                sorted(
                    _free(self.rule_out, unit) & span.window & (lost if at in chosen else -1)
                    for at, unit in enumerate(units)
                    if unit.kind == kind
                )
            )
            for kind in self.rule_out.takes
        )


def _length(shape: VisitShape) -> int:
    """Return the bits that a visit takes, its buffer included."""
    return bits.units(shape.minutes + shape.buffer_minutes)


def _time(shape: VisitShape) -> tuple[object, ...]:
    return shape.minutes, shape.buffer_minutes, shape.step_minutes, shape.takes


def _free(shape: VisitShape, unit: Unit) -> int:
    return unit_starts(shape, unit.shift, unit.busy)
