"""Owing a text: a row in the transaction of its cause, once by its dedupe key."""

from datetime import datetime

from django.db.models import QuerySet

from clinic import clock, rows
from clinic.models import Episode, Patient, Step
from clinic.selectors.patients import staying
from notifications.models import Channel, Message, MessageStatus, Purpose

#: What of a message's causes is told at the number that is the patient's when it leaves.
OF_THE_PATIENT = frozenset({"appointment", "report", "step", "decision", "offer"})
_WITHDRAW = """
UPDATE notifications_message SET status = 'cancelled', ended_at = %(at)s, end_code = %(reason)s
WHERE about_kind = %(kind)s AND about_id = %(id)s AND status = 'due'
"""


def owe(*messages: Message) -> None:
    """Owe messages, by one statement. Owing one again, in whatever transaction, changes nothing."""
    if messages:
        rows.insert(*messages, unless_there=True)


def owed(
    *,
    purpose: Purpose,
    patient: Patient | None,
    about_kind: str,
    about_id: int,
    due_at: datetime,
    expires_at: datetime,
    urgent: bool = False,
    sequence: int = 0,
    episode: Episode | None = None,
    step: Step | None = None,
    phone: str = "",
    channel: Channel = Channel.SMS,
    language: str = "",
) -> Message:
    """Return one message about one thing, as it is owed.

    ``sequence`` tells apart what is owed anew about the same thing: a visit that was moved. ``expires_at`` is when the
    message has become of no use. ``phone`` and ``language`` are the patient's own, unless others are given.

    Of a patient without a telephone it is a person's from the beginning: when it is due, somebody is asked to reach
    them as it is recorded.
    """
    number = phone or (patient.phone if patient else None)
    if not number:
        channel = Channel.PERSON
    key = dedupe_key(purpose, about_kind, about_id, sequence)
    return Message(
        purpose=purpose,
        channel=channel,
        patient=patient,
        episode=episode,
        step=step,
        about_kind=about_kind,
        about_id=about_id,
        dedupe_key=key if channel == Channel.SMS else f"{channel}:{key}",
        phone=number or "",
        language=language or (patient.language if patient else ""),
        urgent=urgent,
        due_at=due_at,
        expires_at=expires_at,
        created_at=clock.now(),
    )


def number_of(message: Message) -> str:
    """Return the number at which whom a message is for is reached now: a patient's may have been corrected since, or
    their record merged into another one, whose number counts.

    An answer goes to where the text came from, what is for who speaks for them to their own number.
    """
    if message.patient is None or message.about_kind not in OF_THE_PATIENT:
        return message.phone
    return staying(message.patient).phone or message.phone


def dedupe_key(purpose: str, about_kind: str, about_id: int, sequence: int) -> str:
    """The key by which one owed text is known."""
    return f"{purpose}:{about_kind}:{about_id}:{sequence}"


def no_longer_owe(about: QuerySet[Message], reason: str) -> int:
    """Cancel what has not been sent of these messages; return how many there were."""
    return about.filter(status=MessageStatus.DUE).update(
        status=MessageStatus.CANCELLED, ended_at=clock.now(), end_code=reason
    )


def withdraw_all_about(kind: str, pk: int, reason: str) -> None:
    """Cancel what has not been sent about one thing. Raw, since every step that ends asks for it."""
    rows.fetch(_WITHDRAW, {"kind": kind, "id": pk, "at": clock.now(), "reason": reason})
