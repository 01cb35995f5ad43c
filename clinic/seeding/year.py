"""A year of rule-outs over a part of the network, from a fixed random seed: rows as the services would write them.

It is the past of today's network: the same people, rooms and hours. A center that has such a past is left alone.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from clinic import clock
from clinic.models import Center
from clinic.seeding import odds
from clinic.seeding.courses import course
from clinic.seeding.crew import Crew
from clinic.seeding.ledger import Ledger
from clinic.seeding.load import PAST_SPAN
from clinic.seeding.starts import RESERVED, Taken, take
from clinic.seeding.studies import Year
from clinic.seeding.texts import Texts
from clinic.seeding.visits import Scene
from scheduling import bits
from scheduling.models import Appointment, Resource, ResourceDay, ResourceKind, VisitKind, VisitType
from scheduling.services.calendar import Rota, load_rota

SEED = 1856
#: The days that are told: from so many before today to so many, where the seeded past of a few days begins.
DAYS, UNTIL = 371, PAST_SPAN + 2
#: The share of a scanner's time that goes to rule-outs.
SHARE = 0.125
_FREE = bits.encode(0)


def part_of(centers: Sequence[Center], count: int) -> list[Center]:
    """Return so many of the centers, the first one and others spread over the list."""
    every = max(1, len(centers) // count)
    return list(centers[::every][:count])


def without_year(centers: Sequence[Center]) -> list[Center]:
    """Return the centers whose past does not reach back so far."""
    before = clock.now() - timedelta(days=UNTIL + 30)
    old = set(Appointment.objects.filter(starts_at__lt=before).values_list("center_id", flat=True).distinct())
    return [center for center in centers if center.pk not in old]


def load_year(center: Center, types: dict[str, VisitType], crew: Crew) -> int:
    """Write a center's year; return how many rule-outs it has. Must run in one transaction."""
    chance = Random(f"{SEED}/year/{center.code}")  # noqa: S311 - a past to look at, no secret
    ledger, texts = Ledger(), Texts(chance)
    year = Year(Scene(ledger, chance, crew, center), texts, clock.now())
    today = clock.today(center.zone)
    dates = [today - timedelta(days=ago) for ago in range(DAYS, UNTIL, -1)]
    scanner = _scanner(center)
    rota = _as_now(load_rota(scanner, dates[0], dates[-1]), dates[0])
    days: list[ResourceDay] = []
    for on in dates:
        for taken in _drawn(chance, rota, scanner, on, types[VisitKind.DVT_SCAN]):
            days += (day for day in taken.days if day not in days[-2:])
            course(year, taken, types, odds.pace_of(center.code, on, SEED))
    ResourceDay.objects.bulk_create(days)
    ledger.write(texts.write)
    return len(ledger.episodes)


def _scanner(center: Center) -> list[Resource]:
    """The center's first room and first sonographer."""
    on_site = Resource.objects.filter(center=center, remote=False, active=True).order_by("id")
    found = (on_site.filter(kind=kind).first() for kind in (ResourceKind.ROOM, ResourceKind.SONOGRAPHER))
    return [resource for resource in found if resource is not None]


def _as_now(rota: Rota, since: date) -> Rota:
    """Let the weekly shifts of today hold since then."""
    for patterns in rota.patterns.values():
        for pattern in patterns:
            pattern.valid_from = min(pattern.valid_from, since)
    return rota


def _drawn(chance: Random, rota: Rota, scanner: Sequence[Resource], on: date, scan: VisitType) -> Iterator[Taken]:
    rows = [row for resource in scanner if (row := rota.row(resource, on)) is not None]
    if len(rows) < len(scanner) or not rows:
        return
    days = tuple(
        ResourceDay(
            resource_id=row[0], center_id=row[1], kind=row[2], on=row[3], origin=row[4], shift=row[5], busy=_FREE
        )
        for row in rows
    )
    yield from take(chance, [scan], days, share=SHARE * odds.busy(on), reserved=RESERVED)
