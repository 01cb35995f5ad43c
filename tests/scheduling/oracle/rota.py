"""Who is on duty where, as the clock on the wall shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of local time at a center; ``ends`` at or before ``starts`` is on the morning after."""

    center: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Weekly:
    """Hours of every week between two dates."""

    weekday: int
    hours: Hours
    first: date
    last: date | None

    def counts(self, on: date) -> bool:
        """Whether these hours begin on a date."""
        return self.weekday == on.weekday() and self.first <= on and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True)
class Visit:
    """A kind of visit: its lengths in minutes, the grid of its starts, what it takes, and whether hours count."""

    code: str
    minutes: int
    buffer: int
    reading: int
    step: int
    takes: tuple[str, ...]
    rule_out: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """The rule-outs that a center keeps room for in a half-day, and how it lets go: from so many minutes before the
    half-day's start on (below zero: after it), so many percent."""

    scans: int
    steps: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class House:
    """A center: where it is, what it can do, what it keeps, and when its doors are open."""

    id: int
    code: str
    zone: str
    state: str
    point: tuple[float, float]
    arm_scans: bool
    iliac_doppler: bool
    weekly: tuple[Weekly, ...]
    closed: frozenset[date]
    shut: Mapping[date, tuple[Hours, ...]]
    keeps: Mapping[str, Kept]

    def hours(self, on: date) -> Hours | None:
        """Its weekly hours on a date."""
        return next((each.hours for each in self.weekly if each.counts(on)), None)

    def opening(self, on: date) -> Hours | None:
        """Its hours on a date, or None where it stays closed all day."""
        return None if on in self.closed else self.hours(on)

    def open(self, on: date) -> frozenset[int]:
        """The minutes of a date at which its doors are open."""
        opening = self.opening(on)
        minutes = shown(self.zone, on, opening.starts, opening.ends) if opening else NOBODY
        for part in self.shut.get(on, ()):
            minutes -= shown(self.zone, on, part.starts, part.ends)
        return minutes


@dataclass(frozen=True, slots=True)
class Unit:
    """A room or a person. An exception to the weekly hours is hours, or None for a day off."""

    id: int
    kind: str
    home: int
    remote: bool
    weekly: tuple[Weekly, ...]
    exceptions: Mapping[date, Hours | None]
    licenses: Mapping[str, date]
    absent: tuple[tuple[int, int], ...] = ()
    retired: date | None = None


@dataclass
class Network:
    """All centers and units as they are now, and what a rule-out is. A changed rota is another network."""

    houses: Mapping[int, House]
    units: Mapping[int, Unit]
    rule_out: Visit
    _duty: dict[tuple[int, date], tuple[int, frozenset[int]] | None] = field(default_factory=dict)
    _site: dict[tuple[int, str, date], list[tuple[Unit, frozenset[int]]]] = field(default_factory=dict)
    _cover: dict[tuple[int, str, date], list[frozenset[int]]] = field(default_factory=dict)

    def duty(self, unit: Unit, on: date) -> tuple[int, frozenset[int]] | None:
        """Where a unit is on a local date, and every minute of that date at which it is on duty there."""
        key = unit.id, on
        if key not in self._duty:
            self._duty[key] = self._day(unit, on)
        return self._duty[key]

    def at(self, house: House, unit: Unit, on: date) -> frozenset[int]:
        """The minutes of a date at which a unit is on duty at a center."""
        found = self.duty(unit, on)
        return found[1] if found and found[0] == house.id else NOBODY

    def on_site(self, house: House, kind: str, on: date) -> list[tuple[Unit, frozenset[int]]]:
        """The units of a kind that are on duty at a center on a date, in the order of their ids."""
        key = house.id, kind, on
        if key not in self._site:
            found = [(unit, self.at(house, unit, on)) for unit in self.units.values() if unit.kind == kind]
            self._site[key] = [(unit, minutes) for unit, minutes in found if minutes and not unit.remote]
        return self._site[key]

    def cover(self, house: House, kind: str, on: date) -> list[frozenset[int]]:
        """The minutes around a date at which each person of a kind who counts for a center is on duty.

        On site or remote, and licensed in the center's state, whose last day ends at the center's midnight.
        """
        key = house.id, kind, on
        if key not in self._cover:
            people = [unit for unit in self.units.values() if unit.kind == kind]
            self._cover[key] = [self._licensed(house, unit, on) for unit in people]
        return self._cover[key]

    def _licensed(self, house: House, unit: Unit, around: date) -> frozenset[int]:
        minutes: frozenset[int] = NOBODY
        for on in (around - DAY, around, around + DAY):
            found = self.duty(unit, on)
            if not found or house.state not in unit.licenses or not (unit.remote or found[0] == house.id):
                continue
            over = minute_of(datetime.combine(unit.licenses[house.state] + DAY, time(), ZoneInfo(house.zone)))
            minutes |= frozenset(minute for minute in found[1] if minute < over)
        return minutes

    def _day(self, unit: Unit, on: date) -> tuple[int, frozenset[int]] | None:
        if unit.retired is not None and unit.retired <= on:
            return None
        today = sorted(self._hours(unit, on), key=lambda hours: hours.starts)
        nights = [hours for hours in self._hours(unit, on - DAY) if hours.ends <= hours.starts]
        if not today and not nights:
            return None
        center = (today or nights)[0].center
        zone = self.houses[center].zone
        minutes: frozenset[int] = NOBODY
        for hours in today:
            if hours.center == center:
                minutes |= shown(zone, on, hours.starts, hours.ends if hours.ends > hours.starts else None)
        for hours in nights:
            if hours.center == center:
                minutes |= shown(zone, on, None, hours.ends)
        if not unit.remote:
            minutes &= self.houses[center].open(on)
        for since, until in unit.absent:
            minutes -= frozenset(range(since, until))
        return (center, minutes) if minutes else None

    def _hours(self, unit: Unit, on: date) -> list[Hours]:
        if on in unit.exceptions:
            exception = unit.exceptions[on]
            return [exception] if exception else []
        if unit.kind in ("room", "overflow"):
            opening = self.houses[unit.home].hours(on)
            return [opening] if opening else []
        return [each.hours for each in unit.weekly if each.counts(on)]


def minute_of(at: datetime) -> int:
    """The minute in which an instant lies."""
    return int((at - EPOCH) // MINUTE)


def instant(minute: int) -> datetime:
    """When a minute begins."""
    return EPOCH + minute * MINUTE


@lru_cache(maxsize=4096)
def day(zone: str, on: date) -> tuple[tuple[int, time], ...]:
    """Every minute of a local date, 23 to 25 hours of them, with what the clock on the wall shows then."""
    found = []
    at = datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC)
    while (wall := at.astimezone(ZoneInfo(zone))).date() == on:
        found.append((minute_of(at), wall.time()))
        at += MINUTE
    return tuple(found)


@lru_cache(maxsize=4096)
def shown(zone: str, on: date, starts: time | None, ends: time | None) -> frozenset[int]:
    """The minutes of a date from the first that shows ``starts`` or later, to the last that shows less than ``ends``.

    Without a gap: who works through the hour that comes twice works through both.
    """
    minutes = day(zone, on)
    since = next((at for at, (_, wall) in enumerate(minutes) if starts is None or wall >= starts), len(minutes))
    until = max((at + 1 for at, (_, wall) in enumerate(minutes) if ends is None or wall < ends), default=0)
    return frozenset(minute for minute, _ in minutes[since:until])


def date_of(minute: int, zone: str) -> date:
    """The date that a zone's calendar shows."""
    return instant(minute).astimezone(ZoneInfo(zone)).date()
