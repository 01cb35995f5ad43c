"""What surrounds the telling of a result: the wet read, who was alerted, how the patient left. Never overwritten."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from clinic.models.append_only import APPEND_ONLY
from clinic.models.report import Report, ResultCategory
from clinic.models.row import Row
from clinic.models.staff import Staff
from clinic.phones import validate_e164


class WetRead(Row):
    """The interpreting physician's spoken impression, before the signature (clinical.md section 4.4).

    It authorizes telling and treatment. The log holds the finding, when it was spoken, to whom, how, and the read-back
    (ACR practice parameter for communication, 2020; Joint Commission NPSG.02.03.01).
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="wet_reads")
    category = models.CharField(max_length=32, choices=ResultCategory.choices, help_text="The impression, as spoken.")
    reader = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    told_to = models.CharField(max_length=120)
    in_person = models.BooleanField(default=False)
    read_back = models.BooleanField()
    spoken_at = models.DateTimeField()
    at = models.DateTimeField(help_text="When it was written down.")

    class Meta:
        ordering = ("report", "id")
        constraints = [
            models.CheckConstraint(name="wet_read_category_known", condition=Q(category__in=ResultCategory.values)),
            models.CheckConstraint(name="wet_read_was_read_back", condition=Q(read_back=True) & ~Q(told_to="")),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class Rung(models.TextChoices):
    """How far up an unacknowledged finding has gone (section 4.5)."""

    CLINICIAN = "clinician", "Clinician on duty"
    SECOND_CLINICIAN = "second_clinician", "Second clinician"
    MEDICAL_DIRECTOR = "medical_director", "Medical director"
    EMERGENCY_TRANSFER = "emergency_transfer", "Transfer to an emergency department advised"


class ResultAlert(Row):
    """One rung of the ladder: who was alerted to a finding that nobody has acknowledged yet, and when."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="alerts")
    step = models.ForeignKey("clinic.Step", on_delete=models.PROTECT, related_name="alerts")
    rung = models.CharField(max_length=20, choices=Rung.choices)
    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: nobody is on duty."
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("report", "id")
        constraints = [
            models.UniqueConstraint(fields=("step", "rung"), name="one_alert_a_rung"),
            models.CheckConstraint(name="result_alert_rung_known", condition=Q(rung__in=Rung.values)),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class Instruction(models.TextChoices):
    """What a patient was told before leaving."""

    DANGER_SIGNS = "danger_signs", "When to call 911"
    WHOM_TO_CALL = "whom_to_call", "Whom to call, at any hour"
    MEDICINE = "medicine", "The medicine, and when it is taken"
    NEXT_VISIT = "next_visit", "The next scan, call or visit"
    EMERGENCY_DEPARTMENT = "emergency_department", "To go to the emergency department now"


class Departure(Row):
    """How a scanned patient left the center: who released them, the number verified again, the instructions given."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="departure")
    released_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    callback_phone = models.CharField(
        max_length=16,
        blank=True,
        validators=[validate_e164],
        help_text="Empty: they have none.",
    )
    instructions = ArrayField(models.CharField(max_length=24, choices=Instruction.choices))
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="departure_phone_is_e164",
                condition=Q(callback_phone="") | Q(callback_phone__regex=r"^\+[1-9][0-9]{7,14}$"),
            ),
            models.CheckConstraint(
                name="departure_gave_instructions",
                condition=Q(instructions__contains=[Instruction.DANGER_SIGNS, Instruction.WHOM_TO_CALL]),
            ),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class WelfareChoice(models.TextChoices):
    """What a clinician decides of a patient whom no call reaches."""

    REQUESTED = "requested", "A welfare check was requested"
    NOT_NEEDED = "not_needed", "Not needed"
    KEEP_CALLING = "keep_calling", "Keep calling"


class WelfareDecision(Row):
    """A named clinician's decision on a welfare check."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="welfare_decisions")
    choice = models.CharField(max_length=12, choices=WelfareChoice.choices)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("report", "id")
        constraints = [
            models.CheckConstraint(name="welfare_choice_known", condition=Q(choice__in=WelfareChoice.values)),
            models.CheckConstraint(name="welfare_decision_says_why", condition=~Q(reason="")),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class ReferrerNotice(Row):
    """That a referring office was told by voice, or sent a report; and that it confirmed."""

    class How(models.TextChoices):
        """By which way it went."""

        VOICE = "voice", "By voice"
        FAX = "fax", "By fax"
        DIRECT = "direct", "By Direct message"
        PORTAL = "portal", "By their portal"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="referrer_notices")
    version = models.PositiveSmallIntegerField(help_text="The version of the report that they were told of.")
    how = models.CharField(max_length=6, choices=How.choices)
    sent_to = models.CharField(max_length=120)
    confirmed = models.BooleanField(help_text="They read it back, or said that it arrived.")
    confirmed_by = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(
        Staff,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: the carrier of documents confirmed it.",
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("report", "id")
        constraints = [
            models.CheckConstraint(
                name="confirmed_notice_names_who", condition=Q(confirmed=False) | ~Q(confirmed_by="")
            ),
            # Only what a machine can receive is confirmed by one: never a voice.
            models.CheckConstraint(
                name="notice_by_voice_has_its_teller", condition=Q(by__isnull=False) | Q(how__in=("fax", "direct"))
            ),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class Referrer(Row):
    """Who referred an episode: an office, with the ways to reach it. One an episode; corrected, not rewritten."""

    episode = models.OneToOneField("clinic.Episode", on_delete=models.PROTECT, related_name="referrer")
    name = models.CharField(max_length=120)
    practice = models.CharField(max_length=120, blank=True)
    npi = models.CharField(max_length=10, blank=True)
    caller = models.CharField(max_length=120, blank=True, default="", db_default="", help_text="Who called.")
    phone = models.CharField(max_length=16, validators=[validate_e164])
    after_hours_phone = models.CharField(max_length=16, blank=True, default="", db_default="")
    fax = models.CharField(max_length=16, blank=True)
    direct_address = models.CharField(max_length=120, blank=True)
    recorded_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="referrer_phone_is_e164", condition=Q(phone__regex=r"^\+[1-9][0-9]{7,14}$")),
            models.CheckConstraint(name="referrer_npi_has_ten_digits", condition=Q(npi="") | Q(npi__regex=r"^\d{10}$")),
        ]

    def __str__(self) -> str:
        return self.name
