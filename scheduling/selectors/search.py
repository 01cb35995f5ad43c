"""The network's answer to "which slot gives this person a result in time?"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from heapq import merge
from itertools import islice
from operator import itemgetter
from zoneinfo import ZoneInfo

from clinic import clock
from clinic.errors import Invalid
from scheduling import bits
from scheduling.models import VisitKind, VisitType
from scheduling.needs import NO_NEEDS, Needs
from scheduling.selectors.centers import CenterCard, nearest_centers
from scheduling.selectors.fitting import able_centers
from scheduling.selectors.offers import MOST_TOLD, CenterOffers, Question, offers
from scheduling.slots import Deadline
from scheduling.visit_types import keeps_out_of_reserve, shape_of

#: Notice that a center gets of a routine visit, in minutes. A rule-out needs none beyond the patient's way.
ROUTINE_NOTICE_MINUTES = 60
#: Days that a search looks ahead where nobody said until when, and the most that it may.
DEFAULT_DAYS, MOST_DAYS = 14, 120
MOST_SLOTS = 200


@dataclass(frozen=True, slots=True)
class Slot:
    """A start that was free when the search looked. ``result_by``: when its result is ready at the earliest.

    ``meets_deadline`` is None where no clinical clock runs.
    """

    center: CenterCard
    starts_at: datetime
    ends_at: datetime
    result_by: datetime
    meets_deadline: bool | None


Ranked = tuple[tuple[object, ...], Slot | None]
"""A slot behind its rank among those of all centers: the least is the best. None: what follows ranks no better."""
_RANK = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A center that offers nothing in the span, and why: ``closed``, ``no_sonographer`` (or another kind),
    ``capability_missing``, ``too_late`` (no time left to get there, or before the close), ``full``,
    ``no_reader_or_prescriber`` or ``reserved`` (all that is free is kept for rule-outs of the day)."""

    center: CenterCard
    reason: str


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Slots, best first, those of the nearest centers that have none, and the span that was looked at."""

    slots: tuple[Slot, ...]
    unavailable: tuple[Unavailable, ...]
    from_: datetime
    until: datetime
    deadline: Deadline | None


def search(
    visit_type: VisitType,
    *,
    near_zip: str | None = None,
    within_miles: float | None = None,
    from_: datetime | None = None,
    until: datetime | None = None,
    deadline: Deadline | None = None,
    limit: int = 20,
    needs: Needs = NO_NEEDS,
    center_code: str = "",
) -> SearchAnswer:
    """Return the best slots of a visit type.

    A rule-out is ranked by whether its result is in time, then by the earliest result, then by distance; any other
    visit by local date, then distance, then hour. The way from the ZIP code is counted before the first start. A
    tier-1 search offers only starts after which a licensed reader and prescriber are on duty.

    Raises `Invalid` for an unknown ZIP code, a distance that is none, and a span or limit that makes no sense.
    """
    question = _question(visit_type, from_, until, deadline, needs)
    if not 1 <= limit <= MOST_SLOTS:
        raise Invalid(fields={"limit": f"Give a number from 1 to {MOST_SLOTS}."})
    cards = nearest_centers(near_zip=near_zip, within_miles=within_miles)
    if center_code:
        cards = [card for card in cards if card.code == center_code]
    able = able_centers((card.id for card in cards), needs, visit_type.takes)
    asked = offers(question, [card for card in cards if card.id in able and needs.met_by(card)])
    reasons = {center.card.id: center.reason for center in asked[:MOST_TOLD]}
    without = [(card, reasons.get(card.id, "capability_missing")) for card in cards[:MOST_TOLD]]
    return SearchAnswer(
        slots=tuple(islice(_best(question, asked, urgent=visit_type.kind == VisitKind.DVT_SCAN), limit)),
        unavailable=tuple(Unavailable(card, reason) for card, reason in without if reason),
        from_=question.from_,
        until=question.until,
        deadline=deadline,
    )


def _question(
    visit_type: VisitType, from_: datetime | None, until: datetime | None, deadline: Deadline | None, needs: Needs
) -> Question:
    now = clock.now()
    start, end = _span(now, from_, until)
    notice = 0 if visit_type.kind == VisitKind.DVT_SCAN else ROUTINE_NOTICE_MINUTES
    return Question(shape_of(visit_type), start, end, now, notice, deadline, keeps_out_of_reserve(visit_type), needs)


def _span(now: datetime, from_: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    start, furthest = max(from_ or now, now), timedelta(days=MOST_DAYS + 1)
    if start - now > furthest:
        raise Invalid(fields={"from": f"The calendar is open {MOST_DAYS} days ahead."})
    end = until or start + timedelta(days=DEFAULT_DAYS)
    if end <= start:
        raise Invalid(fields={"until": "Give an instant after the start of the span, and after now."})
    if end - now > furthest:
        raise Invalid(fields={"until": f"The calendar is open {MOST_DAYS} days ahead."})
    return start, end


def _best(question: Question, asked: Sequence[CenterOffers], *, urgent: bool) -> Iterator[Slot]:
    """Yield the slots of all centers, best first, each found when it is asked for."""
    of_centers = (_ranked(question, each, urgent=urgent) for each in asked)
    return (slot for _, slot in merge(*of_centers, key=_RANK) if slot is not None)


def _ranked(question: Question, center: CenterOffers, *, urgent: bool) -> Iterator[Ranked]:
    """Yield one center's slots with their rank, in the order of that rank, so that centers can be merged lazily.

    Before each stretch of days it yields how good that can be at best, and no slot: so nothing is read to which the
    list does not come.
    """
    rank = partial(_rank, question, center.card, urgent=urgent)
    for stretch in center.stretches:
        if stretch.start >= question.until:
            return
        yield rank(stretch.start)[0], None
        for day, starts in stretch.days():
            for bit in starts:
                yield rank(bits.instant_of(day.origin, bit))


def _rank(
    question: Question, card: CenterCard, starts_at: datetime, *, urgent: bool
) -> tuple[tuple[object, ...], Slot]:
    """Return the slot of a start behind its rank."""
    shape, deadline = question.shape, question.deadline
    ends_at = starts_at + timedelta(minutes=shape.minutes)
    result_by = ends_at + timedelta(minutes=shape.reading_minutes)
    meets = deadline.met_by(starts_at, result_by, card.zone) if deadline else None
    slot = Slot(card, starts_at, ends_at, result_by, meets)
    if urgent:
        return (meets is False, result_by, card.miles or 0.0, card.code), slot
    return (local_date(starts_at, card.zone), card.miles or 0.0, starts_at, card.code), slot


def local_date(instant: datetime, zone: str) -> date:
    """Return the date that the zone's calendar shows at an instant."""
    return instant.astimezone(ZoneInfo(zone)).date()
