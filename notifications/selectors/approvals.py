"""How the words of the texts stand: each template in each language, its version, and who has approved it."""

from dataclasses import dataclass

from notifications.models import TemplateApproval
from notifications.versions import Text, present
from notifications.wording import LANGUAGES


@dataclass(frozen=True)
class TemplateStanding:
    """One template in one language as it would be sent now; no approval where its words have none."""

    name: str
    language: str
    version: str
    approval: TemplateApproval | None


def standing_of_templates() -> list[TemplateStanding]:
    """Return all of them, in the order of the table of templates."""
    versions = present()
    found = TemplateApproval.objects.filter(version__in=versions.values()).select_related("by")
    approved = {(row.template, row.language, row.version): row for row in found}
    return [
        TemplateStanding(name, language, version, approved.get((name, language, version)))
        for (name, language), version in versions.items()
    ]


def waiting() -> dict[str, int]:
    """Return how many templates wait for an approval of their present words, by language."""
    left = unapproved()
    return {each: sum(language == each for _, language in left) for each in LANGUAGES}


def unapproved() -> dict[Text, str]:
    """Return the versions of those templates."""
    versions = present()
    rows = TemplateApproval.objects.filter(version__in=versions.values())
    approved = set(rows.values_list("template", "language", "version"))
    return {text: version for text, version in versions.items() if (*text, version) not in approved}
