"""The table as a whole: R1 and R2 outright, then the first of R4 to R11 against R3 and a stat order."""

from dataclasses import replace

from triage.answers import Answers, Tri
from triage.constans import constans
from triage.decision import Decision, Reason
from triage.rules.emergencies import COUGH, r1_r2, r3
from triage.rules.match import Match, answer_at, callback
from triage.rules.suspects import r4_r5, r6_to_r8, stat
from triage.rules.unsuspected import r9_to_r11
from triage.rules.version import RULES_VERSION
from triage.suspicion import suspected
from triage.urgency import CALLBACK_NOW
from triage.wells import wells
from triage.words.reasons import reason_of

#: The rules that ask for a scan: what they come to depends on the network.
SCAN_RULES = ("R7", "R8", "STAT")


def decide(answers: Answers) -> Decision:
    """The decision for these answers, with what the network can offer now. Total: every input has one."""
    outright = r1_r2(answers)
    if outright:
        return _decision(answers, outright)
    # Whoever orders the scan stat suspects a clot, whatever the signs are.
    is_suspected = suspected(answers) or answers.stat_order
    match = r4_r5(answers, is_suspected)
    if match is None:
        match = r6_to_r8(answers, wells(answers), constans(answers)) if is_suspected else r9_to_r11(answers)
    return _decision(answers, _by_urgency(match, r3(answers), stat(answers)))


def needed(answers: Answers) -> Decision:
    """What the table asks for before the search, as if a result could be had at once."""
    return decide(answers.offered(0))


def ask_again(answers: Answers) -> Decision | None:
    """The decision where the danger signs are asked at a later contact: R1, R2, or R3 for a new cough; else None."""
    matches = r1_r2(answers)
    if not matches and answers.emergency.new_cough_or_lightheaded is Tri.YES:
        matches = (callback("R3.cough", CALLBACK_NOW, (COUGH,)),)
    return _decision(answers, matches) if matches else None


def fallback(answers: Answers, decision: Decision, next_result_min: int | None) -> Decision:
    """The decision once the search is over; ``decision`` itself where what it asks for can be had.

    ``next_result_min``: minutes from the first answer (a fallback never restarts the clock) to the earliest result
    found, None where there is none.
    """
    if decision.hold_slot and next_result_min is None:
        return without_slot(decision)
    after = decide(answers.offered(next_result_min))
    same = (after.disposition, after.rule, after.tier, after.within_minutes) == (
        decision.disposition,
        decision.rule,
        decision.tier,
        decision.within_minutes,
    )
    return decision if same else after


def without_slot(decision: Decision) -> Decision:
    """R6 where no slot can be kept beside the callback: the call stands, and nothing is promised that is not there."""
    return replace(decision, hold_slot=False, reasons=(reason_of("R6.no_slot", {}), *decision.reasons))


def wants_search(decision: Decision) -> bool:
    """Whether what the network can offer bears on the decision: a slot to keep, or a scan, be it second to a call."""
    return decision.hold_slot or any(reason.rule in SCAN_RULES for reason in decision.reasons)


def _decision(answers: Answers, matches: tuple[Match, ...]) -> Decision:
    first = matches[0]
    return Decision(
        disposition=first.disposition,
        rule=first.rule,
        reasons=tuple(_reason(answers, each) for each in matches),
        wells=wells(answers),
        constans=constans(answers),
        version=RULES_VERSION,
        tier=first.tier,
        within_minutes=first.within_minutes,
        within_days=first.within_days,
        hold_slot=first.hold_slot,
    )


def _by_urgency(match: Match, *competing: Match | None) -> tuple[Match, ...]:
    """The match against R3 and a stat order, the most urgent first; where they tie, the signs stand first.

    R3 ties with nothing: only R3 asks for a callback in 10 minutes.
    """
    return tuple(sorted((match, *filter(None, competing)), key=lambda each: each.urgency))


def _reason(answers: Answers, match: Match) -> Reason:
    return reason_of(match.clause, {path: answer_at(answers, path) for path in match.fired})
