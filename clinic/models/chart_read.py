"""Who read whose chart, and who opened one that is not their center's."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from clinic.models.append_only import APPEND_ONLY
from clinic.models.center import Center
from clinic.models.episode import Episode
from clinic.models.event import ActorKind
from clinic.models.patient import Patient
from clinic.models.row import Row
from clinic.models.staff import Staff


class ChartPage(models.TextChoices):
    """Where a chart was read."""

    PATIENT = "patient", "Patient"
    EPISODE = "episode", "Episode"
    STEP = "step", "Step"
    ORDERS = "orders", "Orders"
    DECISIONS = "decisions", "Decisions"
    FOLLOW_UP = "follow_up", "Follow-up"
    VISIT = "visit", "Visit"
    RESULT = "result", "Result"
    CONVERSATION = "conversation", "Conversation"
    TEXTS = "texts", "Texts"
    RECORD = "record", "Whole record"


class Verdict(models.TextChoices):
    """What a reviewer found of an opening."""

    JUSTIFIED = "justified", "Justified"
    NOT_JUSTIFIED = "not_justified", "Not justified"


class ChartOpening(Row):
    """Breaking the glass: staff of one center open the chart of another center's patient, for a reason and a while.

    Each is reviewed, by somebody else (45 CFR 164.308(a)(1)(ii)(D)).
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="openings")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="openings")
    center = models.ForeignKey(
        Center, null=True, on_delete=models.PROTECT, related_name="+", help_text="Where who opened it works."
    )
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=16, choices=Verdict.choices, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=("at",), condition=Q(reviewed_at=None), name="opening_to_review"),
            models.Index(fields=("patient", "staff", "expires_at"), name="opening_by_patient"),
        ]
        constraints = [
            models.CheckConstraint(name="opening_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="opening_ends_after_it_began", condition=Q(expires_at__gt=F("at"))),
            models.CheckConstraint(
                name="opening_is_reviewed_whole",
                condition=Q(reviewed_at=None, reviewed_by=None, verdict="")
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, verdict__in=Verdict.values),
            ),
            models.CheckConstraint(
                name="nobody_reviews_their_own_opening", condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("staff"))
            ),
        ]


class ChartRead(Row):
    """One look at a chart: who, whose, where, when, and by which opening where it was not their center's.

    Written by every page and route that shows a chart; never changed. It is no part of the record, and lasts six years.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="reads")
    episode = models.ForeignKey(Episode, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=12, choices=ChartPage.choices)
    api = models.BooleanField(default=False, help_text="Over the API, not on a page.")
    opening = models.ForeignKey(ChartOpening, null=True, blank=True, on_delete=models.PROTECT, related_name="reads")
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=("patient", "-id"), name="read_by_patient"),
            models.Index(fields=("actor_kind", "actor_id", "-id"), name="read_by_actor"),
            models.Index(fields=("at",), name="read_by_time"),
        ]
        constraints = [models.CheckConstraint(name="chart_page_known", condition=Q(page__in=ChartPage.values))]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
