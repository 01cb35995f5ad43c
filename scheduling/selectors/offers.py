"""What each center offers, day after day, or why it offers nothing.

Nothing is read before somebody asks for it. Most answers lie in the first days of the nearest centers, so that those
are read first, for many centers at once; the days after them, and what lies further away, for centers that have to say
why they offer nothing, and for a list that comes to them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain, islice
from zoneinfo import ZoneInfo

from scheduling import bits, calendar
from scheduling.models import ResourceKind
from scheduling.needs import NO_NEEDS, Needs
from scheduling.selectors.centers import CenterCard
from scheduling.selectors.days import CenterDay, Cover, center_days, cover
from scheduling.selectors.open_days import OpenDays, open_days
from scheduling.selectors.reserves import Reserves, reserves
from scheduling.slots import Deadline, Unit, VisitShape, covered_starts, free_starts, latest_start, within
from scheduling.visit_types import kinds_looked_at

#: Of so many centers, the nearest, it is told why they offer nothing.
MOST_TOLD = 150
#: The days of so many centers are read by one query.
AT_ONCE = 250
#: Up to when the days are read that are read first, counted from the start of the span, and those after them: a long
#: weekend and a working day, and of a network so large that it has enough to offer any day, a day after the other.
STRETCHES, STRETCHES_OF_MANY = (timedelta(days=3),), (timedelta(0), timedelta(days=1), timedelta(days=4))
DAY = timedelta(days=1)
#: How far local time is behind UTC, and ahead of it, at most.
_WESTERNMOST, _EASTERNMOST = timedelta(hours=12), timedelta(hours=14)

# How far a center's best day came, from nothing to an offer: the furthest names why it offers nothing.
CLOSED, UNSTAFFED, TOO_LATE, FULL, NO_COVER, RESERVED, OFFERED = range(7)
_REASONS = {
    CLOSED: "closed",
    TOO_LATE: "too_late",
    FULL: "full",
    NO_COVER: "no_reader_or_prescriber",
    RESERVED: "reserved",
}

OfferedDay = tuple[CenterDay, Iterator[int]]
"""A day, and the starts that it offers, lowest first, found as they are asked for."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every center."""

    shape: VisitShape
    from_: datetime
    until: datetime
    leaving_at: datetime
    notice: int
    deadline: Deadline | None
    keeps_out_of_reserve: bool = False
    needs: Needs = NO_NEEDS

    @property
    def read_at_once(self) -> bool:
        """Whether it is a scan under a tier-1 clock, which a reader and a prescriber on duty must follow."""
        return self.deadline is not None and self.deadline.tier == 1 and ResourceKind.ROOM in self.shape.takes

    @property
    def dates(self) -> tuple[date, date]:
        """The first and the last date that the calendars of any zone show in the span."""
        return (self.from_ - _WESTERNMOST).date(), (self.until + _EASTERNMOST).date()

    def dates_in(self, zone: str) -> tuple[date, date]:
        """The first and the last date on which a zone's clocks show any time of the span."""
        clocks = ZoneInfo(zone)
        return self.from_.astimezone(clocks).date(), (self.until - timedelta(microseconds=1)).astimezone(clocks).date()


def offers(question: Question, cards: Sequence[CenterCard]) -> "list[CenterOffers]":
    """Ask every center, in the order given: one query for the first days of the first of them, one more for each
    stretch of days after those where some offer nothing sooner, and one for the reserves that bind a routine scan.

    The first `MOST_TOLD` know their reason where they offer nothing; where some of them have nobody on duty at all, two
    more queries tell whether that is because they are closed.
    """
    first, last = question.dates
    ids = [card.id for card in cards]
    people = cover(ids, first=first, last=last) if question.read_at_once else None
    kept = _reserves(question, ids) if question.keeps_out_of_reserve else None
    readings = _readings(question, cards)
    asked = [CenterOffers(question, card, readings, people, kept) for card in cards]
    told = asked[:MOST_TOLD]
    silent = told
    if readings:
        readings[0].read_next()
    for number, reading in enumerate(readings):
        reading.read([each.card.id for each in silent])
        silent = [each for each in silent if each.stretches[number].first is None]
    unstaffed = [each for each in told if each.unstaffed]
    if unstaffed:
        opened = open_days([each.card.id for each in unstaffed], first=first, last=last)
        for each in unstaffed:
            each.tell_closed(opened)
    return asked


def _reserves(question: Question, center_ids: Sequence[int]) -> Reserves:
    return reserves(center_ids, from_=question.from_, until=question.until, now=question.leaving_at)


def _readings(question: Question, cards: Sequence[CenterCard]) -> "list[_Reading]":
    """Return the stretches of days, one after the other, that are read together."""
    dates = [question.dates_in(zone) for zone in {card.zone for card in cards}]
    if not dates:
        return []
    first, last = min(day for day, _ in dates), max(day for _, day in dates)
    ahead = STRETCHES if len(cards) <= AT_ONCE else STRETCHES_OF_MANY
    ends = sorted({min(max((question.from_ + each).date(), first), last) for each in ahead} | {last})
    firsts = [first, *(end + DAY for end in ends)]
    ids = [card.id for card in cards]
    return [_Reading(question, ids, start, end) for start, end in zip(firsts, ends, strict=False)]


class _Reading:
    """The days of the centers from one date to another, read as they are asked for."""

    def __init__(self, question: Question, center_ids: Sequence[int], first: date, last: date) -> None:
        self._question = question
        self.first, self._last = first, last
        self._unread = dict.fromkeys(center_ids)
        self._found: dict[int, list[CenterDay]] = {}

    def of(self, center_id: int) -> list[CenterDay]:
        """A center's days; where they were not read yet, the next centers in their order are read as well."""
        if center_id in self._unread:
            self.read_next(center_id)
        return self._found.get(center_id, [])

    def read_next(self, *center_ids: int) -> None:
        """Read the days of the next `AT_ONCE` centers, and of these."""
        self.read([*islice(self._unread, AT_ONCE), *center_ids])

    def read(self, center_ids: Iterable[int]) -> None:
        """Read the days of these centers, unless they were read."""
        wanted = [each for each in dict.fromkeys(center_ids) if each in self._unread]
        if not wanted:
            return
        question = self._question
        self._found |= center_days(
            wanted,
            first=self.first,
            last=self._last,
            span=(question.from_, question.until),
            kinds=kinds_looked_at(question.shape.takes, keeps_out=question.keeps_out_of_reserve),
            now=question.leaving_at,
            needs=question.needs,
            takes=question.shape.takes,
        )
        for each in wanted:
            del self._unread[each]


class Stretch:
    """Days of one center that offer starts, found as they are asked for. None of the starts lies before ``start``."""

    def __init__(self, start: datetime, days: Iterator[OfferedDay]) -> None:
        self.start = start
        self._days = days

    @cached_property
    def first(self) -> OfferedDay | None:
        """The first of the days."""
        return next(self._days, None)

    def days(self) -> Iterator[OfferedDay]:
        """Yield them, in order. They can be asked for once."""
        if self.first is not None:
            yield self.first
            yield from self._days


class CenterOffers:
    """One center's answer: stretches of days on which it offers starts, one after the other, or the reason for none."""

    def __init__(
        self,
        question: Question,
        card: CenterCard,
        readings: Sequence[_Reading],
        people: Cover | None,
        kept: Reserves | None,
    ) -> None:
        self.card = card
        self._question = question
        self._people = people
        self._kept = kept
        notice = max(question.notice, card.travel_minutes or 0)
        self._earliest = max(question.from_, question.leaving_at + timedelta(minutes=notice))
        self._reached, self._why = CLOSED, _REASONS[CLOSED]
        self._missing: dict[date, str] = {}
        starts = (max(self._earliest, calendar.origin(card.zone, reading.first)) for reading in readings)
        self.stretches = [
            Stretch(start, self._offered(reading)) for start, reading in zip(starts, readings, strict=True)
        ]

    @property
    def offers(self) -> bool:
        """Whether any of the days offers anything."""
        return any(stretch.first is not None for stretch in self.stretches)

    @property
    def reason(self) -> str:
        """Why none of the days offers anything, or nothing where one does."""
        return "" if self.offers else self._why

    @property
    def unstaffed(self) -> bool:
        """Whether some kind of resource was on duty on none of the days: the center may not be open."""
        return not self.offers and self._reached <= UNSTAFFED

    def tell_closed(self, opened: OpenDays) -> None:
        """Name the kind that the first day lacks on which the center opens; it is closed where it opens on none."""
        self._why = _REASONS[CLOSED]
        on, last = self._question.dates_in(self.card.zone)
        while on <= last:
            if opened.on(self.card.id, on):
                self._why = f"no_{self._missing.get(on, self._question.shape.takes[0])}"
                return
            on += DAY

    def days(self) -> Iterator[OfferedDay]:
        """Return the days with their starts, in order."""
        return chain.from_iterable(stretch.days() for stretch in self.stretches)

    def _offered(self, reading: _Reading) -> Iterator[OfferedDay]:
        question = self._question
        for day in reading.of(self.card.id):
            whole = bits.span(0, calendar.length(self.card.zone, day.on))
            if not bits.between(day.origin, question.from_, question.until) & whole:
                continue
            window = within(day.origin, self._earliest, question.until) & whole
            stage, mask, missing = _day(question.shape, self.card, day, window, self._people, reached=self._reached)
            if missing:
                self._missing[day.on] = missing
            starts = self._unreserved(day, mask)
            first = next(starts, None)
            if first is not None:
                yield day, chain((first,), starts)
                continue
            if stage == OFFERED:
                stage = RESERVED
            if stage > self._reached:
                self._reached = stage
                self._why = _REASONS.get(stage, "")

    def _unreserved(self, day: CenterDay, free: int) -> Iterator[int]:
        """Yield the free starts that the center's reserve leaves to this visit."""
        if self._kept is None:
            return bits.positions(free)
        return self._kept.starts(self.card.id, day.on, self._question.shape, day.units, free, among=day.among)


def _day(
    shape: VisitShape, card: CenterCard, day: CenterDay, window: int, people: Cover | None, *, reached: int
) -> tuple[int, int, str]:
    """Return how far a day came, its starts, and the kind of resource that it lacks. Where others have ``reached`` as
    far, it is not looked whether it is full or too late for it."""
    on_duty: dict[str, int] = {}
    units = day.mine
    for unit in units:
        on_duty[unit.kind] = on_duty.get(unit.kind, 0) | unit.shift
    missing = next((kind for kind in shape.takes if not on_duty.get(kind)), "")
    if missing:
        return UNSTAFFED, 0, missing
    if people is not None:
        window &= latest_start(shape, on_duty[ResourceKind.ROOM])
    free = free_starts(shape, units) & window
    if not free:
        return (FULL if reached < FULL and _could_start(shape, units) & window else TOO_LATE), 0, ""
    if people is not None:
        free &= covered_starts(
            shape,
            day.origin,
            people.of(ResourceKind.PHYSICIAN, card.id, card.state, card.zone),
            people.of(ResourceKind.CLINICIAN, card.id, card.state, card.zone),
        )
    return (OFFERED, free, "") if free else (NO_COVER, 0, "")


def _could_start(shape: VisitShape, units: Iterable[Unit]) -> int:
    """Return the starts that would be offered if nothing were taken."""
    return free_starts(shape, [Unit(unit.kind, unit.shift, 0) for unit in units])
