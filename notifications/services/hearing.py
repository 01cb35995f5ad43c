"""What people write back: stored as it comes, understood afterwards."""

import logging
from datetime import datetime

from django.db import DatabaseError

from clinic import clock
from clinic.db import REFUSALS, in_transaction
from clinic.models import Patient
from notifications.models import Inbound
from notifications.replies import Meaning, emergency_language, leaves_as_well, meaning_of
from notifications.selectors.conversations import patients_of
from notifications.selectors.later_words import is_overtaken
from notifications.services import leaving, replying
from notifications.services.conversations import conversation_with

logger = logging.getLogger(__name__)
STRANGER = "stranger"
LONGEST_BODY = 1600
#: How many replies one sweep takes up.
MOST = 200
#: These hold though a person has taken care of the text meanwhile.
_HOLD_ANYWAY = (Meaning.STOP, Meaning.START)


def store(
    *, sid: str, phone: str, body: str, opt_out_type: str, media: int = 0, received_at: datetime | None = None
) -> bool:
    """Keep a text that somebody sent us; return whether it is new. The provider may deliver it twice.

    ``received_at``: when the provider got it, where that was not just now.
    """
    _, new = Inbound.objects.get_or_create(
        provider_sid=sid,
        defaults={
            "phone": phone,
            "body": body.replace("\0", "")[:LONGEST_BODY],
            "media": media,
            "opt_out_type": opt_out_type[:8],
            "received_at": received_at or clock.now(),
        },
    )
    return new


def handle_replies() -> int:
    """Understand and act on every reply that waits, each in its own transaction; return how many."""
    # What can't be handled, however much there is of it, comes last: the next reply may be an emergency.
    unheard = Inbound.objects.filter(handled_at=None).order_by("waits_for_person", "id")
    waiting = unheard.values_list("pk", flat=True)[:MOST]
    return sum(_handle_whatever_happens(pk) for pk in list(waiting))


def _handle_whatever_happens(inbound_id: int) -> bool:
    """Handle one reply so that a fault in it does not hold up the others; it is tried again with every sweep.

    Meanwhile a person may read it: it waits in the list of conversations.
    """
    try:
        return in_transaction(lambda: _handle(inbound_id))
    except Exception as error:
        if isinstance(error, DatabaseError) and not isinstance(error, REFUSALS):
            raise
        # Whatever it is, the next reply may be an emergency.
        logger.error("Reply %s can't be handled: %s", inbound_id, type(error).__name__)  # noqa: TRY400
        in_transaction(lambda: _show(inbound_id))
        return False


def _show(inbound_id: int) -> None:
    """Have a reply that can't be handled wait for a person."""
    inbound = Inbound.objects.filter(pk=inbound_id, handled_at=None, waits_for_person=False).first()
    if inbound is not None:
        conversation_with(inbound.phone)
        urgent = bool(emergency_language(inbound.body))
        Inbound.objects.filter(pk=inbound.pk).update(waits_for_person=True, urgent=urgent)


def _handle(inbound_id: int) -> bool:
    locked = Inbound.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    inbound = locked.filter(pk=inbound_id, handled_at=None).first()
    if inbound is None:
        return False
    # Two texts of one number are understood one after the other.
    conversation_with(inbound.phone, lock=True)
    meaning = meaning_of(inbound.body, inbound.opt_out_type)
    if meaning is not Meaning.EMERGENCY and _comes_later(inbound):
        return False
    patients = patients_of(inbound.phone)
    # What could not be handled at first, and a person has taken care of since, is not done after all.
    if inbound.attended_at is None or meaning in _HOLD_ANYWAY:
        inbound.waits_for_person = inbound.urgent = False
        _act(inbound, meaning, patients)
    elif meaning is Meaning.EMERGENCY:
        _leave_as_well(inbound)
    known = patients or meaning in (Meaning.EMERGENCY, Meaning.STOP, Meaning.START)
    inbound.handled_at, inbound.handled_as = clock.now(), meaning if known else STRANGER
    inbound.save()
    return True


def _comes_later(inbound: Inbound) -> bool:
    """Whether an earlier text of the number is yet to be understood: who writes START and then STOP has left.

    What can't be handled, and is a person's to read, keeps nobody waiting.
    """
    earlier = Inbound.objects.filter(phone=inbound.phone, handled_at=None, pk__lt=inbound.pk)
    return earlier.filter(waits_for_person=False).exists()


def _act(inbound: Inbound, meaning: Meaning, patients: list[Patient]) -> None:
    """Do what a text asks for. What is answered, and who is asked, is written on it.

    One that is heard late does not undo what they said since.
    """
    overtaken = is_overtaken(inbound, meaning)
    if meaning is Meaning.EMERGENCY:
        replying.to_an_emergency(inbound, patients)
        _leave_as_well(inbound)
    elif overtaken and meaning in (Meaning.STOP, Meaning.START):
        return
    elif meaning is Meaning.STOP:
        leaving.leave(inbound, patients)
    elif meaning is Meaning.START:
        leaving.come_back(inbound, patients)
    elif meaning is Meaning.HELP:
        replying.to_a_call_for_help(inbound, patients)
    elif patients:
        replying.to_a_question(inbound, Meaning.OTHER if overtaken else meaning, patients)
    else:
        replying.to_a_stranger(inbound)


def _leave_as_well(inbound: Inbound) -> None:
    """End the texts where who tells of an emergency wants no more of them, too."""
    if leaves_as_well(inbound.body, inbound.opt_out_type) and not is_overtaken(inbound, Meaning.STOP):
        leaving.end_texts(inbound)
