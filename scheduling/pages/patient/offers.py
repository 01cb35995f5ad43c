"""The search's answer as the slots page shows it: one card a center and day, best first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from clinic import clock
from scheduling.models import VisitType
from scheduling.needs import NO_NEEDS, Needs
from scheduling.selectors.centers import CenterCard
from scheduling.selectors.search import Slot, search
from scheduling.selectors.site import WITHIN_MILES
from scheduling.slots import Deadline

#: How many slots one page looks at, and how many times one card shows.
LOOKED_AT, SHOWN_A_CARD = 120, 6
#: How far ahead a routine visit is looked for, in days.
ROUTINE_DAYS = 21


@dataclass(frozen=True)
class Offer:
    """The times of one center on one local day."""

    center: CenterCard
    on: date
    slots: list[Slot] = field(default_factory=list)

    @property
    def first(self) -> Slot:
        """The best of them."""
        return self.slots[0]

    @property
    def today(self) -> bool:
        """Whether it is today, where the center is."""
        return self.on == clock.today(self.center.zone)


def offers(
    visit_type: VisitType,
    *,
    zip: str,
    needs: Needs = NO_NEEDS,
    deadline: Deadline | None = None,
    from_: datetime | None = None,
    until: datetime | None = None,
    widely: bool = False,
) -> list[Offer]:
    """Return what can be booked near a ZIP code, by center and day."""
    return by_center(
        in_time(
            visit_type, zip=zip, needs=needs, deadline=deadline, from_=from_, until=until, widely=widely, most=LOOKED_AT
        )
    )


def by_center(slots: Iterable[Slot]) -> list[Offer]:
    """Return slots as cards, one a center and day, in their order."""
    cards: dict[tuple[int, date], Offer] = {}
    for slot in slots:
        on = slot.starts_at.astimezone(ZoneInfo(slot.center.zone)).date()
        offer = cards.setdefault((slot.center.id, on), Offer(slot.center, on))
        if len(offer.slots) < SHOWN_A_CARD:
            offer.slots.append(slot)
    return list(cards.values())


def in_time(
    visit_type: VisitType,
    *,
    zip: str,
    most: int,
    needs: Needs = NO_NEEDS,
    deadline: Deadline | None = None,
    from_: datetime | None = None,
    until: datetime | None = None,
    widely: bool = False,
) -> list[Slot]:
    """Return the best slots near a ZIP code. Where a clinical clock runs, only what keeps it."""
    until = until or (deadline.result_by if deadline else clock.now() + timedelta(days=ROUTINE_DAYS))
    if until <= clock.now():
        return []
    answer = search(
        visit_type,
        near_zip=zip,
        within_miles=None if widely else WITHIN_MILES,
        from_=from_,
        until=until,
        deadline=deadline,
        limit=most,
        needs=needs,
    )
    return [slot for slot in answer.slots if slot.meets_deadline is not False]
