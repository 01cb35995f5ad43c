"""What an operator does about one message: sends it again, or has it not sent. Exactly once holds for them as well."""

from clinic import clock, events
from clinic.access import Actor
from clinic.db import in_transaction
from clinic.errors import Conflict, NotFound
from notifications.models import Message, MessageStatus
from notifications.services import settling
from notifications.services.sending import SAID_ALL_THE_SAME

#: Ends after which a text has reached nobody for certain, so that it may be owed anew.
_REACHED_NOBODY = (MessageStatus.FAILED, MessageStatus.UNDELIVERED, MessageStatus.SUPPRESSED)
#: As `Message.dedupe_key` holds.
_KEY_LENGTH = 120


def retry(actor: Actor, *, message_id: int) -> Message:
    """Send a message again that reached nobody, or now one that waits for its next try; return what is due.

    One that has ended is owed anew by a row of its own: what was said of the first decides nothing about the second.
    All that is asked at sending is asked again: consent, the night, the caps, and whether it is still true.
    Raises `NotFound`, or `Conflict` where it may have arrived, waits for its time, is of no use, or was retried.
    """
    return in_transaction(lambda: _retry(actor, _locked(message_id)))


def _retry(actor: Actor, message: Message) -> Message:
    now = clock.now()
    if message.expires_at <= now:
        raise Conflict("It is of no use any more. What is to be said now is owed by another cause.", code="too_late")
    if message.status == MessageStatus.DUE and message.tries.exists():
        message.due_at = now
        message.save(update_fields=["due_at"])
        again = message
    elif message.status in _REACHED_NOBODY:
        again = _anew(message)
    else:
        raise Conflict(
            f"It is {message.status}: only one that reached nobody, or that waits for another try, is sent again.",
            code="not_to_retry",
        )
    events.record(
        "message.retried",
        actor=actor,
        episode=message.episode,
        patient=message.patient,
        subject=message,
        codes={"purpose": message.purpose, "was": message.end_code, "as": again.pk},
    )
    return again


def _anew(message: Message) -> Message:
    """Owe the same again, once for each message that ended."""
    key = f"retry:{message.dedupe_key}"
    if len(key) > _KEY_LENGTH:
        raise Conflict("It was retried too often. Reach them another way.", code="retried_too_often")
    before = Message.objects.filter(dedupe_key=key).first()
    if before is not None:
        raise Conflict(f"It was retried before, as message {before.pk}.", code="retried_before")
    return Message.objects.create(
        purpose=message.purpose,
        channel=message.channel,
        patient=message.patient,
        staff=message.staff,
        episode=message.episode,
        step=message.step,
        about_kind=message.about_kind,
        about_id=message.about_id,
        dedupe_key=key,
        phone=message.phone,
        language=message.language,
        urgent=message.urgent,
        due_at=clock.now(),
        expires_at=message.expires_at,
        created_at=clock.now(),
    )


def cancel(actor: Actor, *, message_id: int) -> Message:
    """Have a message that is due not sent; where it had to be said, a person says it. Raises `NotFound`, `Conflict`."""
    return in_transaction(lambda: _cancel(actor, _locked(message_id)))


def _cancel(actor: Actor, message: Message) -> Message:
    if message.status != MessageStatus.DUE:
        raise Conflict(f"It is {message.status}: only one that is due can be cancelled.", code="not_due")
    message.status, message.ended_at, message.end_code = MessageStatus.CANCELLED, clock.now(), "operator"
    message.save(update_fields=["status", "ended_at", "end_code"])
    if message.purpose in SAID_ALL_THE_SAME:
        settling.hand_to_a_person(message, "message.cancelled", "operator", actor=actor)
    else:
        events.record(
            "message.cancelled",
            actor=actor,
            episode=message.episode,
            patient=message.patient,
            subject=message,
            codes={"purpose": message.purpose, "code": "operator"},
        )
    return message


def _locked(message_id: int) -> Message:
    found = Message.objects.select_for_update(no_key=True, of=("self",)).select_related("patient", "staff", "episode")
    if (message := found.filter(pk=message_id).first()) is None:
        raise NotFound("There is no such message.")
    return message
