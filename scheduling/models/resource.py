"""What time is booked on, when it is available, and what is booked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from clinic.models import Center, Staff
from clinic.models.row import Row
from clinic.tables import STANDARD_LB


class ResourceKind(models.TextChoices):
    """The kinds of resource that a visit takes, or that must be on duty for it."""

    ROOM = "room", "Room with ultrasound"
    SONOGRAPHER = "sonographer", "Sonographer"
    CLINICIAN = "clinician", "Clinician"
    PHYSICIAN = "physician", "Interpreting physician"
    OVERFLOW = "overflow", "Overflow unit"


class Resource(Row):
    """A room or a person whose time is booked. `remote` people serve all centers of the states they are licensed in."""

    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="resources")
    kind = models.CharField(max_length=12, choices=ResourceKind.choices)
    name = models.CharField(max_length=80)
    staff = models.OneToOneField(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="resource")
    remote = models.BooleanField(default=False)
    table_limit_lb = models.PositiveSmallIntegerField(
        default=STANDARD_LB, db_default=STANDARD_LB, help_text="Of a room: what its table carries, in pounds."
    )
    lift = models.BooleanField(default=False, db_default=False, help_text="Of a room: a lift onto the table.")
    active = models.BooleanField(default=True)
    retired_from = models.DateField(null=True, blank=True, help_text="From this local date on it is used no more.")

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=("center", "kind"), name="resource_by_center")]
        constraints = [
            models.UniqueConstraint(fields=("center", "kind", "name"), name="one_resource_a_name"),
            models.CheckConstraint(name="resource_kind_known", condition=Q(kind__in=ResourceKind.values)),
        ]

    def __str__(self) -> str:
        return self.name


class ShiftPattern(Row):
    """A weekly shift in the center's local time. `ends` at or before `starts` runs past midnight (on-call nights)."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="patterns")
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="shift_weekday_exists", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="shift_valid_in_order",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
        ]


class ShiftException(Row):
    """A dated exception to a resource's pattern: off (no times), or other hours, maybe at another center."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="exceptions")
    center = models.ForeignKey(Center, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("resource", "on"), name="one_shift_exception_a_day"),
            models.CheckConstraint(
                name="shift_exception_is_off_or_has_hours",
                condition=Q(starts=None, ends=None) | Q(starts__isnull=False, ends__isnull=False, center__isnull=False),
            ),
        ]


class AbsenceKind(models.TextChoices):
    """Why a resource is not there though its shift says so."""

    BREAK = "break", "Break"
    DOWN = "down", "Out of order"
    SICK = "sick", "Sick"
    AWAY = "away", "Away"


class Absence(Row):
    """A span in which a resource is off duty whatever its shift says: a lunch, a machine that is down, an illness."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="absences")
    kind = models.CharField(max_length=8, choices=AbsenceKind.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("resource", "ends_at"), name="absence_by_resource")]
        constraints = [
            models.CheckConstraint(name="absence_kind_known", condition=Q(kind__in=AbsenceKind.values)),
            models.CheckConstraint(name="absence_starts_before_it_ends", condition=Q(ends_at__gt=F("starts_at"))),
        ]


class ResourceDay(Row):
    """One resource on one local date: the row that a booking and a shift edit both take, so that neither slips past.

    ``origin`` is the instant of local midnight at the center. Bit n of ``shift`` and ``busy`` (least significant first,
    within little-endian bytes) stands for the five minutes that start 5·n minutes after it: 300 bits cover the 25 hours
    of the longest day. ``shift`` is written from patterns, exceptions, absences, hours and closures; ``busy`` is kept
    by a trigger from `Occupancy`: an index, not a second truth.
    """

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="days")
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=ResourceKind.choices)
    on = models.DateField()
    origin = models.DateTimeField()
    shift = models.BinaryField(max_length=38)
    busy = models.BinaryField(max_length=38)

    class Meta:
        indexes = [models.Index(fields=("center", "on"), name="resource_day_by_center")]
        constraints = [models.UniqueConstraint(fields=("resource", "on"), name="one_row_a_resource_day")]


class VisitKind(models.TextChoices):
    """What a visit is, inside the house; the API and URLs carry its opaque code."""

    DVT_SCAN = "dvt_scan", "DVT rule-out scan"
    REPEAT_SCAN = "repeat_scan", "Repeat scan"
    CONSULT = "consult", "Vascular consultation"
    FOLLOW_UP_VISIT = "follow_up_visit", "Follow-up visit"


class VisitType(Row):
    """What is booked: its length, what it takes together, and what must be on duty while it is done."""

    code = models.CharField(max_length=8, unique=True, help_text="Opaque: it stands in URLs.")
    kind = models.CharField(max_length=16, choices=VisitKind.choices, unique=True)
    minutes = models.PositiveSmallIntegerField()
    buffer_minutes = models.PositiveSmallIntegerField(default=0, help_text="Kept free after it, on what it takes.")
    reading_minutes = models.PositiveSmallIntegerField(default=0, help_text="From its end to a result.")
    takes = ArrayField(models.CharField(max_length=12, choices=ResourceKind.choices))
    step_minutes = models.PositiveSmallIntegerField(default=15, help_text="Starts lie on this grid of the local hour.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="visit_lengths_on_the_grid",
                condition=Q(minutes__gt=0, step_minutes__gt=0, step_minutes__lte=60),
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
