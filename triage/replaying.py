"""Who would have been sent elsewhere under another version of the rules. Pure.

Like is compared with like: what the rules said of an intake once the search was over, and what the other rules say of
the same answers with the same offer. What the roster, a person or time made of it afterwards is left out on both sides.

What the rules saw is not stored in full: where they asked for no scan nothing was searched, and no offer is kept; a
slot may have been taken in the meantime; a program may have sent its answers without what follows from questions that
were not asked. So each intake is decided once more under the version that decided it, and is read in that way in which
this version says again what is stored. Where nothing was searched, the other rules are asked what they would need.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from triage.answers import Answers, AnswersInvalid, Site, parse
from triage.questionnaire import with_skipped
from triage.rules import RuleSet, UnknownRuleSet, rule_set
from triage.urgency import Disposition, Urgency, urgency_of


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a decision sends somebody, by when, and the rule that did."""

    disposition: str
    tier: int | None
    within_minutes: int | None
    within_days: int | None
    hold_slot: bool
    rule: str
    version: str

    @property
    def place(self) -> tuple[object, ...]:
        """What tells one destination from another: all but the rule and its version."""
        return (self.disposition, self.tier, self.within_minutes, self.within_days, self.hold_slot)

    @property
    def urgency(self) -> Urgency:
        """Its place in the order of urgency."""
        return urgency_of(Disposition(self.disposition), self.tier, self.within_minutes)

    @property
    def words(self) -> str:
        """The destination in a line, for the counts."""
        parts = [self.disposition]
        if self.tier is not None:
            parts.append(f"tier {self.tier}")
        elif self.disposition == Disposition.CLINICIAN_CALLBACK:
            parts.append(f"{self.within_minutes} min")
        if self.hold_slot:
            parts.append("slot held")
        return ", ".join(parts)

    @classmethod
    def by(cls, rules: RuleSet, answers: Answers) -> "Sent":
        """Where these rules send somebody once the search is over: no slot is kept where none can be had."""
        decision = rules.decide(answers)
        return cls(
            disposition=decision.disposition.value,
            tier=decision.tier,
            within_minutes=decision.within_minutes,
            within_days=decision.within_days,
            hold_slot=decision.hold_slot and answers.site.next_result_min is not None,
            rule=decision.rule,
            version=decision.version,
        )

    def as_dict(self) -> dict[str, object]:
        """The destination as JSON-able data; no answer and no reason is in it."""
        return {
            "disposition": self.disposition,
            "tier": self.tier,
            "within_minutes": self.within_minutes,
            "within_days": self.within_days,
            "hold_slot": self.hold_slot,
            "rule": self.rule,
            "version": self.version,
        }


@dataclass(frozen=True, slots=True)
class StoredIntake:
    """One intake as it is kept: its raw answers, the day of them where the patient was, the offer, and the decision.

    ``was_searched``: whether the offer bore on the decision, so that what is kept of it is what a search found.
    """

    assessment: int
    answers: Mapping[str, Any]
    kept: Mapping[str, Any]
    on: date
    site: Site
    decided: Sent
    was_searched: bool

    def offers(self) -> Iterator[Site]:
        """What the network may have offered when this was decided, the likeliest first."""
        none, at_once = replace(self.site, next_result_min=None), replace(self.site, next_result_min=0)
        yield from (self.site, none) if self.was_searched else (at_once, none)
        # An examination of the table: as if all could be had.
        yield Site(0, upper_extremity=True, iliac_duplex=True)


class Change(StrEnum):
    """How a decision moves along the order of urgency."""

    RAISED = "raised"
    LOWERED = "lowered"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The decision then, and the one of the other rules; ``now`` is None where these could not read the answers.

    ``faults``: which rules of reading the answers break. ``reproduced``: whether the version of then says once more
    what is stored; None where it is not kept here. ``offer_assumed``: nothing was searched then, and the other rules
    were asked what they would need.
    """

    assessment: int
    then: Sent
    now: Sent | None
    faults: tuple[str, ...] = ()
    reproduced: bool | None = None
    offer_assumed: bool = False

    @property
    def elsewhere(self) -> bool:
        """Whether this person would have been sent elsewhere."""
        return self.now is not None and self.now.place != self.then.place

    @property
    def change(self) -> Change:
        """Raised or lowered; level where only the time, or a slot that is held, differs within one urgency."""
        if self.now is None or self.now.urgency == self.then.urgency:
            return Change.LEVEL
        return Change.RAISED if self.now.urgency.more_urgent_than(self.then.urgency) else Change.LOWERED

    def as_dict(self) -> dict[str, object]:
        """One line of the report: ids and codes only."""
        if self.now is None:
            return {"assessment": self.assessment, "change": "unreadable", "faults": list(self.faults)}
        return {
            "assessment": self.assessment,
            "change": self.change.value,
            "from": self.then.as_dict(),
            "to": self.now.as_dict(),
            "reproduced": self.reproduced,
            "offer_assumed": self.offer_assumed,
        }


def rerun(intake: StoredIntake, rules: RuleSet) -> Outcome:
    """What these rules say of the stored answers, read as they were read then."""
    try:
        readings = list(_readings(intake))
    except AnswersInvalid as fault:
        broken = tuple(dict.fromkeys(error.rule for error in fault.errors))
        return Outcome(intake.assessment, intake.decided, None, broken)
    answers, reproduced = _as_then(readings, intake.decided)
    return Outcome(
        intake.assessment,
        intake.decided,
        Sent.by(rules, answers),
        reproduced=reproduced,
        offer_assumed=answers.site != intake.site and answers.site.next_result_min is not None,
    )


def _readings(intake: StoredIntake) -> Iterator[Answers]:
    """The ways in which the rules may have seen these answers, the likeliest first."""
    raw = {**intake.answers, "kept": intake.kept}
    filled = with_skipped(raw)
    for given in (filled,) if filled == raw else (filled, raw):
        answers = parse(given, on=intake.on)
        for site in dict.fromkeys(intake.offers()):
            yield replace(answers, site=site)


def _as_then(readings: Sequence[Answers], decided: Sent) -> tuple[Answers, bool | None]:
    """The reading under which the version of then says what it said; the likeliest one where none does."""
    try:
        rules = rule_set(decided.version)
    except UnknownRuleSet:
        return readings[0], None
    for answers in readings:
        again = Sent.by(rules, answers)
        if (again.place, again.rule) == (decided.place, decided.rule):
            return answers, True
    return readings[0], False


@dataclass(slots=True)
class Tally:
    """The counts of a report."""

    compared: int = 0
    unreadable: int = 0
    not_reproduced: int = 0
    changes: Counter[Change] = field(default_factory=Counter)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        """Count one intake."""
        self.compared += 1
        self.not_reproduced += outcome.reproduced is False
        if outcome.now is None:
            self.unreadable += 1
        elif outcome.elsewhere:
            self.changes[outcome.change] += 1
            self.moves[outcome.then.words, outcome.now.words] += 1

    def as_dict(self) -> dict[str, object]:
        """The counts as JSON-able data, the most frequent move first."""
        return {
            "compared": self.compared,
            "sent_elsewhere": self.changes.total(),
            **{change.value: self.changes[change] for change in Change},
            "unreadable": self.unreadable,
            "not_reproduced": self.not_reproduced,
            "moves": [{"from": then, "to": now, "count": n} for (then, now), n in self.moves.most_common()],
        }
