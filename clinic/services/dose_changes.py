"""The call about a change of dose, raised by the drug and the day of the first dose."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from clinic import clock
from clinic.access import Actor
from clinic.models import LIVE_STEP, Plan, StartRoute, Step, StepKind, StepStatus, TreatmentStart
from clinic.pathway import DOSE_CHANGE_INSTEAD_OF, DOSE_CHANGES, Risk, treated
from clinic.services.plan_dates import as_step
from clinic.services.steps import cancel_step, open_step

#: A call of the row that lies within so long of the change of dose is the same call.
INSTEAD = "dose_change_instead"
SAME_CALL = timedelta(days=2)


def owe_dose_change(actor: Actor, *, plan: Plan) -> Step | None:
    """Owe the call that the drug taken asks for, once, in the plan in force; return it where it was opened.

    The drug's change counts from the first dose, not from D. The row's own call of those days is not owed besides.
    """
    started = TreatmentStart.objects.filter(episode=plan.episode, route=StartRoute.FIRST_DOSE).order_by("-at").first()
    if not treated(plan.category, Risk(treated=plan.treated)):
        return None
    if started is None or started.first_dose_taken_at is None or started.drug not in DOSE_CHANGES:
        return None
    change = DOSE_CHANGES[started.drug]
    first_dose_on = started.first_dose_taken_at.astimezone(ZoneInfo(plan.episode.center.zone)).date()
    owed = Step.objects.filter(episode=plan.episode, kind=StepKind.DOSE_CHANGE, created_at__gte=started.at)
    over = first_dose_on + timedelta(days=change.last_day) < clock.today(plan.episode.center.zone)
    if over or owed.exclude(status=StepStatus.CANCELLED).exists():
        return None
    step = open_step(actor, episode=plan.episode, new=as_step(plan, change, base=first_dose_on))
    for other in Step.objects.filter(plan=plan, status__in=LIVE_STEP):
        if other.kind == StepKind.DOSE_CHANGE and other.pk != step.pk:
            cancel_step(actor, step=other, outcome="drug_changed")
        elif other.plan_code == DOSE_CHANGE_INSTEAD_OF[started.drug] and _near(other, step):
            cancel_step(actor, step=other, outcome=INSTEAD)
    return step


def _near(one: Step, other: Step) -> bool:
    return one.due_at is not None and other.due_at is not None and abs(one.due_at - other.due_at) <= SAME_CALL
