"""Scheduling's entries of the staff menu."""

from django.utils.translation import gettext_lazy as _

from clinic.access import Permission
from clinic.models import Role, StepKind
from clinic.pages.menu import Place, register

TO_THE_DAY = _("To the center's day")


PLACES = (
    Place(
        route="staff-console",
        label=_("Console"),
        about=_("Who calls, the script, and who waits"),
        permission=Permission.ASSESS,
        order=10,
        first_for=frozenset({Role.REPRESENTATIVE}),
    ),
    Place(
        route="staff-day",
        label=_("Today"),
        about=_("The center's visits: check in, start, complete"),
        permission=Permission.READ_APPOINTMENTS,
        order=30,
        first_for=frozenset({Role.SONOGRAPHER}),
        steps=dict.fromkeys(
            (StepKind.SCAN, StepKind.CONSULT, StepKind.FOLLOW_UP_VISIT, StepKind.FOLLOW_UP_SCAN), TO_THE_DAY
        ),
    ),
    Place(
        route="staff-downtime",
        label=_("Downtime"),
        about=_("The sheet to keep for when the system is down, and what to enter afterwards"),
        permission=Permission.READ_APPOINTMENTS,
        order=60,
        seldom=True,
    ),
    Place(
        route="staff-waitlist",
        label=_("Waitlist"),
        about=_("Who waits for a time, and what is offered to them"),
        permission=Permission.WAIT,
        order=25,
    ),
    Place(
        route="staff-network",
        label=_("Network"),
        about=_("All centers: visits, overdue steps, open results"),
        permission=Permission.VIEW_NETWORK,
        order=40,
        first_for=frozenset({Role.MANAGER}),
    ),
    Place(
        route="staff-reserves",
        label=_("Reserve"),
        about=_("What is kept for same-day scans, and what is used of it"),
        permission=Permission.EDIT_RESERVE,
        order=46,
        seldom=True,
    ),
    Place(
        route="staff-shifts",
        label=_("Shifts"),
        about=_("Who is on duty when; closures, breaks, and what is down"),
        permission=Permission.EDIT_SHIFTS,
        order=45,
    ),
    Place(
        route="staff-people",
        label=_("People"),
        about=_("Licenses that run out, and accounts that end"),
        permission=Permission.READ_PEOPLE,
        order=70,
        seldom=True,
    ),
)


def register_places() -> None:
    """Put scheduling's pages on the menu, with the steps that are worked there."""
    for place in PLACES:
        register(place)
