"""Whose approval the words of a text have: a row for one version of one template in one language, and its end."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models import Language, Role, Staff
from clinic.models.append_only import APPEND_ONLY
from clinic.models.row import Row

ONE_APPROVAL_A_VERSION = "one_approval_a_version"
ONE_WITHDRAWAL = "one_withdrawal_an_approval"
#: Who answers for the words.
_BY_WHO_MAY = Q(signer_role__in=("physician", "administrator"))


class TemplateApproval(Row):
    """Somebody who answers for the words approved them, as they stand here. Append-only.

    The version follows from the words: any later edit leaves the template unapproved, and words that are put back as
    they were are approved as they were. ``round`` counts the approvals of a version: after each but the last one stands
    its withdrawal.
    """

    template = models.CharField(max_length=32)
    language = models.CharField(max_length=2, choices=Language.choices)
    version = models.CharField(max_length=12)
    round = models.PositiveSmallIntegerField(default=1, db_default=1)
    words = models.TextField(help_text="The words that were approved.")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    signer_role = models.CharField(max_length=16, choices=Role.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("template", "language", "version", "round"), name=ONE_APPROVAL_A_VERSION),
            models.CheckConstraint(name="template_approval_is_of_who_may", condition=_BY_WHO_MAY),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]


class ApprovalWithdrawal(Row):
    """Somebody who answers for the words took an approval back, and said why. Append-only."""

    approval = models.ForeignKey(TemplateApproval, on_delete=models.PROTECT, related_name="withdrawals")
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    signer_role = models.CharField(max_length=16, choices=Role.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("approval",), name=ONE_WITHDRAWAL),
            models.CheckConstraint(name="approval_withdrawal_is_of_who_may", condition=_BY_WHO_MAY),
            models.CheckConstraint(name="approval_withdrawal_says_why", condition=~Q(reason="")),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
