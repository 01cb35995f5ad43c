"""Replaying requests for one size of the reserve, by the rules that the product itself books by.

Everybody asks at their own time and takes what is free then. A rule-out takes the start with the earliest result in
time among the centers in reach; where there is none it is lost to this network and takes nothing. A routine scan takes
a start in the half-day that it wants, at its nearest center, or else in the first half-day after it that has one.
Readers and prescribers count as on duty; nobody cancels.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduling import bits
from scheduling.reserve import AFTERNOON, HALVES, DayReserve, Policy, half_days
from scheduling.simulation.demand import Request
from scheduling.simulation.site import Day, Site
from scheduling.slots import Deadline, Unit, VisitShape, free_starts, latest_start, within

#: Notice of a routine scan, and how many days past its wish it waits at most.
NOTICE = timedelta(minutes=60)
MOST_DAYS = 30
#: How often progress is told, in requests.
TOLD_EVERY = 2000


@dataclass(frozen=True)
class Scans:
    """The shapes of the two scans."""

    rule_out: VisitShape
    routine: VisitShape


@dataclass(slots=True)
class Outcome:
    """What became of the requests of some centers. By tier: rule-outs ``asked`` for, scanned ``in_time``, and
    ``impossible``, which empty centers could not have scanned in time.

    Waits are minutes from the request to the scan's start, of tier-1 rule-outs in time; delays are days past the wish.
    """

    asked: Counter[int] = field(default_factory=Counter)
    in_time: Counter[int] = field(default_factory=Counter)
    impossible: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    routine: int = 0
    elsewhen: int = 0
    delays: list[int] = field(default_factory=list)
    unplaced: int = 0

    def add(self, other: "Outcome") -> None:
        """Count another one in."""
        self.asked += other.asked
        self.in_time += other.in_time
        self.impossible += other.impossible
        self.waits += other.waits
        self.routine += other.routine
        self.elsewhen += other.elsewhen
        self.delays += other.delays
        self.unplaced += other.unplaced


class Replay:
    """One run: the calendars of all sites, empty at first, and what became of the requests, by site."""

    def __init__(self, sites: Sequence[Site], scans: Scans, policy: Policy) -> None:
        self._sites = sites
        self._scans = scans
        self._policies = dict.fromkeys(HALVES, policy)
        self._units: dict[tuple[int, date], list[Unit]] = {}
        self._used: dict[tuple[int, date], Counter[str]] = {}
        self.outcomes = [Outcome() for _ in sites]

    def run(
        self, requests: Sequence[Request], *, since: datetime, told: Callable[[int], None] = lambda _: None
    ) -> None:
        """Replay all requests in order; those that come, or are wanted, before ``since`` only fill the calendars."""
        for number, request in enumerate(requests, 1):
            outcome = self.outcomes[request.site] if self._counts(request, since) else Outcome()
            if request.tier is not None:
                self._rule_out(request, request.tier, outcome)
            elif request.wanted is not None:
                self._routine(request, request.wanted, outcome)
            if number % TOLD_EVERY == 0:
                told(number)

    def _counts(self, request: Request, since: datetime) -> bool:
        if request.wanted is None:
            return request.at >= since
        return request.wanted[0] >= since.astimezone(ZoneInfo(self._sites[request.site].zone)).date()

    def _rule_out(self, request: Request, tier: int, outcome: Outcome) -> None:
        deadline = Deadline(tier, request.at)
        outcome.asked[tier] += 1
        if self._earliest(request, deadline, empty=True) is None:
            outcome.impossible[tier] += 1
            return
        found = self._earliest(request, deadline, empty=False)
        if found is None:
            return
        starts_at, site, on, bit = found
        outcome.in_time[tier] += 1
        if tier == 1:
            outcome.waits.append((starts_at - request.at) / timedelta(minutes=1))
        free = DayReserve(self._scans.rule_out, ())
        chosen = free.choice(self._scans.rule_out, self._day(site, on), bit)
        self._take(site, on, chosen or (), bit, self._scans.rule_out)
        half = HALVES[bit >= self._sites[site].days[on].noon]
        self._used.setdefault((site, on), Counter())[half] += 1

    def _earliest(self, request: Request, deadline: Deadline, *, empty: bool) -> tuple[datetime, int, date, int] | None:
        """Return the start in time with the earliest result, then the nearest; ``empty``: were nothing taken."""
        shape, best = self._scans.rule_out, None
        length = timedelta(minutes=shape.minutes + shape.reading_minutes)
        for way in request.ways:
            site = self._sites[way.site]
            by = min(deadline.scan_by(site.zone), deadline.result_by - length)
            there = request.at + timedelta(minutes=way.minutes)
            for on in _dates(site, there, by):
                day = site.days[on]
                mask = within(day.origin, there, by + timedelta(seconds=1))
                if deadline.tier == 1:
                    mask &= latest_start(shape, day.staffed)
                mask &= free_starts(shape, day.units if empty else self._day(way.site, on))
                bit = next(bits.positions(mask), None)
                starts_at = None if bit is None else bits.instant_of(day.origin, bit)
                if bit is not None and starts_at is not None and (best is None or starts_at < best[0]):
                    best = starts_at, way.site, on, bit
        return best

    def _routine(self, request: Request, wanted: tuple[date, str], outcome: Outcome) -> None:
        site = self._sites[request.site]
        outcome.routine += 1
        wish, wished_half = wanted
        for days in range(MOST_DAYS + 1):
            on = wish + timedelta(days=days)
            day = site.days.get(on)
            halves = HALVES if days or wished_half != AFTERNOON else (AFTERNOON,)
            for half in halves if day is not None else ():
                if day is not None and self._placed(request, site, on, day, half):
                    outcome.elsewhen += bool(days or half != wished_half)
                    outcome.delays.append(days)
                    return
        outcome.elsewhen += 1
        outcome.unplaced += 1

    def _placed(self, request: Request, site: Site, on: date, day: Day, half: str) -> bool:
        """Book a routine scan into a half-day, at a start that its reserve leaves; whether there was one."""
        shape, units = self._scans.routine, self._day(request.site, on)
        first, end = (0, day.noon) if half != AFTERNOON else (day.noon, bits.WIDTH)
        window = bits.span(max(first, bits.first_bit_from(day.origin, request.at + NOTICE)), end)
        free = list(bits.positions(free_starts(shape, units) & window))
        if not free:
            return False
        reserve = self._reserve(request, on, day)
        turn = int(request.chance * len(free))
        for bit in (*free[turn:], *free[:turn]):
            chosen = reserve.choice(shape, units, bit)
            if chosen is not None:
                self._take(request.site, on, chosen, bit, shape)
                return True
        return False

    def _reserve(self, request: Request, on: date, day: Day) -> DayReserve:
        spans = half_days(
            self._scans.rule_out,
            policies=self._policies,
            used=self._used.get((request.site, on), {}),
            origin=day.origin,
            noon=day.noon,
            staffed=day.staffed,
            now=request.at,
        )
        return DayReserve(self._scans.rule_out, spans)

    def _day(self, site: int, on: date) -> list[Unit]:
        """Return the units of a site's day as they are taken so far."""
        key = site, on
        if key not in self._units:
            self._units[key] = list(self._sites[site].days[on].units)
        return self._units[key]

    def _take(self, site: int, on: date, chosen: Sequence[int], bit: int, shape: VisitShape) -> None:
        units = self._day(site, on)
        taken = bits.span(bit, bit + bits.units(shape.minutes + shape.buffer_minutes))
        for at in chosen:
            units[at] = replace(units[at], busy=units[at].busy | taken)


def _dates(site: Site, first: datetime, last: datetime) -> list[date]:
    """Return the site's open dates that have any time between two instants: one, or two around midnight."""
    zone = ZoneInfo(site.zone)
    ends = dict.fromkeys((first.astimezone(zone).date(), last.astimezone(zone).date()))
    return [on for on in ends if on in site.days] if first <= last else []
