"""What was done about a thrombosis: how treatment began, the score at three months, and whether it stops or goes on.

Every row is written once. The product stores drug and date so as to raise the call about the dose; it never prescribes.
"""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models.append_only import APPEND_ONLY
from clinic.models.episode import Episode
from clinic.models.row import Row
from clinic.models.staff import Staff


class StartRoute(models.TextChoices):
    """How the step of treatment ends. A prescription is none of them."""

    FIRST_DOSE = "first_dose", "First dose taken"
    ED_ACCEPTED = "ed_accepted", "Accepted by an emergency department"
    NOT_TREATED = "not_treated", "Not treated: a clinician's decision"


class Drug(models.TextChoices):
    """The anticoagulant, as the prescriber names it."""

    APIXABAN = "apixaban", "Apixaban"
    RIVAROXABAN = "rivaroxaban", "Rivaroxaban"
    DABIGATRAN = "dabigatran", "Dabigatran"
    EDOXABAN = "edoxaban", "Edoxaban"
    WARFARIN = "warfarin", "Warfarin"
    LMWH = "lmwh", "Low-molecular-weight heparin"
    FONDAPARINUX = "fondaparinux", "Fondaparinux"
    OTHER = "other", "Another one"


class DoseSource(models.TextChoices):
    """Where the first dose came from."""

    STARTER_PACK = "starter_pack", "Starter pack, given here"
    ON_SITE = "on_site", "Dose given on site"
    PHARMACY = "pharmacy", "Pharmacy known to be open"


class Checked(models.TextChoices):
    """What the prescriber found on an item of the checklist."""

    CLEAR = "clear", "Nothing against it"
    CONCERN = "concern", "A concern, weighed"
    NOT_KNOWN = "not_known", "Not known yet"


class NotTreatedReason(models.TextChoices):
    """Why no treatment was begun."""

    BLEEDING = "bleeding", "Bleeding, or too great a risk of it"
    CONTRAINDICATED = "contraindicated", "Contraindicated for another reason"
    TREATED_ALREADY = "treated_already", "Treated already"
    WATCHED = "watched", "Watched by repeated scans"
    DECLINED = "declined", "Declined by the patient"
    OTHER = "other", "Another reason"


#: The prescriber's checklist.
CHECKLIST = ("bleeding", "kidneys", "weight", "pregnancy", "interactions", "cost")


def _checked(label: str) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=9, choices=Checked.choices, blank=True)


class TreatmentStart(Row):
    """How the step of treatment was ended: a dose taken, an ED's acceptance, or a documented decision why not."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="treatment_starts")
    route = models.CharField(max_length=12, choices=StartRoute.choices)
    drug = models.CharField(max_length=12, choices=Drug.choices, blank=True)
    first_dose_taken_at = models.DateTimeField(null=True, blank=True)
    dose_source = models.CharField(max_length=12, choices=DoseSource.choices, blank=True)
    pack_lot = models.CharField(max_length=40, blank=True)
    pack_expires_on = models.DateField(null=True, blank=True)
    pharmacy = models.CharField(max_length=120, blank=True, help_text="Its name and how it is known to be open.")
    bleeding = _checked("Bleeding")
    kidneys = _checked("Kidneys")
    weight = _checked("Weight")
    pregnancy = _checked("Pregnancy")
    interactions = _checked("Interactions")
    cost = _checked("Cost")
    facility = models.CharField(max_length=120, blank=True, help_text="The emergency department.")
    acceptor = models.CharField(max_length=120, blank=True, help_text="Who accepted the patient there.")
    departed_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    not_treated_reason = models.CharField(max_length=16, choices=NotTreatedReason.choices, blank=True)
    statement = models.TextField(blank=True, help_text="The clinician's own words why not.")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("episode", "at")
        constraints = [
            models.CheckConstraint(
                name="treatment_start_is_one_of_three",
                condition=Q(
                    ~Q(drug=""),
                    ~Q(dose_source=""),
                    *(~Q(**{item: ""}) for item in CHECKLIST),
                    route="first_dose",
                    first_dose_taken_at__isnull=False,
                )
                | Q(~Q(acceptor=""), ~Q(facility=""), route="ed_accepted", departed_at__isnull=False)
                | Q(~Q(statement=""), ~Q(not_treated_reason=""), route="not_treated", first_dose_taken_at=None),
            ),
            models.CheckConstraint(
                name="starter_pack_has_lot_and_expiry",
                condition=~Q(dose_source="starter_pack") | (~Q(pack_lot="") & Q(pack_expires_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="pharmacy_is_known_to_be_open", condition=~Q(dose_source="pharmacy") | ~Q(pharmacy="")
            ),
            models.CheckConstraint(
                name="arrival_after_departure",
                condition=Q(arrived_at=None) | Q(arrived_at__gte=models.F("departed_at")),
            ),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class VillaltaScore(Row):
    """A Villalta score with its day and its source; the items as they were given."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="villalta_scores")
    scored_on = models.DateField()
    items = models.JSONField(help_text="Eleven items, 0 to 3 each.")
    ulcer = models.BooleanField()
    total = models.PositiveSmallIntegerField()
    severity = models.CharField(max_length=8)
    source = models.CharField(max_length=80)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("episode", "at")
        constraints = [models.CheckConstraint(name="villalta_total_in_range", condition=Q(total__lte=33))]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class TherapyChoice(models.TextChoices):
    """The decision of three months, and of every review after it."""

    STOP = "stop", "Stop"
    EXTEND = "extend", "Extend"


class TherapyDecision(Row):
    """A clinician's decision to stop treatment or to extend it. The last one holds."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="therapy_decisions")
    choice = models.CharField(max_length=6, choices=TherapyChoice.choices)
    last_dose_on = models.DateField(null=True, blank=True, help_text="Where it stops.")
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("episode", "at")
        constraints = [
            models.CheckConstraint(
                name="stopped_therapy_has_a_last_dose",
                condition=Q(choice="stop", last_dose_on__isnull=False) | Q(choice="extend", last_dose_on=None),
            )
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
