"""What each rule version, or a person, said of the answers."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models import Staff
from clinic.models.append_only import APPEND_ONLY
from clinic.models.row import Row
from triage.models.intake import Assessment


class Disposition(models.TextChoices):
    """Where the rules send a patient (clinical.md section 3).

    A scan within 24 hours is never the table's word: a clinician who spoke with the patient may record it.
    """

    EMERGENCY_911 = "EMERGENCY_911", "Call 911"
    ED_NOW = "ED_NOW", "Emergency department now"
    CLINICIAN_CALLBACK = "CLINICIAN_CALLBACK", "A clinician calls back"
    SAME_DAY_DVT_SCAN = "SAME_DAY_DVT_SCAN", "Scan today"
    NEXT_DAY_DVT_SCAN = "NEXT_DAY_DVT_SCAN", "Scan within 24 hours"
    VASCULAR_CONSULT = "VASCULAR_CONSULT", "Vascular consultation"
    SELF_CARE = "SELF_CARE", "Self-care with a check-in"


class DecisionSource(models.TextChoices):
    """What made a decision."""

    RULES = "rules", "The decision table"
    FALLBACK = "fallback", "The table's fallback after the search"
    ROSTER = "roster", "The roster: who can call in time"
    OVERRIDE = "override", "A person's override"
    UNREACHED = "unreached", "Nobody reached the patient in time"


class InterimAnticoagulant(models.TextChoices):
    """What was done about anticoagulation until a scan on the next day."""

    GIVEN = "given", "Given"
    DECLINED = "declined", "Declined by the patient"
    CONTRAINDICATED = "contraindicated", "Contraindicated"


class Decision(Row):
    """What a rule version, or a person, said of an assessment: each its own row beside the first."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=10, choices=DecisionSource.choices)
    disposition = models.CharField(max_length=20, choices=Disposition.choices)
    tier = models.PositiveSmallIntegerField(null=True, blank=True)
    within_minutes = models.PositiveIntegerField(null=True, blank=True)
    within_days = models.PositiveSmallIntegerField(null=True, blank=True)
    hold_slot = models.BooleanField(default=False)
    rule = models.CharField(max_length=12)
    scores = models.JSONField(help_text="wells_*, category, constans_*")
    reasons = models.JSONField()
    site = models.JSONField(help_text="What the network could offer at that moment.")
    version = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    override_reason = models.TextField(blank=True)
    interim_anticoagulant = models.CharField(
        max_length=16, choices=InterimAnticoagulant.choices, blank=True, default="", db_default=""
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("assessment", "number")
        constraints = [
            models.UniqueConstraint(fields=("assessment", "number"), name="one_decision_a_number"),
            models.CheckConstraint(name="decision_disposition_known", condition=Q(disposition__in=Disposition.values)),
            models.CheckConstraint(
                name="override_is_signed_with_a_reason",
                condition=~Q(source="override") | (Q(by__isnull=False) & ~Q(override_reason="")),
            ),
            models.CheckConstraint(
                name="scan_decision_has_a_tier",
                condition=~Q(disposition="SAME_DAY_DVT_SCAN") | Q(tier__in=(1, 2)),
            ),
            models.CheckConstraint(
                name="next_day_scan_is_a_persons_and_says_what_protects",
                condition=~Q(disposition="NEXT_DAY_DVT_SCAN")
                | (Q(source="override") & Q(interim_anticoagulant__in=InterimAnticoagulant.values)),
            ),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
