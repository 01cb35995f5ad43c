"""Requests for scans: made up by chance from a seed, or completed where a history leaves something open."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from scheduling import bits
from scheduling.reserve import AFTERNOON, MORNING
from scheduling.simulation.site import Day, Reach, Site, Way, capacity
from scheduling.slots import VisitShape

RULE_OUT, ROUTINE = "rule_out", "routine"
#: Of the rule-outs made up, so many are tier 1.
TIER_1_SHARE = 0.7
#: A routine scan is asked for so many days before the half-day that it is wanted in.
LEAD_DAYS = 14
#: The busiest hour of calls lies so long after the opening; calls begin an hour before it.
BUSIEST = timedelta(hours=2)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for a scan. ``ways`` lead to the centers in reach, nearest first.

    A rule-out has a ``tier``; a routine scan the date and half-day in which it is ``wanted``, at its nearest center.
    ``chance``, from 0 to 1, is what the person goes by among times that are as good.
    """

    at: datetime
    ways: tuple[Way, ...]
    tier: int | None
    wanted: tuple[date, str] | None
    chance: float

    @property
    def site(self) -> int:
        """The nearest center."""
        return self.ways[0].site


@dataclass(frozen=True)
class Appetite:
    """How much is asked for, on average: rule-outs for each scanner and day, and routine scans as a share of what could
    be scanned if there were nothing else."""

    rule_outs: float = 2.0
    load: float = 0.75


def made_up(
    sites: Sequence[Site], dates: Sequence[date], *, appetite: Appetite, scan: VisitShape, seed: int
) -> list[Request]:
    """Return requests for these dates, by their time; each center draws by its own chance."""
    reach = Reach(sites)
    found: list[Request] = []
    for at, site in enumerate(sites):
        chance = Random(f"{seed}/{site.code}")  # noqa: S311 - a made-up history, no secret
        ways = tuple(sorted(reach.of(site.point), key=lambda way: (way.site != at, way.miles)))
        for on in dates:
            day = site.days.get(on)
            if day is not None and day.staffed:
                found += _rule_outs(chance, day, ways, site.scanners * appetite.rule_outs)
                found += _routine(chance, site, on, day, ways, appetite.load, scan)
    return sorted(found, key=lambda request: (request.at, request.site, request.chance))


def _rule_outs(chance: Random, day: Day, ways: tuple[Way, ...], mean: float) -> Iterator[Request]:
    opens = bits.instant_of(day.origin, next(bits.positions(day.staffed)))
    closes = bits.instant_of(day.origin, day.staffed.bit_length())
    for _ in range(_poisson(chance, mean)):
        busiest = min(opens + BUSIEST, closes)
        seconds = chance.triangular((opens - HOUR).timestamp(), closes.timestamp(), busiest.timestamp())
        at = datetime.fromtimestamp(int(seconds), opens.tzinfo)
        yield Request(at, ways, 1 if chance.random() < TIER_1_SHARE else 2, None, chance.random())


def _routine(
    chance: Random, site: Site, on: date, day: Day, ways: tuple[Way, ...], load: float, scan: VisitShape
) -> Iterator[Request]:
    for half, first, end in ((MORNING, 0, day.noon), (AFTERNOON, day.noon, bits.WIDTH)):
        for _ in range(_poisson(chance, load * capacity(scan, day, first, end))):
            yield Request(_asked(chance, site, on), ways[:1], None, (on, half), chance.random())


def _asked(chance: Random, site: Site, wanted: date) -> datetime:
    """Return when somebody called who wants a day: from the morning of it to two weeks before, in office hours."""
    local = datetime.combine(wanted, datetime.min.time(), ZoneInfo(site.zone))
    ahead = chance.randint(0, LEAD_DAYS)
    minutes = chance.randint(7 * 60, 17 * 60) if ahead else chance.randint(6 * 60, 8 * 60)
    called = (local - timedelta(days=ahead)).replace(hour=minutes // 60, minute=minutes % 60)
    return called.astimezone(ZoneInfo("UTC"))


def wish(site: Site, at: datetime, *, seed: int, line: int) -> tuple[tuple[date, str] | None, float]:
    """Return the half-day that a routine request of a history wants which does not say, and its chance.

    An open day of the two weeks after it, by the seed; None where there is none.
    """
    chance = Random(f"{seed}/line {line}")  # noqa: S311 - a made-up wish, no secret
    first = at.astimezone(ZoneInfo(site.zone)).date()
    days = [first + timedelta(days=ahead) for ahead in range(1, LEAD_DAYS + 1)]
    halves = [(on, half) for on in days if on in site.days for half in open_halves(site.days[on])]
    return (chance.choice(halves) if halves else None), chance.random()


def open_halves(day: Day) -> list[str]:
    """Return the half-days in which a center is staffed."""
    masks = ((MORNING, bits.span(0, day.noon)), (AFTERNOON, bits.span(day.noon, bits.WIDTH)))
    return [half for half, mask in masks if day.staffed & mask]


def _poisson(chance: Random, mean: float) -> int:
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
