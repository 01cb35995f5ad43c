"""Whether a person has been asked already to reach a patient, or who speaks for them, whatever they were to tell."""

from datetime import datetime

from clinic.models import LIVE_STEP, Episode, StepKind
from scheduling.models import Appointment, Offer

#: The code of a step to reach who speaks for the patient: whoever has done it has not reached the patient.
SPEAKER = "speaker"


def is_asked_already(episode: Episode, due_at: datetime, *, whom: str = "") -> bool:
    """Whether a step to reach the patient, or the `SPEAKER`, owed by then, will stay until somebody has reached them.

    Whoever changed the visit knew that no text would arrive, and has asked a person. But a step that ends by itself
    once the patient comes, chooses or is answered asks nobody to find another way to them.
    """
    asked = episode.steps.filter(kind=StepKind.CONTACT, status__in=LIVE_STEP, due_at__lte=due_at, replies=None)
    asked = asked.filter(plan_code=SPEAKER) if whom == SPEAKER else asked.exclude(plan_code=SPEAKER)
    late = Appointment.objects.filter(episode=episode).exclude(late_call=None).values("late_call")
    offered = Offer.objects.filter(step__episode=episode).values("step")
    return asked.exclude(pk__in=late).exclude(pk__in=offered).exists()
