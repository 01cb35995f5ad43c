"""What an operator does about messages and senders: again, not at all, stopped, resumed. Exactly once holds."""

from django.db.models import Q

from clinic import clock, events
from clinic.access import Actor, Permission, require
from clinic.db import in_transaction
from clinic.errors import Conflict, Invalid, NotFound
from notifications.models import Circuit, Message, MessageStatus
from notifications.models.circuit import OPERATOR
from notifications.retries import key_of_next_try, tried_again
from notifications.senders import senders_of
from notifications.services import circuit, settling
from notifications.services.needs import SAID_ALL_THE_SAME
from notifications.services.trying_again import KEY_LENGTH, once_more

#: Ends after which a text has reached nobody for certain, so that it may be owed anew.
_REACHED_NOBODY = (MessageStatus.FAILED, MessageStatus.UNDELIVERED, MessageStatus.SUPPRESSED)


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
    if message.status == MessageStatus.DUE and (message.tries.exists() or tried_again(message.dedupe_key)):
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
    if len(key) > KEY_LENGTH:
        raise Conflict("It was retried too often. Reach them another way.", code="retried_too_often")
    # A next try that somebody took back is none.
    next_try = Q(dedupe_key=key_of_next_try(message.dedupe_key)) & ~Q(status=MessageStatus.CANCELLED)
    before = Message.objects.filter(Q(dedupe_key=key) | next_try).first()
    if before is not None:
        raise Conflict(f"It was retried before, or is to be, as message {before.pk}.", code="retried_before")
    again = once_more(message, key=key, due_at=clock.now())
    again.save(force_insert=True)
    return again


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


def stop_sender(actor: Actor, *, channel: str, sender: str) -> Circuit:
    """Let nothing leave by one of our senders until somebody lets it again; the next one takes its messages.

    Raises `Invalid` for a sender that is none of ours, `Conflict` where it is stopped already.
    """

    def work() -> Circuit:
        if (channel, sender) in circuit.standing().senders:
            raise Conflict("This sender is stopped already.", code="sender_stopped")
        circuit.open_circuit(OPERATOR, channel=channel, sender=sender, actor=actor)
        return Circuit.objects.get(channel=channel, sender=sender)

    require(actor, Permission.OPERATE_SENDING)
    if sender not in senders_of(channel):
        raise Invalid(fields={"sender": "This is none of our senders. Choose one of those that are listed."})
    return in_transaction(work)


def resume(actor: Actor, *, channel: str = "", sender: str = "") -> Circuit:
    """Let messages leave by a sender again, or by any where none is named: the account is in order.

    Where it is not, the next message says so, and sending stops again. Raises `Conflict` where nothing is stopped.
    """

    def work() -> Circuit:
        found = Circuit.objects.select_for_update().filter(channel=channel, sender=sender, opened_at__isnull=False)
        if (stopped := found.first()) is None:
            raise Conflict("Nothing is stopped there.", code="not_stopped")
        circuit.close(actor, stopped)
        return stopped

    require(actor, Permission.OPERATE_SENDING)
    return in_transaction(work)


def _locked(message_id: int) -> Message:
    found = Message.objects.select_for_update(no_key=True, of=("self",)).select_related("patient", "staff", "episode")
    if (message := found.filter(pk=message_id).first()) is None:
        raise NotFound("There is no such message.")
    return message
