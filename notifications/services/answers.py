"""Owing an answer to what somebody wrote. An answer that was given just now is not given again: two machines that
answer each other would never stop."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from clinic import clock
from clinic.models import Patient
from notifications.models import Inbound, Purpose
from notifications.replies import language_of
from notifications.services.owing import owe, owed

GOOD_FOR = timedelta(hours=1)
#: Whoever wants no more texts is told so within five minutes of saying it, or not at all (47 CFR 64.1200(a)(12)).
GOOD_SINCE_HEARD = {"reply_stopped": timedelta(minutes=5)}
#: How long the same answer to the same number is not repeated. Those that are not named here are always given.
NOT_AGAIN_WITHIN = {
    "reply_received": timedelta(hours=1),
    "reply_help": timedelta(hours=1),
    "reply_unknown": timedelta(hours=24),
    "reply_stopped": timedelta(minutes=5),
}
#: An emergency is answered each time; but a machine that says to call 911 in an emergency is not answered without end.
EMERGENCY_ANSWERS = ("reply_emergency", "reply_emergency_unknown")
MOST_EMERGENCY_ANSWERS, EMERGENCIES_WITHIN = 5, timedelta(hours=1)


def answer(inbound: Inbound, patients: Sequence[Patient], template: str, *, language: str = "") -> None:
    """Owe the answer to a text, in the patient's language, or in a stranger's own."""
    expires_at = _of_use_until(inbound, template)
    if expires_at <= clock.now() or _answered_enough(inbound, template):
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
            expires_at=expires_at,
            urgent=True,
            phone=inbound.phone,
            language=language or (patient.language if patient else language_of(inbound.body)),
        )
    )


def _of_use_until(inbound: Inbound, template: str) -> datetime:
    since_heard = GOOD_SINCE_HEARD.get(template)
    return inbound.received_at + since_heard if since_heard else clock.now() + GOOD_FOR


def _answered_enough(inbound: Inbound, template: str) -> bool:
    """Whether this number got this answer just now, or that to an emergency more often than a person would ask."""
    before = Inbound.objects.filter(phone=inbound.phone).exclude(pk=inbound.pk)
    if template in EMERGENCY_ANSWERS:
        lately = before.filter(answer__in=EMERGENCY_ANSWERS, handled_at__gt=clock.now() - EMERGENCIES_WITHIN)
        return lately.count() >= MOST_EMERGENCY_ANSWERS
    pause = NOT_AGAIN_WITHIN.get(template)
    return pause is not None and before.filter(answer=template, handled_at__gt=clock.now() - pause).exists()


def _addressed(inbound: Inbound, patients: Sequence[Patient]) -> Patient | None:
    """Whom the answer is for: whose visit it is about, else the first of who share the number."""
    if inbound.visit is not None and inbound.visit.patient is not None:
        return inbound.visit.patient
    return patients[0] if patients else None
