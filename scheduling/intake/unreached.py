"""A patient whom nobody reached: the 10-minute callback went to the supervisor, and was not made there either.

clinical.md R3: not reached in 10 minutes → supervisor, then ED advice.
"""

from clinic.access import SYSTEM
from clinic.models import Event, Step, StepKind
from scheduling.intake.following import follow, locked_open
from triage.models import Assessment, DecisionSource
from triage.overriding import Target
from triage.selectors import decision_in_force
from triage.services.recording import record_further
from triage.urgency import Disposition, Urgency, urgency_of

#: The first escalation hands the call to the supervisor; with the second, time is up.
TIME_IS_UP = 2


def advise_emergency_care(event: Event) -> None:
    """Put ED advice beside a 10-minute callback that was raised twice. The call stays owed; an arrival call follows."""
    step = Step.objects.select_related("episode__center", "episode__patient").get(pk=event.subject_id or 0)
    if step.kind != StepKind.CALLBACK or _times_raised(step) != TIME_IS_UP:
        return
    assessment = Assessment.objects.filter(episode=step.episode, decisions__isnull=False).order_by("-id").first()
    before = decision_in_force(assessment) if assessment else None
    if before is None:
        return
    if urgency_of(Disposition(before.disposition), before.tier, before.within_minutes) is not Urgency.CALLBACK_10:
        return
    row = record_further(
        SYSTEM,
        before=before,
        target=Target(Disposition.ED_NOW),
        source=DecisionSource.UNREACHED,
        clause="UNREACHED.ed",
    )
    follow(SYSTEM, episode=locked_open(step.episode), decision=row, also_stays=frozenset({StepKind.CALLBACK}))


def _times_raised(step: Step) -> int:
    return Event.objects.filter(kind="step.escalated", subject_kind="step", subject_id=step.pk).count()
