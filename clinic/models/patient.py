"""Patients, and what they consented to."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from clinic.models.append_only import APPEND_ONLY
from clinic.models.row import Row
from clinic.models.staff import Staff
from clinic.phones import validate_e164


class Language(models.TextChoices):
    """A language in which we write and speak."""

    ENGLISH = "en", "English"
    SPANISH = "es", "Español"


class Sex(models.TextChoices):
    """Administrative sex (FHIR `Patient.gender`, as the intake asks it)."""

    FEMALE = "F", "Female"
    MALE = "M", "Male"
    OTHER = "X", "Other or not said"


class Patient(Row):
    """A person in our care. A duplicate points to the record that stays (`merged_into`); it is never rewritten.

    ``phone`` is null of who has none. Then, and the database holds it, another way to reach them stands in the row:
    another contact with a number, a mailing address, or a plan to come back in person.
    """

    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.OTHER)
    # Null, not an empty text: two patients without a telephone have no number in common.
    phone = models.CharField(max_length=16, null=True, blank=True, validators=[validate_e164], db_index=True)
    contact_name = models.CharField(max_length=120, blank=True, default="", db_default="")
    contact_phone = models.CharField(max_length=16, blank=True, default="", db_default="", validators=[validate_e164])
    contact_address = models.CharField(max_length=200, blank=True, default="", db_default="")
    in_person_plan = models.CharField(max_length=200, blank=True, default="", db_default="")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    zip = models.CharField(max_length=5)
    emergency_contact_name = models.CharField(max_length=120, blank=True, default="", db_default="")
    emergency_contact_phone = models.CharField(
        max_length=16, blank=True, default="", db_default="", validators=[validate_e164]
    )
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("birth_date", "family_name"), name="patient_by_birth_date")]
        constraints = [
            models.CheckConstraint(name="patient_phone_is_e164", condition=Q(phone__regex=r"^\+[1-9][0-9]{7,14}$")),
            models.CheckConstraint(
                name="patient_can_be_reached",
                condition=Q(phone__isnull=False)
                | Q(contact_phone__gt="")
                | Q(contact_address__gt="")
                | Q(in_person_plan__gt=""),
            ),
            models.CheckConstraint(
                name="patient_contact_has_name_and_number",
                condition=Q(contact_name="", contact_phone="")
                | (~Q(contact_name="") & Q(contact_phone__regex=r"^\+[1-9][0-9]{7,14}$")),
            ),
            models.CheckConstraint(
                name="emergency_contact_has_name_and_number",
                condition=Q(emergency_contact_name="", emergency_contact_phone="")
                | (~Q(emergency_contact_name="") & Q(emergency_contact_phone__regex=r"^\+[1-9][0-9]{7,14}$")),
            ),
            models.CheckConstraint(name="patient_zip_has_five_digits", condition=Q(zip__regex=r"^[0-9]{5}$")),
            models.CheckConstraint(
                name="patient_not_merged_into_itself", condition=Q(merged_into=None) | ~Q(merged_into=F("id"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def findable(self) -> bool:
        """Whether something is recorded by which the patient is found without a telephone of their own."""
        return bool(self.contact_phone or self.contact_address or self.in_person_plan)


class ConsentScope(models.TextChoices):
    """What a consent covers."""

    CARE_TEXTS = "care_texts", "Texts about care and visits"
    CARE_CALLS = "care_calls", "Automated calls about care and visits"


class ConsentChannel(models.TextChoices):
    """How a consent reached us."""

    WEB = "web", "Web form"
    PHONE = "phone", "Spoken on the phone"
    IN_PERSON = "in_person", "In person"
    REPLY = "reply", "Text reply"


class Consent(Row):
    """One expression of consent or its revocation, for a number; the latest row by `at` is in force.

    47 CFR 64.1200(a)(10): a revocation counts by any reasonable means. The words shown are kept with their version.
    """

    phone = models.CharField(max_length=16, validators=[validate_e164])
    patient = models.ForeignKey(Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="consents")
    scope = models.CharField(max_length=20, choices=ConsentScope.choices)
    covers_calls = models.BooleanField(
        default=False, db_default=False, help_text="It holds for calls with an artificial voice as well, or only."
    )
    granted = models.BooleanField()
    channel = models.CharField(max_length=12, choices=ConsentChannel.choices)
    language = models.CharField(max_length=2, choices=Language.choices)
    wording = models.TextField()
    wording_version = models.CharField(max_length=20)
    recorded_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("phone", "-at"), name="consent_by_phone")]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
