"""Sending what is owed: decide, write the attempt, call, record. No transaction is open across the call."""

import hashlib
import logging
import random
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError

from clinic import clock
from clinic.db import in_transaction
from clinic.selectors.consent import may_text, opted_out
from notifications import provider
from notifications.caps import A_WEEK, MOST_A_WEEK, next_under_caps
from notifications.models import Attempt, AttemptOutcome, Channel, Message, MessageStatus, OutcomeKind, Purpose
from notifications.provider import Accepted, Answer, NoAnswer, NotSent, Refused
from notifications.provider_codes import ACCOUNT, ACTIONS, Action, action_for, is_of_the_account
from notifications.quiet_hours import next_allowed
from notifications.segments import segment_count
from notifications.selectors.zones import zones_of_phone
from notifications.services import circuit, settling
from notifications.services.claiming import DELAY, Claim, claim, stopped_too_long
from notifications.services.rendering import NoLongerTrue, render

logger = logging.getLogger(__name__)
BATCH = 20
#: Calls to the provider for one message before a person takes over.
MOST_ATTEMPTS = 5
#: Tries that ended so were no fault of the message.
_OF_THE_ACCOUNT = {*map(str, ACCOUNT), "http_401"}
#: These need no consent: a code that the patient has just asked for on the page, an answer to what they wrote, and
#: what may save their life (47 CFR 64.1200(a)(1), (f)(4): calls made for emergency purposes).
NEED_NO_CONSENT = (Purpose.ONE_TIME_CODE, Purpose.REPLY, Purpose.SEEK_EMERGENCY_CARE)
#: How long the telephone of somebody who is paged rings: the next page comes two minutes after this one.
RINGS_FOR = timedelta(seconds=30)
#: Where these could not be sent in time, a person says it. The others are of no use once their time is over.
SAID_ALL_THE_SAME = (
    Purpose.BOOKING_CHANGED,
    Purpose.BOOKING_CANCELLED,
    Purpose.RESULT_READY,
    Purpose.PLEASE_CALL,
    Purpose.SEEK_EMERGENCY_CARE,
    Purpose.STAFF_REPLY,
)


def send_due() -> int:
    """Send what is due, batch by batch, until nothing more is; return how many messages were taken."""
    taken = 0
    while claims := claim(BATCH):
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
        if claimed.probe:
            circuit.not_probed()
        return
    attempt, body, valid_for = prepared
    answer = _call(attempt, body, valid_for)
    in_transaction(lambda: _record(attempt, answer))
    if claimed.probe and _is_well(answer):
        circuit.probe_passed()


def _call(attempt: Attempt, body: str, valid_for: timedelta) -> Answer:
    """Call the provider. A worker that was held up for long does not: its attempt may be given up while it calls."""
    if clock.real_now() - attempt.at > DELAY:
        return NotSent("held_up")
    message, webhooks = attempt.message, f"{settings.PUBLIC_BASE_URL}/webhooks/twilio"
    if message.channel == Channel.VOICE:
        callback = f"{webhooks}/call-status/?attempt={attempt.pk}"
        return provider.call(
            to=message.phone, words=body, language=message.language, callback=callback, rings_for=RINGS_FOR
        )
    callback = f"{webhooks}/status/?attempt={attempt.pk}"
    return provider.send(to=message.phone, body=body, callback=callback, valid_for=valid_for)


def _is_well(answer: Answer) -> bool:
    """Whether an answer shows that the account is well: a text taken, or refused for its number's sake."""
    if isinstance(answer, Refused):
        ours = is_of_the_account(answer.code, answer.http_status)
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
    """Ask again whether the text is to be sent; if so write the attempt and return it with the text."""
    message = _owned(claimed)
    if message is None:
        return None
    now = clock.now()
    if message.expires_at <= now:
        _not_sent(message, MessageStatus.EXPIRED, "too_late")
        return None
    if not _may_reach(message):
        _not_sent(message, MessageStatus.SUPPRESSED, "no_consent")
        return None
    if not claimed.probe and circuit.opened() is not None:
        _stopped(message)
        return None
    if not message.urgent and _must_wait(message, now):
        return None
    try:
        body = render(message)
    except NoLongerTrue as reason:
        _not_sent(message, MessageStatus.CANCELLED, reason.code)
        return None
    is_call = message.channel == Channel.VOICE
    # The lease begins anew with the call.
    message.claimed_at = clock.real_now()
    message.save(update_fields=["claimed_at"])
    attempt = Attempt.objects.create(
        message=message,
        number=message.tries.count() + 1,
        body_sha256=hashlib.sha256(body.encode()).hexdigest(),
        segments=0 if is_call else segment_count(body),
        sender=provider.caller() if is_call else provider.sender(),
        at=clock.real_now(),
    )
    return attempt, body, message.expires_at - now


def _stopped(message: Message) -> None:
    """Nothing is sent while the circuit is open: it stays due. An urgent text that waited too long is a person's."""
    if stopped_too_long(message):
        settling.failed(message, "sending_stopped")
    else:
        _postpone(message, message.due_at)


def _may_reach(message: Message) -> bool:
    """Whether a message needs no consent, or has it. Who is on call is paged."""
    if message.purpose == Purpose.STAFF_REPLY:
        # Whoever wrote to us asked for an answer, until they take that back.
        return not opted_out(message.phone)
    return message.staff_id is not None or message.purpose in NEED_NO_CONSENT or may_text(message.phone)


def _not_sent(message: Message, status: MessageStatus, code: str) -> None:
    message.status, message.ended_at, message.end_code = status, clock.now(), code[:24]
    message.save(update_fields=["status", "ended_at", "end_code"])
    if status == MessageStatus.SUPPRESSED or (status == MessageStatus.EXPIRED and message.purpose in SAID_ALL_THE_SAME):
        settling.hand_to_a_person(message, f"message.{status}", code)


def _must_wait(message: Message, now: datetime) -> bool:
    """Put a routine text off until it is day, and until its number may get one more; say so where that is too late.

    By night the caps are not asked yet: whoever has to take over is asked by day.
    """
    zones = zones_of_phone(message.phone, message.patient)
    by_day = next_allowed(now, zones)
    may_go = (
        by_day if by_day > now else next_allowed(next_under_caps(now, _routine_of(message.phone, now), zones), zones)
    )
    if may_go <= now:
        tomorrow = next_allowed(next_under_caps(now, [now], zones), zones)
        if not _gives_way(message, tomorrow):
            return False
        may_go = tomorrow
    if by_day <= now and may_go >= message.expires_at:
        _not_sent(message, MessageStatus.EXPIRED, "over_the_cap")
    else:
        _postpone(message, may_go)
    return True


def _gives_way(message: Message, tomorrow: datetime) -> bool:
    """Whether a text that may as well go tomorrow would take the day's place of one that may not: a reminder, say."""
    if message.expires_at <= tomorrow:
        return False
    others = Message.objects.filter(phone=message.phone, urgent=False, status=MessageStatus.DUE)
    return others.filter(due_at__lt=tomorrow, expires_at__lte=tomorrow).exists()


def _routine_of(phone: str, now: datetime) -> list[datetime]:
    """When the last routine texts of a week left for a number, whoever of those who share it they were for.

    None of them is missing: while one of a number is on its way no other is taken.
    """
    lately = Message.objects.filter(phone=phone, urgent=False, sent_at__gt=now - A_WEEK)
    found = lately.order_by("-sent_at").values_list("sent_at", flat=True)[:MOST_A_WEEK]
    return [at for at in found if at is not None]


def _postpone(message: Message, until: datetime) -> None:
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.DUE, due_at=until)


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
        settling.accepted(message, sid, answer.status)
    elif not ours:
        return
    elif isinstance(answer, NoAnswer):
        Message.objects.filter(pk=message.pk).update(status=MessageStatus.UNKNOWN, claimed_at=clock.real_now())
    elif isinstance(answer, NotSent):
        _again(message, attempt.number, code)
    else:
        _refused(message, attempt.number, answer)


def _as_outcome(answer: Answer) -> tuple[OutcomeKind, str, str]:
    if isinstance(answer, Accepted):
        return OutcomeKind.ACCEPTED, answer.sid, ""
    if isinstance(answer, Refused):
        return OutcomeKind.REFUSED, "", str(answer.code or f"http_{answer.http_status}")
    kind = OutcomeKind.UNKNOWN if isinstance(answer, NoAnswer) else OutcomeKind.NOT_SENT
    return kind, "", answer.reason[:24]


def _refused(message: Message, tries: int, answer: Refused) -> None:
    action = action_for(answer.code, answer.http_status)
    code = str(answer.code or answer.http_status)
    if is_of_the_account(answer.code, answer.http_status):
        # No fault of this message: it is not given up for it, however often it is the probe.
        probe_at = circuit.open_circuit(code)
        _postpone(message, probe_at)
        if stopped_too_long(message):
            settling.failed(message, "sending_stopped")
    elif action is Action.TRY_LATER:
        _again(message, tries, code)
    elif action is Action.OPERATOR:
        logger.error("The provider refuses our texts with code %s: an operator must act.", code)
        _again(message, tries, code)
    else:
        if action is Action.OPTED_OUT:
            settling.opted_out(message)
        settling.failed(message, code)


def _again(message: Message, tries: int, code: str) -> None:
    """Put a message back, later each time; after the last try a person takes over."""
    tries -= message.tries.filter(outcomes__kind=OutcomeKind.REFUSED, outcomes__code__in=_OF_THE_ACCOUNT).count()
    if tries >= MOST_ATTEMPTS:
        settling.failed(message, code)
        return
    seconds = random.uniform(0.5, 1.0) * min(2 ** (tries + 1), 300)  # noqa: S311 - spreads the load, hides nothing
    Message.objects.filter(pk=message.pk).update(
        status=MessageStatus.DUE, due_at=clock.now() + timedelta(seconds=seconds)
    )
