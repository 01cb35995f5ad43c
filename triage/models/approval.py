"""The clinical approval of a rule set: a physician's signature under a version and its very text."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models import Role, Staff
from clinic.models.append_only import APPEND_ONLY
from clinic.models.row import Row


class Verdict(models.TextChoices):
    """What a physician says of a rule set. The last word on a version and fingerprint is the one in force."""

    APPROVED = "approved", "Approved for patients"
    WITHDRAWN = "withdrawn", "Approval withdrawn"


class RuleApproval(Row):
    """One signature under one rule set: who, when, and for which version and fingerprint. Append-only.

    An approval covers the text whose SHA-256 it names: any later edit of the rules leaves them unapproved.
    """

    version = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    statement = models.TextField(help_text="The words that were signed.")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    signer_role = models.CharField(max_length=16, choices=Role.choices)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("version", "fingerprint", "-id"), name="approval_by_rule_set")]
        constraints = [
            models.CheckConstraint(name="approval_verdict_known", condition=Q(verdict__in=Verdict.values)),
            models.CheckConstraint(name="approval_is_a_physicians", condition=Q(signer_role="physician")),
            models.CheckConstraint(name="approval_says_what_is_signed", condition=~Q(statement="")),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
