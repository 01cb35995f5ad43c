"""What guards the ways in: replayed requests, links, one-time codes, and the movable clock."""

from django.db import models
from django.db.models import Q

from clinic.models.row import Row


class IdempotencyKey(Row):
    """The stored answer to a POST that created something, for 24 hours (real time)."""

    caller = models.CharField(max_length=64)
    key = models.CharField(max_length=128)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status = models.PositiveSmallIntegerField()
    response = models.TextField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("caller", "key"), name="one_answer_a_key")]


class LinkPurpose(models.TextChoices):
    """What a link opens. One link, one purpose."""

    VISIT = "visit", "See and change a visit"
    RESULT = "result", "See a result"
    FOLLOW_UP = "follow_up", "See the follow-up"
    OFFER = "offer", "Answer an offer of a time"
    SHARE = "share", "See a result in the patient's place, or by their permission"


class Link(Row):
    """A link in a text. Its token is computed when the text is rendered; only the SHA-256 is kept.

    It is weak proof: it is exchanged for a session cookie, the birth date is asked, and five wrong answers lock it.
    """

    purpose = models.CharField(max_length=10, choices=LinkPurpose.choices)
    subject_id = models.BigIntegerField(help_text="The visit, report, episode, offer or share that it opens.")
    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, related_name="links")
    generation = models.PositiveSmallIntegerField(default=1)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    proved_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    code_generation = models.PositiveSmallIntegerField(default=0)
    code_expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("purpose", "subject_id", "patient", "generation"), name="one_link_a_generation"
            ),
            models.CheckConstraint(name="five_guesses_lock_a_link", condition=Q(failures__lt=5) | ~Q(locked_at=None)),
        ]


class ClockOffset(Row):
    """By how many seconds the product's clock runs ahead, in the demo and in tests. One row; none in production."""

    only = models.BooleanField(primary_key=True, default=True)
    seconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="one_clock", condition=Q(only=True)),
            models.CheckConstraint(name="clock_never_runs_behind", condition=Q(seconds__gte=0)),
        ]
