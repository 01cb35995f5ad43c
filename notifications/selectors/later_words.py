"""What a number said after a text that is heard only now: texts are heard late where no webhook brought them."""

from django.db.models import QuerySet

from clinic.models import Consent, ConsentChannel, ConsentScope
from notifications.models import Inbound
from notifications.replies import Meaning, leaves_as_well, meaning_of

#: Answers of which the last one counts; a person finds out what is meant by the one before.
ANSWERS = (Meaning.CONFIRM, Meaning.CANCEL, Meaning.RESCHEDULE, Meaning.NUMBER)


def is_overtaken(inbound: Inbound, meaning: Meaning) -> bool:
    """Whether something that they said later, and that we have heard of before, goes before what this text means."""
    if meaning in ANSWERS:
        return _later(inbound).exists()
    if meaning not in (Meaning.STOP, Meaning.START):
        return False
    wants_texts = meaning is Meaning.STOP
    said_otherwise = any(_wants_texts(each) is wants_texts for each in _later(inbound))
    agreed = Consent.objects.filter(
        phone=inbound.phone, scope=ConsentScope.CARE_TEXTS, granted=wants_texts, at__gt=inbound.received_at
    )
    return said_otherwise or agreed.exclude(channel=ConsentChannel.REPLY).exists()


def _later(inbound: Inbound) -> QuerySet[Inbound]:
    heard = Inbound.objects.filter(phone=inbound.phone, handled_at__isnull=False)
    return heard.filter(received_at__gt=inbound.received_at)


def _wants_texts(inbound: Inbound) -> bool | None:
    """Whether a text says that they want texts, or none; None where it says nothing of it."""
    meaning = meaning_of(inbound.body, inbound.opt_out_type)
    if meaning is Meaning.STOP or leaves_as_well(inbound.body, inbound.opt_out_type):
        return False
    return True if meaning is Meaning.START else None
