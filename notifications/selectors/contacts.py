"""Whether a person has been asked already to reach a patient, whatever they were to tell them."""

from datetime import datetime

from clinic.models import LIVE_STEP, Episode, StepKind
from scheduling.models import Appointment, Offer


def is_asked_already(episode: Episode, due_at: datetime) -> bool:
    """Whether a step to reach the patient, owed by then, will stay until somebody has reached them.

    Whoever changed the visit knew that no text would arrive, and has asked a person. But a step that ends by itself
    once the patient comes, chooses or is answered asks nobody to find another way to them.
    """
    asked = episode.steps.filter(kind=StepKind.CONTACT, status__in=LIVE_STEP, due_at__lte=due_at, replies=None)
    late = Appointment.objects.filter(episode=episode).exclude(late_call=None).values("late_call")
    offered = Offer.objects.filter(step__episode=episode).values("step")
    return asked.exclude(pk__in=late).exclude(pk__in=offered).exists()
