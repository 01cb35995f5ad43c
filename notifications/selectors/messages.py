"""What was sent to a patient, or to who was paged, and what became of it; and when the next text is due."""

from datetime import datetime

from django.db.models import Count, Min, Prefetch, QuerySet

from clinic.errors import Invalid
from clinic.models import Patient
from clinic.selectors.patients import records_of
from notifications.models import Circuit, Message, MessageStatus, Receipt
from notifications.selectors.pages import pages_of

MOST = 200


def of_patient(patient: str) -> list[Message]:
    """Return a patient's messages, newest first, with their attempts and receipts. Raises `Invalid`.

    What was sent of a record that was merged into theirs is among them.
    """
    known = Patient(pk=_id(patient, "patient", "Name the patient by their id."))
    found = Message.objects.filter(patient_id__in=records_of(known))
    return _told(found.order_by("-id")[:MOST])


def about_step(step: str) -> list[Message]:
    """Return the pages about a step, in order, with their attempts and receipts. Raises `Invalid`."""
    return _told(pages_of(_id(step, "step", "Name the step by its id."))[:MOST])


def _id(given: str, field: str, why: str) -> int:
    if not given.isdecimal() or len(given) > 18:
        raise Invalid(fields={field: why})
    return int(given)


def _told(found: QuerySet[Message]) -> list[Message]:
    receipts = Prefetch("tries__receipts", queryset=Receipt.objects.order_by("id"))
    return list(found.select_related("staff").prefetch_related("tries", receipts))


def next_due(after: datetime) -> datetime | None:
    """Return the first instant later than ``after`` at which a text is due, or a stopped provider is tried again."""
    due = Message.objects.filter(status=MessageStatus.DUE, due_at__gt=after)
    found: datetime | None = due.aggregate(at=Min("due_at"))["at"]
    probe: datetime | None = Circuit.objects.filter(probe_at__gt=after).aggregate(at=Min("probe_at"))["at"]
    return min(filter(None, (found, probe)), default=None)


def by_status() -> dict[str, int]:
    """Return how many messages there are in each status."""
    return dict(Message.objects.values_list("status").annotate(Count("pk")))


def for_operators(ids: list[int], *, status: str = "", most: int = MOST) -> list[Message]:
    """Return the messages with these ids, or the newest of a status, with attempts, outcomes and receipts."""
    found = Message.objects.filter(pk__in=ids).order_by("pk") if ids else Message.objects.order_by("-pk")
    if status:
        found = found.filter(status=status)
    parts = ("tries", "tries__outcomes", "tries__receipts")
    return list(found.prefetch_related(*parts)[: min(most, MOST)])
