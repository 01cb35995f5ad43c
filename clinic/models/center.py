"""Places: the network's centers, their hours, and the ZIP codes that distances are measured from."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from clinic.phones import validate_e164


class ZipCode(models.Model):
    """A US ZIP code's centroid and IANA zone, loaded once from the `zipcodes` package."""

    zip = models.CharField(max_length=5, primary_key=True)
    city = models.CharField(max_length=80)
    state = models.CharField(max_length=2)
    zone = models.CharField(max_length=40)
    latitude = models.FloatField()
    longitude = models.FloatField()

    def __str__(self) -> str:
        return f"{self.zip} {self.city}, {self.state}"


class Center(models.Model):
    """A location where patients are seen: its zone decides every local hour."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=18, help_text="As it stands in a text message.")
    street = models.CharField(max_length=120)
    city = models.CharField(max_length=80)
    state = models.CharField(max_length=2)
    zip = models.CharField(max_length=5, validators=[RegexValidator(r"^\d{5}$")])
    zone = models.CharField(max_length=40)
    latitude = models.FloatField()
    longitude = models.FloatField()
    phone = models.CharField(max_length=16, validators=[validate_e164])
    arm_scans = models.BooleanField(default=False)
    iliac_doppler = models.BooleanField(default=False)
    wheelchair = models.BooleanField(default=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                name="center_on_the_globe",
                condition=Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """One weekday's staffed hours at a center, in its local time. No row: closed that day."""

    center = models.ForeignKey(Center, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday, as in Python's date.weekday().")
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ("center", "weekday")
        constraints = [
            models.UniqueConstraint(fields=("center", "weekday"), name="one_opening_a_weekday"),
            models.CheckConstraint(name="opens_before_closes", condition=Q(closes__gt=F("opens"))),
            models.CheckConstraint(name="opening_weekday_exists", condition=Q(weekday__lte=6)),
        ]


class Closure(models.Model):
    """A local date on which a center is closed: a holiday, weather, repairs."""

    center = models.ForeignKey(Center, on_delete=models.CASCADE, related_name="closures")
    on = models.DateField()
    reason = models.CharField(max_length=80)

    class Meta:
        ordering = ("center", "on")
        constraints = [models.UniqueConstraint(fields=("center", "on"), name="one_closure_a_day")]
