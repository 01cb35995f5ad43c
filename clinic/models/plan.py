"""The follow-up plan of an episode. Its steps are rows of `Step`."""

from django.db import models
from django.db.models import Q

from clinic.models.episode import Episode
from clinic.models.report import Report, ResultCategory
from clinic.models.row import Row


class Plan(Row):
    """A plan by result category, from its anchor date; a new result revises it, and the former stays to be read.

    What it depends on besides the category is kept with it, so that the same row can be drawn up again and checked.
    """

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="plans")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="plans")
    category = models.CharField(max_length=32, choices=ResultCategory.choices)
    pathway_version = models.CharField(max_length=20)
    anchor = models.DateField(help_text="D: the diagnosis, or the scan where there is none; local to the center.")
    d_dimer = models.CharField(max_length=8, default="unknown", db_default="unknown")
    pregnant = models.BooleanField(default=False, db_default=False, help_text="Pregnant, postpartum, or not known.")
    treated = models.BooleanField(default=False, db_default=False, help_text="A distal clot treated, not watched.")
    equivocal = models.BooleanField(default=False, db_default=False, help_text="A chronic change that may hide a clot.")
    suspicion_persists = models.BooleanField(null=True, blank=True, help_text="Null: nobody has said.")
    other_imaging = models.BooleanField(default=False, db_default=False, help_text="Another study, within a day.")
    created_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("episode",),
                condition=Q(superseded_at=None, ended_at=None),
                name="one_live_plan_an_episode",
            )
        ]
