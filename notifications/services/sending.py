"""Sending what is owed: decide, write the attempt, call, record. No transaction is open across the call."""

import hashlib
import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError

from clinic import clock
from clinic.db import REFUSALS, constraint_of, in_transaction
from clinic.selectors.consent import may_call, may_text, opted_out
from notifications import provider
from notifications.models import Attempt, AttemptOutcome, Channel, Message, MessageStatus, OutcomeKind, Purpose
from notifications.provider import Accepted, Answer, AskUs, NoAnswer, NotSent, Refused, Words
from notifications.provider_codes import ACTIONS, Action, is_of_the_account, is_of_the_sender
from notifications.segments import segment_count
from notifications.selectors.numbers import known_bad
from notifications.services import circuit, pacing, settling
from notifications.services.claiming import DELAY, Claim, claim, stopped_too_long
from notifications.services.needs import NEED_NO_CONSENT, SAID_ALL_THE_SAME
from notifications.services.refusals import MOST_ATTEMPTS, again, note_fault, refused, refused_by
from notifications.services.rendering import NoLongerTrue, render
from notifications.services.timing import goes_elsewhere, may_arrive_until, postpone
from notifications.wording import Rendered

__all__ = ["BATCH", "MOST_ATTEMPTS", "NEED_NO_CONSENT", "SAID_ALL_THE_SAME", "send_due", "send_one"]
logger = logging.getLogger(__name__)
#: Few, so that what can't wait is taken as soon as a thread has sent these.
BATCH = 4
#: How long one sweep goes on, in seconds: what is left is the next one's, and a worker that is asked to stop can.
LONGEST_SWEEP = 10.0
#: How long a telephone rings: the next page of who is on call comes two minutes after this one.
RINGS_FOR = timedelta(seconds=30)
#: Why a person reaches somebody who has no telephone.
NO_PHONE = "no_phone"
#: Of the key of what an operator sends again: it is tried whatever is known of the number.
BY_HAND = "retry:"


def send_due() -> int:
    """Send what is due, batch by batch, for a while or until nothing more is; return how many messages were taken."""
    taken, until = 0, time.monotonic() + LONGEST_SWEEP
    while time.monotonic() < until and (claims := claim(BATCH)):
        for one in claims:
            _send_whatever_happens(one)
        taken += len(claims)
    return taken


def _send_whatever_happens(claimed: Claim) -> None:
    """Send one message so that a fault in it does not hold up the others: a person takes over.

    Where the database is gone nothing can be said of any message: the leases run out, and a later sweep goes on.
    """
    try:
        send_one(claimed)
    except REFUSALS as error:
        # It stays with its lease, and is tried again: the others are sent.
        logger.error("Message %s is refused by the database: %s", claimed.message_id, constraint_of(error))  # noqa: TRY400
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the next message must not wait for it
        # Its name only: what it says may hold what the text says.
        logger.error("Message %s can't be sent: %s", claimed.message_id, type(error).__name__)  # noqa: TRY400
        in_transaction(lambda: _give_up(claimed))


def _give_up(claimed: Claim) -> None:
    # Once its attempt is written the claim is another one: what became of that is found out.
    if (message := _owned(claimed)) is not None:
        settling.failed(message, "fault")


def send_one(claimed: Claim) -> None:
    """Send one claimed message, or say why not. A lease that was lost meanwhile sends nothing."""
    prepared = in_transaction(lambda: _prepare(claimed))
    if prepared is None:
        if claimed.probe is not None:
            circuit.not_probed(claimed.probe)
        return
    attempt, body, valid_for = prepared
    answer = _call(attempt, body, valid_for)
    in_transaction(lambda: _record(attempt, answer))
    if claimed.probe is not None and _is_well(answer):
        circuit.probe_passed(claimed.probe)


def _call(attempt: Attempt, body: str, valid_for: timedelta) -> Answer:
    """Call the provider. A worker that was held up for long does not: its attempt may be given up while it calls."""
    if clock.real_now() - attempt.at > DELAY:
        return NotSent("held_up")
    message, webhooks = attempt.message, f"{settings.PUBLIC_BASE_URL}/webhooks/twilio"
    to, sender, named = message.phone, attempt.sender, f"?attempt={attempt.pk}"
    if message.channel == Channel.VOICE:
        callback = f"{webhooks}/call-status/{named}"
        # A patient's mailbox is told less than a patient: what to say is asked for once it is known who took the call.
        speech = Words(body, message.language) if message.patient_id is None else AskUs(f"{webhooks}/call/{named}")
        return provider.call(to=to, speech=speech, sender=sender, callback=callback, rings_for=RINGS_FOR)
    callback = f"{webhooks}/status/{named}"
    return provider.send(to=to, body=body, sender=sender, callback=callback, valid_for=valid_for)


def _is_well(answer: Answer) -> bool:
    """Whether an answer shows that the account is well: a text taken, or refused for its number's sake."""
    if isinstance(answer, Refused):
        ours = is_of_the_account(answer.code, answer.http_status) or is_of_the_sender(answer.code)
        return answer.code in ACTIONS and not ours and ACTIONS[answer.code] is not Action.TRY_LATER
    return isinstance(answer, Accepted)


def _owned(claimed: Claim) -> Message | None:
    """Lock a message and return it, or None where the claim on it is lost."""
    return (
        Message.objects.select_for_update(no_key=True, of=("self",))
        .select_related("patient")
        .filter(pk=claimed.message_id, status=MessageStatus.SENDING, claimed_at=claimed.claimed_at)
        .first()
    )


def _prepare(claimed: Claim) -> tuple[Attempt, str, timedelta] | None:
    """Ask again whether the message is to be sent; if so write the attempt and return it with the words."""
    message = _owned(claimed)
    if message is None:
        return None
    now = clock.now()
    if goes_elsewhere(message) or _ends_unsent(message, now) or (until := may_arrive_until(message, now)) is None:
        return None
    try:
        text = render(message)
    except NoLongerTrue as reason:
        settling.not_sent(message, MessageStatus.CANCELLED, reason.code)
        return None
    if message.channel == Channel.PERSON:
        settling.failed(message, "not_opened" if message.phone else NO_PHONE)
        return None
    attempt = _attempt(claimed, message, text)
    return None if attempt is None else (attempt, text.words, until - now)


def _attempt(claimed: Claim, message: Message, text: Rendered) -> Attempt | None:
    """Write the attempt, by the sender that has room; None where the message waits for one, or for one that is well."""
    tries = message.tries.count()
    choice = _choice(claimed, message, is_first=not tries)
    if not choice.senders:
        _stopped(message)
        return None
    segments = 0 if message.channel == Channel.VOICE else segment_count(text.words)
    at_once = message.urgent or choice.is_trial
    # Calls know no rate.
    sender = pacing.hand_over(choice.senders, segments, at_once=at_once) if segments else choice.senders[0]
    if sender is None:
        _waits(message, choice, is_first=not tries)
        return None
    # The lease begins anew with the call.
    message.claimed_at = clock.real_now()
    message.save(update_fields=["claimed_at"])
    return Attempt.objects.create(
        message=message,
        number=tries + 1,
        body_sha256=hashlib.sha256(text.words.encode()).hexdigest(),
        template=text.template,
        template_version=text.version,
        segments=segments,
        sender=sender,
        at=clock.real_now(),
    )


def _ends_unsent(message: Message, now: datetime) -> bool:
    """End a message that came too late, that is not wanted, or that its number can't get; return whether it ended."""
    if message.expires_at <= now:
        settling.not_sent(message, MessageStatus.EXPIRED, "too_late")
    elif not _may_reach(message):
        settling.not_sent(message, MessageStatus.SUPPRESSED, "no_consent")
    elif _is_asked_first(message) and (known := known_bad(message.phone, now=now)):
        settling.failed(message, known)
    else:
        return False
    return True


def _may_reach(message: Message) -> bool:
    """Whether a message needs no consent, or has it. Who is on call is paged, and a person may always call."""
    if message.staff_id is not None or message.channel == Channel.PERSON or message.purpose in NEED_NO_CONSENT:
        return True
    if message.purpose == Purpose.STAFF_REPLY:
        # Whoever wrote to us asked for an answer, until they take that back.
        return not opted_out(message.phone)
    return may_call(message.phone) if message.channel == Channel.VOICE else may_text(message.phone)


def _is_asked_first(message: Message) -> bool:
    """Whether it is asked what became of the number's last text before one more is tried."""
    ours = message.channel == Channel.SMS and message.staff_id is None
    return ours and message.purpose not in NEED_NO_CONSENT and not message.dedupe_key.startswith(BY_HAND)


def _choice(claimed: Claim, message: Message, *, is_first: bool) -> circuit.Choice:
    """By whom the message may leave: who is probed, else those that are well; nobody where nothing leaves now."""
    if claimed.probe is None:
        return circuit.choose(message.channel, set() if is_first else refused_by(message))
    return circuit.Choice((circuit.probed(claimed.probe, message.channel),), is_trial=True)


def _waits(message: Message, choice: circuit.Choice, *, is_first: bool) -> None:
    """Put a message back that another was faster than: it keeps its place, and is taken once there is room.

    One that a sender has refused may need another than the one that has room: it would be taken again and again.
    """
    postpone(message, message.due_at if is_first else clock.now() + pacing.room_in(choice.senders))


def _stopped(message: Message) -> None:
    """Nothing is sent while the circuit is open: it stays due. What is urgent and waited too long goes another way."""
    if stopped_too_long(message):
        settling.failed(message, "sending_stopped")
    else:
        postpone(message, message.due_at)


def _record(attempt: Attempt, answer: Answer) -> None:
    """Write what became of an attempt, and what follows for its message.

    Nothing follows but from an acceptance where a receipt was faster, or where the lease was lost and the message is
    being sent anew: putting it back then would send it twice.
    """
    message = Message.objects.select_for_update(no_key=True, of=("self",)).get(pk=attempt.message_id)
    outcome, sid, code = _as_outcome(answer)
    AttemptOutcome.objects.create(attempt=attempt, kind=outcome, provider_sid=sid, code=code, at=clock.real_now())
    ours = message.status == MessageStatus.SENDING and message.claimed_at == attempt.message.claimed_at
    if isinstance(answer, Accepted):
        circuit.took(message.channel, attempt.sender)
        settling.accepted(message, sid, answer.status)
    elif not ours:
        return
    elif isinstance(answer, NoAnswer):
        Message.objects.filter(pk=message.pk).update(status=MessageStatus.UNKNOWN, claimed_at=clock.real_now())
        if answer.reason.startswith("http_5"):
            note_fault(message, attempt, answer.reason)
    elif isinstance(answer, NotSent):
        again(message, attempt.number, code)
    else:
        refused(message, attempt, answer)


def _as_outcome(answer: Answer) -> tuple[OutcomeKind, str, str]:
    if isinstance(answer, Accepted):
        return OutcomeKind.ACCEPTED, answer.sid, ""
    if isinstance(answer, Refused):
        return OutcomeKind.REFUSED, "", str(answer.code or f"http_{answer.http_status}")
    kind = OutcomeKind.UNKNOWN if isinstance(answer, NoAnswer) else OutcomeKind.NOT_SENT
    return kind, "", answer.reason[:24]
