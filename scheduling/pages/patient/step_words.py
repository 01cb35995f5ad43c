"""The steps of a follow-up in a patient's words. What is done among staff is not shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

from clinic.models import LIVE_STEP, Step, StepKind, StepStatus

_WORDS = {
    StepKind.CALLBACK: noop("A clinician calls you"),
    StepKind.BOOKING: noop("We call you to find a time"),
    StepKind.SCAN: noop("Your scan"),
    StepKind.FOLLOW_UP_CALL: noop("A clinician calls you to ask how you are"),
    StepKind.DOSE_CHANGE: noop("A clinician calls you to ask how you are"),
    StepKind.FOLLOW_UP_SCAN: noop("Another scan"),
    StepKind.FOLLOW_UP_VISIT: noop("A visit with your clinician"),
    StepKind.CONSULT: noop("Your consultation"),
    StepKind.SELF_CARE_CHECK: noop("We check in with you"),
    StepKind.ARRIVAL_CALL: noop("We call to ask whether you got help"),
}


@dataclass(frozen=True)
class ShownStep:
    """One step: its words, its day, and whether it is over."""

    words: str
    due_at: datetime
    zone: str
    done: bool
    waits_for_a_time: bool


def shown_steps(steps: Iterable[Step]) -> list[ShownStep]:
    """Return what the patient takes part in: done, or still to come, by day."""
    shown = [
        ShownStep(
            words=gettext(_WORDS[StepKind(step.kind)]),
            due_at=step.ended_at or step.due_at,
            zone=step.center.zone if step.center else "America/New_York",
            done=step.status == StepStatus.DONE,
            waits_for_a_time=step.kind in (StepKind.FOLLOW_UP_SCAN, StepKind.FOLLOW_UP_VISIT)
            and step.status in (StepStatus.OPEN, StepStatus.ESCALATED),
        )
        for step in steps
        if step.kind in _WORDS and step.due_at and (step.status == StepStatus.DONE or step.status in LIVE_STEP)
    ]
    return sorted(shown, key=lambda each: each.due_at)
