"""What became of a document: moved by what the carrier says of it, in any order, never backwards.

The report is locked first, as its signing and its notices lock it, then the delivery.
"""

import logging
import random
from datetime import datetime, timedelta

from django.db import connection

from clinic import clock, events
from clinic.access import SYSTEM
from clinic.db import in_transaction
from clinic.models import ClosingReason, Referrer, Report
from clinic.services import referrers
from clinic.services.locked_reports import locked
from clinic.services.referrers import Notice, current_version
from notifications.documents.owing import owe, ways_of
from notifications.models import Delivery, DeliveryReceipt, DeliveryStatus, DocumentWay
from notifications.models.delivery import ENDED

logger = logging.getLogger(__name__)
#: Requests for one document before the next way is gone.
MOST_ATTEMPTS = 5
#: Jobs at the carrier for one document: a line that is busy three times over is a person's.
MOST_JOBS = 3
#: How long the far machine is left alone after a job that failed.
BETWEEN_JOBS = timedelta(minutes=3)
#: Why a job fails that may go well a little later.
PASSING = frozenset({"busy", "no_answer", "line_dropped", "mailbox_unavailable"})
#: Of a refusal: try again, it says nothing of this document.
_LATER_HTTP = frozenset({401, 402, 403, 409, 425, 429})
#: Who confirms, by the way.
_CONFIRMED_BY = {
    DocumentWay.FAX: "The receiving fax machine took every page",
    DocumentWay.DIRECT: "Their mailbox returned the delivery notice",
}
_KEEP = """
    INSERT INTO notifications_deliveryreceipt (delivery_id, job, status, code, at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (delivery_id, job, status) DO NOTHING
"""


def locked_delivery(delivery_id: int) -> Delivery:
    """Return a delivery whose report and row are locked."""
    report = Report.objects.select_for_update(no_key=True).filter(deliveries=delivery_id)
    report.values_list("pk", flat=True).get()
    return Delivery.objects.select_for_update(no_key=True).get(pk=delivery_id)


def accepted(delivery: Delivery, job: int) -> None:
    """The carrier has the job. Receipts that came before our record count as well."""
    if delivery.job == job and delivery.status in (DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN, DeliveryStatus.DUE):
        delivery.status, delivery.sent_at, delivery.claimed_at = DeliveryStatus.SENT, clock.now(), clock.real_now()
        delivery.save(update_fields=["status", "sent_at", "claimed_at"])
    _heed(delivery)


def receive(*, delivery_id: int, job: int, status: str, code: str) -> bool:
    """Keep a receipt and let it count; return whether it was new. One that says "queued" proves the job."""

    def work() -> bool:
        delivery = locked_delivery(delivery_id)
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [delivery.pk, job, status, code[:24], clock.real_now()])
            new = bool(cursor.rowcount == 1)
        accepted(delivery, job)
        return new

    return in_transaction(work)


def _heed(delivery: Delivery) -> None:
    """Move a delivery to what everything said of it comes to: one job that arrived is enough."""
    said = list(DeliveryReceipt.objects.filter(delivery=delivery).values_list("job", "status", "code"))
    if any(status == "delivered" for _, status, _ in said):
        _confirm(delivery)
        return
    failures = {job: code for job, status, code in said if status == "failed"}
    if delivery.status == DeliveryStatus.SENT and delivery.job in failures:
        _job_failed(delivery, failures[delivery.job])


def _confirm(delivery: Delivery) -> None:
    if delivery.status == DeliveryStatus.CONFIRMED:
        return
    now = clock.now()
    delivery.status, delivery.end_code = DeliveryStatus.CONFIRMED, ""
    delivery.sent_at, delivery.ended_at = delivery.sent_at or now, now
    delivery.save(update_fields=["status", "sent_at", "ended_at", "end_code"])
    there = delivery.address in _addresses_of(delivery.report)
    if there:
        _need_no_other_way(delivery)
    # What came to an address that was corrected since is known to have come there, and confirms nothing.
    by = _CONFIRMED_BY[DocumentWay(delivery.way)] if there else ""
    notice = Notice(how=delivery.way, sent_to=delivery.address, confirmed_by=by)
    referrers.note_delivered(SYSTEM, locked(delivery.report_id), version=delivery.version, notice=notice)


def _addresses_of(report: Report) -> list[str]:
    """Where the office that referred is sent a document now."""
    referrer = Referrer.objects.filter(episode_id=report.episode_id).first()
    return list(ways_of(referrer).values()) if referrer is not None else []


def _need_no_other_way(delivery: Delivery) -> None:
    """What was told as lost and arrived after all is not brought by the other way as well; what somebody had sent again
    still goes."""
    others = Delivery.objects.filter(report=delivery.report_id, version=delivery.version, asked_by=None)
    others.filter(status=DeliveryStatus.DUE).update(
        status=DeliveryStatus.CANCELLED, ended_at=clock.now(), end_code="arrived_after_all"
    )


def _job_failed(delivery: Delivery, code: str) -> None:
    """A job came to nothing. What may pass is tried by another job; anything else goes another way."""
    if code not in PASSING or delivery.job >= MOST_JOBS:
        failed(delivery, code)
        return
    delivery.status, delivery.due_at = DeliveryStatus.DUE, clock.now() + BETWEEN_JOBS * delivery.job
    delivery.job += 1
    delivery.save(update_fields=["status", "due_at", "job"])


def refused(delivery: Delivery, code: str, http_status: int) -> None:
    """The carrier said no to a request; the lease is held."""
    if http_status in _LATER_HTTP:
        if http_status in (401, 402, 403):
            logger.error("The carrier of documents refuses our account with %s: an operator must act.", http_status)
        again(delivery, code)
    else:
        failed(delivery, code)


def again(delivery: Delivery, code: str) -> None:
    """Put a document back under the same key, later each time; after the last try it goes another way."""
    tries = delivery.tries.count()
    if tries >= MOST_ATTEMPTS * delivery.job:
        failed(delivery, code)
        return
    seconds = random.uniform(0.5, 1.0) * min(2 ** (tries + 1), 240)  # noqa: S311 - spreads the load, hides nothing
    Delivery.objects.filter(pk=delivery.pk).update(
        status=DeliveryStatus.DUE, due_at=clock.now() + timedelta(seconds=seconds)
    )


def give_up(delivery_id: int, claimed_at: datetime, code: str) -> None:
    """A fault of ours in one document: it is a person's, unless its request was made and may yet be answered."""

    def work() -> None:
        delivery = locked_delivery(delivery_id)
        if delivery.status == DeliveryStatus.SENDING and delivery.claimed_at == claimed_at:
            failed(delivery, code)

    in_transaction(work)


def withdrawn(delivery: Delivery) -> bool:
    """Cancel a document that is not to go there any more, or not as it was; return whether it was so. It is locked.

    Asked each time before it leaves: what was on its way when the report was amended, or the office corrected, could
    not be withdrawn then, and is due again where the line was busy or the request got lost.
    """
    report = delivery.report
    referrer = Referrer.objects.filter(episode_id=report.episode_id).first()
    if delivery.version != current_version(report):
        code = "amended"
    elif report.episode.closing_reason == ClosingReason.DUPLICATE:
        code = "entered_in_error"
    elif referrer is None or ways_of(referrer).get(delivery.way) != delivery.address:
        code = "corrected"
    else:
        return False
    delivery.status, delivery.ended_at, delivery.end_code = DeliveryStatus.CANCELLED, clock.now(), code
    delivery.save(update_fields=["status", "ended_at", "end_code"])
    if code == "corrected" and not (referrer is not None and owe(SYSTEM, report=report, referrer=referrer)):
        referrers.bring_forward(SYSTEM, report)
    return True


def failed(delivery: Delivery, code: str) -> None:
    """Give a delivery up: the version goes by the other way where one is recorded, else a person sends it."""
    if delivery.status in ENDED:
        return
    delivery.status, delivery.ended_at, delivery.end_code = DeliveryStatus.FAILED, clock.now(), code[:24]
    delivery.save(update_fields=["status", "ended_at", "end_code"])
    report = locked(delivery.report_id)
    codes = {"way": delivery.way, "version": delivery.version, "code": delivery.end_code}
    events.record("document.failed", actor=SYSTEM, episode=report.episode, subject=delivery, codes=codes)
    if delivery.version != current_version(report):
        return
    referrer = Referrer.objects.filter(episode_id=report.episode_id).first()
    tried = Delivery.objects.filter(report=report, version=delivery.version).values_list("way", flat=True)
    if referrer is None or not owe(SYSTEM, report=report, referrer=referrer, without=frozenset(tried)):
        referrers.bring_forward(SYSTEM, report, went_elsewhere=_went_elsewhere(report, delivery.version))


def _went_elsewhere(report: Report, version: int) -> bool:
    """Whether all that a machine confirmed of a version came to addresses that were corrected since."""
    arrived = Delivery.objects.filter(report=report, version=version, status=DeliveryStatus.CONFIRMED)
    addresses = set(arrived.values_list("address", flat=True))
    by_hand = report.referrer_notices.filter(version=version, confirmed=True, by__isnull=False)
    return bool(addresses) and addresses.isdisjoint(_addresses_of(report)) and not by_hand.exists()
