"""Who was paged about a callback, when, and what became of it: a part of the page of its step."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.access import Actor, Permission, allowed
from clinic.models import Step, StepKind
from clinic.pages.beside import Panel
from clinic.pages.tones import tone_of
from notifications.models import Channel, Message, MessageStatus
from notifications.selectors.pages import pages_of
from scheduling.paging import ONE_TEXT_WITHIN

#: Steps about which somebody is paged.
PAGED = (
    StepKind.CALLBACK,
    StepKind.ACKNOWLEDGE,
    StepKind.DISCREPANCY,
    StepKind.EMERGENCY_CONTACT,
    StepKind.WELFARE_CHECK,
)
#: What the statuses of a text mean of a call.
OF_A_CALL: dict[str, Promise | str] = {
    MessageStatus.SENT: _("Calling"),
    MessageStatus.DELIVERED: _("Taken"),
    MessageStatus.UNDELIVERED: _("Not taken"),
    MessageStatus.FAILED: _("No call was made"),
}


@dataclass(frozen=True)
class PageLine:
    """One page as the list shows it."""

    message: Message
    became: Promise | str
    tone: str


def as_line(message: Message) -> PageLine:
    """Present a page whose member of staff is loaded."""
    became = OF_A_CALL.get(message.status) if message.channel == Channel.VOICE else None
    return PageLine(message, became or message.get_status_display(), tone_of(message.status))


def paged(step: Step, actor: Actor) -> Panel | None:
    """The pages about a callback. A callback that was not owed soon pages nobody, and says nothing of it."""
    if step.kind not in PAGED or not allowed(actor, Permission.READ_PAGES):
        return None
    lines = [as_line(message) for message in pages_of(step.pk).select_related("staff")]
    was_soon = step.due_at is not None and step.due_at - step.created_at <= ONE_TEXT_WITHIN
    if not lines and not was_soon:
        return None
    center = step.center or step.episode.center
    return Panel("notifications/staff/_paged.html", {"lines": lines, "zone": center.zone})
