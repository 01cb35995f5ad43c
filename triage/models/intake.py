"""Answers as they are given: a draft while they come, an assessment once they are sent."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models import Episode, Language, Patient, Staff
from clinic.models.append_only import APPEND_ONLY
from clinic.models.row import Row


class Occasion(models.TextChoices):
    """When the questions were asked. After the intake only the emergency and limb-threat questions are asked again."""

    INTAKE = "intake", "Intake"
    RESCHEDULE = "reschedule", "Moving a visit"
    REPLY = "reply", "Reply to a text"
    CALL = "call", "Call"
    ARRIVAL = "arrival", "Before or at arrival"
    WALK_IN = "walk_in", "At the desk, before registration"


class Draft(Row):
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


class Assessment(Row):
    """The answers of one intake, or of a later contact, immutable, with who gave them.

    The clinical clock starts at the intake's first answer; a later contact never restarts it.
    """

    occasion = models.CharField(
        max_length=12, choices=Occasion.choices, default=Occasion.INTAKE, db_default=Occasion.INTAKE
    )
    answers = models.JSONField(help_text="The groups of clinical.md section 1; a missing key means unknown.")
    kept = models.JSONField(default=dict, help_text="Asked and kept, never scored.")
    language = models.CharField(max_length=2, choices=Language.choices)
    answered_by = models.CharField(max_length=20, default="patient", help_text="patient, relative or staff.")
    relation = models.CharField(max_length=40, blank=True)
    relative_name = models.CharField(
        max_length=80, blank=True, default="", db_default="", help_text="Who answered, where it was a relative."
    )
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
            ),
            models.CheckConstraint(
                name="assessment_after_intake_has_its_episode",
                condition=Q(occasion__in=("intake", "walk_in")) | Q(episode__isnull=False),
            ),
            models.CheckConstraint(name="assessment_occasion_known", condition=Q(occasion__in=Occasion.values)),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class Whereabouts(Row):
    """Where somebody was who was sent to emergency care, and whether somebody was with them. Append-only."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="whereabouts")
    place = models.CharField(max_length=200)
    accompanied = models.BooleanField(null=True, help_text="Null where it is not known.")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "whereabouts"
        ordering = ("assessment", "at")
        constraints = [models.CheckConstraint(name="whereabouts_name_a_place", condition=~Q(place=""))]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
