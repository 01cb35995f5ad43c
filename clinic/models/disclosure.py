"""What was disclosed of a patient: to whom, on what ground, how, by whom, when."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from clinic.models.append_only import APPEND_ONLY
from clinic.models.patient import Patient
from clinic.models.report import Report
from clinic.models.representative import Representative
from clinic.models.row import Row
from clinic.models.staff import Staff


class DisclosurePurpose(models.TextChoices):
    """Why a record is given (45 CFR 164.502, 164.512, 164.524)."""

    ACCESS = "access", "The patient asked for it"
    REPRESENTATIVE = "representative", "The patient's representative asked for it"
    TREATMENT = "treatment", "Another clinician treats the patient"
    PAYMENT = "payment", "A payer needs it"
    LAW = "law", "A court or an authority requires it"


class ResultShare(Row):
    """That a representative was sent a link to a result, once. Whether it opens is asked anew each time."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="shares")
    representative = models.ForeignKey(Representative, on_delete=models.PROTECT, related_name="shares")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=("report", "representative"), name="one_share_a_representative"),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class DisclosureGround(models.TextChoices):
    """On what ground somebody may hear it."""

    SELF = "self", "The patient"
    PARENT = "parent", "Parent of a minor"
    GUARDIAN = "guardian", "Guardian"
    POWER_OF_ATTORNEY = "power_of_attorney", "Healthcare power of attorney"
    PERMISSION = "permission", "The patient's permission"
    TREATMENT = "treatment", "Treats the patient"
    REQUEST = "request", "As it was asked for"


class DisclosureWay(models.TextChoices):
    """How it reached them."""

    FILE = "file", "As a file"
    PHONE = "phone", "By phone"
    IN_PERSON = "in_person", "In person"
    LINK = "link", "By the link of a text"
    FAX = "fax", "By fax"
    DIRECT = "direct", "By Direct message"
    PORTAL = "portal", "By their portal"


class Disclosure(Row):
    """One disclosure: a copy of a patient's whole record, or a result that was told, opened or sent.

    Never rewritten: the patient may ask to whom it went (45 CFR 164.528). ``report`` is empty for the whole record.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="disclosures")
    to_whom = models.CharField(max_length=120)
    purpose = models.CharField(max_length=16, choices=DisclosurePurpose.choices)
    ground = models.CharField(
        max_length=20,
        choices=DisclosureGround.choices,
        default=DisclosureGround.REQUEST,
        db_default=DisclosureGround.REQUEST,
    )
    way = models.CharField(
        max_length=10, choices=DisclosureWay.choices, default=DisclosureWay.FILE, db_default=DisclosureWay.FILE
    )
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.PROTECT, related_name="disclosures")
    representative = models.ForeignKey(
        Representative, null=True, blank=True, on_delete=models.PROTECT, related_name="disclosures"
    )
    resources = models.PositiveIntegerField(
        default=0, help_text="How many resources a copy of the record holds; of a result, none."
    )
    by = models.ForeignKey(
        Staff,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: an operator, or a link.",
    )
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When it was entered, where it stood on paper: `at` is when it happened.",
    )

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                name="disclosure_on_paper_came_before", condition=Q(recorded_at=None) | Q(at__lte=F("recorded_at"))
            ),
            models.CheckConstraint(name="disclosure_names_to_whom", condition=~Q(to_whom="")),
            models.CheckConstraint(name="disclosure_purpose_known", condition=Q(purpose__in=DisclosurePurpose.values)),
            models.CheckConstraint(name="disclosure_ground_known", condition=Q(ground__in=DisclosureGround.values)),
            models.CheckConstraint(name="disclosure_way_known", condition=Q(way__in=DisclosureWay.values)),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
