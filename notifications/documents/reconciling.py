"""Finding out what became of documents: of requests without an answer, of workers that died, of receipts that never
came. The carrier knows each job by its key, so that asking is exact, and asking again sends nothing twice."""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from clinic import clock
from clinic.db import in_transaction
from notifications import carrier
from notifications.carrier.base import CantAsk
from notifications.documents import settling
from notifications.documents.sending import LEASE
from notifications.models import Delivery, DeliveryAttempt, DeliveryOutcome, DeliveryStatus, OutcomeKind

logger = logging.getLogger(__name__)
#: How long a job may yet appear at the carrier after its request.
ABSENT_AFTER = max(timedelta(seconds=settings.DOCUMENT_ABSENT_AFTER_SECONDS), LEASE)
#: When a receipt counts as missing and the carrier is asked, in real time.
RECEIPT_MISSING_AFTER = timedelta(seconds=settings.DOCUMENT_RECEIPT_AFTER_SECONDS)
#: When it is no longer waited for: a person sends it.
RECEIPT_GIVEN_UP_AFTER = timedelta(days=1)
MOST, LONGEST_SWEEP = 100, 30.0
_NOTHING_THERE = (OutcomeKind.REFUSED, OutcomeKind.NOT_SENT, OutcomeKind.ABSENT)


def settle_documents() -> int:
    """Ask about what is not settled; return how many were settled."""
    if not carrier.is_set():
        return 0
    now = clock.real_now()
    unsettled = (
        Q(status=DeliveryStatus.UNKNOWN)
        | Q(status=DeliveryStatus.SENDING, claimed_at__lt=now - LEASE)
        | Q(status=DeliveryStatus.SENT, claimed_at__lt=now - RECEIPT_MISSING_AFTER)
    )
    # In no order: those about which the carrier does not answer must not keep it from being asked about the others.
    found = Delivery.objects.filter(unsettled).order_by("?").values_list("pk", flat=True)[:MOST]
    until = time.monotonic() + LONGEST_SWEEP
    return sum(_settle(pk) for pk in found if time.monotonic() < until)


def _settle(delivery_id: int) -> bool:
    delivery = Delivery.objects.get(pk=delivery_id)
    attempt = delivery.tries.order_by("-number").first()
    if delivery.status != DeliveryStatus.SENT and _nothing_left(delivery, attempt):
        # The worker died before it wrote the next attempt: nothing was sent.
        return _put_back(delivery)
    try:
        job = carrier.look_up(delivery.job_key)
    except CantAsk:
        logger.warning("The carrier can't be asked about document %s; asked again later.", delivery.pk)
        return False
    if job is not None:
        if attempt is not None and delivery.status != DeliveryStatus.SENT:
            _note(attempt, OutcomeKind.FOUND, job.carrier_id)
        settling.receive(delivery_id=delivery.pk, job=delivery.job, status=job.status, code=job.code)
        return _asked(delivery, job.status)
    if delivery.status == DeliveryStatus.SENT or attempt is None:
        return _asked(delivery, "")
    return clock.real_now() - attempt.at >= ABSENT_AFTER and in_transaction(lambda: _absent(delivery, attempt))


def _nothing_left(delivery: Delivery, attempt: DeliveryAttempt | None) -> bool:
    if attempt is None or attempt.job != delivery.job:
        return True
    return attempt.outcomes.filter(kind__in=_NOTHING_THERE).exists()


def _asked(delivery: Delivery, status: str) -> bool:
    """It is asked about again after a while; what nobody confirms within a day is given up."""
    if status in ("delivered", "failed"):
        return True
    if delivery.sent_at is not None and clock.now() - delivery.sent_at > RECEIPT_GIVEN_UP_AFTER:
        in_transaction(lambda: settling.failed(settling.locked_delivery(delivery.pk), "no_receipt"))
        return True
    Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.SENT).update(claimed_at=clock.real_now())
    return False


def _absent(delivery: Delivery, attempt: DeliveryAttempt) -> bool:
    """The job never came to be: it is owed again under its key, unless somebody was faster."""
    if not _put_back(delivery):
        return False
    _note(attempt, OutcomeKind.ABSENT, "")
    return True


def _put_back(delivery: Delivery) -> bool:
    back = Delivery.objects.filter(pk=delivery.pk, status=delivery.status, claimed_at=delivery.claimed_at)
    return bool(back.update(status=DeliveryStatus.DUE, due_at=clock.now()))


def _note(attempt: DeliveryAttempt, kind: OutcomeKind, carrier_id: str) -> None:
    DeliveryOutcome.objects.create(attempt=attempt, kind=kind, carrier_id=carrier_id[:64], at=clock.real_now())
