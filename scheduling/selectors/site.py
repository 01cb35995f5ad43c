"""What the network can offer one patient now: the ``site`` group of the rules."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from clinic.models import ZipCode
from scheduling.models import VisitKind, VisitType
from scheduling.needs import Needs
from scheduling.selectors.centers import CenterCard, nearest_centers
from scheduling.selectors.search import MOST_SLOTS, Slot, search
from scheduling.slots import Deadline
from triage.answers import Answers, Site

#: clinical.md section 1: the network's offer counts within this distance.
WITHIN_MILES = 50


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a patient is, and what stands within 50 miles, nearest first. ``nearest`` may be further away."""

    zip: str
    state: str
    zone: str
    cards: tuple[CenterCard, ...]
    nearest: CenterCard | None

    @property
    def care_state(self) -> str:
        """The state whose licenses count: the nearest center's, or else the patient's own."""
        return self.nearest.state if self.nearest else self.state

    @property
    def care_zone(self) -> str:
        """The zone by whose date licenses count."""
        return self.nearest.zone if self.nearest else self.zone

    def offered(self, answers: Answers) -> Answers:
        """Return the answers with what the centers around can scan."""
        site = Site(upper_extremity=self.upper_extremity, iliac_duplex=self.iliac_duplex)
        return replace(answers, site=site)

    @property
    def upper_extremity(self) -> bool:
        """Whether a center within 50 miles scans arms."""
        return any(card.arm_scans for card in self.cards)

    @property
    def iliac_duplex(self) -> bool:
        """Whether a center within 50 miles scans the iliac veins."""
        return any(card.iliac_doppler for card in self.cards)


def surroundings(zip: str) -> Surroundings:
    """Return what stands around a ZIP code. Raises `Invalid` where it does not exist."""
    cards = nearest_centers(near_zip=zip)
    place = ZipCode.objects.get(pk=zip)
    near = tuple(card for card in cards if (card.miles or 0) <= WITHIN_MILES)
    return Surroundings(zip, place.state, place.zone, near, cards[0] if cards else None)


def surroundings_if_known(zip: str) -> Surroundings | None:
    """Return what stands around a ZIP code, or None where there is no such code."""
    return surroundings(zip) if ZipCode.objects.filter(pk=zip).exists() else None


def first_result(zip: str, *, needs: Needs, deadline: Deadline) -> Slot | None:
    """Return the rule-out slot within 50 miles with the earliest result in time, else with the earliest result.

    Travel is included. None where nothing is free until a day past the deadline.
    """
    answer = search(
        VisitType.objects.get(kind=VisitKind.DVT_SCAN),
        near_zip=zip,
        within_miles=WITHIN_MILES,
        until=max(deadline.result_by, deadline.clock_started_at) + timedelta(days=1),
        deadline=deadline,
        limit=1,
        needs=needs,
    )
    return answer.slots[0] if answer.slots else None


def slot_after(zip: str, *, call_at: datetime, needs: Needs, deadline: Deadline) -> Slot | None:
    """Return the earliest slot in time whose patient can set out after a call at ``call_at``; None where none is."""
    answer = search(
        VisitType.objects.get(kind=VisitKind.DVT_SCAN),
        near_zip=zip,
        within_miles=WITHIN_MILES,
        from_=call_at,
        until=max(deadline.result_by, call_at) + timedelta(minutes=1),
        deadline=deadline,
        limit=MOST_SLOTS,
        needs=needs,
    )
    for slot in answer.slots:
        way = timedelta(minutes=slot.center.travel_minutes or 0)
        if slot.meets_deadline and slot.starts_at >= call_at + way:
            return slot
    return None


def minutes_to_result(slot: Slot | None, deadline: Deadline) -> int | None:
    """Return whole minutes from the clock's start to a slot's result, rounded up.

    None where there is no slot, and where its result is early enough but its start is not: the scan itself has a limit
    (tier 1: three hours; tier 2: the center's day), which the minutes alone can't tell.
    """
    if slot is None:
        return None
    minutes = -(-(slot.result_by - deadline.clock_started_at) // timedelta(minutes=1))
    return minutes if slot.meets_deadline or slot.result_by > deadline.result_by else None
