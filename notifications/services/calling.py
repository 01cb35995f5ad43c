"""Automated calls to patients: owed where a text about what matters did not arrive, once for each text."""

from datetime import timedelta

from clinic import clock
from clinic.selectors.consent import may_call
from notifications.models import Channel, Message, MessageStatus
from notifications.senders import senders_of
from notifications.services import circuit
from notifications.services.needs import NEED_NO_CONSENT
from notifications.ways import CALLED_IF_NEAR, URGENT_CALLS, Way, way_after
from scheduling.models import Appointment, Displacement

#: A visit that begins within so long is near: a person on the worklist may come too late for it.
NEAR = timedelta(hours=24)
_KEY_LENGTH = 120


def next_way(message: Message, code: str) -> Way:
    """Return how a patient is reached next whom a message did not reach: by machine only where it may call them."""
    way = way_after(purpose=message.purpose, channel=message.channel, code=code, near=_near(message))
    return Way.PERSON if way in (Way.CALL, Way.BOTH) and not _can_call(message) else way


def _near(message: Message) -> bool:
    if message.about_kind != "appointment" or message.purpose not in CALLED_IF_NEAR:
        return False
    visit = Appointment.objects.filter(pk=message.about_id).first()
    if visit is None:
        return False
    ahead = visit.starts_at - clock.now()
    soon = timedelta(0) < ahead <= NEAR
    return soon or Displacement.objects.filter(appointment=visit).exists()


def _can_call(message: Message) -> bool:
    """Whether there is a number to call from that is not stopped, the call is of use yet, and is consented to."""
    if not senders_of(Channel.VOICE) or not circuit.standing().well(Channel.VOICE):
        return False
    if message.expires_at <= clock.now() or len(key_of_call(message.dedupe_key)) > _KEY_LENGTH:
        return False
    return message.purpose in NEED_NO_CONSENT or may_call(message.phone)


def owe_call(message: Message) -> None:
    """Owe a call about what a text did not tell, in the transaction that ends the text. Owed again, nothing changes."""
    Message.objects.bulk_create(
        [
            Message(
                purpose=message.purpose,
                channel=Channel.VOICE,
                patient=message.patient,
                episode=message.episode,
                about_kind=message.about_kind,
                about_id=message.about_id,
                dedupe_key=key_of_call(message.dedupe_key),
                phone=message.phone,
                language=message.language,
                urgent=message.urgent and message.purpose in URGENT_CALLS,
                due_at=clock.now(),
                expires_at=message.expires_at,
                created_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )


def bring_forward(message: Message) -> None:
    """The text of a ladder did not arrive: the call that was owed for later is due now, for the next text would not
    arrive either."""
    later = Message.objects.filter(
        purpose=message.purpose,
        channel=Channel.VOICE,
        about_kind=message.about_kind,
        about_id=message.about_id,
        status=MessageStatus.DUE,
        due_at__gt=clock.now(),
    )
    later.update(due_at=clock.now())


def key_of_call(dedupe_key: str) -> str:
    """Return the key of the call that follows a text. The end says which state of a visit it is about: it stays so."""
    return f"call:{dedupe_key}"
