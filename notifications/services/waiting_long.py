"""An urgent text of which nobody can say whether it left, as the provider does not answer: a person takes over."""

from datetime import timedelta

from clinic import clock
from clinic.db import in_transaction
from clinic.models import Event
from notifications.models import Attempt, Message, MessageStatus
from notifications.services import settling
from notifications.services.claiming import STOPPED_TOO_LONG
from notifications.services.needs import SAID_ALL_THE_SAME

#: As long as an urgent text waits for a provider that is stopped.
TOO_LONG: timedelta = STOPPED_TOO_LONG
_UNSETTLED = (MessageStatus.SENDING, MessageStatus.UNKNOWN)
NO_ANSWER = "no_answer"


def ask_a_person(attempt: Attempt) -> None:
    """Have a person reach the patient of a text that waits so long; once for each text.

    It is found out about all the same, and is not sent again before: it may have arrived.
    """
    message = attempt.message
    had_to_be_said = message.urgent and message.staff_id is None and message.purpose in SAID_ALL_THE_SAME
    if had_to_be_said and clock.real_now() - attempt.at >= TOO_LONG:
        in_transaction(lambda: _ask(message.pk))


def _ask(message_id: int) -> None:
    waiting = Message.objects.select_for_update(no_key=True, of=("self",)).filter(pk=message_id, status__in=_UNSETTLED)
    message = waiting.select_related("episode", "patient").first()
    asked = Event.objects.filter(kind="message.unsettled", at__gte=message.created_at) if message else None
    if message is None or asked is None or asked.filter(subject_kind="message", subject_id=message_id).exists():
        return
    settling.hand_to_a_person(message, "message.unsettled", NO_ANSWER)
