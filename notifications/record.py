"""Which tables of notifications belong to a patient's record, and what FHIR says of their rows."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from clinic.keeping import retention
from clinic.keeping.record import Whose, goes_with, keep, plain
from clinic.keeping.shapes import spoken
from notifications.models import (
    Attempt,
    AttemptOutcome,
    Conversation,
    Delivery,
    DeliveryAttempt,
    DeliveryOutcome,
    DeliveryReceipt,
    Inbound,
    Message,
    OfferedTime,
    Receipt,
    Typed,
)

_WORDS_FOR = timedelta(days=365)
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


def delivery(row: Delivery) -> dict[str, object]:
    """FHIR `Communication`, of a report to the office that referred."""
    status = {**_STATUS, "confirmed": "completed"}.get(row.status, "not-done")
    sent = {"sent": plain(row.sent_at)} if row.sent_at else {}
    topic = {"text": f"Report, version {row.version}, by {row.way}"}
    return {
        "status": status,
        "topic": topic,
        "about": [{"reference": f"DiagnosticReport/report-{row.report_id}"}],
        **sent,
    }


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
    goes_with(Inbound.steps.through, "step__episode__patient", "inbound__visit__patient")
    keep(Delivery, "Communication", "report__episode__patient", shape=delivery)
    whose = "delivery__report__episode__patient"
    keep(DeliveryAttempt, "Communication", whose)
    keep(DeliveryOutcome, "Communication", f"attempt__{whose}")
    keep(DeliveryReceipt, "Communication", whose)
    register_early()


def register_early() -> None:
    """Texts that were answered at once, or are from nobody we know: their words are of no use after a year.

    What a person was asked to answer belongs to the record, and stays with it. That a word was STOP stands in the
    consent that it revoked.
    """
    retention.register(
        retention.Early(
            "texts",
            "words of texts that opened no step, after a year",
            lambda now, _: _wordless(now).count(),
            lambda now, _: _wordless(now).update(body=""),
        )
    )


def _wordless(now: datetime) -> Any:
    settled = Q(waits_for_person=False) | Q(attended_at__isnull=False)
    return Inbound.objects.filter(settled, steps=None, received_at__lt=now - _WORDS_FOR).exclude(body="")
