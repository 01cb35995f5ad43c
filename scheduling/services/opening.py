"""What each disposition opens: the kind of episode, its clinical deadlines, and its first step."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from clinic.models import EpisodeKind, Role, StepKind
from clinic.services.steps import NewStep
from clinic.workdays import at_local, working_day_after
from scheduling.selectors.search import local_date
from scheduling.slots import Deadline
from triage.decision import Decision
from triage.urgency import Disposition

#: How long a representative may take to book a same-day scan that was promised.
BOOKING_TIME = timedelta(minutes=15)
#: clinical.md section 3: after 911 or ED advice, a call at 60 minutes.
ARRIVAL_CALL_TIME = timedelta(minutes=60)
SELF_CARE_CHECK_TIME = timedelta(days=14)
#: How long past its due time a callback keeps its slot.
CALLBACK_SLOT_GRACE = timedelta(minutes=15)

_KINDS = {
    Disposition.VASCULAR_CONSULT: EpisodeKind.CONSULT,
    Disposition.SELF_CARE: EpisodeKind.SELF_CARE,
}


@dataclass(frozen=True)
class Opening:
    """An episode to be opened."""

    kind: EpisodeKind
    first_step: NewStep
    deadline: Deadline | None


def opening(decision: Decision, *, center_id: int, zone: str, now: datetime, clock_started_at: datetime) -> Opening:
    """Return what a decision opens at a center. Pure but for its types."""
    tier = decision.tier or (1 if decision.hold_slot else None)
    return Opening(
        kind=_KINDS.get(decision.disposition, EpisodeKind.SUSPECTED_DVT),
        first_step=_first_step(decision, center_id=center_id, zone=zone, now=now),
        deadline=Deadline(tier, clock_started_at) if tier else None,
    )


def callback_due(decision: Decision, now: datetime) -> datetime:
    """Return when a callback that was decided now is due."""
    return now + timedelta(minutes=decision.within_minutes or 0)


def _first_step(decision: Decision, *, center_id: int, zone: str, now: datetime) -> NewStep:
    disposition = decision.disposition
    if disposition is Disposition.CLINICIAN_CALLBACK:
        kind, role, due = StepKind.CALLBACK, Role.CLINICIAN, callback_due(decision, now)
    elif disposition is Disposition.SAME_DAY_DVT_SCAN:
        kind, role, due = StepKind.BOOKING, Role.REPRESENTATIVE, now + BOOKING_TIME
    elif disposition is Disposition.VASCULAR_CONSULT:
        due = at_local(working_day_after(local_date(now, zone)), time(12), zone)
        kind, role = StepKind.BOOKING, Role.REPRESENTATIVE
    elif disposition is Disposition.SELF_CARE:
        kind, role, due = StepKind.SELF_CARE_CHECK, Role.CLINICIAN, now + SELF_CARE_CHECK_TIME
    else:
        kind, role, due = StepKind.ARRIVAL_CALL, Role.CLINICIAN, now + ARRIVAL_CALL_TIME
    return NewStep(kind=kind, due_at=due, owner_role=role, center_id=center_id)
