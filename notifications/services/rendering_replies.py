"""What is answered to who wrote to us, and what staff typed; and the times that a text offers under numbers."""

from collections.abc import Sequence

from clinic.models import Center, Step, StepKind
from notifications.models import Inbound, Message, OfferedTime, Typed
from notifications.replies import Meaning, meaning_of
from scheduling.models import VisitType
from scheduling.selectors.search import Slot
from scheduling.selectors.step_times import AWAITED

#: The answer with a link by which somebody chooses another time themselves.
CHOOSE = "reply_choose"


def template_of(inbound: Inbound) -> str:
    """The answer that was decided on when a text was understood."""
    if inbound.answer:
        return inbound.answer
    emergency = meaning_of(inbound.body, inbound.opt_out_type) is Meaning.EMERGENCY
    return "reply_emergency" if emergency else "reply_received"


def typed(message: Message) -> tuple[str, dict[str, str]]:
    """The words of a member of staff, as they typed them."""
    return message.purpose, {"words": Typed.objects.get(pk=message.about_id).words}


def remember_offered(message: Message, step: Step, slots: Sequence[Slot]) -> None:
    """Keep which time a text offers under which number. What is rendered anew offers anew."""
    kind = VisitType.objects.get(kind=AWAITED[StepKind(step.kind)])
    centers = Center.objects.in_bulk([slot.center.id for slot in slots])
    OfferedTime.objects.filter(message=message).delete()
    OfferedTime.objects.bulk_create(
        OfferedTime(
            message=message,
            number=number,
            step=step,
            visit_type=kind,
            center=centers[slot.center.id],
            starts_at=slot.starts_at,
        )
        for number, slot in enumerate(slots, start=1)
    )
