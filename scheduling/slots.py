"""Which starts a visit could have on one day at one center, and whether each gives a result in time.

Pure. A day is a mask of five-minute bits (`scheduling.bits`); a start is offered where one unit of every kind that the
visit takes is on duty for the visit and free for it and its buffer, on the visit's grid.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduling import bits

#: Tier 1 (clinical.md R8a): minutes from the clock's start to the scan's start, and to the result.
TIER_1_SCAN_MINUTES = 180
TIER_1_RESULT_MINUTES = 240
#: Tier 2 (R8b): the scan on the same local day, and minutes to the result.
TIER_2_RESULT_MINUTES = 720
#: Kept before the close, and staffed by a prescriber, to start a treatment (clinical.md section 3).
TREATMENT_MINUTES = 60


@dataclass(frozen=True, slots=True)
class VisitShape:
    """A visit's lengths in minutes, the kinds of resource that it takes together, and the grid of its starts."""

    minutes: int
    buffer_minutes: int
    reading_minutes: int
    step_minutes: int
    takes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """One resource's day: when it is on duty, and when it is taken."""

    kind: str
    shift: int
    busy: int


@dataclass(frozen=True, slots=True)
class Duty:
    """When one person is on duty, on the axis of the person's own day. ``person`` joins the days of one person."""

    person: int
    origin: datetime
    shift: int

    def next_from(self, at: datetime) -> datetime | None:
        """Return the first instant from ``at`` on at which the person is on duty; None where this day has none."""
        now = bits.bit_within(self.origin, at)
        left = self.shift >> now << now if now > 0 else self.shift
        return max(at, bits.instant_of(self.origin, next(bits.positions(left)))) if left else None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The clinical clock of a rule-out: its tier, and the server's time of the first answer."""

    tier: int
    clock_started_at: datetime

    def scan_by(self, zone: str) -> datetime:
        """Return the last instant at which the scan may start: for tier 2 the end of the center's local day."""
        if self.tier == 1:
            return self.clock_started_at + timedelta(minutes=TIER_1_SCAN_MINUTES)
        local = self.clock_started_at.astimezone(ZoneInfo(zone))
        midnight = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
        return midnight.astimezone(UTC) - timedelta(seconds=1)

    @property
    def result_by(self) -> datetime:
        """Return the last instant at which the result is in time."""
        minutes = TIER_1_RESULT_MINUTES if self.tier == 1 else TIER_2_RESULT_MINUTES
        return self.clock_started_at + timedelta(minutes=minutes)

    def met_by(self, starts_at: datetime, result_at: datetime, zone: str) -> bool:
        """Whether a scan at this start, with this result, keeps both limits."""
        return starts_at <= self.scan_by(zone) and result_at <= self.result_by


def unit_starts(shape: VisitShape, shift: int, busy: int) -> int:
    """Return the starts at which one unit is on duty for the visit, and free for it and its buffer."""
    on_duty = bits.runs(shift, bits.units(shape.minutes))
    return on_duty & bits.free_runs(busy, bits.units(shape.minutes + shape.buffer_minutes)) if on_duty else 0


def free_starts(shape: VisitShape, units: Iterable[Unit]) -> int:
    """Return the starts at which one unit of every kind is free together."""
    of_kind = dict.fromkeys(shape.takes, 0)
    for unit in units:
        if unit.kind in of_kind:
            of_kind[unit.kind] |= unit_starts(shape, unit.shift, unit.busy)
    starts = bits.grid(shape.step_minutes)
    for mask in of_kind.values():
        starts &= mask
    return starts


def covered_starts(shape: VisitShape, origin: datetime, readers: Iterable[Duty], prescribers: Iterable[Duty]) -> int:
    """Return the starts after which one reader reads, and then one prescriber treats, without a gap in their duty.

    The reader from the scan's end for the reading, the prescriber from the result for the hour of treatment. All given
    are licensed where the center is; they may be remote, so that their days may have other origins.
    """
    scan, reading = bits.units(shape.minutes), bits.units(shape.reading_minutes)
    return _any_on_duty(origin, readers, scan, reading) & _any_on_duty(
        origin, prescribers, scan + reading, bits.units(TREATMENT_MINUTES)
    )


def _any_on_duty(origin: datetime, people: Iterable[Duty], after: int, length: int) -> int:
    """Return the starts ``after`` bits from which somebody is on duty for ``length`` bits."""
    by_person: dict[int, int] = {}
    for duty in people:
        shift = bits.bit_within(origin, duty.origin)
        mask = duty.shift << shift if shift >= 0 else duty.shift >> -shift
        by_person[duty.person] = by_person.get(duty.person, 0) | mask
    starts = 0
    for mask in by_person.values():
        starts |= bits.runs(mask, length) >> after
    return starts & bits.FULL


def latest_start(shape: VisitShape, staffed: int) -> int:
    """Return the starts that leave the reading and the treatment before the building's staffed close."""
    after = bits.units(shape.minutes + shape.reading_minutes + TREATMENT_MINUTES)
    return bits.span(0, staffed.bit_length() - after + 1)


def within(origin: datetime, start: datetime, end: datetime) -> int:
    """Return the bits that start in [start, end)."""
    return bits.span(bits.first_bit_from(origin, start), bits.first_bit_from(origin, end))
