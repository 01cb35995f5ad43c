"""What each center keeps for same-day rule-outs, and when it is released to routine scans."""

from django.db import models
from django.db.models import Q

from clinic.models import Center
from clinic.models.row import Row
from scheduling.reserve import AFTERNOON, MORNING


class HalfDay(models.TextChoices):
    """A center's day, split at its local noon."""

    MORNING = MORNING, "Morning"
    AFTERNOON = AFTERNOON, "Afternoon"


class Reserve(Row):
    """The rule-out scans that a center keeps room for in one half-day of every day. No row: none."""

    center = models.ForeignKey(Center, on_delete=models.CASCADE, related_name="reserves")
    half = models.CharField(max_length=9, choices=HalfDay.choices)
    scans = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("center", "-half")
        constraints = [
            models.UniqueConstraint(fields=("center", "half"), name="one_reserve_a_half_day"),
            models.CheckConstraint(name="reserve_half_day_known", condition=Q(half__in=HalfDay.values)),
        ]


class AddOnLimit(Row):
    """How many people at the desk may be added to one person's shift of a day at a center."""

    center = models.OneToOneField(Center, on_delete=models.CASCADE, related_name="add_on_limit")
    visits = models.PositiveSmallIntegerField()


class ReserveRelease(Row):
    """A step of a reserve's release: from so many minutes before the half-day's start on, this share is still kept.

    Minutes below zero lie after the start. Before the first step all of it is kept.
    """

    reserve = models.ForeignKey(Reserve, on_delete=models.CASCADE, related_name="releases")
    minutes_before = models.SmallIntegerField()
    kept_percent = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("reserve", "-minutes_before")
        constraints = [
            models.UniqueConstraint(fields=("reserve", "minutes_before"), name="one_release_at_a_time"),
            models.CheckConstraint(name="reserve_share_in_percent", condition=Q(kept_percent__lte=100)),
        ]
