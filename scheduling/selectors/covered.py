"""Whether a scan at one time and place is read and treated as a tier-1 clock asks: for who takes another's time."""

from datetime import datetime

from clinic import clock
from clinic.models import Center
from scheduling import bits, calendar
from scheduling.models import ResourceKind
from scheduling.selectors.days import center_days, cover
from scheduling.selectors.search import local_date
from scheduling.slots import VisitShape, covered_starts, latest_start


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
    starts = latest_start(shape, staffed) & covered_starts(
        shape,
        origin,
        people.of(ResourceKind.PHYSICIAN, center.pk, center.state, center.zone),
        people.of(ResourceKind.CLINICIAN, center.pk, center.state, center.zone),
    )
    return bool(starts >> bits.bit_within(origin, starts_at) & 1)
