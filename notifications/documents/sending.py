"""Sending documents: claim, write the attempt, hand over, record. No transaction is open across the request."""

import hashlib
import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError

from clinic import clock
from clinic.db import in_transaction
from notifications import carrier
from notifications.carrier.base import Accepted, Answer, NoAnswer, NotSent, Parcel, Refused
from notifications.documents import settling
from notifications.documents.report_sheet import document_of
from notifications.models import Delivery, DeliveryAttempt, DeliveryOutcome, DeliveryStatus, OutcomeKind

logger = logging.getLogger(__name__)
#: How long a worker that has written an attempt may take to begin its request; later than that it makes none.
DELAY = timedelta(seconds=settings.DOCUMENT_CARRIER_TIMEOUT_SECONDS)
#: How long a worker may be at one document: connecting and answering have a time-out each.
LEASE = 3 * DELAY
#: How long one sweep goes on, in seconds.
LONGEST_SWEEP = 20.0


def send_due() -> int:
    """Send what is due, one after the other, for a while; return how many were taken."""
    taken, until = 0, time.monotonic() + LONGEST_SWEEP
    while carrier.is_set() and time.monotonic() < until and (claimed := in_transaction(_claim)) is not None:
        _send_whatever_happens(*claimed)
        taken += 1
    return taken


def _claim() -> tuple[int, datetime] | None:
    """Take the first document that is due; two workers take different ones."""
    due = Delivery.objects.filter(status=DeliveryStatus.DUE, due_at__lte=clock.now()).order_by("due_at", "id")
    found = due.select_for_update(skip_locked=True, no_key=True).first()
    if found is None:
        return None
    claimed_at = clock.real_now()
    Delivery.objects.filter(pk=found.pk).update(status=DeliveryStatus.SENDING, claimed_at=claimed_at)
    return found.pk, claimed_at


def _send_whatever_happens(delivery_id: int, claimed_at: datetime) -> None:
    """A fault in one document does not hold up the others: a person sends it."""
    try:
        send_one(delivery_id, claimed_at)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the next document must not wait for it
        # Its name only: what it says may hold what the document says.
        logger.error("Document %s can't be sent: %s", delivery_id, type(error).__name__)  # noqa: TRY400
        settling.give_up(delivery_id, claimed_at, "fault")


def send_one(delivery_id: int, claimed_at: datetime) -> None:
    """Send one claimed document. A lease that was lost meanwhile sends nothing."""
    delivery = Delivery.objects.get(pk=delivery_id)
    pdf = document_of(delivery)
    attempt = in_transaction(lambda: _prepare(delivery_id, claimed_at, hashlib.sha256(pdf).hexdigest()))
    if attempt is None:
        return
    answer = _call(attempt, pdf)
    in_transaction(lambda: _record(attempt, answer))


def _prepare(delivery_id: int, claimed_at: datetime, digest: str) -> DeliveryAttempt | None:
    """Write the attempt, if it is still to go there; the lease begins anew with the request."""
    settling.locked_delivery(delivery_id)
    delivery = _owned(delivery_id, claimed_at)
    if delivery is None or settling.withdrawn(delivery):
        return None
    delivery.claimed_at = clock.real_now()
    delivery.save(update_fields=["claimed_at"])
    return DeliveryAttempt.objects.create(
        delivery=delivery,
        number=delivery.tries.count() + 1,
        job=delivery.job,
        document_sha256=digest,
        at=clock.real_now(),
    )


def _owned(delivery_id: int, claimed_at: datetime | None) -> Delivery | None:
    mine = Delivery.objects.select_for_update(no_key=True).filter(pk=delivery_id, claimed_at=claimed_at)
    return mine.filter(status=DeliveryStatus.SENDING).first()


def _call(attempt: DeliveryAttempt, pdf: bytes) -> Answer:
    """Hand it over. A worker that was held up for long does not: its attempt may be asked about meanwhile."""
    if clock.real_now() - attempt.at > DELAY:
        return NotSent("held_up")
    delivery = attempt.delivery
    parcel = Parcel(
        way=delivery.way,
        to=delivery.address,
        pdf=pdf,
        key=delivery.job_key,
        callback=f"{settings.PUBLIC_BASE_URL}/webhooks/documents/receipt/",
    )
    return carrier.deliver(parcel)


def _record(attempt: DeliveryAttempt, answer: Answer) -> None:
    """Write what became of an attempt, and what follows. Of a lost lease only a yes counts."""
    delivery = settling.locked_delivery(attempt.delivery_id)
    kind, carrier_id, code = _as_outcome(answer)
    DeliveryOutcome.objects.create(attempt=attempt, kind=kind, carrier_id=carrier_id, code=code, at=clock.real_now())
    ours = delivery.status == DeliveryStatus.SENDING and delivery.claimed_at == attempt.delivery.claimed_at
    if isinstance(answer, Accepted):
        settling.accepted(delivery, attempt.job)
    elif not ours:
        return
    elif isinstance(answer, NoAnswer):
        Delivery.objects.filter(pk=delivery.pk).update(status=DeliveryStatus.UNKNOWN, claimed_at=clock.real_now())
    elif isinstance(answer, NotSent):
        settling.again(delivery, code)
    else:
        settling.refused(delivery, answer.code, answer.http_status)


def _as_outcome(answer: Answer) -> tuple[OutcomeKind, str, str]:
    if isinstance(answer, Accepted):
        return OutcomeKind.ACCEPTED, answer.sid[:64], ""
    if isinstance(answer, Refused):
        return OutcomeKind.REFUSED, "", answer.code[:24]
    kind = OutcomeKind.UNKNOWN if isinstance(answer, NoAnswer) else OutcomeKind.NOT_SENT
    return kind, "", answer.reason[:24]
