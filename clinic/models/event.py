"""What happened: the audit trail, the timeline on the screen, and the source of webhooks."""

import pgtrigger
from django.db import models

from clinic.models.append_only import APPEND_ONLY
from clinic.models.center import Center
from clinic.models.episode import Episode
from clinic.models.patient import Patient
from clinic.models.row import Row


class ActorKind(models.TextChoices):
    """Who acted."""

    STAFF = "staff", "Staff"
    PATIENT = "patient", "Patient"
    INTEGRATION = "integration", "Integration"
    VISITOR = "visitor", "Visitor on the web"
    SYSTEM = "system", "The system"


class Event(Row):
    """One fact, written in the transaction that made it true. It carries ids and codes, no health text."""

    kind = models.CharField(max_length=48)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_id = models.BigIntegerField(null=True, blank=True)
    episode = models.ForeignKey(Episode, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    patient = models.ForeignKey(Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    center = models.ForeignKey(Center, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=24, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    codes = models.JSONField(default=dict)

    #: The row that it is about, as it is now: for subscribers in the same transaction. Not stored.
    subject: object | None = None

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=("episode", "id"), name="event_by_episode"),
            models.Index(fields=("kind", "at"), name="event_by_kind"),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
