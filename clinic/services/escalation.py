"""The sweep that hands overdue steps to the role above: one transaction a step."""

from datetime import timedelta

from clinic import clock
from clinic.access import SYSTEM
from clinic.escalation import above, minutes_for
from clinic.models import LIVE_STEP, Step, StepStatus
from clinic.services.steps import escalate_step

#: A visit's step is late only when the visit is: the sweep for no-shows ends it, not this one.
GRACE = timedelta(hours=2)


def overdue(limit: int = 500) -> list[Step]:
    """Return live steps whose time has passed, oldest first."""
    now = clock.now()
    late = Step.objects.filter(status__in=LIVE_STEP, due_at__lt=now).select_related(
        "episode__center", "episode__patient"
    )
    return [
        step
        for step in late.order_by("due_at")[:limit]
        if step.status != StepStatus.SCHEDULED or step.due_at + GRACE < now  # type: ignore[operator]
    ]


def escalate_overdue() -> int:
    """Escalate every overdue step, and return how many."""
    count = 0
    for step in overdue():
        due_at = clock.now() + timedelta(minutes=minutes_for(step.kind))
        escalate_step(SYSTEM, step=step, owner_role=above(step.owner_role), due_at=due_at)
        count += 1
    return count
