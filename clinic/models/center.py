"""Places: the network's centers, their hours, and the ZIP codes that distances are measured from."""

from datetime import date
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from clinic.models.row import Row
from clinic.phones import validate_e164


class ZipCode(Row):
    """A US ZIP code's centroid and IANA zone, loaded once from the `zipcodes` package."""

    zip = models.CharField(max_length=5, primary_key=True)
    city = models.CharField(max_length=80)
    state = models.CharField(max_length=2)
    zone = models.CharField(max_length=40)
    latitude = models.FloatField()
    longitude = models.FloatField()

    def __str__(self) -> str:
        return f"{self.zip} {self.city}, {self.state}"


class Center(Row):
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
    standing_protocol = models.BooleanField(
        default=False,
        db_default=False,
        help_text="A standing protocol, approved for this center and its payers, orders scans.",
    )
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


#: Hours that nobody dated have always been so.
ALWAYS = date(2000, 1, 1)


class OpeningHoursQuerySet(models.QuerySet["OpeningHours"]):
    """Hours by the date on which they are asked for."""

    def on(self, day: date) -> Self:
        """Those in force on a local date."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)


class OpeningHours(Row):
    """One weekday's staffed hours at a center, in its local time, from a date on. No row: closed that day."""

    center = models.ForeignKey(Center, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday, as in Python's date.weekday().")
    opens = models.TimeField()
    closes = models.TimeField()
    valid_from = models.DateField(default=ALWAYS)
    valid_until = models.DateField(null=True, blank=True)

    objects = OpeningHoursQuerySet.as_manager()

    class Meta:
        ordering = ("center", "weekday", "valid_from")
        constraints = [
            models.UniqueConstraint(fields=("center", "weekday", "valid_from"), name="one_opening_a_weekday"),
            models.CheckConstraint(name="opens_before_closes", condition=Q(closes__gt=F("opens"))),
            models.CheckConstraint(name="opening_weekday_exists", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="opening_valid_in_order", condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from"))
            ),
        ]

    def in_force(self, day: date) -> bool:
        """Whether these are the hours on a local date."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class Closure(Row):
    """A local date on which a center is closed, or a part of it: a holiday, weather, no power. No hours: all day."""

    center = models.ForeignKey(Center, on_delete=models.CASCADE, related_name="closures")
    on = models.DateField()
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    reason = models.CharField(max_length=80)

    class Meta:
        ordering = ("center", "on")
        constraints = [
            models.UniqueConstraint(fields=("center", "on", "starts"), name="one_closure_a_time", nulls_distinct=False),
            models.CheckConstraint(
                name="closure_is_all_day_or_has_hours",
                condition=Q(starts=None, ends=None) | Q(starts__isnull=False, ends__gt=F("starts")),
            ),
        ]
