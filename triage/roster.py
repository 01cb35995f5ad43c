"""After the table, with the roster: a callback is promised only where a clinician can make it.

Source: clinical.md section 3, "After the table, with the roster".
"""

from dataclasses import replace
from datetime import datetime, timedelta

from triage.answers import Answers
from triage.decision import Decision
from triage.rules.match import ED_MINUTES
from triage.suspicion import suspected
from triage.urgency import Disposition
from triage.words.reasons import reason_of


def with_roster(decision: Decision, *, answers: Answers, asked_at: datetime, next_call_at: datetime | None) -> Decision:
    """The further decision: ``after_roster`` of these answers, whose scores do not change."""
    return after_roster(decision, is_suspected=suspected(answers), asked_at=asked_at, next_call_at=next_call_at)


def after_roster(
    decision: Decision, *, is_suspected: bool, asked_at: datetime, next_call_at: datetime | None
) -> Decision:
    """The decision that the roster allows; ``decision`` itself where it asks for no callback or one can be made.

    ``asked_at``: when the clock of the callback started. ``next_call_at``: when a rostered clinician can next call;
    None where the roster names nobody. R3, and everyone suspected, goes to the emergency department; the rest is called
    at the first opening. A roster without any opening has none to promise, so that too is the emergency department.
    """
    if decision.disposition is not Disposition.CLINICIAN_CALLBACK or decision.within_minutes is None:
        return decision
    due = asked_at + timedelta(minutes=decision.within_minutes)
    if next_call_at is not None and next_call_at <= due:
        return decision
    if next_call_at is None or decision.rule == "R3" or is_suspected:
        return _ed_now(decision)
    return replace(
        decision,
        within_minutes=_minutes_up(next_call_at - asked_at),
        reasons=(reason_of("ROSTER.first_opening", {"within_minutes": decision.within_minutes}), *decision.reasons),
    )


def _ed_now(decision: Decision) -> Decision:
    # Somebody on a ward is told what they can do there, not to leave for another hospital.
    clause = "ROSTER.ward" if decision.rule == "R5" else "ROSTER.ed"
    return replace(
        decision,
        disposition=Disposition.ED_NOW,
        within_minutes=ED_MINUTES,
        hold_slot=False,
        reasons=(reason_of(clause, {"within_minutes": decision.within_minutes}), *decision.reasons),
    )


def _minutes_up(span: timedelta) -> int:
    """Whole minutes, rounded up, so that a promise is never earlier than the opening."""
    return -(-span // timedelta(minutes=1))
