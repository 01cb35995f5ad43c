"""Treatment that a wet read authorized: owed before there is a plan, and taken over by the plan that is signed."""

from datetime import timedelta

from clinic import clock
from clinic.access import Actor
from clinic.models import LIVE_STEP, Report, Role, Step, StepKind, StepStatus
from clinic.services.plans import decision_where_last
from clinic.services.steps import NewStep, cancel_step, open_step, postpone_step

#: Treatment starts within the hour (clinical.md section 5).
START_WITHIN = timedelta(minutes=60)


def open_treatment(actor: Actor, report: Report) -> None:
    """Owe the first dose within the hour, unless it is owed or was given."""
    started = Step.objects.filter(
        episode=report.episode, kind=StepKind.TREATMENT_START, status__in=(*LIVE_STEP, StepStatus.DONE)
    )
    if started.exists():
        return
    new = NewStep(
        kind=StepKind.TREATMENT_START,
        owner_role=Role.CLINICIAN,
        center_id=report.center_id,
        due_at=clock.now() + START_WITHIN,
    )
    open_step(actor, episode=report.episode, new=new)


def follow_signature(actor: Actor, report: Report) -> None:
    """Let the plan take over what the wet read opened: its clock runs on, and a dose that was given is not owed again.

    A finding that the signature does not confirm ends the early step; the discrepancy is told by its own.
    """
    mine = Step.objects.filter(episode=report.episode, kind=StepKind.TREATMENT_START)
    planned = mine.filter(plan__isnull=False, status__in=LIVE_STEP).first()
    early = mine.filter(plan=None)
    if planned is not None and early.filter(status=StepStatus.DONE).exists():
        cancel_step(actor, step=planned, outcome="treated_already", then=decision_where_last(planned))
        return
    for step in early.filter(status__in=LIVE_STEP):
        if planned is not None and planned.due_at and step.due_at and step.due_at < planned.due_at:
            planned = postpone_step(actor, step=planned, due_at=step.due_at)
        outcome = "plan_made" if planned is not None else "not_confirmed"
        cancel_step(actor, step=step, outcome=outcome, then=decision_where_last(step))
