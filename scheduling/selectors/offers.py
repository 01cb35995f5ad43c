"""What each center offers, day after day, or why it offers nothing.

Most answers lie in the first days, so that those are read first, for all centers at once; the days after them only for
centers that have to say why they offer nothing, and for a list that goes on past them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain
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
#: What is read first, counted from the start of the span: a long weekend and a working day, and of a network so large
#: that it has enough to offer any day, a day.
EARLY, EARLY_OF_MANY = timedelta(days=3), timedelta(days=1)
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
    """Ask every center, in the order given: two queries for all of them, a third where some offer nothing soon, and
    one for the reserves that bind a routine scan.

    The first `MOST_TOLD` know their reason where they offer nothing; where some of them have nobody on duty at all, two
    more queries tell whether that is because they are closed.
    """
    first, last = question.dates
    ids = [card.id for card in cards]
    people = cover(ids, first=first, last=last) if question.read_at_once else None
    kept = _reserves(question, ids) if question.keeps_out_of_reserve else None
    calendar = _Calendar(question, ids)
    asked = [CenterOffers(question, card, calendar, people, kept) for card in cards]
    told = asked[:MOST_TOLD]
    calendar.read_on([each.card.id for each in told if each.reason])
    for each in told:
        each.look_on()
    unstaffed = [each for each in told if each.unstaffed]
    if unstaffed:
        opened = open_days([each.card.id for each in unstaffed], first=first, last=last)
        for each in unstaffed:
            each.tell_closed(opened)
    return asked


def _reserves(question: Question, center_ids: Sequence[int]) -> Reserves:
    return reserves(center_ids, from_=question.from_, until=question.until, now=question.leaving_at)


class _Calendar:
    """The days of the centers, read in two goes."""

    def __init__(self, question: Question, center_ids: Sequence[int]) -> None:
        self._question = question
        first, self._last = question.dates
        early = EARLY if len(center_ids) <= MOST_TOLD else EARLY_OF_MANY
        self._split = min((question.from_ + early).date(), self._last)
        self._early = self._read(center_ids, first, self._split)
        self._late: dict[int, list[CenterDay]] = {}
        self._unread = set(center_ids) if self._split < self._last else set()

    @property
    def split(self) -> date | None:
        """The last of the dates that are read first; None where there are no others."""
        return self._split if self._split < self._last else None

    def early(self, center_id: int) -> list[CenterDay]:
        """A center's first days."""
        return self._early.get(center_id, [])

    def late(self, center_id: int) -> list[CenterDay]:
        """The days after them; where they were not read yet, those of all centers are."""
        if center_id in self._unread:
            self.read_on(list(self._unread))
        return self._late.get(center_id, [])

    def read_on(self, center_ids: Sequence[int]) -> None:
        """Read the later days of these centers, unless they were read."""
        wanted = sorted(self._unread.intersection(center_ids))
        if wanted:
            self._late |= self._read(wanted, self._split + DAY, self._last)
            self._unread.difference_update(wanted)

    def _read(self, center_ids: Sequence[int], first: date, last: date) -> dict[int, list[CenterDay]]:
        question = self._question
        return center_days(
            center_ids,
            first=first,
            last=last,
            span=(question.from_, question.until),
            kinds=kinds_looked_at(question.shape.takes, keeps_out=question.keeps_out_of_reserve),
            now=question.leaving_at,
            needs=question.needs,
        )


class CenterOffers:
    """One center's answer: the days on which it offers starts, found as they are asked for, or the reason for none."""

    def __init__(
        self,
        question: Question,
        card: CenterCard,
        calendar: _Calendar,
        people: Cover | None,
        kept: Reserves | None,
    ) -> None:
        self.card = card
        self._question = question
        self._people = people
        self._kept = kept
        self._calendar = calendar
        notice = max(question.notice, card.travel_minutes or 0)
        self._earliest = max(question.from_, question.leaving_at + timedelta(minutes=notice))
        self._reached, self._why = CLOSED, _REASONS[CLOSED]
        self._missing: dict[date, str] = {}
        self._early = self._offered(calendar.early(card.id))
        self._late: Iterator[OfferedDay] | None = None
        self._first = next(self._early, None)

    @property
    def reason(self) -> str:
        """Why none of the days looked at offers anything, or nothing where one does."""
        return self._why if self._first is None else ""

    @property
    def unstaffed(self) -> bool:
        """Whether some kind of resource was on duty on none of the days: the center may not be open."""
        return self._first is None and self._reached <= UNSTAFFED

    @property
    def read_first(self) -> date | None:
        """The last date of `early_days`; None where they are all there are."""
        return self._calendar.split

    def tell_closed(self, opened: OpenDays) -> None:
        """Name the kind that the first day lacks on which the center opens; it is closed where it opens on none."""
        self._why = _REASONS[CLOSED]
        on, last = self._question.dates_in(self.card.zone)
        while on <= last:
            if opened.on(self.card.id, on):
                self._why = f"no_{self._missing.get(on, self._question.shape.takes[0])}"
                return
            on += DAY

    def look_on(self) -> None:
        """Look at the later days where the first ones offer nothing."""
        if self._first is None:
            self._late = self._offered(self._calendar.late(self.card.id))
            self._first = next(self._late, None)

    def days(self) -> Iterator[OfferedDay]:
        """Yield the days with their starts, in order."""
        yield from self.early_days()
        yield from self.late_days()

    def early_days(self) -> Iterator[OfferedDay]:
        """Yield those of the first days that offer starts; nothing more is read for them."""
        if self._first is not None and self._late is None:
            yield self._first
            yield from self._early

    def late_days(self) -> Iterator[OfferedDay]:
        """Yield those after them, which are read for all centers at once where they were not yet."""
        if self._late is None:
            yield from self._offered(self._calendar.late(self.card.id))
        elif self._first is not None:
            yield self._first
            yield from self._late

    def _offered(self, days: Iterable[CenterDay]) -> Iterator[OfferedDay]:
        question = self._question
        for day in days:
            whole = bits.span(0, calendar.length(self.card.zone, day.on))
            if not bits.between(day.origin, question.from_, question.until) & whole:
                continue
            window = within(day.origin, self._earliest, question.until) & whole
            stage, mask, missing = _day(question.shape, self.card, day, window, self._people)
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
        return self._kept.starts(self.card.id, day.on, self._question.shape, day.units, free)


def _day(
    shape: VisitShape, card: CenterCard, day: CenterDay, window: int, people: Cover | None
) -> tuple[int, int, str]:
    """Return how far a day came, its starts, and the kind of resource that it lacks."""
    on_duty: dict[str, int] = {}
    for unit in day.units:
        on_duty[unit.kind] = on_duty.get(unit.kind, 0) | unit.shift
    missing = next((kind for kind in shape.takes if not on_duty.get(kind)), "")
    if missing:
        return UNSTAFFED, 0, missing
    if people is not None:
        window &= latest_start(shape, on_duty[ResourceKind.ROOM])
    free = free_starts(shape, day.units) & window
    if not free:
        return (FULL if _could_start(shape, day.units) & window else TOO_LATE), 0, ""
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
    return free_starts(shape, [replace(unit, busy=0) for unit in units])
