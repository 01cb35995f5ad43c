"""Finding out what became of texts: of calls without an answer, of workers that died, of receipts that never came."""

import hashlib
import itertools
import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings

from clinic import clock
from clinic.db import in_transaction
from notifications import provider
from notifications.models import Attempt, AttemptOutcome, Channel, Message, MessageStatus, OutcomeKind
from notifications.provider import CantAsk
from notifications.services import settling, waiting_long
from notifications.services.claiming import LEASE

T = TypeVar("T")
logger = logging.getLogger(__name__)
#: How long a text may yet appear at the provider after its attempt. A worker may be calling for as long as its lease.
ABSENT_AFTER = max(timedelta(seconds=settings.MESSAGE_ABSENT_AFTER_SECONDS), LEASE)
#: The provider's clock and ours may differ by so much.
SKEW = timedelta(seconds=30)
#: When a receipt counts as missing, and the provider is asked.
RECEIPT_MISSING_AFTER = timedelta(hours=1)
#: When it is no longer asked: the provider keeps trying for ten hours at most, and some carriers never report.
RECEIPT_GIVEN_UP_AFTER = timedelta(days=7)
MOST = 200
#: How long one sweep goes on, in seconds.
LONGEST_SWEEP = 30.0
MOST_ASKED = 100
#: Outcomes after which nothing of an attempt can be at the provider.
_NOTHING_THERE = (OutcomeKind.REFUSED, OutcomeKind.NOT_SENT, OutcomeKind.ABSENT)


def settle_unknown() -> int:
    """Find out what became of calls without an answer, and of workers that died; return how many were settled."""
    unsettled = Message.objects.filter(status=MessageStatus.UNKNOWN) | Message.objects.filter(
        status=MessageStatus.SENDING, claimed_at__lt=clock.real_now() - LEASE
    )
    # In no order: those about which the provider does not answer must not keep it from being asked about the others.
    return _in_time(_settle, unsettled.order_by("?").values_list("pk", flat=True)[:MOST])


def _in_time(work: Callable[[T], bool], found: Iterable[T]) -> int:
    """Do it to each for a while, and return of how many it came true: a provider that hangs takes long to ask."""
    until = time.monotonic() + LONGEST_SWEEP
    return sum(work(each) for each in itertools.takewhile(lambda _: time.monotonic() < until, found))


def _settle(message_id: int) -> bool:
    message = Message.objects.get(pk=message_id)
    attempt = message.tries.select_related("message").order_by("-number").first()
    if attempt is None or attempt.outcomes.filter(kind__in=_NOTHING_THERE).exists():
        # The last call has its end: the worker died before it wrote the next attempt, and nothing was sent.
        return _put_back(message)
    # Asked of the clock first: what is created while the provider is being asked is not overlooked.
    over = clock.real_now() - attempt.at >= ABSENT_AFTER
    try:
        match = _look_for(attempt)
    except CantAsk:
        logger.warning("The provider can't be asked about attempt %s; asked again later.", attempt.pk)
        waiting_long.ask_a_person(attempt)
        return False
    if match is not None:
        settling.found(attempt, sid=match.sid, status=match.status, code=match.code)
        return True
    return over and in_transaction(lambda: _absent(message, attempt))


def _absent(message: Message, attempt: Attempt) -> bool:
    """The text never came to be: it is owed again, unless somebody was faster."""
    if not _put_back(message):
        return False
    AttemptOutcome.objects.create(attempt=attempt, kind=OutcomeKind.ABSENT, at=clock.real_now())
    return True


def _put_back(message: Message) -> bool:
    back = Message.objects.filter(pk=message.pk, status=message.status, claimed_at=message.claimed_at)
    return bool(back.update(status=MessageStatus.DUE, due_at=clock.now()))


def _look_for(attempt: Attempt) -> provider.Found | None:
    """Return the provider's text or call that is this attempt: same sender and body, made since, no other attempt's.

    A call has no body to compare: only one text or call of ours is on its way to a number.
    """
    taken = set(
        AttemptOutcome.objects.exclude(provider_sid="")
        .exclude(attempt=attempt)
        .filter(attempt__message__phone=attempt.message.phone)
        .values_list("provider_sid", flat=True)
    )
    since: datetime = attempt.at - SKEW
    phone = attempt.message.phone
    is_call = attempt.message.channel == Channel.VOICE
    for found in provider.called(phone, since=since) if is_call else provider.sent_to(phone):
        same = found.body is None or hashlib.sha256(found.body.encode()).hexdigest() == attempt.body_sha256
        if same and attempt.sender in found.senders and found.created_at >= since and found.sid not in taken:
            return found
    return None


def poll_receipts() -> int:
    """Ask the provider about texts that should have a final receipt by now; return how many answered."""
    now = clock.now()
    silent = Message.objects.filter(
        status=MessageStatus.SENT,
        sent_at__lt=now - RECEIPT_MISSING_AFTER,
        sent_at__gt=now - RECEIPT_GIVEN_UP_AFTER,
    )
    # In no order: texts whose receipt never comes must not keep the others from being asked about.
    return _in_time(_ask, silent.order_by("?")[:MOST_ASKED])


def _ask(message: Message) -> bool:
    outcome = AttemptOutcome.objects.filter(attempt__message=message).exclude(provider_sid="").last()
    if outcome is None:
        return False
    try:
        status, code = provider.fetch(outcome.provider_sid)
    except CantAsk:
        logger.warning("The provider can't be asked about outcome %s; asked again later.", outcome.pk)
        return False
    settling.receive(attempt_id=outcome.attempt_id, sid=outcome.provider_sid, status=status, code=code)
    return True
