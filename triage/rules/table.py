"""The table as a whole: R1 and R2 outright, then the first of R4 to R11 against R3."""

from triage.answers import Answers
from triage.constans import constans
from triage.decision import Decision, Reason
from triage.rules.emergencies import r1_r2, r3
from triage.rules.match import Match, answer_at
from triage.rules.suspects import r4_r5, r6_to_r8
from triage.rules.unsuspected import r9_to_r11
from triage.rules.version import RULES_VERSION
from triage.suspicion import suspected
from triage.wells import wells
from triage.words.reasons import WORDS


def decide(answers: Answers) -> Decision:
    """The decision for these answers, with what the network can offer now. Total: every input has one."""
    wells_score, constans_score = wells(answers), constans(answers)
    matches: tuple[Match, ...]
    outright = r1_r2(answers)
    if outright is not None:
        matches = (outright,)
    else:
        is_suspected = suspected(answers)
        match = r4_r5(answers, is_suspected)
        if match is None:
            match = r6_to_r8(answers, wells_score, constans_score) if is_suspected else r9_to_r11(answers)
        matches = _by_urgency(r3(answers), match)
    first = matches[0]
    return Decision(
        disposition=first.disposition,
        rule=first.rule,
        reasons=tuple(_reason(answers, each) for each in matches),
        wells=wells_score,
        constans=constans_score,
        version=RULES_VERSION,
        tier=first.tier,
        within_minutes=first.within_minutes,
        within_days=first.within_days,
        hold_slot=first.hold_slot,
    )


def needed(answers: Answers) -> Decision:
    """What the table asks for before the search, as if a result could be had at once."""
    return decide(answers.offered(0))


def fallback(answers: Answers, decision: Decision, next_result_min: int | None) -> Decision:
    """The decision once the search is over; ``decision`` itself where what it asks for can be had.

    ``next_result_min``: minutes from the first answer (a fallback never restarts the clock) to the earliest result
    found, None where there is none.
    """
    after = decide(answers.offered(next_result_min))
    same = (after.disposition, after.rule, after.tier, after.within_minutes) == (
        decision.disposition,
        decision.rule,
        decision.tier,
        decision.within_minutes,
    )
    return decision if same else after


def _by_urgency(competing: Match | None, match: Match) -> tuple[Match, ...]:
    """R3 against the match, the more urgent first. They cannot tie: only R3 asks for a callback in 10 minutes."""
    if competing is None:
        return (match,)
    return (competing, match) if competing.urgency.more_urgent_than(match.urgency) else (match, competing)


def _reason(answers: Answers, match: Match) -> Reason:
    words = WORDS[match.clause]
    return Reason(
        rule=match.rule,
        clause=match.clause,
        answers={path: answer_at(answers, path) for path in match.fired},
        patient_en=words.en,
        patient_es=words.es,
        clinician=words.clinician,
        source=words.source,
    )
