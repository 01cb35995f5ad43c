"""What a patient wrote that led to a step: a part of the page of that step, with the way to the conversation."""

from clinic.access import Actor, Permission, allowed
from clinic.models import Step
from clinic.pages.beside import Panel
from notifications.models import Conversation


def written(step: Step, actor: Actor) -> Panel | None:
    """The texts that asked for this step, the oldest first."""
    if not allowed(actor, Permission.READ_CONVERSATIONS):
        return None
    texts = list(step.replies.order_by("received_at", "id"))
    if not texts:
        return None
    conversation = Conversation.objects.filter(phone=texts[0].phone).first()
    zone = (step.center or step.episode.center).zone
    shown = {"texts": texts, "conversation": conversation, "zone": zone}
    return Panel("notifications/staff/_written.html", shown, leads=True)
