"""How a message to a patient is shown to staff: what it was, how it went out, and what became of it in words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.pages.tones import tone_of
from clinic.phones import E164, national
from notifications.models import Channel, Message, MessageStatus
from notifications.pages.codes import meaning_of
from notifications.pages.paged import OF_A_CALL

#: Ends of which the code says more than the status.
_TOLD_WHY = (
    MessageStatus.UNDELIVERED,
    MessageStatus.FAILED,
    MessageStatus.EXPIRED,
    MessageStatus.CANCELLED,
)


@dataclass(frozen=True)
class MessageLine:
    """One text, call or hand-over. ``why`` says what the status alone does not; ``by`` is the sender it left by."""

    message: Message
    became: Promise | str
    why: str
    by: str
    tone: str


def name_of(sender: str) -> str:
    """A sender as staff read it: a telephone number, or the end of a messaging service's id."""
    if E164.match(sender):
        return national(sender)
    return gettext("Service …%(end)s") % {"end": sender[-6:]} if sender else ""


def as_line(message: Message) -> MessageLine:
    """Present a message whose attempts are loaded."""
    tries = list(message.tries.all())
    by = name_of(tries[-1].sender) if tries else ""
    why = meaning_of(message.end_code, otherwise="") if message.status in _TOLD_WHY else ""
    if message.channel == Channel.PERSON and message.end_code == "not_opened":
        return MessageLine(message, _("A person was asked"), why, by, "soon")
    if message.end_code == "machine":
        return MessageLine(message, _("Left on voicemail"), "", by, "soon")
    became = OF_A_CALL.get(message.status) if message.channel == Channel.VOICE else None
    return MessageLine(message, became or message.get_status_display(), why, by, tone_of(message.status))
