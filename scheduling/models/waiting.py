"""Who waits for a time, what they were offered, time that came free meanwhile, and the add-ons that were approved."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from clinic.models import Center, Episode, Patient, Staff, Step
from clinic.models.row import Row
from scheduling.models.appointment import Appointment
from scheduling.models.resource import VisitKind, VisitType
from scheduling.slots import Deadline


class EntryStatus(models.TextChoices):
    """Somebody waits until they have a time, say that they wait no longer, or their time is over."""

    WAITING = "waiting", "Waiting"
    BOOKED = "booked", "Has a time"
    WITHDRAWN = "withdrawn", "Waits no longer"
    OVER = "over", "Over without a time"


class WaitlistEntry(Row):
    """A wish for the first time that fits. It stands beside the episode's own next step, and never replaces it.

    ``tier`` is the rule-out's, copied: a fallback may take it off the episode, but restarts no clock. ``visit`` is the
    one that they have already and would give up for an earlier time. ``centers`` narrows the reach to a few, by code.
    ``unanswered`` counts offers that ran out; ``look_at`` says when the calendar is next searched for this entry.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="waits")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="waits")
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="waits")
    zip = models.CharField(max_length=5)
    within_miles = models.PositiveSmallIntegerField()
    centers = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    earliest = models.DateTimeField()
    latest = models.DateTimeField()
    needs = models.CharField(max_length=60, blank=True, default="", help_text="What the center must have.")
    short_notice = models.BooleanField(default=False, help_text="They can come within the day.")
    tier = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=EntryStatus.choices, default=EntryStatus.WAITING)
    unanswered = models.PositiveSmallIntegerField(default=0)
    look_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "waitlist entries"
        indexes = [
            models.Index(fields=("look_at",), condition=Q(status="waiting"), name="waiting_entry_by_look"),
            models.Index(fields=("latest",), condition=Q(status="waiting"), name="waiting_entry_by_latest"),
        ]
        constraints = [
            models.CheckConstraint(name="waitlist_status_known", condition=Q(status__in=EntryStatus.values)),
            models.CheckConstraint(name="waitlist_span_in_order", condition=Q(latest__gt=F("earliest"))),
            models.CheckConstraint(
                name="waitlist_end_says_when",
                condition=Q(status="waiting", ended_at=None) | (~Q(status="waiting") & Q(ended_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=("episode", "visit_type"), condition=Q(status="waiting"), name="waits_once_for_a_visit"
            ),
        ]

    @property
    def urgent(self) -> bool:
        """Whether it is a rule-out that waits."""
        return self.visit_type.kind == VisitKind.DVT_SCAN

    @property
    def deadline(self) -> Deadline | None:
        """The clinical clock that an offer must keep; None where none runs."""
        return Deadline(self.tier, self.episode.clock_started_at) if self.tier else None


class OfferKind(models.TextChoices):
    """What is offered."""

    SLOT = "slot", "A time that came free"
    MOVE = "move", "Another time, to make room for somebody who must come sooner"


class OfferStatus(models.TextChoices):
    """An offer is answered, runs out, or has become pointless."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    EXPIRED = "expired", "Not answered in time"
    WITHDRAWN = "withdrawn", "No longer needed"


class Offer(Row):
    """A time that is held for one person until they answer. `Appointment` ``hold`` keeps it, and says until when.

    Of kind *slot*, ``patient`` is who waits, and takes the time, in place of ``visit`` where they have one. Of kind
    *move*, ``patient`` has a routine ``visit`` and is asked to move it into the held time; whoever waits (``entry``)
    takes what comes free at ``frees_at``. ``step`` is the call that goes beside it.
    """

    kind = models.CharField(max_length=4, choices=OfferKind.choices)
    entry = models.ForeignKey(WaitlistEntry, on_delete=models.PROTECT, related_name="offers")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="offers")
    visit = models.ForeignKey(Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="offers")
    hold = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="offer")
    starts_at = models.DateTimeField()
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="+")
    frees_at = models.DateTimeField(null=True, blank=True)
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=OfferStatus.choices, default=OfferStatus.OPEN)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=("expires_at",), condition=Q(status="open"), name="open_offer_by_expiry")]
        constraints = [
            models.CheckConstraint(name="offer_status_known", condition=Q(status__in=OfferStatus.values)),
            models.CheckConstraint(
                name="offer_end_says_when",
                condition=Q(status="open", ended_at=None) | (~Q(status="open") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="move_names_the_visit_and_what_it_frees",
                condition=Q(kind="slot", frees_at=None) | Q(kind="move", frees_at__isnull=False, visit__isnull=False),
            ),
            models.UniqueConstraint(
                fields=("entry", "kind"), condition=Q(status="open"), name="one_open_offer_an_entry"
            ),
            models.UniqueConstraint(
                fields=("visit",), condition=Q(status="open", kind="move"), name="asked_to_move_once_at_a_time"
            ),
        ]


class FreedTime(Row):
    """Time came free at a center while somebody was waiting: the next sweep looks at once, and takes the row away."""

    center = models.ForeignKey(Center, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()


class OverbookReason(models.TextChoices):
    """Why a rule-out is added on."""

    NONE_IN_TIME = "none_in_time", "No time is in time"
    TOO_FAR = "too_far", "The time that is left is too far away"
    WORSE = "worse", "The patient got worse"
    ON_SITE = "on_site", "The patient is here"


class Overbook(Row):
    """An add-on: a rule-out that a named person approved on a center's overflow unit."""

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="overbook")
    approved_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=16, choices=OverbookReason.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="overbook_reason_known", condition=Q(reason__in=OverbookReason.values))
        ]
