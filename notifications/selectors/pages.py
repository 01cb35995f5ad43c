"""Who was paged about a callback, and what became of it; and how many callbacks everybody has in hand."""

from collections import Counter
from datetime import datetime

from django.db.models import QuerySet

from clinic.models import LIVE_STEP, Step, StepKind
from notifications.models import Message


def pages_of(step_id: int) -> QuerySet[Message]:
    """Return the pages about a step, in the order in which they were due."""
    return Message.objects.filter(step_id=step_id, staff__isnull=False).order_by("due_at", "id")


def callbacks_in_hand(*, due_by: datetime) -> Counter[int]:
    """Return how many live callbacks that are due by then each member of staff has taken, or is paged about first."""
    urgent = Step.objects.filter(kind=StepKind.CALLBACK, status__in=LIVE_STEP, due_at__lte=due_by)
    counted = Counter(urgent.filter(owner__isnull=False).values_list("owner_id", flat=True))
    first = (
        Message.objects.filter(step__in=urgent.filter(owner=None), staff__isnull=False)
        .order_by("step_id", "-created_at", "due_at")
        .distinct("step_id")
        .values_list("staff_id", flat=True)
    )
    counted.update(first)
    return counted
