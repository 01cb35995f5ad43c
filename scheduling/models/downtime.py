"""The sheet that a center keeps for when the system is down, and what is entered afterwards."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from clinic.models import Center, Staff, Step
from clinic.models.append_only import APPEND_ONLY
from clinic.models.row import Row
from scheduling.models.appointment import Appointment


class DowntimeSheet(Row):
    """A center's latest sheet, as a PDF: one row a center, written anew each time."""

    center = models.OneToOneField(Center, on_delete=models.CASCADE, related_name="downtime_sheet")
    made_at = models.DateTimeField()
    stale_at = models.DateTimeField(db_index=True, help_text="Then it should have been replaced.")
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="sheet_is_stale_after_it_was_made", condition=Q(stale_at__gt=F("made_at")))
        ]


class Happening(models.TextChoices):
    """What happened to a visit while the system was down."""

    ARRIVED = "arrived", "Arrived"
    STARTED = "started", "Started"
    COMPLETED = "completed", "Completed"


class BackEntryOutcome(models.TextChoices):
    """What became of an entry."""

    APPLIED = "applied", "Entered"
    CONFLICT = "conflict", "Contradicts what others recorded: a person decides"


class BackEntry(Row):
    """What was written on paper and entered later: when it happened, when that was recorded, and by whom.

    The clinical clocks run from ``occurred_at``. What contradicts the record changes nothing: ``step`` asks a person.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="back_entries")
    what = models.CharField(max_length=10, choices=Happening.choices)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=BackEntryOutcome.choices)
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "back entries"
        constraints = [
            models.CheckConstraint(name="back_entry_not_of_the_future", condition=Q(occurred_at__lte=F("recorded_at"))),
            models.CheckConstraint(name="back_entry_what_known", condition=Q(what__in=Happening.values)),
            models.CheckConstraint(
                name="contradiction_has_a_step",
                condition=Q(outcome="applied", step=None) | Q(outcome="conflict", step__isnull=False),
            ),
            models.UniqueConstraint(fields=("appointment", "what", "occurred_at"), name="entered_once"),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class Pulse(Row):
    """That the sweeps run: one row, touched by each. A long silence before it was a downtime.

    ``at`` is real time, so that a clock that is moved is no downtime; the span that was down is in the product's.
    """

    only = models.BooleanField(primary_key=True, default=True)
    at = models.DateTimeField()
    down_from = models.DateTimeField(null=True, blank=True)
    back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="one_pulse", condition=Q(only=True)),
            models.CheckConstraint(
                name="downtime_has_two_ends",
                condition=Q(down_from=None, back_at=None) | Q(down_from__isnull=False, back_at__gt=F("down_from")),
            ),
        ]
