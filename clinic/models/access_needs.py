"""What a patient needs to be seen at all: to get in and onto the table, to be understood, and to be found again."""

from django.db import models
from django.db.models import Q

from clinic.languages import INTERPRETED
from clinic.models.patient import Patient
from clinic.models.staff import Staff
from clinic.phones import validate_e164


class Mobility(models.TextChoices):
    """How a patient gets about."""

    WALKS = "walks", "Walks"
    WALKER = "walker", "Walks with an aid"
    WHEELCHAIR = "wheelchair", "Uses a wheelchair"


class Transfer(models.TextChoices):
    """How a patient gets onto the table."""

    ALONE = "alone", "By themselves"
    HELPER = "helper", "With somebody's help"
    LIFT = "lift", "With a lift"


class AccessNeeds(models.Model):
    """One a patient. Of the weight only the table that it needs is kept: 0 where any carries them.

    A patient without a telephone of their own is found by another contact, an address, or a plan to come back.
    """

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="access_needs")
    mobility = models.CharField(max_length=12, choices=Mobility.choices, default=Mobility.WALKS)
    transfer = models.CharField(max_length=8, choices=Transfer.choices, default=Transfer.ALONE)
    table_limit_lb = models.PositiveSmallIntegerField(default=0)
    interpreter = models.CharField(max_length=3, blank=True, help_text="A language, or asl. Empty: none is needed.")
    no_phone = models.BooleanField(default=False)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_phone = models.CharField(max_length=16, blank=True, validators=[validate_e164])
    address = models.CharField(max_length=200, blank=True)
    in_person_plan = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="access_mobility_known", condition=Q(mobility__in=Mobility.values)),
            models.CheckConstraint(name="access_transfer_known", condition=Q(transfer__in=Transfer.values)),
            models.CheckConstraint(
                name="access_interpreter_known", condition=Q(interpreter="") | Q(interpreter__in=list(INTERPRETED))
            ),
            models.CheckConstraint(
                name="access_contact_has_name_and_number",
                condition=Q(contact_name="", contact_phone="")
                | (~Q(contact_name="") & Q(contact_phone__regex=r"^\+[1-9][0-9]{7,14}$")),
            ),
        ]

    @property
    def findable(self) -> bool:
        """Whether something is recorded by which the patient is found without a telephone of their own."""
        return bool(self.contact_phone or self.address or self.in_person_plan)
