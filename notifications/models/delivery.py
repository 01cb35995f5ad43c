"""Documents that leave the house: each delivery to an office, every request to the carrier, what came of it."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models import Report, Staff
from clinic.models.append_only import APPEND_ONLY
from clinic.models.row import Row
from notifications.models.message import OutcomeKind


class DocumentWay(models.TextChoices):
    """How a document reaches an office."""

    FAX = "fax", "Fax"
    DIRECT = "direct", "Direct message"


class DeliveryStatus(models.TextChoices):
    """due → sending → sent → confirmed, and the other ends."""

    DUE = "due", "Due"
    SENDING = "sending", "Sending"
    UNKNOWN = "unknown", "Outcome unknown"
    SENT = "sent", "On its way"
    CONFIRMED = "confirmed", "Confirmed"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Not sent: no longer true"


#: What may still arrive, or be sent.
ON_ITS_WAY = (DeliveryStatus.DUE, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN, DeliveryStatus.SENT)
ENDED = (DeliveryStatus.CONFIRMED, DeliveryStatus.FAILED, DeliveryStatus.CANCELLED)


class Delivery(Row):
    """One version of a signed report, owed to one address of the office that referred: once by its dedupe key.

    ``key`` is what the carrier knows it by, with the number of the job: a job that failed for good (the line was busy)
    is followed by a new one, an answer that was lost is asked about under the same key. The document itself is rendered
    from the version when it is sent, and is the same bytes each time.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="deliveries")
    version = models.PositiveSmallIntegerField(help_text="The version of the report that it holds.")
    way = models.CharField(max_length=6, choices=DocumentWay.choices)
    address = models.CharField(max_length=120, help_text="A fax number, or a Direct address.")
    office = models.CharField(max_length=120)
    dedupe_key = models.CharField(max_length=200, unique=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    job = models.PositiveSmallIntegerField(default=1, help_text="The carrier's job: another one after each failure.")
    status = models.CharField(max_length=9, choices=DeliveryStatus.choices, default=DeliveryStatus.DUE)
    asked_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Who had it sent again."
    )
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="Real time: a lease, not a clinical time.")
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_code = models.CharField(max_length=24, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=("due_at",), condition=Q(status="due"), name="due_delivery"),
            models.Index(
                fields=("claimed_at",),
                condition=Q(status__in=("sending", "unknown", "sent")),
                name="unsettled_delivery",
            ),
        ]
        constraints = [
            models.CheckConstraint(name="delivery_way_known", condition=Q(way__in=DocumentWay.values)),
            models.CheckConstraint(name="delivery_status_known", condition=Q(status__in=DeliveryStatus.values)),
            models.CheckConstraint(
                name="delivery_sending_is_claimed",
                condition=~Q(status__in=("sending", "unknown")) | Q(claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_sent_says_when", condition=~Q(status="sent") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="ended_delivery_says_when",
                condition=Q(status__in=[each.value for each in ENDED], ended_at__isnull=False)
                | (~Q(status__in=[each.value for each in ENDED]) & Q(ended_at=None)),
            ),
        ]

    @property
    def job_key(self) -> str:
        """What the carrier knows the present job by: sent again with it, it is the same job."""
        return f"{self.key}-{self.job}"


class DeliveryAttempt(Row):
    """One request to the carrier, committed before it is made."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="tries")
    number = models.PositiveSmallIntegerField()
    job = models.PositiveSmallIntegerField()
    document_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(help_text="Real time.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("delivery", "number"), name="one_delivery_attempt_a_number")]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class DeliveryOutcome(Row):
    """What became of a request. An unknown outcome is followed by what the carrier said when it was asked."""

    attempt = models.ForeignKey(DeliveryAttempt, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=10, choices=OutcomeKind.choices)
    carrier_id = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class DeliveryReceipt(Row):
    """What the carrier said of a job later. Stored once; the order of arrival decides nothing."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="receipts")
    job = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=9)
    code = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("delivery", "job", "status"), name="one_delivery_receipt_a_status")
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
