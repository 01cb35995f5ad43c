"""Episodes of care, and the steps that carry each of them to its end."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models.center import Center
from clinic.models.patient import Patient
from clinic.models.row import Row
from clinic.models.safety_net import EPISODE_HAS_NEXT_STEP, STEP_LEAVES_NEXT_STEP
from clinic.models.staff import Role, Staff


class EpisodeKind(models.TextChoices):
    """Why the episode was opened."""

    SUSPECTED_DVT = "suspected_dvt", "Suspected deep vein thrombosis"
    CONSULT = "consult", "Vascular consultation"
    SELF_CARE = "self_care", "Self-care with a check-in"


class EpisodeStatus(models.TextChoices):
    """An episode is open until a person signs that it is over."""

    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class ClosingReason(models.TextChoices):
    """Why an episode may end."""

    RISK_PASSED = "risk_passed", "The risk has passed"
    RULED_OUT = "ruled_out", "Ruled out"
    CONSULT_COMPLETED = "consult_completed", "Consultation completed"
    SELF_CARE_SETTLED = "self_care_settled", "Settled with self-care"
    TRANSFERRED = "transferred", "Care transferred and accepted"
    DECLINED = "declined", "Declined by the patient"
    DIED = "died", "Died"
    DUPLICATE = "duplicate", "Duplicate or entered in error"
    LOST_TO_FOLLOW_UP = "lost_to_follow_up", "Lost to follow-up, signed by a physician"


class PretestCategory(models.TextChoices):
    """What the scores said before the scan, as the plan needs it."""

    LIKELY = "likely", "Likely"
    UNLIKELY = "unlikely", "Unlikely"
    INDETERMINATE = "indeterminate_treat_as_likely", "Indeterminate, treated as likely"
    NOT_APPLICABLE = "wells_not_applicable", "Score not valid"


class Episode(Row):
    """One concern of one patient, from the first answer to a signature.

    ``clock_started_at`` is the server's time of the first answer; ``scan_by`` and ``result_by`` are the clinical
    deadlines counted from it, and no fallback restarts them. The risk that a follow-up plan needs is copied here when
    the episode opens: the kernel knows nothing of triage.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="episodes")
    kind = models.CharField(max_length=16, choices=EpisodeKind.choices)
    status = models.CharField(max_length=8, choices=EpisodeStatus.choices, default=EpisodeStatus.OPEN)
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="episodes")
    tier = models.PositiveSmallIntegerField(null=True, blank=True)
    clock_started_at = models.DateTimeField()
    scan_by = models.DateTimeField(null=True, blank=True)
    result_by = models.DateTimeField(null=True, blank=True)
    pretest_category = models.CharField(max_length=32, choices=PretestCategory.choices, blank=True)
    pregnant = models.BooleanField(default=False, help_text="Pregnant, postpartum, or not known.")
    active_cancer = models.BooleanField(default=False, help_text="Active cancer, or not known.")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closing_reason = models.CharField(max_length=20, choices=ClosingReason.choices, blank=True)

    class Meta:
        indexes = [models.Index(fields=("patient", "status"), name="episode_by_patient")]
        constraints = [
            models.CheckConstraint(name="episode_status_known", condition=Q(status__in=EpisodeStatus.values)),
            models.CheckConstraint(name="episode_kind_known", condition=Q(kind__in=EpisodeKind.values)),
            models.CheckConstraint(
                name="closed_episode_is_signed",
                condition=Q(status="open", closed_at=None, closed_by=None, closing_reason="")
                | Q(
                    status="closed",
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    closing_reason__in=ClosingReason.values,
                ),
            ),
            models.CheckConstraint(name="episode_tier_known", condition=Q(tier=None) | Q(tier__in=(1, 2))),
        ]
        triggers: list[pgtrigger.Trigger] = [EPISODE_HAS_NEXT_STEP]


class StepKind(models.TextChoices):
    """What must happen next."""

    ARRIVAL_CALL = "arrival_call", "Call: has the patient reached the emergency department?"
    CALLBACK = "callback", "Clinician calls the patient"
    BOOKING = "booking", "Book the visit"
    SCAN = "scan", "Scan"
    READING = "reading", "Read the study"
    TELLING = "telling", "Tell the patient the result"
    TREATMENT_START = "treatment_start", "Start treatment"
    FOLLOW_UP_CALL = "follow_up_call", "Follow-up call"
    FOLLOW_UP_SCAN = "follow_up_scan", "Repeat scan"
    FOLLOW_UP_VISIT = "follow_up_visit", "Follow-up visit"
    CONSULT = "consult", "Consultation"
    SELF_CARE_CHECK = "self_care_check", "Check-in after self-care"
    DECISION = "decision", "Clinician decides"
    HANDOVER = "handover", "Hand over to another service"
    CONTACT = "contact", "Reach the patient another way"
    SAFETY_CHECK = "safety_check", "Ask the danger signs again"
    DOSE_CHANGE = "dose_change", "Call: the dose changes"
    OTHER_IMAGING = "other_imaging", "Other imaging"
    LETTER = "letter", "Certified letter"
    ACKNOWLEDGE = "acknowledge", "Clinician acknowledges the finding"
    DISCREPANCY = "discrepancy", "Tell the treating clinician what changed"
    EMERGENCY_CONTACT = "emergency_contact", "Call the emergency contact"
    WELFARE_CHECK = "welfare_check", "Decide on a welfare check"
    ON_SITE = "on_site", "Patient still on site before closing"
    REFERRER = "referrer", "Tell the referring clinician"
    REFERRER_TIME = "referrer_time", "Tell the referring office the time"
    ORDER = "order", "Sign the order of a scan"
    IDENTITY = "identity", "Call back on the recorded number: who is it?"
    REPRESENTATIVE = "representative", "Ask the patient, now 18, who may hear of their care"
    TWO_EPISODES = "two_episodes", "Two open episodes of one patient: which one goes on?"
    LANGUAGE_LINE = "language_line", "Arrange an interpreter, or the language line"
    COVERAGE = "coverage", "Settle the coverage before the visit"
    LOOSE_END = "loose_end", "Find out what was lost, and mend it"


class StepStatus(models.TextChoices):
    """A step's life. `missed` is final and opens its successor in the same transaction."""

    OPEN = "open", "Open"
    SCHEDULED = "scheduled", "Scheduled"
    ESCALATED = "escalated", "Escalated"
    DONE = "done", "Done"
    MISSED = "missed", "Missed"
    CANCELLED = "cancelled", "Cancelled"


LIVE_STEP = ("open", "scheduled", "escalated")


class Step(Row):
    """What must happen next in an episode: who owes it, where, and by when.

    Owner: a person, or a role at a center. ``due_at`` is the instant by which it is owed; the window is the span in
    which it may happen. ``succeeds`` points to the missed step that this one replaces, ``reads`` of a reading to
    the scan whose study it is. While its patient is here for it (``attended_since``) nothing but their visit ends it:
    what is owed no longer is noted (``ends_as``), and waits.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind.choices)
    status = models.CharField(max_length=10, choices=StepStatus.choices, default=StepStatus.OPEN)
    owner_role = models.CharField(max_length=16, choices=Role.choices, blank=True)
    owner = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="steps")
    center = models.ForeignKey(Center, null=True, blank=True, on_delete=models.PROTECT, related_name="steps")
    due_at = models.DateTimeField(null=True)
    window_start = models.DateTimeField(null=True, blank=True)
    window_end = models.DateTimeField(null=True, blank=True)
    plan = models.ForeignKey("clinic.Plan", null=True, blank=True, on_delete=models.PROTECT, related_name="steps")
    plan_code = models.CharField(
        max_length=40, blank=True, help_text="The step's name within its plan, or the check that found it."
    )
    rung = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often it was missed: its place on the ladder of missed steps."
    )
    missed_since = models.DateTimeField(null=True, blank=True, help_text="When it was missed first.")
    succeeds = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successor")
    reads = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="readings")
    attended_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when the patient is here for it; empty before, and once it has ended."
    )
    ends_as = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="A code: why it is cancelled should the patient leave unseen. Empty where it is then owed again.",
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=40, blank=True, help_text="A code: how it ended, or why it was cancelled.")

    class Meta:
        indexes = [
            models.Index(
                fields=("owner_role", "center", "due_at"),
                condition=Q(status__in=LIVE_STEP),
                name="live_step_by_role",
            ),
            models.Index(fields=("due_at",), condition=Q(status__in=LIVE_STEP), name="live_step_by_due"),
            models.Index(fields=("episode", "status"), name="step_by_episode"),
        ]
        constraints = [
            models.CheckConstraint(name="step_status_known", condition=Q(status__in=StepStatus.values)),
            models.CheckConstraint(name="step_kind_known", condition=Q(kind__in=StepKind.values)),
            models.CheckConstraint(
                name="live_step_has_owner_and_due_time",
                condition=~Q(status__in=LIVE_STEP)
                | (Q(due_at__isnull=False) & (Q(owner__isnull=False) | (~Q(owner_role="") & Q(center__isnull=False)))),
            ),
            models.CheckConstraint(
                name="ended_step_says_when",
                condition=Q(status__in=LIVE_STEP, ended_at=None)
                | (~Q(status__in=LIVE_STEP) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="escalated_step_says_when",
                condition=~Q(status="escalated") | Q(escalated_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=("plan", "plan_code"),
                # One that waits for its patient to leave does not stand in the way of the one that is owed.
                condition=Q(status__in=LIVE_STEP, plan__isnull=False, ends_as=""),
                name="one_live_step_a_plan_code",
            ),
            models.CheckConstraint(
                name="attended_step_is_live", condition=Q(attended_since=None) | Q(status__in=LIVE_STEP)
            ),
            models.CheckConstraint(
                name="only_an_attended_step_waits_to_end", condition=Q(ends_as="") | Q(attended_since__isnull=False)
            ),
        ]
        triggers: list[pgtrigger.Trigger] = [STEP_LEAVES_NEXT_STEP]
