"""What was sent to a patient, and what became of it; and when the next text is due."""

from datetime import datetime

from django.db.models import Count, Min, Prefetch

from clinic.errors import Invalid
from notifications.models import Message, MessageStatus, Receipt

MOST = 200


def of_patient(patient: str) -> list[Message]:
    """Return a patient's messages, newest first, with their attempts and receipts. Raises `Invalid`."""
    if not patient.isdecimal() or len(patient) > 18:
        raise Invalid(fields={"patient": "Name the patient by their id."})
    receipts = Prefetch("tries__receipts", queryset=Receipt.objects.order_by("id"))
    found = Message.objects.filter(patient_id=int(patient)).prefetch_related("tries", receipts)
    return list(found.order_by("-id")[:MOST])


def next_due(after: datetime) -> datetime | None:
    """Return the first instant later than ``after`` at which a text is due."""
    due = Message.objects.filter(status=MessageStatus.DUE, due_at__gt=after)
    found: datetime | None = due.aggregate(at=Min("due_at"))["at"]
    return found


def by_status() -> dict[str, int]:
    """Return how many messages there are in each status."""
    return dict(Message.objects.values_list("status").annotate(Count("pk")))
