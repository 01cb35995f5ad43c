"""From a planned step to the step that is opened: its instants where the center is, and whose it is."""

from datetime import date, datetime, time, timedelta

from clinic import clock
from clinic.models import Plan, StepKind
from clinic.pathway import PlannedStep
from clinic.services.steps import NewStep
from clinic.workdays import at_local, working_day_after

#: Local hours within which a dated step may happen; it is due at the end of the working day.
FIRST_HOUR, DUE_HOUR, LAST_HOUR = time(8), time(17), time(20)


def as_step(plan: Plan, planned: PlannedStep, *, base: date | None = None, owner_id: int | None = None) -> NewStep:
    """Return the step to be opened for a plan. ``base`` is the day from which its days count: D, unless another is
    given. A step with a named owner is ``owner_id``'s: whoever signed the finding, until they hand it over."""
    episode = plan.episode
    due_at, start, end = _when(base or plan.anchor, episode.center.zone, planned)
    return NewStep(
        kind=StepKind(planned.kind),
        owner_role=planned.owner_role,
        owner_id=owner_id if planned.named_owner else None,
        center_id=episode.center_id,
        due_at=due_at,
        window_start=start,
        window_end=end,
        plan_id=plan.pk,
        plan_code=planned.code,
    )


def _when(base: date, zone: str, planned: PlannedStep) -> tuple[datetime, datetime | None, datetime | None]:
    if planned.minutes is not None:
        return clock.now() + timedelta(minutes=planned.minutes), None, None
    if planned.working_days is not None:
        last = working_day_after(base, planned.working_days)
        return at_local(last, DUE_HOUR, zone), at_local(base, FIRST_HOUR, zone), at_local(last, LAST_HOUR, zone)
    due, first, last = (base + timedelta(days=day) for day in (planned.day, planned.first_day, planned.last_day))
    return at_local(due, DUE_HOUR, zone), at_local(first, FIRST_HOUR, zone), at_local(last, LAST_HOUR, zone)
