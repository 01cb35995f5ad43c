"""What a patient needs to be seen at all: to get in and onto the table, and to be understood."""

from django.db import models
from django.db.models import Q

from clinic.languages import INTERPRETED
from clinic.models.patient import Patient
from clinic.models.row import Row
from clinic.models.staff import Staff


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


class AccessNeeds(Row):
    """One a patient. Of the weight only the table that it needs is kept: 0 where any carries them.

    ``no_phone``: they said that they have no telephone of their own. How they are found then stands with the patient.
    """

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="access_needs")
    mobility = models.CharField(max_length=12, choices=Mobility.choices, default=Mobility.WALKS)
    transfer = models.CharField(max_length=8, choices=Transfer.choices, default=Transfer.ALONE)
    table_limit_lb = models.PositiveSmallIntegerField(default=0)
    interpreter = models.CharField(max_length=3, blank=True, help_text="A language, or asl. Empty: none is needed.")
    no_phone = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="access_mobility_known", condition=Q(mobility__in=Mobility.values)),
            models.CheckConstraint(name="access_transfer_known", condition=Q(transfer__in=Transfer.values)),
            models.CheckConstraint(
                name="access_interpreter_known", condition=Q(interpreter="") | Q(interpreter__in=list(INTERPRETED))
            ),
        ]
