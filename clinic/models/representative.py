"""Who speaks for a patient, on what authority, and what the patient permitted."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models.append_only import APPEND_ONLY
from clinic.models.patient import ConsentChannel, Language, Patient
from clinic.models.row import Row
from clinic.models.staff import Staff
from clinic.phones import validate_e164


class RepresentativeKind(models.TextChoices):
    """On what authority (45 CFR 164.502(g), 164.510(b)): the first three stand for the patient, a helper only helps."""

    PARENT = "parent", "Parent of a minor"
    GUARDIAN = "guardian", "Guardian"
    POWER_OF_ATTORNEY = "power_of_attorney", "Healthcare power of attorney"
    HELPER = "helper", "Helper"


class Representative(Row):
    """Somebody who speaks for a patient. All of them may book; `clinic.authority` says who may hear a result.

    A guardian's and an agent's document is seen by a named colleague, and may expire. ``ended_at``: they speak for the
    patient no longer, for the reason whose code is ``end_reason``.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="representatives")
    kind = models.CharField(max_length=20, choices=RepresentativeKind.choices)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=16, validators=[validate_e164])
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    document = models.CharField(max_length=120, blank=True, help_text="What was seen, such as: order of the court.")
    document_seen_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    document_seen_at = models.DateTimeField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True, help_text="The last day on which the document holds.")
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("patient", "id")
        constraints = [
            models.CheckConstraint(name="representative_kind_known", condition=Q(kind__in=RepresentativeKind.values)),
            models.CheckConstraint(name="representative_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="representative_phone_is_e164", condition=Q(phone__regex=r"^\+[1-9][0-9]{7,14}$")
            ),
            models.CheckConstraint(
                name="document_names_who_saw_it",
                condition=Q(document="", document_seen_by=None, document_seen_at=None)
                | (~Q(document="") & Q(document_seen_by__isnull=False, document_seen_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="ended_representative_says_why",
                condition=Q(ended_at=None, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ResultPermission(Row):
    """The patient's own word that a representative may hear results, or may no longer; the latest row is in force.

    How it reached us is kept: by phone only from a patient who gave two identifiers.
    """

    representative = models.ForeignKey(Representative, on_delete=models.PROTECT, related_name="permissions")
    granted = models.BooleanField()
    how = models.CharField(max_length=12, choices=ConsentChannel.choices)
    expires_on = models.DateField(null=True, blank=True, help_text="The last day on which it holds.")
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("representative", "id")
        constraints = [
            models.CheckConstraint(name="permission_how_known", condition=Q(how__in=("phone", "in_person"))),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
