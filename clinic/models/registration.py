"""What a patient's registration holds beside who they are: completed part by part, at the desk or on the phone."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from clinic.models.patient import Patient
from clinic.models.row import Row
from clinic.models.staff import Staff


class RegistrationPart(models.TextChoices):
    """What check-in completes. A part counts once somebody asked it: "none" is an answer as well."""

    LEGAL_NAME = "legal_name", "Legal name"
    BIRTH_DATE = "birth_date", "Birth date"
    SEX = "sex", "Sex"
    ADDRESS = "address", "Address"
    EMERGENCY_CONTACT = "emergency_contact", "Emergency contact"
    LANGUAGE = "language", "Language"
    PRIMARY_CLINICIAN = "primary_clinician", "Primary clinician"
    PAYER = "payer", "Payer"


class Registration(Row):
    """A patient's registration, one a patient. It may be completed in parts, and no visit waits for it.

    ``asked`` holds the parts that were asked and answered. Birth date, sex, language, ZIP code and emergency contact
    stand on the patient.
    """

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="registration")
    legal_name = models.CharField(max_length=160, blank=True, help_text="As it stands on the document.")
    street = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=2, blank=True)
    primary_clinician = models.CharField(max_length=120, blank=True, help_text="Empty, once asked: none.")
    payer = models.CharField(max_length=120, blank=True, help_text="Empty, once asked: pays for themselves.")
    member_number = models.CharField(max_length=40, blank=True)
    asked = ArrayField(models.CharField(max_length=20, choices=RegistrationPart.choices), default=list, blank=True)
    changed_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="registration_asks_known_parts", condition=Q(asked__contained_by=RegistrationPart.values)
            ),
            models.CheckConstraint(
                name="registration_state_has_two_letters", condition=Q(state="") | Q(state__regex=r"^[A-Z]{2}$")
            ),
        ]

    @property
    def missing(self) -> list[RegistrationPart]:
        """The parts that nobody asked yet, in their order."""
        return [part for part in RegistrationPart if part not in self.asked]
