"""The kernel's entries of the staff menu."""

from django.utils.translation import gettext_lazy as _

from clinic.access import Permission
from clinic.models import Role
from clinic.pages.menu import Place, register

PLACES = (
    Place(
        route="staff-steps",
        label=_("Worklist"),
        about=_("What is owed to patients, the most pressing first"),
        permission=Permission.READ_STEPS,
        order=20,
    ),
    Place(
        route="staff-patients",
        label=_("Patients"),
        about=_("Find or register somebody"),
        permission=Permission.FIND_PATIENTS,
        order=50,
    ),
    Place(
        route="staff-clock",
        label=_("Clock"),
        about=_("Move the demo's time forward"),
        permission=Permission.MOVE_CLOCK,
        order=90,
        first_for=frozenset({Role.ADMINISTRATOR}),
        demo_only=True,
    ),
    Place(
        route="staff-chart-reads",
        label=_("Chart reads"),
        about=_("Who read whose chart, and openings to review"),
        permission=Permission.REVIEW_ACCESS,
        order=80,
        seldom=True,
    ),
    Place(
        route="staff-components",
        label=_("Components"),
        about=_("Everything that pages are made of"),
        permission=Permission.MOVE_CLOCK,
        order=95,
        seldom=True,
        demo_only=True,
    ),
)


def register_places() -> None:
    """Put the kernel's pages on the menu."""
    for place in PLACES:
        register(place)
