"""What was written on paper about a result while the system was down, and entered later."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from clinic.models.append_only import APPEND_ONLY
from clinic.models.episode import Step
from clinic.models.report import Report, ResultCall
from clinic.models.row import Row
from clinic.models.staff import Staff


class PaperKind(models.TextChoices):
    """What the paper holds."""

    PRELIMINARY = "preliminary", "Preliminary"
    CALL = "call", "Call about the result"


class PaperOutcome(models.TextChoices):
    """What became of it."""

    APPLIED = "applied", "Entered"
    CONFLICT = "conflict", "Contradicts what others recorded: a person decides"


class PaperEntry(Row):
    """A preliminary or a call from the paper: when it happened, when that was recorded, and who answers for it.

    The clinical clocks run from ``occurred_at``. What contradicts the record changes nothing: ``said`` keeps its codes,
    and ``step`` asks a person.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="paper_entries")
    kind = models.CharField(max_length=11, choices=PaperKind.choices)
    call = models.OneToOneField(ResultCall, null=True, blank=True, on_delete=models.PROTECT, related_name="paper")
    said = models.JSONField(help_text="Its codes: impression and side, or audience, outcome and read-back.")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=PaperOutcome.choices)
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "paper entries"
        constraints = [
            models.CheckConstraint(
                name="paper_entry_not_of_the_future", condition=Q(occurred_at__lte=F("recorded_at"))
            ),
            models.CheckConstraint(name="paper_entry_kind_known", condition=Q(kind__in=PaperKind.values)),
            models.CheckConstraint(
                name="contradicting_paper_has_a_step",
                condition=Q(outcome="applied", step=None) | Q(outcome="conflict", step__isnull=False),
            ),
            models.CheckConstraint(
                name="entered_call_is_a_call",
                condition=Q(kind="call", outcome="applied", call__isnull=False)
                | (~Q(kind="call", outcome="applied") & Q(call=None)),
            ),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
