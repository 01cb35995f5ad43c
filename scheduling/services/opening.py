"""What each disposition opens: the kind of episode, its clinical deadlines, and its first step."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol, Self

from clinic.models import EpisodeKind, Role, StepKind
from clinic.services.steps import NewStep
from clinic.workdays import at_local, working_day_after
from scheduling.selectors.search import local_date
from scheduling.slots import Deadline
from triage.urgency import Disposition

#: How long a representative may take to book a same-day scan that was promised.
BOOKING_TIME = timedelta(minutes=15)
#: clinical.md section 3: after 911 or ED advice, a call at 60 minutes.
ARRIVAL_CALL_TIME = timedelta(minutes=60)
SELF_CARE_CHECK_TIME = timedelta(days=14)
#: clinical.md section 3: a clinician's `next_day_scan` is within 24 hours; its result is told within the hour after it.
NEXT_DAY_SCAN_TIME = timedelta(hours=24)
NEXT_DAY_RESULT_TIME = timedelta(hours=25)
#: How long past its due time a callback keeps its slot.
CALLBACK_SLOT_GRACE = timedelta(minutes=15)

_KINDS = {
    Disposition.VASCULAR_CONSULT: EpisodeKind.CONSULT,
    Disposition.SELF_CARE: EpisodeKind.SELF_CARE,
}


class Decided(Protocol):
    """A decision, be it the table's or a row beside it."""

    @property
    def disposition(self) -> str: ...
    @property
    def tier(self) -> int | None: ...
    @property
    def within_minutes(self) -> int | None: ...
    @property
    def hold_slot(self) -> bool: ...


@dataclass(frozen=True)
class Limits:
    """An episode's clinical deadlines, with the tier that they come from; none where nothing is urgent."""

    tier: int | None = None
    scan_by: datetime | None = None
    result_by: datetime | None = None

    @classmethod
    def of(cls, decision: Decided, *, zone: str, clock_started_at: datetime, now: datetime) -> Self:
        """Count from the clock's start, which nothing restarts; a scan on the next day from the clinician's word."""
        if decision.disposition == Disposition.NEXT_DAY_DVT_SCAN:
            return cls(None, now + NEXT_DAY_SCAN_TIME, now + NEXT_DAY_RESULT_TIME)
        tier = decision.tier or (1 if decision.hold_slot else None)
        if tier is None:
            return cls()
        deadline = Deadline(tier, clock_started_at)
        return cls(tier, deadline.scan_by(zone), deadline.result_by)


@dataclass(frozen=True)
class Opening:
    """What a decision asks of an episode."""

    kind: EpisodeKind
    first_step: NewStep
    limits: Limits


def opening(decision: Decided, *, center_id: int, zone: str, now: datetime, clock_started_at: datetime) -> Opening:
    """Return what a decision opens at a center. Pure but for its types."""
    disposition = Disposition(decision.disposition)
    return Opening(
        kind=_KINDS.get(disposition, EpisodeKind.SUSPECTED_DVT),
        first_step=_first_step(decision, disposition, center_id=center_id, zone=zone, now=now),
        limits=Limits.of(decision, zone=zone, clock_started_at=clock_started_at, now=now),
    )


def callback_due(decision: Decided, now: datetime) -> datetime:
    """Return when a callback that was decided now is due."""
    return now + timedelta(minutes=decision.within_minutes or 0)


def _first_step(decision: Decided, disposition: Disposition, *, center_id: int, zone: str, now: datetime) -> NewStep:
    if disposition is Disposition.CLINICIAN_CALLBACK:
        kind, role, due = StepKind.CALLBACK, Role.CLINICIAN, callback_due(decision, now)
    elif disposition in (Disposition.SAME_DAY_DVT_SCAN, Disposition.NEXT_DAY_DVT_SCAN):
        kind, role, due = StepKind.BOOKING, Role.REPRESENTATIVE, now + BOOKING_TIME
    elif disposition is Disposition.VASCULAR_CONSULT:
        due = at_local(working_day_after(local_date(now, zone)), time(12), zone)
        kind, role = StepKind.BOOKING, Role.REPRESENTATIVE
    elif disposition is Disposition.SELF_CARE:
        kind, role, due = StepKind.SELF_CARE_CHECK, Role.CLINICIAN, now + SELF_CARE_CHECK_TIME
    else:
        kind, role, due = StepKind.ARRIVAL_CALL, Role.CLINICIAN, now + ARRIVAL_CALL_TIME
    return NewStep(kind=kind, due_at=due, owner_role=role, center_id=center_id)
