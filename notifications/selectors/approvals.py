"""How the words of the texts stand: each template in each language, its version, and who has approved it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from notifications.models import ApprovalWithdrawal, TemplateApproval
from notifications.versions import Text, present
from notifications.wording import LANGUAGES


@dataclass(frozen=True)
class TemplateStanding:
    """One template in one language as it would be sent now; no approval where its words have none.

    ``withdrawal``: where somebody took the last approval of these words back.
    """

    name: str
    language: str
    version: str
    approval: TemplateApproval | None
    withdrawal: ApprovalWithdrawal | None = None


def standing_of_templates() -> list[TemplateStanding]:
    """Return all of them, in the order of the table of templates. Two queries."""
    versions = present()
    found = in_force(versions.values()).select_related("by")
    approved = {(row.template, row.language, row.version): row for row in found}
    ended = ApprovalWithdrawal.objects.filter(approval__version__in=versions.values()).select_related("approval", "by")
    withdrawn = {
        (row.approval.template, row.approval.language, row.approval.version): row for row in ended.order_by("id")
    }
    standings = []
    for (name, language), version in versions.items():
        key = (name, language, version)
        approval = approved.get(key)
        standings.append(TemplateStanding(*key, approval, None if approval else withdrawn.get(key)))
    return standings


def in_force(versions: Iterable[str]) -> QuerySet[TemplateApproval]:
    """The approvals of these versions that nobody has withdrawn."""
    return TemplateApproval.objects.filter(version__in=list(versions), withdrawals=None)


def waiting() -> dict[str, int]:
    """Return how many templates wait for an approval of their present words, by language."""
    left = unapproved()
    return {each: sum(language == each for _, language in left) for each in LANGUAGES}


def unapproved() -> dict[Text, str]:
    """Return the versions of those templates."""
    versions = present()
    rows = in_force(versions.values())
    approved = set(rows.values_list("template", "language", "version"))
    return {text: version for text, version in versions.items() if (*text, version) not in approved}
