"""What someone is owed, each request to the provider, its outcome, and what the provider said later."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models import Episode, Language, Patient, Staff, Step
from clinic.models.append_only import APPEND_ONLY
from clinic.models.row import Row

ONE_UNSETTLED_A_NUMBER = "one_unsettled_text_a_number"


class Purpose(models.TextChoices):
    """Why a message is owed. `notifications.reactions` says which event owes which."""

    BOOKING_CONFIRMATION = "booking_confirmation", "Confirmation of a visit"
    BOOKING_CHANGED = "booking_changed", "A visit was moved"
    BOOKING_CANCELLED = "booking_cancelled", "A visit was cancelled"
    VISIT_REMINDER = "visit_reminder", "Reminder of a visit"
    RESULT_READY = "result_ready", "Your result is ready"
    RESULT_SHARED = "result_shared", "A result to who speaks for the patient"
    RESULT_WAITING = "result_waiting", "Your result is not opened yet"
    RESULT_TO_READ = "result_to_read", "What a clinician told, to read"
    PLEASE_CALL = "please_call", "Please call us"
    FOLLOW_UP_REMINDER = "follow_up_reminder", "Reminder of a follow-up step"
    FOLLOW_UP_OFFER = "follow_up_offer", "Times for a follow-up step"
    FOLLOW_UP_NEXT = "follow_up_next", "After a follow-up step: what comes next"
    ONE_TIME_CODE = "one_time_code", "One-time code"
    REPLY = "reply", "Answer to a reply"
    STAFF_REPLY = "staff_reply", "A text from staff"
    SEEK_EMERGENCY_CARE = "seek_emergency_care", "Not reached: go to emergency care"
    SLOT_OFFERED = "slot_offered", "A time came free: take it?"
    MOVE_ASKED = "move_asked", "Asked to move a visit"
    URGENT_CALLBACK = "urgent_callback", "Page: an urgent callback waits"
    URGENT_STEP = "urgent_step", "Page: an urgent step waits"


class Channel(models.TextChoices):
    """How a message reaches somebody. The words of a call are spoken by the provider.

    The last way is a person: when it is due nothing is sent, a step on the worklist asks somebody to reach them.
    """

    SMS = "sms", "Text"
    VOICE = "voice", "Call"
    PERSON = "person", "A person"


class MessageStatus(models.TextChoices):
    """due → sending → sent → delivered, and the other ends."""

    DUE = "due", "Due"
    SENDING = "sending", "Sending"
    SENT = "sent", "Sent"
    UNKNOWN = "unknown", "Outcome unknown"
    DELIVERED = "delivered", "Delivered"
    UNDELIVERED = "undelivered", "Undelivered"
    FAILED = "failed", "Failed"
    SUPPRESSED = "suppressed", "Not sent: opted out or no consent"
    EXPIRED = "expired", "Not sent: no longer of use"
    CANCELLED = "cancelled", "Not sent: no longer true"


class Message(Row):
    """One text or call owed to one number, written in the transaction of its cause, unique by its dedupe key.

    It is for a patient, for a member of staff (a page), or for a stranger who wrote to us. The body is rendered when it
    is sent, from the template and the ids in ``about``; it is never stored.
    """

    purpose = models.CharField(max_length=24, choices=Purpose.choices)
    channel = models.CharField(max_length=6, choices=Channel.choices, default=Channel.SMS, db_default=Channel.SMS)
    patient = models.ForeignKey(Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    staff = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="pages")
    episode = models.ForeignKey(Episode, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    about_kind = models.CharField(max_length=16, help_text="The model of `about_id`, in small letters.")
    about_id = models.BigIntegerField()
    dedupe_key = models.CharField(max_length=120, unique=True)
    phone = models.CharField(max_length=16, blank=True, help_text="Empty: they have none, and a person reaches them.")
    language = models.CharField(max_length=2, choices=Language.choices)
    urgent = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=MessageStatus.choices, default=MessageStatus.DUE)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="After this it is of no use, and is not sent.")
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="Real time: a lease, not a clinical time.")
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_code = models.CharField(max_length=24, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=("-urgent", "due_at"), condition=Q(status="due"), name="due_message"),
            models.Index(
                fields=("claimed_at",),
                condition=Q(status__in=("sending", "unknown")),
                name="unsettled_message",
            ),
            models.Index(fields=("phone", "-created_at"), name="message_by_phone"),
            # What ends withdraws what is due about it, and must not look through all that is due.
            models.Index(fields=("about_id",), condition=Q(status="due"), name="due_message_by_about"),
        ]
        constraints = [
            # What the provider lists for a number can be told apart only while one text of ours is on its way to it.
            models.UniqueConstraint(
                fields=("phone",),
                # Of who has no telephone nothing is on its way to anywhere: a person is asked.
                condition=Q(status__in=("sending", "unknown")) & ~Q(phone=""),
                name=ONE_UNSETTLED_A_NUMBER,
            ),
            models.CheckConstraint(
                name="message_is_for_a_patient_or_for_staff",
                # Or for a number that no patient has, in answer to what came from it.
                condition=Q(patient__isnull=False, staff=None)
                | Q(patient=None, staff__isnull=False)
                | Q(patient=None, staff=None, about_kind__in=("inbound", "typed")),
            ),
            models.CheckConstraint(
                name="message_without_number_is_a_persons", condition=~Q(phone="") | Q(channel=Channel.PERSON)
            ),
            models.CheckConstraint(name="message_channel_known", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(name="message_status_known", condition=Q(status__in=MessageStatus.values)),
            models.CheckConstraint(
                name="message_sending_is_claimed",
                condition=~Q(status__in=("sending", "unknown")) | Q(claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="message_sent_says_when",
                condition=~Q(status__in=("sent", "delivered", "undelivered")) | Q(sent_at__isnull=False),
            ),
        ]

    @property
    def recipient(self) -> Patient:
        """The patient whom it is for. Raises `ValueError` for a page, and for an answer to a stranger."""
        if self.patient is None:
            raise ValueError("This message is for a member of staff, or for a stranger.")
        return self.patient


class Attempt(Row):
    """One call to the provider, committed before it is made. The body's hash lets a lost outcome be matched."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="tries")
    number = models.PositiveSmallIntegerField()
    body_sha256 = models.CharField(max_length=64)
    template = models.CharField(
        max_length=32,
        blank=True,
        default="",
        db_default="",
        help_text="What the body was made of: of a call to a patient its first words. Empty: before that was kept.",
    )
    template_version = models.CharField(max_length=12, blank=True, default="", db_default="")
    segments = models.PositiveSmallIntegerField(help_text="Of a call: none.")
    sender = models.CharField(max_length=40)
    at = models.DateTimeField(help_text="Real time, as the provider's own times are.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("message", "number"), name="one_attempt_a_number")]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class OutcomeKind(models.TextChoices):
    """How an attempt ended, as far as we know."""

    ACCEPTED = "accepted", "Accepted by the provider"
    REFUSED = "refused", "Refused"
    NOT_SENT = "not_sent", "Never reached the provider"
    UNKNOWN = "unknown", "No answer: it may have been accepted"
    FOUND = "found", "Found at the provider afterwards"
    ABSENT = "absent", "Not found at the provider afterwards"


class AttemptOutcome(Row):
    """What became of an attempt. An unknown outcome is followed by what the reconciliation found."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=10, choices=OutcomeKind.choices)
    provider_sid = models.CharField(max_length=40, blank=True, db_index=True)
    code = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class Receipt(Row):
    """What the provider said of a message later. Stored as it came; the order of arrival decides nothing."""

    attempt = models.ForeignKey(Attempt, null=True, blank=True, on_delete=models.PROTECT, related_name="receipts")
    provider_sid = models.CharField(max_length=40)
    status = models.CharField(max_length=24)
    code = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("provider_sid", "status"), name="one_receipt_a_status")]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
