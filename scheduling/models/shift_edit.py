"""An edit of availability, and the visits that it displaced."""

from django.db import models
from django.db.models import Q

from clinic.models import ActorKind, Center, Step
from clinic.models.row import Row
from scheduling.models.appointment import Appointment
from scheduling.models.resource import Resource


class EditKind(models.TextChoices):
    """What a manager may change about when time can be booked."""

    DAY = "day", "Other hours on a day"
    DAY_AS_USUAL = "day_as_usual", "Back to the weekly hours on a day"
    WEEK = "week", "Weekly hours from a date on"
    BREAK = "break", "Break on a day"
    WEEKLY_BREAK = "weekly_break", "Break every week from a date on"
    DOWN = "down", "Down from now on"
    ABSENCE_OVER = "absence_over", "A break or an absence is over"
    CLOSURE = "closure", "Center closed"
    REOPENING = "reopening", "Center open after all"
    HOURS = "hours", "Opening hours from a date on"
    NEW_UNIT = "new_unit", "Another unit"
    RETIREMENT = "retirement", "A unit is used no more"
    LEAVE = "leave", "Leave"


class ShiftEdit(Row):
    """One edit as it was made: the row that its outcome is looked up by. ``codes`` holds hours and dates, no names."""

    kind = models.CharField(max_length=16, choices=EditKind.choices)
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey(Resource, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    codes = models.JSONField(default=dict)
    holds_released = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=("center", "-at"), name="shift_edit_by_center")]
        constraints = [models.CheckConstraint(name="shift_edit_kind_known", condition=Q(kind__in=EditKind.values))]


class DisplacementStatus(models.TextChoices):
    """Waiting until it is settled, in one of these ways; each is final."""

    WAITING = "waiting", "Waits to be rebooked"
    OTHER_UNIT = "other_unit", "Same time, another unit"
    MOVED = "moved", "Moved"
    CANCELLED = "cancelled", "Cancelled: nothing in time"
    ON_SITE = "on_site", "Is here: a person decides"
    LEFT = "left", "Could not be moved: a person decides"
    STANDS = "stands", "Stands after all"
    OVER = "over", "Ended meanwhile"


class Displacement(Row):
    """One visit that an edit took the time of. While it waits, the visit stands outside its shift: legal, and flagged.

    ``unreachable`` says why no text reaches the patient, or nothing; ``step`` is what a person owes about it.
    """

    edit = models.ForeignKey(ShiftEdit, on_delete=models.PROTECT, related_name="displacements")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="displacements")
    status = models.CharField(max_length=12, choices=DisplacementStatus.choices, default=DisplacementStatus.WAITING)
    was_center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="+")
    was_starts_at = models.DateTimeField()
    unreachable = models.CharField(max_length=12, blank=True)
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=("created_at",), condition=Q(status="waiting"), name="waiting_displacement"),
            models.Index(fields=("edit", "id"), name="displacement_by_edit"),
        ]
        constraints = [
            models.CheckConstraint(name="displacement_status_known", condition=Q(status__in=DisplacementStatus.values)),
            models.CheckConstraint(
                name="displacement_is_settled_or_waits",
                condition=Q(status="waiting", settled_at=None) | (~Q(status="waiting") & Q(settled_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=("appointment",), condition=Q(status="waiting"), name="displaced_once_at_a_time"
            ),
        ]
