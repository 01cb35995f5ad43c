"""Owing an answer to what somebody wrote. An answer that was given just now is not given again: two machines that
answer each other would never stop."""

from collections.abc import Sequence
from datetime import timedelta

from clinic import clock
from clinic.models import Patient
from notifications.models import Inbound, Purpose
from notifications.replies import language_of
from notifications.services.owing import owe, owed

GOOD_FOR = timedelta(hours=1)
#: How long the same answer to the same number is not repeated. Those that are not named here are always given.
NOT_AGAIN_WITHIN = {
    "reply_received": timedelta(hours=1),
    "reply_help": timedelta(hours=1),
    "reply_unknown": timedelta(hours=24),
    "reply_stopped": timedelta(minutes=5),
}


def answer(inbound: Inbound, patients: Sequence[Patient], template: str, *, language: str = "") -> None:
    """Owe the answer to a text, in the patient's language, or in a stranger's own."""
    pause = NOT_AGAIN_WITHIN.get(template)
    lately = Inbound.objects.filter(phone=inbound.phone, answer=template).exclude(pk=inbound.pk)
    if pause and lately.filter(handled_at__gt=clock.now() - pause).exists():
        return
    inbound.answer = template
    patient = _addressed(inbound, patients)
    owe(
        owed(
            purpose=Purpose.REPLY,
            patient=patient,
            about_kind="inbound",
            about_id=inbound.pk,
            due_at=clock.now(),
            expires_at=clock.now() + GOOD_FOR,
            urgent=True,
            phone=inbound.phone,
            language=language or (patient.language if patient else language_of(inbound.body)),
        )
    )


def _addressed(inbound: Inbound, patients: Sequence[Patient]) -> Patient | None:
    """Whom the answer is for: whose visit it is about, else the first of who share the number."""
    if inbound.visit is not None and inbound.visit.patient is not None:
        return inbound.visit.patient
    return patients[0] if patients else None
