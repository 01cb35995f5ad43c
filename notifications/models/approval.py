"""Whose approval the words of a text have: a row for one version of one template in one language."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinic.models import Language, Role, Staff
from clinic.models.append_only import APPEND_ONLY
from clinic.models.row import Row

ONE_APPROVAL_A_VERSION = "one_approval_a_version"


class TemplateApproval(Row):
    """Somebody who answers for the words approved them, as they stand here. Append-only.

    The version follows from the words: any later edit leaves the template unapproved, and words that are put back as
    they were are approved as they were.
    """

    template = models.CharField(max_length=32)
    language = models.CharField(max_length=2, choices=Language.choices)
    version = models.CharField(max_length=12)
    words = models.TextField(help_text="The words that were approved.")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    signer_role = models.CharField(max_length=16, choices=Role.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("template", "language", "version"), name=ONE_APPROVAL_A_VERSION),
            models.CheckConstraint(
                name="template_approval_is_of_who_may", condition=Q(signer_role__in=("physician", "administrator"))
            ),
        ]
        triggers: list[pgtrigger.Trigger] = [APPEND_ONLY]
