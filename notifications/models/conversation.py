"""What is said with a telephone number: texts that came in, texts that staff typed, and times that a text offered."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models import Center, Patient, Staff, Step
from clinic.models.append_only import APPEND_ONLY
from clinic.models.row import Row
from clinic.phones import validate_e164
from notifications.models.message import Message
from scheduling.models import Appointment, VisitType


class Conversation(Row):
    """The name under which a number's thread is found, so that no number stands in an address.

    The thread is read from what it consists of; this row is also what two who answer at once wait for.
    """

    phone = models.CharField(max_length=16, unique=True, validators=[validate_e164])
    created_at = models.DateTimeField()


class Attended(models.TextChoices):
    """How a text that waited for a person was taken care of."""

    ANSWERED = "answered", "Answered"
    HANDLED = "handled", "Marked as handled"
    STEP_ENDED = "step_ended", "Its step was done"


class Inbound(Row):
    """A text that someone sent us, stored before anything is made of it.

    ``answer`` names the template of what was answered at once. ``visit`` is the visit that it was about. Where it
    ``waits_for_person`` its ``steps`` are who is asked; of a stranger there are none, and the list of conversations
    is where it waits. ``attended_at`` says that nobody waits any more.
    """

    provider_sid = models.CharField(max_length=40, unique=True)
    phone = models.CharField(max_length=16, db_index=True)
    body = models.TextField()
    media = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Pictures beside it; they are not kept."
    )
    opt_out_type = models.CharField(max_length=8, blank=True)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_as = models.CharField(max_length=24, blank=True)
    answer = models.CharField(max_length=24, blank=True, default="", db_default="")
    visit = models.ForeignKey(Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    steps = models.ManyToManyField(Step, related_name="replies", blank=True)
    waits_for_person = models.BooleanField(default=False, db_default=False)
    urgent = models.BooleanField(default=False, db_default=False)
    attended_at = models.DateTimeField(null=True, blank=True)
    attended_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    attended_as = models.CharField(max_length=10, choices=Attended.choices, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(
                fields=("received_at",),
                condition=Q(waits_for_person=True, attended_at=None),
                name="waiting_reply",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="attended_reply_says_how",
                condition=Q(attended_at=None, attended_as="")
                | Q(attended_at__isnull=False, attended_as__in=Attended.values),
            ),
        ]


class HeardUntil(Row):
    """Up to when the provider was asked what came to a number of ours: what came before has been heard."""

    number = models.CharField(max_length=16, unique=True, validators=[validate_e164])
    until = models.DateTimeField(help_text="By the machine's clock.")


class Typed(Row):
    """A text that a member of staff typed: the words as they are sent, and who answers for them."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="typed")
    patient = models.ForeignKey(Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Of one form: sent twice it is typed once.")
    at = models.DateTimeField()

    class Meta:
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class OfferedTime(Row):
    """A time that a text offered under a number, so that the number can be the answer."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="offered_times")
    number = models.PositiveSmallIntegerField()
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="+")
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+")
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("message", "number"), name="one_time_a_number")]
