"""Which tables of notifications belong to a patient's record, and what FHIR says of their rows."""

from typing import Any

from django.db.models import Q

from clinic.keeping.record import Whose, keep, plain
from clinic.keeping.shapes import spoken
from notifications.models import Attempt, AttemptOutcome, Conversation, Inbound, Message, OfferedTime, Receipt, Typed

_STATUS = {
    "due": "preparation",
    "sending": "in-progress",
    "unknown": "unknown",
    "sent": "in-progress",
    "delivered": "completed",
    "undelivered": "stopped",
    "failed": "stopped",
}


def message(row: Message) -> dict[str, object]:
    """FHIR `Communication`, from us."""
    sent = {"sent": plain(row.sent_at)} if row.sent_at else {}
    return {"status": _STATUS.get(row.status, "not-done"), "topic": {"text": row.get_purpose_display()}, **sent}


def inbound(row: Inbound) -> dict[str, object]:
    """FHIR `Communication`, from the patient."""
    opened = [{"reference": f"Task/step-{step}"} for step in row.steps.order_by("pk").values_list("pk", flat=True)]
    said = {"status": "completed", "received": plain(row.received_at), "payload": [{"contentString": row.body}]}
    return {**said, "basedOn": opened} if opened else said


def typed(row: Typed) -> dict[str, object]:
    """FHIR `Communication`, in words that staff typed."""
    return {**spoken(row), "payload": [{"contentString": row.words}]}


def _inbounds(whose: Whose) -> Any:
    """What is theirs by a visit or a step, or came from a number that nobody else has."""
    theirs = Q(visit__patient__in=whose.ids) | Q(steps__episode__patient__in=whose.ids)
    alone = Q(phone__in=whose.own_numbers, visit=None, steps=None)
    return Inbound.objects.filter(theirs | alone).distinct()


def _typed(whose: Whose) -> Any:
    return Typed.objects.filter(Q(patient__in=whose.ids) | Q(patient=None, conversation__phone__in=whose.own_numbers))


def register() -> None:
    """Enter them."""
    keep(Message, "Communication", "patient", "episode__patient", "step__episode__patient", shape=message)
    for model, to in ((Attempt, "message"), (AttemptOutcome, "attempt__message"), (Receipt, "attempt__message")):
        keep(model, "Communication", *(f"{to}__{path}" for path in ("patient", "episode__patient")))
    keep(OfferedTime, "Communication", "message__patient", "step__episode__patient")
    keep(Inbound, "Communication", rows=_inbounds, shape=inbound)
    keep(Typed, "Communication", rows=_typed, shape=typed, without=("key",))
    keep(
        Conversation,
        "Communication",
        rows=lambda whose: Conversation.objects.filter(phone__in=whose.own_numbers),
    )
