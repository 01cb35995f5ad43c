"""A realistic load of visits from a fixed random seed: rows as the services would write them, but for texts.

Scans of the coming days are repeat scans, since a rule-out is booked on its own day; rule-outs and consultations that
are over make the past. Each center draws by its own chance, so that a part of the network is the same as in the whole.
A center at which anything was ever booked is left alone.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from clinic import clock
from clinic.models import Center
from clinic.seeding.crew import Crew
from clinic.seeding.history import consultation
from clinic.seeding.ledger import Ledger
from clinic.seeding.rule_outs import rule_out
from clinic.seeding.starts import RESERVED, Taken, take
from clinic.seeding.visits import Scene, book_ahead
from scheduling import bits
from scheduling.models import Appointment, Resource, ResourceDay, ResourceKind, VisitKind, VisitType
from scheduling.services.calendar import load_rota

SEED = 1856
#: Days that the load reaches ahead, and the share that it takes, today and on the last of them, of the time at which
#: all are on duty and nothing is reserved: about 40% of what could be scanned today, and 65% of a clinician's hours.
DAYS = 14
SCANS, VISITS = (0.62, 0.15), (0.75, 0.20)
#: Days of the past at each center, drawn from so many before today, and the share of their time that is told.
PAST_DAYS, PAST_SPAN, PAST_SHARE = 2, 12, 0.12
#: No visit starts sooner than this; what is over ended, with its report signed and sent, so long ago.
NOTICE, OVER = timedelta(minutes=30), timedelta(minutes=120)
_FREE = bits.encode(0)
_ON_SITE = (ResourceKind.ROOM, ResourceKind.SONOGRAPHER, ResourceKind.CLINICIAN)

Types = dict[str, VisitType]
Share = tuple[float, float]


def without_visits(centers: Sequence[Center]) -> list[Center]:
    """Return the centers at which nothing was ever booked."""
    busy = set(Appointment.objects.values_list("center_id", flat=True).distinct())
    return [center for center in centers if center.pk not in busy]


def load_visits(centers: Sequence[Center], types: Types, crew: Crew, *, days: int = DAYS) -> int:
    """Write past and coming visits of these centers; return how many. Must run in one transaction."""
    ledger = Ledger()
    past = {center.pk: _past_dates(center) for center in centers}
    _open_past(centers, past)
    by_date = _resource_days(centers, days)
    for center in centers:
        scene = Scene(ledger, Random(f"{SEED}/{center.code}"), crew, center)  # noqa: S311 - a load to look at, no secret
        today = clock.today(center.zone)
        for on in [*past[center.pk], today]:
            _tell_past(scene, types, by_date[center.pk, on])
        for ahead in range(days):
            _book_day(scene, types, by_date[center.pk, today + timedelta(days=ahead)], ahead)
    ledger.write()
    return len(ledger.appointments)


def _tell_past(scene: Scene, types: Types, days: Sequence[ResourceDay]) -> None:
    now = clock.now()
    for taken in _draw(scene, days, [types[VisitKind.DVT_SCAN]], [types[VisitKind.CONSULT]], PAST_SHARE, PAST_SHARE):
        if taken.starts_at + OVER < now:
            tell = consultation if taken.visit_type.kind == VisitKind.CONSULT else rule_out
            tell(scene, taken, now)


def _book_day(scene: Scene, types: Types, days: Sequence[ResourceDay], ahead: int) -> None:
    now = clock.now()
    scans, visits = (_thinning(share, ahead) for share in (SCANS, VISITS))
    scan = types[VisitKind.REPEAT_SCAN]
    # Two consultations to each follow-up visit.
    talks = [types[VisitKind.CONSULT], types[VisitKind.CONSULT], types[VisitKind.FOLLOW_UP_VISIT]]
    for taken in _draw(scene, days, [scan], talks, scans, visits):
        if taken.starts_at > now + NOTICE:
            book_ahead(scene, taken, now)


def _draw(
    scene: Scene,
    days: Sequence[ResourceDay],
    scans: Sequence[VisitType],
    talks: Sequence[VisitType],
    scan_share: float,
    talk_share: float,
) -> Iterator[Taken]:
    """Draw one day's visits: scans on rooms and sonographers in pairs, talks on clinicians."""
    of_kind: dict[str, list[ResourceDay]] = defaultdict(list)
    for day in days:
        of_kind[day.kind].append(day)
    pairs = zip(of_kind[ResourceKind.ROOM], of_kind[ResourceKind.SONOGRAPHER], strict=False)
    for number, pair in enumerate(pairs):
        reserved = 0 if number else RESERVED
        yield from take(scene.chance, scans, pair, share=scan_share, reserved=reserved)
    for clinician in of_kind[ResourceKind.CLINICIAN]:
        yield from take(scene.chance, talks, (clinician,), share=talk_share)


def _thinning(share: Share, ahead: int) -> float:
    first, last = share
    return first + (last - first) * min(ahead / (DAYS - 1), 1)


def _past_dates(center: Center) -> list[date]:
    chance = Random(f"{SEED}/past/{center.code}")  # noqa: S311 - a load to look at, no secret
    today = clock.today(center.zone)
    return [today - timedelta(days=ago) for ago in sorted(chance.sample(range(1, PAST_SPAN + 1), PAST_DAYS))]


def _open_past(centers: Sequence[Center], past: dict[int, list[date]]) -> None:
    """Write the resource-days of the past dates that are told: the calendar itself begins yesterday."""
    resources = list(
        Resource.objects.filter(center__in=centers, kind__in=_ON_SITE, remote=False, active=True).order_by("id")
    )
    dates = [on for each in past.values() for on in each]
    rota = load_rota(resources, min(dates), max(dates))
    rows = (rota.row(resource, on) for resource in resources for on in past[resource.center_id])
    ResourceDay.objects.bulk_create(
        [
            ResourceDay(
                resource_id=row[0], center_id=row[1], kind=row[2], on=row[3], origin=row[4], shift=row[5], busy=_FREE
            )
            for row in rows
            if row is not None
        ],
        ignore_conflicts=True,
    )


def _resource_days(centers: Sequence[Center], days: int) -> dict[tuple[int, date], list[ResourceDay]]:
    today = clock.now().date()
    span = (today - timedelta(days=PAST_SPAN + 1), today + timedelta(days=days + 1))
    found: dict[tuple[int, date], list[ResourceDay]] = defaultdict(list)
    on_site = ResourceDay.objects.filter(center__in=centers, on__range=span, kind__in=_ON_SITE, resource__remote=False)
    for day in on_site.order_by("resource_id", "on"):
        found[day.center_id, day.on].append(day)
    return found
