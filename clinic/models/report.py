"""The report of a study: a head with its status, append-only versions, and the calls that told it."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models.append_only import APPEND_ONLY
from clinic.models.center import Center
from clinic.models.episode import Episode, Step
from clinic.models.identity import IdentityCheck
from clinic.models.representative import Representative
from clinic.models.row import Row
from clinic.models.staff import Staff


class ReportStatus(models.TextChoices):
    """FHIR `DiagnosticReport.status`."""

    PRELIMINARY = "preliminary", "Preliminary"
    FINAL = "final", "Final"
    AMENDED = "amended", "Amended"


class Impression(models.TextChoices):
    """What the sonographer's preliminary says: never a diagnosis."""

    NEGATIVE = "negative", "No sign of thrombosis"
    POSITIVE = "positive", "Positive"
    SUSPICIOUS = "suspicious", "Suspicious"
    NON_DIAGNOSTIC = "non_diagnostic", "Not diagnostic"


class ResultCategory(models.TextChoices):
    """The interpreting physician's category (clinical.md section 4.3)."""

    NO_DVT_COMPLETE = "no_dvt_complete", "No DVT, complete study"
    NO_DVT_LIMITED = "no_dvt_limited", "No DVT, limited study"
    NON_DIAGNOSTIC = "non_diagnostic", "Not diagnostic"
    ACUTE_PROXIMAL_DVT = "acute_proximal_dvt", "Acute proximal DVT"
    ACUTE_ILIOFEMORAL_THREATENED = "acute_iliofemoral_threatened", "Acute iliofemoral DVT, limb threatened"
    ISOLATED_DISTAL_DVT = "isolated_distal_dvt", "Isolated distal DVT"
    SVT_NEAR_SFJ = "svt_near_sfj", "Superficial vein thrombosis within 3 cm of the junction"
    SVT_LONG = "svt_long", "Superficial vein thrombosis, 5 cm or longer"
    SVT_SHORT = "svt_short", "Superficial vein thrombosis, short"
    CHRONIC_POST_THROMBOTIC = "chronic_post_thrombotic", "Chronic post-thrombotic change"
    INCIDENTAL = "incidental", "Incidental finding"
    UPPER_EXTREMITY_DVT = "upper_extremity_dvt", "Upper extremity DVT"


class Side(models.TextChoices):
    """The side studied."""

    LEFT = "left", "Left"
    RIGHT = "right", "Right"
    BILATERAL = "bilateral", "Both"


class Report(Row):
    """One study's report. Its head moves preliminary → final → amended; what was written stays in its versions."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="reports")
    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="report", help_text="The scan's step.")
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="reports")
    status = models.CharField(max_length=12, choices=ReportStatus.choices, default=ReportStatus.PRELIMINARY)
    side = models.CharField(max_length=10, choices=Side.choices)
    impression = models.CharField(max_length=16, choices=Impression.choices)
    category = models.CharField(max_length=32, choices=ResultCategory.choices, blank=True)
    scan_ended_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True, help_text="A clinician has the finding in hand.")
    acknowledged_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    clinician_told_at = models.DateTimeField(null=True, blank=True)
    patient_told_at = models.DateTimeField(null=True, blank=True)
    result_sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="The patient first saw it on their page.")
    patient_acknowledged_at = models.DateTimeField(
        null=True, blank=True, help_text="The patient said that they have read it."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="report_status_known", condition=Q(status__in=ReportStatus.values)),
            models.CheckConstraint(
                name="final_report_is_signed",
                condition=Q(status="preliminary", signed_by=None, signed_at=None)
                | (
                    ~Q(status="preliminary")
                    & Q(signed_by__isnull=False, signed_at__isnull=False, category__in=ResultCategory.values)
                ),
            ),
            models.CheckConstraint(
                name="report_signed_after_scan",
                condition=Q(signed_at=None) | Q(signed_at__gte=models.F("scan_ended_at")),
            ),
        ]


class ReportVersion(Row):
    """What was written, by whom, when: never overwritten."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=ReportStatus.choices)
    impression = models.CharField(max_length=16, choices=Impression.choices)
    category = models.CharField(max_length=32, choices=ResultCategory.choices, blank=True)
    side = models.CharField(max_length=10, choices=Side.choices)
    findings = models.TextField(blank=True)
    veins = models.JSONField(default=list, blank=True, help_text="Each vein studied: vein, side, and how it was found.")
    clot_length_cm = models.FloatField(null=True, blank=True)
    junction_distance_cm = models.FloatField(null=True, blank=True, help_text="From the saphenofemoral junction.")
    discrepancy = models.BooleanField(default=False, help_text="The final differs from the preliminary.")
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was amended.")
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(
        null=True, blank=True, help_text="Where it was entered later, from paper: when that was."
    )

    class Meta:
        ordering = ("report", "number")
        constraints = [models.UniqueConstraint(fields=("report", "number"), name="one_report_version_a_number")]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class Audience(models.TextChoices):
    """Who was told."""

    PATIENT = "patient", "Patient"
    CLINICIAN = "clinician", "Treating clinician"
    REFERRER = "referrer", "Referring clinician"
    EMERGENCY_CONTACT = "emergency_contact", "Emergency contact"
    REPRESENTATIVE = "representative", "Representative of the patient"


class CallOutcome(models.TextChoices):
    """How a call ended."""

    REACHED = "reached", "Reached"
    NO_ANSWER = "no_answer", "No answer"
    LEFT_MESSAGE = "left_message", "Left a message without details"
    WRONG_NUMBER = "wrong_number", "Wrong number"


class ResultCall(Row):
    """One spoken telling, or the attempt: who told whom, when, how, and the read-back (NPSG.02.03.01).

    ``identity_check`` is by which it was known, on the phone, who heard it; in person there is none.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="calls")
    audience = models.CharField(max_length=20, choices=Audience.choices)
    told_to = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=14, choices=CallOutcome.choices)
    in_person = models.BooleanField(default=False)
    impression = models.CharField(max_length=32, blank=True, help_text="The finding as it was spoken.")
    read_back = models.BooleanField(default=False)
    representative = models.ForeignKey(
        Representative, null=True, blank=True, on_delete=models.PROTECT, related_name="calls"
    )
    identity_check = models.ForeignKey(
        IdentityCheck, null=True, blank=True, on_delete=models.PROTECT, related_name="calls"
    )
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(help_text="When they spoke.")
    recorded_at = models.DateTimeField(
        null=True, blank=True, help_text="Where it was entered later, from paper: when that was."
    )

    class Meta:
        ordering = ("report", "at")
        constraints = [
            models.CheckConstraint(name="told_call_names_the_hearer", condition=~Q(outcome="reached") | ~Q(told_to="")),
            # The minimum necessary (45 CFR 164.502(b)): a relative is asked to have the patient call, no more.
            models.CheckConstraint(
                name="emergency_contact_hears_no_finding", condition=~Q(audience="emergency_contact") | Q(impression="")
            ),
            models.CheckConstraint(
                name="representative_who_heard_is_named",
                condition=~Q(audience="representative", outcome="reached") | Q(representative__isnull=False),
            ),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
