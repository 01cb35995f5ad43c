"""A resource's day as bits, from its weekly shifts, its exceptions, and the center's hours.

Pure. Hours are local; bits are elapsed five-minute units, so both clock changes come out right: a shift from midnight
to noon is 11 hours long in March's change and 13 in November's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduling import bits

DAY = timedelta(days=1)
NOON = time(12)
#: Minutes of a day on the clock.
A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Hours:
    """A span of local time at a center. ``ends`` at or before ``starts`` runs past midnight."""

    center_id: int
    starts: time
    ends: time

    @property
    def overnight(self) -> bool:
        """Whether it runs into the next day."""
        return self.ends <= self.starts


@lru_cache(maxsize=20_000)
def origin(zone: str, on: date) -> datetime:
    """Return the instant of local midnight, in UTC."""
    return datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=20_000)
def length(zone: str, on: date) -> int:
    """Return how many bits the local day has: 276, 288 or 300."""
    return bits.bit_within(origin(zone, on), origin(zone, on + DAY))


def noon(zone: str, on: date) -> int:
    """Return the bit of local noon: the 144th but on the days on which the clocks change."""
    return _bit(zone, on, NOON, False)


@lru_cache(maxsize=20_000)
def _bit(zone: str, on: date, at: time, ending: bool) -> int:
    # An hour that comes twice counts whole: a shift starts with its first and ends with its second.
    clocks = ZoneInfo(zone)
    instant = datetime.combine(on, at.replace(fold=int(ending)), clocks).astimezone(UTC)
    if instant.astimezone(clocks).time() != at:
        instant = _leap(clocks, on, at)
    find = bits.bit_within if ending else bits.first_bit_from
    return find(origin(zone, on), instant)


def _leap(clocks: ZoneInfo, on: date, at: time) -> datetime:
    """Return when the clocks leap over ``at``: what would start or end in the hour that is missing does so then."""
    instant, step = datetime.combine(on, at, clocks).astimezone(UTC), timedelta(minutes=bits.UNIT)
    while (instant - step).astimezone(clocks).time() >= at:
        instant -= step
    return instant


def own_mask(zone: str, on: date, hours: Hours) -> int:
    """Return the bits of ``on`` that hours starting that day cover, to midnight where they run past it."""
    end = length(zone, on) if hours.overnight else _bit(zone, on, hours.ends, True)
    return bits.span(_bit(zone, on, hours.starts, False), end)


def spill_mask(zone: str, on: date, hours: Hours) -> int:
    """Return the bits of ``on`` that hours which started the day before still cover."""
    return bits.span(0, _bit(zone, on, hours.ends, True)) if hours.overnight else 0


def day_of(zones: dict[int, str], on: date, today: list[Hours], yesterday: list[Hours]) -> tuple[int, int] | None:
    """Return (center, mask) of one resource on one local date, or None where it is off.

    A resource is at one center a day: the one where its first shift of the day starts, or else where last night's shift
    runs on. Shifts at any other center are left out that day.
    """
    spilling = [hours for hours in yesterday if hours.overnight]
    starting = sorted(today, key=lambda hours: hours.starts)
    if not starting and not spilling:
        return None
    center_id = (starting or spilling)[0].center_id
    zone = zones[center_id]
    mask = 0
    for hours in starting:
        if hours.center_id == center_id:
            mask |= own_mask(zone, on, hours)
    for hours in spilling:
        if hours.center_id == center_id:
            mask |= spill_mask(zone, on, hours)
    return (center_id, mask) if mask else None


def without(spans: Iterable[tuple[time, time]], starts: time, ends: time) -> list[tuple[time, time]]:
    """Return weekly spans with a break taken out of each. A span past midnight may have its break after midnight."""
    left = [(_minute(first), _minute(last) + (A_DAY if last <= first else 0)) for first, last in spans]
    for shift in (0, A_DAY):
        gap = _minute(starts) + shift, _minute(ends) + shift
        left = [
            part
            for first, last in left
            for part in ((first, min(last, gap[0])), (max(first, gap[1]), last))
            if part[0] < part[1]
        ]
    return [(_time(first), _time(last)) for first, last in left]


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
