"""Who somebody is: the identifiers that were checked by phone, and which records are of one person, or of two."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from clinic.models.append_only import APPEND_ONLY
from clinic.models.patient import Patient
from clinic.models.representative import Representative
from clinic.models.row import Row
from clinic.models.staff import Staff


class Identifier(models.TextChoices):
    """What tells a person (Joint Commission NPSG.01.01.01: two of them, and never a room's number)."""

    NAME = "name", "Given and family name"
    BIRTH_DATE = "birth_date", "Birth date"
    PHONE = "phone", "Phone number on record"
    ADDRESS = "address", "Street and ZIP code"


class IdentityCheck(Row):
    """That somebody on the phone was asked who they are: which identifiers were right, by whom, for whom.

    What they said is not kept. ``called_back``: we dialed the number on record. ``representative`` is who spoke in the
    patient's place; empty: the patient. Never rewritten: three that failed in a row close the phone to disclosures.
    One that was entered from paper neither closes nor opens the phone: it was of another call.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="identity_checks")
    representative = models.ForeignKey(
        Representative, null=True, blank=True, on_delete=models.PROTECT, related_name="identity_checks"
    )
    matched = ArrayField(models.CharField(max_length=12, choices=Identifier.choices), default=list, blank=True)
    failed = ArrayField(models.CharField(max_length=12, choices=Identifier.choices), default=list, blank=True)
    passed = models.BooleanField()
    called_back = models.BooleanField(default=False)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When it was entered, where it stood on paper: `at` is when it happened.",
    )

    class Meta:
        ordering = ("patient", "id")
        indexes = [models.Index(fields=("patient", "-id"), name="identity_check_by_patient")]
        constraints = [
            models.CheckConstraint(
                name="identity_needs_two_identifiers", condition=Q(passed=False) | Q(matched__len__gte=2, failed=[])
            ),
            models.CheckConstraint(
                name="identity_on_paper_came_before", condition=Q(recorded_at=None) | Q(at__lte=F("recorded_at"))
            ),
            models.CheckConstraint(name="failed_identity_says_what", condition=Q(passed=True) | Q(failed__len__gte=1)),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class PatientMerge(Row):
    """That a record was found to be a second one of a patient, and now points to the one that stays.

    ``episodes`` are those that were open and moved, so that undoing can move them back.
    """

    duplicate = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges")
    kept = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges_into")
    episodes = ArrayField(models.BigIntegerField(), default=list, blank=True)
    two_open_episodes = models.BooleanField(default=False)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(name="merge_is_of_two_records", condition=~Q(duplicate=F("kept"))),
            models.CheckConstraint(name="merge_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="undone_merge_names_who_and_when",
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=("duplicate",), condition=Q(undone_at=None), name="one_merge_in_force_a_record"
            ),
        ]


class DistinctPatients(Row):
    """That somebody looked at two records that are alike, and they are of two people: twins, a father and his son."""

    one = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("one", "other"), name="one_distinction_a_pair"),
            models.CheckConstraint(name="distinction_in_order", condition=Q(one__lt=F("other"))),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
