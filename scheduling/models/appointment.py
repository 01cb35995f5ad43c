"""A slot that was kept, and what became of it; and the time that it takes of each resource."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from clinic.models import Center, Episode, Patient, Staff, Step
from clinic.models.row import Row
from scheduling.models.masks import KEEP_BUSY_MASK
from scheduling.models.resource import Resource, ResourceDay, VisitType
from triage.models import Assessment


class AppointmentStatus(models.TextChoices):
    """Held → booked → confirmed → arrived → in progress → completed, and the ways out."""

    HELD = "held", "Held"
    BOOKED = "booked", "Booked"
    CONFIRMED = "confirmed", "Confirmed"
    ARRIVED = "arrived", "Arrived"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"
    EXPIRED = "expired", "Hold expired"
    CANCELLED = "cancelled", "Cancelled"
    NO_SHOW = "no_show", "Did not come"


TAKES_TIME = ("held", "booked", "confirmed", "arrived", "in_progress")
#: Somebody's visit that is ahead or under way: its step waits for no other one.
STANDING = ("booked", "confirmed", "arrived", "in_progress")
#: A rule-out in one of these uses up its half-day's reserve; one that was given up, or missed, does not.
USES_RESERVE = (*TAKES_TIME, "completed")
HAS_PATIENT = ("booked", "confirmed", "arrived", "in_progress", "completed", "no_show")


class HoldPurpose(models.TextChoices):
    """Why a slot is held; it sets how long."""

    CHOOSING = "choosing", "Someone is choosing: ten minutes"
    CALLBACK = "callback", "Kept for a clinician's callback: its due time and 15 minutes"
    OFFER = "offer", "Offered to someone waiting: the offer's window"


class TimeRange(Func):
    """tstzrange(starts, ends), as the exclusion constraint needs it."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class Appointment(Row):
    """A hold that may become a booking: the same row. ``sequence`` counts reschedules and is part of every dedupe key.

    ``holder`` names who may take the hold over: ``staff:7``, ``integration:2`` or ``visitor:<session>``.
    """

    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+")
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="appointments")
    patient = models.ForeignKey(Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments")
    episode = models.ForeignKey(Episode, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments")
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments")
    status = models.CharField(max_length=12, choices=AppointmentStatus.choices, default=AppointmentStatus.HELD)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    holder = models.CharField(max_length=64)
    hold_purpose = models.CharField(max_length=10, choices=HoldPurpose.choices)
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveSmallIntegerField(default=0)
    willing_to_move = models.BooleanField(
        default=False, db_default=False, help_text="A routine patient may be asked to make room for a rule-out."
    )
    created_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True, blank=True)
    booked_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was cancelled, expired or missed.")
    end_reason = models.CharField(max_length=40, blank=True)
    signs = models.OneToOneField(
        Assessment,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The danger signs that were asked of somebody who walked in; none of anybody who had booked.",
    )
    late_call = models.ForeignKey(
        Step,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The call to somebody who had not come in time.",
    )
    late_result = models.ForeignKey(
        Step,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What a clinician was to decide, since the day ran too late for its deadline.",
    )
    needs = models.CharField(
        max_length=60,
        blank=True,
        default="",
        db_default="",
        help_text="What center, room and people must have, such as: arm wheelchair lift table-500 language-es.",
    )

    class Meta:
        indexes = [
            models.Index(fields=("center", "starts_at"), name="appointment_by_center"),
            models.Index(fields=("hold_expires_at",), condition=Q(status="held"), name="hold_by_expiry"),
            models.Index(fields=("starts_at",), condition=Q(status__in=TAKES_TIME), name="live_appointment_by_start"),
            # Rule-outs are few among all visits: counting those of the coming days must not read the others.
            models.Index(
                fields=("visit_type", "starts_at"), condition=Q(status__in=USES_RESERVE), name="visit_by_type_and_start"
            ),
        ]
        constraints = [
            models.CheckConstraint(name="appointment_status_known", condition=Q(status__in=AppointmentStatus.values)),
            models.CheckConstraint(name="appointment_starts_before_it_ends", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="hold_has_an_expiry", condition=~Q(status="held") | Q(hold_expires_at__isnull=False)
            ),
            models.CheckConstraint(
                name="booking_has_a_patient_and_a_time",
                condition=~Q(status__in=HAS_PATIENT)
                | Q(patient__isnull=False, episode__isnull=False, booked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="appointment_times_match_its_status",
                condition=(~Q(status__in=("arrived", "in_progress", "completed")) | Q(arrived_at__isnull=False))
                & (~Q(status__in=("in_progress", "completed")) | Q(started_at__isnull=False))
                & (~Q(status="completed") | Q(completed_at__isnull=False))
                & (~Q(status__in=("expired", "cancelled", "no_show")) | Q(ended_at__isnull=False)),
            ),
            ExclusionConstraint(
                name="patient_in_one_place",
                index_type="GIST",
                expressions=[
                    (
                        Func(F("patient_id"), F("patient_id"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (TimeRange(F("starts_at"), F("ends_at")), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=TAKES_TIME, patient__isnull=False),
            ),
        ]


class Occupancy(Row):
    """One resource taken for one appointment, its buffer included. The exclusion is what refuses a double-booking.

    The range form of the equality needs no extension, so that it holds on any PostgreSQL.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="occupancies")
    # No index on the resource: the exclusion's own serves. The day's holds live rows only, so that no search for the
    # present grows with the past.
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="occupancies", db_index=False)
    day = models.ForeignKey(ResourceDay, on_delete=models.PROTECT, related_name="+", db_index=False)
    during = DateTimeRangeField()
    live = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "occupancies"
        indexes = [models.Index(fields=("day",), condition=Q(live=True), name="live_occupancy_by_day")]
        constraints = [
            ExclusionConstraint(
                name="resource_booked_once",
                index_type="GIST",
                expressions=[
                    (
                        Func(F("resource_id"), F("resource_id"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(live=True),
            )
        ]
        triggers: list[pgtrigger.Trigger] = [KEEP_BUSY_MASK]
