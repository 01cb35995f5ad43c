"""Orders of studies, and the directory of practices that refer."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from clinic.models.report import Side
from clinic.models.row import Row
from clinic.models.staff import Staff
from clinic.phones import validate_e164


class OrderStatus(models.TextChoices):
    """Wanted until somebody signs; what was signed is amended by another order, never rewritten."""

    WANTED = "wanted", "Wanted"
    SIGNED = "signed", "Signed"
    AMENDED = "amended", "Amended"


class OrderSource(models.TextChoices):
    """On whose authority."""

    REFERRED = "referred", "Referring clinician"
    OWN_CLINICIAN = "own_clinician", "Our own clinician"
    STANDING_PROTOCOL = "standing_protocol", "Standing protocol of the center"


class OrderPriority(models.TextChoices):
    """As in FHIR's ServiceRequest."""

    STAT = "stat", "Stat"
    URGENT = "urgent", "Urgent"
    ROUTINE = "routine", "Routine"


class Study(models.TextChoices):
    """What is ordered: a venous duplex of the legs or of the arms."""

    LEG_VEINS = "leg_veins", "Venous duplex, leg"
    ARM_VEINS = "arm_veins", "Venous duplex, arm"


class DDimer(models.TextChoices):
    """What the referring office knows of a D-dimer."""

    POSITIVE = "positive", "Positive"
    NEGATIVE = "negative", "Negative"
    NOT_DONE = "not_done", "Not done"
    UNKNOWN = "unknown", "Not known"


class Order(Row):
    """An order of one study. A scan may be booked and its patient may arrive without one; it is not started so.

    ``step`` is the scan that it is for, ``asked`` the clinician's step that asks for the signature. An order whose scan
    was given up is free for the next one that is booked in its episode. ``side`` is empty where nobody named it.
    """

    episode = models.ForeignKey("clinic.Episode", on_delete=models.PROTECT, related_name="orders")
    step = models.ForeignKey("clinic.Step", null=True, blank=True, on_delete=models.PROTECT, related_name="orders")
    asked = models.ForeignKey("clinic.Step", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=OrderStatus.choices, default=OrderStatus.WANTED)
    source = models.CharField(max_length=20, choices=OrderSource.choices, blank=True)
    priority = models.CharField(max_length=8, choices=OrderPriority.choices, default=OrderPriority.URGENT)
    study = models.CharField(max_length=10, choices=Study.choices, default=Study.LEG_VEINS)
    side = models.CharField(max_length=10, choices=Side.choices, blank=True)
    indication = models.CharField(max_length=200, blank=True)
    codes = ArrayField(models.CharField(max_length=8), default=list, blank=True, help_text="ICD-10-CM.")
    d_dimer = models.CharField(max_length=8, choices=DDimer.choices, default=DDimer.UNKNOWN)
    practitioner = models.CharField(max_length=120, blank=True)
    npi = models.CharField(max_length=10, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    amends = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="amended_by", help_text="The former one."
    )
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was amended.")
    recorded_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("episode", "id")
        constraints = [
            models.CheckConstraint(name="order_status_known", condition=Q(status__in=OrderStatus.values)),
            models.CheckConstraint(name="order_priority_known", condition=Q(priority__in=OrderPriority.values)),
            models.CheckConstraint(name="order_study_known", condition=Q(study__in=Study.values)),
            models.CheckConstraint(name="order_side_known", condition=Q(side="") | Q(side__in=Side.values)),
            models.CheckConstraint(
                name="signed_order_names_who_and_when",
                condition=Q(status="wanted", signed_at=None, signed_by=None)
                | (
                    ~Q(status="wanted")
                    & Q(signed_at__isnull=False, source__in=OrderSource.values)
                    & ~Q(practitioner="")
                ),
            ),
            models.CheckConstraint(
                name="own_order_has_its_signer", condition=~Q(source="own_clinician") | Q(signed_by__isnull=False)
            ),
            models.CheckConstraint(name="amended_order_says_why", condition=Q(amends=None) | ~Q(reason="")),
            models.CheckConstraint(name="order_npi_has_ten_digits", condition=Q(npi="") | Q(npi__regex=r"^\d{10}$")),
            models.UniqueConstraint(fields=("step",), condition=~Q(status="amended"), name="one_order_in_force_a_scan"),
        ]

    def __str__(self) -> str:
        return f"{self.get_study_display()} {self.side}".strip()


class Practice(Row):
    """A practice that refers, by its NPI: the directory from which the next call is filled in."""

    npi = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=16, validators=[validate_e164])
    after_hours_phone = models.CharField(max_length=16, blank=True)
    fax = models.CharField(max_length=16, blank=True)
    direct_address = models.CharField(max_length=120, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "npi")
        constraints = [
            models.CheckConstraint(name="practice_npi_has_ten_digits", condition=Q(npi__regex=r"^\d{10}$")),
            models.CheckConstraint(name="practice_phone_is_e164", condition=Q(phone__regex=r"^\+[1-9][0-9]{7,14}$")),
        ]

    def __str__(self) -> str:
        return self.name
