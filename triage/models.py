"""Answers as they were given, and what each rule version said of them."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models import Episode, Language, Patient, Staff
from clinic.models.append_only import APPEND_ONLY


class Disposition(models.TextChoices):
    """Where the rules send a patient (clinical.md section 3)."""

    EMERGENCY_911 = "EMERGENCY_911", "Call 911"
    ED_NOW = "ED_NOW", "Emergency department now"
    CLINICIAN_CALLBACK = "CLINICIAN_CALLBACK", "A clinician calls back"
    SAME_DAY_DVT_SCAN = "SAME_DAY_DVT_SCAN", "Scan today"
    VASCULAR_CONSULT = "VASCULAR_CONSULT", "Vascular consultation"
    SELF_CARE = "SELF_CARE", "Self-care with a check-in"


class Draft(models.Model):
    """Answers not finished yet. Phone and ZIP come early, so that a dropped visitor can be called back."""

    key = models.UUIDField(unique=True, help_text="Opaque, held in the visitor's session.")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    answers = models.JSONField(default=dict)
    phone = models.CharField(max_length=16, blank=True)
    zip = models.CharField(max_length=5, blank=True)
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    assessment = models.OneToOneField(
        "triage.Assessment", null=True, blank=True, on_delete=models.PROTECT, related_name="draft"
    )


class Assessment(models.Model):
    """The answers of one intake, immutable, with who gave them. The clock starts at the first answer."""

    answers = models.JSONField(help_text="The groups of clinical.md section 1; a missing key means unknown.")
    kept = models.JSONField(default=dict, help_text="Asked and kept, never scored.")
    language = models.CharField(max_length=2, choices=Language.choices)
    answered_by = models.CharField(max_length=20, default="patient", help_text="patient, relative or staff.")
    relation = models.CharField(max_length=40, blank=True)
    recorded_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="assessments")
    episode = models.ForeignKey(Episode, null=True, blank=True, on_delete=models.PROTECT, related_name="assessments")
    phone = models.CharField(max_length=16, blank=True)
    zip = models.CharField(max_length=5, blank=True)
    first_answer_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="assessment_of_an_episode_has_its_patient",
                condition=Q(episode=None) | Q(patient__isnull=False),
            )
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class DecisionSource(models.TextChoices):
    """What made a decision."""

    RULES = "rules", "The decision table"
    FALLBACK = "fallback", "The table's fallback after the search"
    ROSTER = "roster", "The roster: who can call in time"
    OVERRIDE = "override", "A person's override"


class Decision(models.Model):
    """What a rule version, or a person, said of an assessment: each its own row beside the first."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=10, choices=DecisionSource.choices)
    disposition = models.CharField(max_length=20, choices=Disposition.choices)
    tier = models.PositiveSmallIntegerField(null=True, blank=True)
    within_minutes = models.PositiveIntegerField(null=True, blank=True)
    within_days = models.PositiveSmallIntegerField(null=True, blank=True)
    hold_slot = models.BooleanField(default=False)
    rule = models.CharField(max_length=8)
    scores = models.JSONField(help_text="wells_*, category, constans_*")
    reasons = models.JSONField()
    site = models.JSONField(help_text="What the network could offer at that moment.")
    version = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    override_reason = models.TextField(blank=True)
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
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
