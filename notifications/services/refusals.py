"""What follows where the provider refuses a message: another try, another sender, another way, or all sending stops."""

import logging
import random
from datetime import timedelta

from clinic import clock
from clinic.phones import is_served
from notifications.models import Attempt, Message, MessageStatus, OutcomeKind
from notifications.provider import Refused
from notifications.provider_codes import (
    ACCOUNT,
    NO_WAY_ABROAD,
    SENDER_REFUSALS,
    UNREGISTERED,
    Action,
    action_for,
    is_of_the_account,
    is_of_the_sender,
)
from notifications.services import circuit, settling
from notifications.services.claiming import stopped_too_long
from notifications.services.timing import postpone

logger = logging.getLogger(__name__)
#: Calls to the provider for one message before the next way is gone.
MOST_ATTEMPTS = 5
#: Tries that ended so were no fault of the message.
_NO_FAULT_OF_ITS_OWN = {*map(str, ACCOUNT | UNREGISTERED), "http_401"}


def refused(message: Message, attempt: Attempt, answer: Refused) -> None:
    """Do what follows from a refusal. The message is locked, and its lease is held."""
    action = action_for(answer.code, answer.http_status)
    code = str(answer.code or answer.http_status)
    if is_of_the_account(answer.code, answer.http_status):
        # No fault of this message: it is not given up for it, however often it is the probe.
        postpone(message, circuit.open_circuit(code))
        _unless_stopped_too_long(message)
    elif answer.code in NO_WAY_ABROAD and not is_served(message.phone):
        # Whoever writes to us from abroad must not stop our senders: a person reads what they wrote.
        settling.failed(message, code)
    elif is_of_the_sender(answer.code) and attempt.sender:
        logger.error("The provider refuses sender %s with code %s: an operator must act.", attempt.sender, code)
        _by_another(message, attempt, answer.code or 0)
    elif action is Action.TRY_LATER:
        again(message, attempt.number, code)
    elif action is Action.OPERATOR:
        logger.error("The provider refuses our messages with code %s: an operator must act.", code)
        again(message, attempt.number, code)
    else:
        if action is Action.OPTED_OUT:
            settling.opted_out(message)
        settling.failed(message, code)


def _by_another(message: Message, attempt: Attempt, code: int) -> None:
    """Send a message by the next sender, at once; where none is left try again later, or wait for a probe."""
    note_fault(message, attempt, str(code))
    standing = circuit.standing()
    if set(standing.well(message.channel)) - refused_by(message):
        postpone(message, clock.now())
    elif code in UNREGISTERED:
        # No fault of this message either.
        probes = [each.probe_at for each in standing.of(message.channel) if each.probe_at is not None]
        postpone(message, max(min(probes, default=clock.now() + circuit.LONGEST_PAUSE), clock.now()))
        _unless_stopped_too_long(message)
    else:
        again(message, attempt.number, str(code))


def note_fault(message: Message, attempt: Attempt, code: str) -> None:
    """Count a fault that may be the sender's own, once for each message."""
    if not attempt.sender:
        return
    before = message.tries.filter(sender=attempt.sender, number__lt=attempt.number)
    faults = [*map(str, SENDER_REFUSALS), code]
    if not before.filter(outcomes__code__in=faults).exists():
        at_once = code.isdecimal() and int(code) in UNREGISTERED
        circuit.refused(message.channel, attempt.sender, code, at_once=at_once)


def refused_by(message: Message) -> set[str]:
    """Return which of our senders refused a message as it may be their own fault."""
    faults = message.tries.filter(
        outcomes__kind=OutcomeKind.REFUSED, outcomes__code__in=[str(code) for code in SENDER_REFUSALS]
    )
    return set(faults.values_list("sender", flat=True))


def _unless_stopped_too_long(message: Message) -> None:
    if stopped_too_long(message):
        settling.failed(message, "sending_stopped")


def again(message: Message, tries: int, code: str) -> None:
    """Put a message back, later each time; after the last try the patient is reached by the next way."""
    no_fault = message.tries.filter(outcomes__kind=OutcomeKind.REFUSED, outcomes__code__in=_NO_FAULT_OF_ITS_OWN)
    tries -= no_fault.count()
    if tries >= MOST_ATTEMPTS:
        settling.failed(message, code)
        return
    seconds = random.uniform(0.5, 1.0) * min(2 ** (tries + 1), 300)  # noqa: S311 - spreads the load, hides nothing
    Message.objects.filter(pk=message.pk).update(
        status=MessageStatus.DUE, due_at=clock.now() + timedelta(seconds=seconds)
    )
