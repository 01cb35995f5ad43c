"""Whether a scan at one time and place is read and treated as a tier-1 clock asks: for who takes another's time."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from clinic import clock
from clinic.models import Center
from scheduling import bits, calendar
from scheduling.models import Appointment, AppointmentStatus, ResourceKind, VisitKind
from scheduling.selectors.days import Cover, center_days, cover
from scheduling.selectors.search import local_date
from scheduling.slots import VisitShape, covered_starts, latest_start
from scheduling.states import MOVABLE
from scheduling.visit_types import shape_of

#: Whose presence after a scan a tier-1 clock asks for.
COVER = (ResourceKind.PHYSICIAN, ResourceKind.CLINICIAN)
#: Whose scan can still be done somewhere or at some time else.
_AHEAD = (*MOVABLE, AppointmentStatus.ARRIVED)


def is_covered(shape: VisitShape, center: Center, starts_at: datetime) -> bool:
    """Whether a licensed reader and prescriber are on duty after a scan that starts then, before the building closes.

    Who scans, and whether anything is free, is another question.
    """
    on = local_date(starts_at, center.zone)
    origin = calendar.origin(center.zone, on)
    span = (origin, calendar.origin(center.zone, on + calendar.DAY))
    rooms = center_days([center.pk], first=on, last=on, span=span, kinds=[ResourceKind.ROOM], now=clock.now())
    staffed = 0
    for day in rooms.get(center.pk, ()):
        for room in day.units:
            staffed |= room.shift
    people = cover([center.pk], first=on, last=on)
    starts = latest_start(shape, staffed) & _starts(shape, center, origin, people)
    return bool(starts >> bits.bit_within(origin, starts_at) & 1)


def read_at_once_between(first: date, last: date) -> list[Appointment]:
    """Return the tier-1 scans ahead on these dates after which a reader and a prescriber are on duty as it is now."""
    # A day's margin on both sides: the local dates of centers, and of who serves them from afar, differ.
    start = datetime.combine(first, time(), UTC)
    ahead = Appointment.objects.filter(
        visit_type__kind=VisitKind.DVT_SCAN,
        episode__tier=1,
        status__in=_AHEAD,
        starts_at__gt=max(clock.now(), start - calendar.DAY),
        starts_at__lt=datetime.combine(last, time(), UTC) + 2 * calendar.DAY,
    ).select_related("center", "visit_type", "patient", "episode")
    visits = list(ahead.order_by("id"))
    left = {visit.pk for visit in not_read_at_once(visits)}
    return [visit for visit in visits if visit.pk not in left]


def not_read_at_once(visits: Sequence[Appointment]) -> list[Appointment]:
    """Return the tier-1 scans of these after which nobody is on duty who may read, or treat. One query for all."""
    urgent = [visit for visit in visits if _is_read_at_once(visit)]
    if not urgent:
        return []
    dates = [local_date(visit.starts_at, visit.center.zone) for visit in urgent]
    people = cover(sorted({visit.center_id for visit in urgent}), first=min(dates), last=max(dates))
    return [visit for visit, on in zip(urgent, dates, strict=True) if not _is_read(visit, on, people)]


def _is_read_at_once(visit: Appointment) -> bool:
    episode = visit.episode
    return visit.visit_type.kind == VisitKind.DVT_SCAN and episode is not None and episode.tier == 1


def _is_read(visit: Appointment, on: date, people: Cover) -> bool:
    origin = calendar.origin(visit.center.zone, on)
    starts = _starts(shape_of(visit.visit_type), visit.center, origin, people)
    return bool(starts >> bits.bit_within(origin, visit.starts_at) & 1)


def _starts(shape: VisitShape, center: Center, origin: datetime, people: Cover) -> int:
    readers, prescribers = (people.of(kind, center.pk, center.state, center.zone) for kind in COVER)
    return covered_starts(shape, origin, readers, prescribers)
