"""Owing the same once more, by a row of its own: what was said of the first decides nothing about the second."""

from datetime import datetime

from clinic import clock
from notifications.models import Channel, Message
from notifications.retries import key_of_next_try, next_try_after, tried_again

#: As `Message.dedupe_key` holds.
KEY_LENGTH = 120


def owe_next_try(message: Message, code: str) -> bool:
    """Owe a text once more that did not arrive for a reason that passes; return whether it is.

    In the transaction that ends the text. All that is asked at sending is asked again then.
    """
    if message.channel != Channel.SMS or message.patient_id is None:
        return False
    tries = tried_again(message.dedupe_key)
    wait = next_try_after(purpose=message.purpose, code=code, tried_again=tries, urgent=message.urgent)
    if wait is None:
        return False
    due_at, key = clock.now() + wait, key_of_next_try(message.dedupe_key)
    if due_at >= message.expires_at or len(key) > KEY_LENGTH:
        return False
    Message.objects.bulk_create([once_more(message, key=key, due_at=due_at)], ignore_conflicts=True)
    return True


def once_more(message: Message, *, key: str, due_at: datetime) -> Message:
    """Return the row, not written yet, that owes the same to the same."""
    return Message(
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
        due_at=due_at,
        expires_at=message.expires_at,
        created_at=clock.now(),
    )
