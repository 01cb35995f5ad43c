"""Triage's entry of the staff menu."""

from django.utils.translation import gettext_lazy as _

from clinic.access import Permission
from clinic.pages.menu import Place, register


def register_places() -> None:
    """Put the rule set on the menu of those who may read it."""
    register(
        Place(
            route="staff-rules",
            label=_("Rules"),
            about=_("What decides, in words, and who has approved it"),
            permission=Permission.READ_RULES,
            order=95,
            seldom=True,
        )
    )
