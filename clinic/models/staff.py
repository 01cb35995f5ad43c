"""People who work here, and programs that act for somebody."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from clinic.models.center import Center
from clinic.models.row import Row
from clinic.phones import validate_e164


class Role(models.TextChoices):
    """What someone is employed to do; `clinic.access` says what each may do here."""

    REPRESENTATIVE = "representative", "Patient services representative"
    SONOGRAPHER = "sonographer", "Sonographer"
    CLINICIAN = "clinician", "Clinician"
    PHYSICIAN = "physician", "Interpreting physician"
    MANAGER = "manager", "Manager"
    ADMINISTRATOR = "administrator", "Administrator"


class Staff(AbstractUser):
    """A member of staff, who logs in. `home_center` is empty for people who serve the whole network."""

    role = models.CharField(max_length=16, choices=Role.choices, default=Role.REPRESENTATIVE)
    home_center = models.ForeignKey(Center, null=True, blank=True, on_delete=models.PROTECT, related_name="staff")
    npi = models.CharField(max_length=10, blank=True)
    medical_director = models.BooleanField(
        default=False, db_default=False, help_text="A physician who is alerted to findings that nobody acknowledges."
    )
    phone = models.CharField(
        max_length=16,
        blank=True,
        default="",
        db_default="",
        validators=[validate_e164],
        help_text="Where they are paged while on call, such as +13015550142. Who has none is not paged.",
    )
    languages = ArrayField(
        models.CharField(max_length=3),
        default=list,
        blank=True,
        db_default=[],
        help_text="Languages besides English that they speak with patients, such as es, ht or asl.",
    )
    last_code_counter = models.BigIntegerField(
        null=True, blank=True, editable=False, help_text="The half minute of the last code of their app that was used."
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When the account ended.")
    ended_reason = models.CharField(max_length=120, blank=True, default="", db_default="")

    # What `createsuperuser` asks for: the first log-in of a deployment is an administrator's, not the default role's.
    REQUIRED_FIELDS = ["role"]

    class Meta:
        verbose_name_plural = "staff"
        constraints = [
            models.CheckConstraint(name="staff_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="medical_director_is_a_physician", condition=Q(medical_director=False) | Q(role="physician")
            ),
            models.CheckConstraint(
                name="staff_phone_is_e164", condition=Q(phone="") | Q(phone__regex=r"^\+[1-9][0-9]{7,14}$")
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class License(Row):
    """A practitioner's license in one state. It counts up to and including its last day."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="licenses")
    state = models.CharField(max_length=2)
    expires_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("staff", "state"), name="one_license_a_state")]


class Integration(Row):
    """A program that calls the API with a bearer token; only the token's SHA-256 is kept."""

    name = models.CharField(max_length=80, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
