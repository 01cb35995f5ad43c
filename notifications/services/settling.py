"""What became of a message: moved by receipts and reconciliation, never backwards."""

import hashlib
import logging
from datetime import datetime, timedelta

from django.conf import settings
from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException

from clinic import clock, events
from clinic.access import SYSTEM
from clinic.db import in_transaction
from clinic.models import ConsentChannel, EpisodeStatus, Role, StepKind
from clinic.services.consent import record_consent
from clinic.services.steps import NewStep, open_step
from notifications import provider
from notifications.models import Attempt, AttemptOutcome, Message, MessageStatus, OutcomeKind, Receipt
from notifications.receipt_rank import message_status

logger = logging.getLogger(__name__)
#: How long a worker may be at one message before its lease counts as lost: longer than any call can take.
LEASE = timedelta(seconds=settings.TWILIO_TIMEOUT_SECONDS + 5)
#: How long a text may yet appear at the provider after a call without an answer.
ABSENT_AFTER = timedelta(seconds=settings.MESSAGE_ABSENT_AFTER_SECONDS)
#: The provider's clock and ours may differ by so much.
SKEW = timedelta(seconds=30)
#: When a receipt counts as missing, and the provider is asked.
RECEIPT_MISSING_AFTER = timedelta(hours=1)


def accepted(message: Message, sid: str, status: str) -> None:
    """The provider has the text. Receipts that came before our record count as well."""
    seen = [status, *Receipt.objects.filter(provider_sid=sid).values_list("status", flat=True)]
    _move(message, seen)


def receive(*, attempt_id: int | None, sid: str, status: str, code: str) -> bool:
    """Keep a receipt and let it count. Return whether it was new. An unknown attempt is kept too, and moves nothing."""

    def work() -> bool:
        attempt = _attempt_of(attempt_id, sid)
        _, new = Receipt.objects.get_or_create(
            provider_sid=sid,
            status=status,
            defaults={"attempt": attempt, "code": code[:12], "at": clock.real_now()},
        )
        if new and attempt is not None:
            message = Message.objects.select_for_update(no_key=True, of=("self",)).get(pk=attempt.message_id)
            _prove(attempt, sid)
            _move(message, Receipt.objects.filter(provider_sid=sid).values_list("status", flat=True), code)
        return new

    return in_transaction(work)


def _attempt_of(attempt_id: int | None, sid: str) -> Attempt | None:
    """The attempt that a receipt is about: named in the signed address, or known by the provider's id."""
    if attempt_id is not None:
        return Attempt.objects.filter(pk=attempt_id).first()
    outcome = AttemptOutcome.objects.select_related("attempt").filter(provider_sid=sid).first()
    return outcome.attempt if outcome else None


def _prove(attempt: Attempt, sid: str) -> None:
    """A receipt proves that the attempt was accepted, also where its answer was lost."""
    if not AttemptOutcome.objects.filter(attempt=attempt, provider_sid=sid).exists():
        AttemptOutcome.objects.create(attempt=attempt, kind=OutcomeKind.FOUND, provider_sid=sid, at=clock.real_now())


_FINAL = {MessageStatus.DELIVERED, MessageStatus.UNDELIVERED, MessageStatus.FAILED}


def _move(message: Message, statuses: object, code: str = "") -> None:
    """Move a message to what its receipts come to."""
    target = message_status(statuses)  # type: ignore[arg-type]
    if target is None or message.status == target or (message.status in _FINAL and target == MessageStatus.SENT):
        return
    was_final = message.status in _FINAL
    message.status = target
    message.sent_at = message.sent_at or clock.now()
    if target in _FINAL:
        message.ended_at, message.end_code = clock.now(), code[:24]
    message.save(update_fields=["status", "sent_at", "ended_at", "end_code"])
    if target in (MessageStatus.UNDELIVERED, MessageStatus.FAILED) and not was_final:
        hand_to_a_person(message, "message.failed", code or target)


def failed(message: Message, code: str) -> None:
    """Give a message up: a person takes over."""
    message.status, message.ended_at, message.end_code = MessageStatus.FAILED, clock.now(), code[:24]
    message.save(update_fields=["status", "ended_at", "end_code"])
    hand_to_a_person(message, "message.failed", code)


def hand_to_a_person(message: Message, event: str, code: str) -> None:
    """Record that a text did not get through; where an episode is open somebody reaches the patient another way."""
    events.record(
        event,
        actor=SYSTEM,
        episode=message.episode,
        patient=message.patient,
        subject=message,
        codes={"purpose": message.purpose, "code": code},
    )
    episode = message.episode
    if episode is not None and episode.status == EpisodeStatus.OPEN:
        new = NewStep(
            kind=StepKind.CONTACT,
            owner_role=Role.REPRESENTATIVE,
            center_id=episode.center_id,
            due_at=clock.now() + timedelta(minutes=15 if message.urgent else 120),
        )
        open_step(SYSTEM, episode=episode, new=new)


def opted_out(message: Message) -> None:
    """The provider knows of an opt-out that we have not heard of: it holds from now on."""
    record_consent(
        SYSTEM,
        phone=message.phone,
        granted=False,
        channel=ConsentChannel.REPLY,
        language=message.language,
        wording="The carrier reports that this number opted out (21610).",
    )


def settle_unknown() -> int:
    """Find out what became of calls without an answer, and of workers that died; return how many were settled."""
    lost = clock.real_now() - LEASE
    unsettled = Message.objects.filter(status=MessageStatus.UNKNOWN) | Message.objects.filter(
        status=MessageStatus.SENDING, claimed_at__lt=lost
    )
    return sum(_settle(pk) for pk in unsettled.order_by("claimed_at").values_list("pk", flat=True)[:200])


def _settle(message_id: int) -> bool:
    message = Message.objects.get(pk=message_id)
    attempt = message.tries.order_by("-number").first()
    if attempt is None or attempt.outcomes.exclude(kind=OutcomeKind.UNKNOWN).exists():
        # The last call has its end: the worker died before it wrote the next attempt, and nothing was sent.
        return _put_back(message)
    try:
        match = _look_for(attempt)
    except (TwilioException, RequestException):
        logger.warning("The provider can't be asked about attempt %s; asked again later.", attempt.pk)
        return False
    if match is not None:
        receive(attempt_id=attempt.pk, sid=match.sid, status=match.status, code=match.code)
        in_transaction(lambda: _found(message_id, match))
        return True
    if clock.real_now() - attempt.at < ABSENT_AFTER:
        return False

    def absent() -> bool:
        AttemptOutcome.objects.create(attempt=attempt, kind=OutcomeKind.ABSENT, at=clock.real_now())
        return _put_back(message)

    return in_transaction(absent)


def _found(message_id: int, match: provider.Found) -> None:
    message = Message.objects.select_for_update(no_key=True, of=("self",)).get(pk=message_id)
    accepted(message, match.sid, match.status)


def _put_back(message: Message) -> bool:
    back = Message.objects.filter(pk=message.pk, status=message.status, claimed_at=message.claimed_at)
    return bool(back.update(status=MessageStatus.DUE, due_at=clock.now()))


def _look_for(attempt: Attempt) -> provider.Found | None:
    """Return the provider's text that is this attempt: same sender and body, made since, and no other attempt's."""
    taken = set(
        AttemptOutcome.objects.exclude(provider_sid="")
        .exclude(attempt=attempt)
        .filter(attempt__message__phone=attempt.message.phone)
        .values_list("provider_sid", flat=True)
    )
    since: datetime = attempt.at - SKEW
    for found in provider.sent_to(attempt.message.phone, since=since):
        same = hashlib.sha256(found.body.encode()).hexdigest() == attempt.body_sha256
        if same and found.sender == attempt.sender and found.created_at >= since and found.sid not in taken:
            return found
    return None


def poll_receipts() -> int:
    """Ask the provider about texts that should have a final receipt by now; return how many answered."""
    late = clock.now() - RECEIPT_MISSING_AFTER
    asked = 0
    for message in Message.objects.filter(status=MessageStatus.SENT, sent_at__lt=late).order_by("sent_at")[:100]:
        outcome = AttemptOutcome.objects.filter(attempt__message=message).exclude(provider_sid="").last()
        if outcome is None:
            continue
        try:
            status, code = provider.fetch(outcome.provider_sid)
        except (TwilioException, RequestException):
            logger.warning("The provider can't be asked about outcome %s; asked again later.", outcome.pk)
            continue
        receive(attempt_id=outcome.attempt_id, sid=outcome.provider_sid, status=status, code=code)
        asked += 1
    return asked
