"""The chain of decisions: what the table needs, its fallback after the search, what the roster allows.

Each is kept beside the first, and the clock of the first answer is never restarted.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from clinic.errors import Invalid
from scheduling.intake.reading import needs_of
from scheduling.needs import NO_NEEDS, Needs
from scheduling.selectors.roster import next_call_at
from scheduling.selectors.search import Slot
from scheduling.selectors.site import Surroundings, first_result, minutes_to_result
from scheduling.slots import Deadline
from triage.answers import Answers, Site
from triage.decision import Decision
from triage.models import DecisionSource
from triage.roster import with_roster
from triage.rules import decide as table
from triage.rules import fallback, needed, wants_search
from triage.rules.table import SCAN_RULES
from triage.urgency import Disposition

FALLBACK = DecisionSource.FALLBACK
_ALL_THERE = Site(upper_extremity=True, iliac_duplex=True)
TO_EMERGENCY_CARE = (Disposition.EMERGENCY_911, Disposition.ED_NOW)


@dataclass(frozen=True)
class Decided:
    """Decisions with their sources, the offer that they rest on, and the slot in time where one was looked for."""

    chain: tuple[tuple[Decision, DecisionSource], ...]
    site: Site
    slot: Slot | None = None

    @property
    def last(self) -> Decision:
        """The decision in force."""
        return self.chain[-1][0]


def decide(
    answers: Answers, around: Surroundings | None, *, started: datetime, now: datetime, needs: Needs = NO_NEEDS
) -> Decided:
    """Return the chain for these answers. ``around`` is None where nobody said where the patient is.

    ``needs`` are the patient's own, beside those of the study: a room that does not fit offers nothing in time.

    The network is searched wherever its offer bears on the decision, also where the danger signs ask for a call first:
    a scan that can't be had in time may send to emergency care, which is sooner than any call.

    Raises `Invalid` where the decision itself is a scan and there is no place to search around.
    """
    # Without a place nothing is known of what centers there can do; the table then says what it would need.
    asked = around.offered(answers) if around else replace(answers, site=_ALL_THERE)
    site = asked.site
    first = needed(asked)
    chain = [(first, DecisionSource.RULES)]
    slot = None
    if around is None:
        if first.disposition is Disposition.SAME_DAY_DVT_SCAN or first.hold_slot:
            raise Invalid(fields={"zip": "Give the ZIP code where the patient is."})
        return Decided(tuple(chain), site, slot)
    if wants_search(first):
        deadline = Deadline(_tier(first), started)
        earliest = first_result(around.zip, needs=needs_of(asked) | needs, deadline=deadline)
        slot = earliest if earliest is not None and earliest.meets_deadline else None
        site = replace(site, next_result_min=minutes_to_result(earliest, deadline))
        _append(chain, fallback(asked, first, site.next_result_min if slot or not first.hold_slot else None), FALLBACK)
    with_callback_time(chain, asked, around, now=now)
    return Decided(tuple(chain), site, slot)


def examine(answers: Answers, site: Site | None) -> Decided:
    """Return what the table says of answers that are about nobody: with the offer given, or as if all could be had."""
    offered = answers if site is None else replace(answers, site=site)
    decision = needed(replace(answers, site=_ALL_THERE)) if site is None else table(offered)
    return Decided(((decision, DecisionSource.RULES),), offered.site)


def _tier(first: Decision) -> int:
    """The tier whose limits the search counts against: the scan's, be it the decision or second to a call."""
    if first.tier:
        return first.tier
    scan = next((reason for reason in first.reasons if reason.rule in SCAN_RULES), None)
    return 2 if scan is not None and scan.clause.endswith(".tier2") else 1


def with_callback_time(
    chain: list[tuple[Decision, DecisionSource]], answers: Answers, around: Surroundings, *, now: datetime
) -> None:
    """Put the roster's word beside a callback that no clinician could make in time."""
    last = chain[-1][0]
    if last.disposition is Disposition.CLINICIAN_CALLBACK:
        opening = next_call_at(around.cards, state=around.care_state, zone=around.care_zone, at=now)
        _append(chain, with_roster(last, answers=answers, asked_at=now, next_call_at=opening), DecisionSource.ROSTER)


def _append(chain: list[tuple[Decision, DecisionSource]], decision: Decision, source: DecisionSource) -> None:
    if decision is not chain[-1][0]:
        chain.append((decision, source))
