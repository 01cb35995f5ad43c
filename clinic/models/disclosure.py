"""That a record was given to somebody: to whom, why, by whom, when."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models.append_only import APPEND_ONLY
from clinic.models.patient import Patient
from clinic.models.staff import Staff


class DisclosurePurpose(models.TextChoices):
    """Why a record is given (45 CFR 164.502, 164.512, 164.524)."""

    ACCESS = "access", "The patient asked for it"
    REPRESENTATIVE = "representative", "The patient's representative asked for it"
    TREATMENT = "treatment", "Another clinician treats the patient"
    PAYMENT = "payment", "A payer needs it"
    LAW = "law", "A court or an authority requires it"


class Disclosure(models.Model):
    """One copy of a patient's whole record. Never rewritten: the patient may ask to whom it went (45 CFR 164.528)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="disclosures")
    to_whom = models.CharField(max_length=120)
    purpose = models.CharField(max_length=16, choices=DisclosurePurpose.choices)
    resources = models.PositiveIntegerField(help_text="How many resources it holds.")
    by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: an operator."
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(name="disclosure_names_to_whom", condition=~Q(to_whom="")),
            models.CheckConstraint(name="disclosure_purpose_known", condition=Q(purpose__in=DisclosurePurpose.values)),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
