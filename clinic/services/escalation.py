"""The sweep that hands overdue steps to the role above: one transaction a step."""

from datetime import datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, Min, Q, QuerySet

from clinic import clock
from clinic.access import SYSTEM
from clinic.errors import StaleState
from clinic.escalation import above, minutes_for
from clinic.models import LIVE_STEP, Step, StepKind, StepStatus
from clinic.services.climbing import climbing
from clinic.services.steps import escalate_step

#: A visit's step is late only when the visit is: the sweep for no-shows ends it first.
GRACE = timedelta(hours=2)
#: Steps whose clock is their own: `scheduling.services.result_clocks` raises them, by who is on duty.
OWN_CLOCKS = (StepKind.ACKNOWLEDGE,)


def overdue(limit: int = 500) -> QuerySet[Step]:
    """Live steps whose time has passed, oldest first. A missed step of a plan has a ladder of its own."""
    now = clock.now()
    return (
        Step.objects.filter(status__in=LIVE_STEP)
        .exclude(kind__in=OWN_CLOCKS)
        .filter(Q(due_at__lt=now - GRACE) | (Q(due_at__lt=now) & ~Q(status=StepStatus.SCHEDULED)))
        .exclude(climbing() & ~Q(status=StepStatus.SCHEDULED))
        .select_related("episode__center", "episode__patient")
        .order_by("due_at", "id")[:limit]
    )


def next_overdue(after: datetime) -> datetime | None:
    """The first instant later than ``after`` at which a live step is late."""
    live = Step.objects.filter(status__in=LIVE_STEP).exclude(kind__in=OWN_CLOCKS)
    plain = live.exclude(status=StepStatus.SCHEDULED).filter(due_at__gt=after).aggregate(at=Min("due_at"))["at"]
    late = ExpressionWrapper(F("due_at") + GRACE, output_field=DateTimeField())
    booked = live.filter(status=StepStatus.SCHEDULED).annotate(late=late).filter(late__gt=after)
    return min((at for at in (plain, booked.aggregate(at=Min("late"))["at"]) if at), default=None)


def escalate_overdue() -> int:
    """Escalate every overdue step, and return how many. One that somebody just worked is left alone."""
    count = 0
    for step in overdue():
        raised_before = step.status == StepStatus.ESCALATED
        urgent = step.episode.tier is not None
        minutes = minutes_for(step.kind, raised_before=raised_before, urgent=urgent)
        due_at = clock.now() + timedelta(minutes=minutes)
        try:
            escalate_step(SYSTEM, step=step, owner_role=above(step.owner_role), due_at=due_at)
        except StaleState:
            continue
        count += 1
    return count
