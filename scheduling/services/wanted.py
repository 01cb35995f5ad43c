"""A time that somebody asks for, checked against everything that needs no lock."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from clinic import clock
from clinic.models import Center, Closure, OpeningHours
from scheduling import bits, calendar
from scheduling.errors import (
    CapabilityMissing,
    CenterClosed,
    LanguageNotSpoken,
    NoSuchCenter,
    OffTheGrid,
    OutsideShift,
    RoomDoesNotFit,
    SlotInThePast,
    TooFarAhead,
)
from scheduling.models import Resource, VisitType
from scheduling.needs import NO_NEEDS, Needs
from scheduling.selectors.fitting import centers_with_room, centers_with_speakers
from scheduling.selectors.search import local_date
from scheduling.services.calendar import HORIZON_DAYS
from scheduling.slots import VisitShape
from scheduling.visit_types import shape_of


@dataclass(frozen=True)
class SlotChoice:
    """A slot as a caller names it."""

    visit_type: VisitType
    center: Center
    starts_at: datetime
    needs: Needs = NO_NEEDS


@dataclass(frozen=True)
class Wanted:
    """A checked time: the local date and bit of its start, and its ends without and with the buffer."""

    visit_type: VisitType
    shape: VisitShape
    center: Center
    starts_at: datetime
    ends_at: datetime
    free_at: datetime
    on: date
    bit: int
    needs: Needs = NO_NEEDS
    #: The person who is to do it, where that is settled: their resource.
    by: int | None = None


def want(choice: SlotChoice) -> Wanted:
    """Check a time. Raises `SlotInThePast`, `OffTheGrid`, `TooFarAhead`, `NoSuchCenter` or `CapabilityMissing`."""
    center, shape, starts_at = choice.center, shape_of(choice.visit_type), choice.starts_at
    if not center.active:
        raise NoSuchCenter
    if starts_at <= clock.now():
        raise SlotInThePast(fields={"starts_at": "This time has passed."})
    on = local_date(starts_at, center.zone)
    if on > clock.today(center.zone) + timedelta(days=HORIZON_DAYS):
        raise TooFarAhead(fields={"starts_at": f"The calendar is open {HORIZON_DAYS} days ahead."})
    origin = calendar.origin(center.zone, on)
    bit = bits.bit_within(origin, starts_at)
    if bits.instant_of(origin, bit) != starts_at or not bits.grid(shape.step_minutes) >> bit & 1:
        raise OffTheGrid(fields={"starts_at": f"It starts every {shape.step_minutes} minutes of the local hour."})
    if not choice.needs.met_by(center):
        raise CapabilityMissing
    if choice.needs.of_room and not centers_with_room([center.pk], choice.needs):
        raise RoomDoesNotFit
    if choice.needs.language and not centers_with_speakers([center.pk], choice.needs, shape.takes):
        raise LanguageNotSpoken(fields={"language": "Nobody at this center speaks it. Choose another center, or none."})
    ends_at = starts_at + timedelta(minutes=shape.minutes)
    return Wanted(
        visit_type=choice.visit_type,
        shape=shape,
        center=center,
        starts_at=starts_at,
        ends_at=ends_at,
        free_at=ends_at + timedelta(minutes=shape.buffer_minutes),
        on=on,
        bit=bit,
        needs=choice.needs,
    )


def why_nobody(wanted: Wanted) -> CapabilityMissing | CenterClosed | OutsideShift:
    """Return why no unit of some kind is on duty then."""
    center = wanted.center
    here = Resource.objects.filter(active=True, remote=False)
    here = here.filter(Q(retired_from=None) | Q(retired_from__gt=wanted.on)).order_by()
    # Who belongs elsewhere but comes on some day counts as well.
    own, visiting = here.filter(center=center), here.filter(days__center=center)
    have = {kind for found in (own, visiting) for kind in found.values_list("kind", flat=True).distinct()}
    if not set(wanted.shape.takes) <= have:
        return CapabilityMissing()
    hours = OpeningHours.objects.on(wanted.on).filter(center=center, weekday=wanted.on.weekday())
    local = wanted.starts_at.astimezone(ZoneInfo(center.zone)).time()
    part = Q(starts__lte=local, ends__gt=local)
    closed = Closure.objects.filter(Q(starts=None) | part, center=center, on=wanted.on)
    if not hours.exists() or closed.exists():
        return CenterClosed()
    return OutsideShift()
