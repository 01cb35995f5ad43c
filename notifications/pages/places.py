"""The entries of the staff menu that notifications adds."""

from django.utils.translation import gettext_lazy as _

from clinic.access import Permission
from clinic.models import Role, StepKind
from clinic.pages.menu import Place, register

TO_THE_DESK = _("To the results desk")
WORKED_AT_THE_DESK = (
    StepKind.READING,
    StepKind.TELLING,
    StepKind.ACKNOWLEDGE,
    StepKind.DISCREPANCY,
    StepKind.EMERGENCY_CONTACT,
    StepKind.WELFARE_CHECK,
    StepKind.ON_SITE,
    StepKind.REFERRER,
)


PLACES = (
    Place(
        route="staff-results",
        label=_("Results"),
        about=_("What waits to be signed, told or sent"),
        permission=Permission.SEND_RESULTS,
        order=15,
        first_for=frozenset({Role.CLINICIAN, Role.PHYSICIAN}),
        steps=dict.fromkeys(WORKED_AT_THE_DESK, TO_THE_DESK),
    ),
    Place(
        route="staff-conversations",
        label=_("Conversations"),
        about=_("Who wrote to us and waits for an answer"),
        permission=Permission.READ_CONVERSATIONS,
        order=25,
    ),
    Place(
        route="staff-documents",
        label=_("Documents"),
        about=_("Reports to referring offices, by fax or Direct, and what became of them"),
        permission=Permission.TELL_REFERRERS,
        order=27,
        seldom=True,
    ),
    Place(
        route="staff-turnaround",
        label=_("Turnaround"),
        about=_("How long scan, result and treatment take, and what was missed"),
        permission=Permission.VIEW_NETWORK,
        order=41,
    ),
    Place(
        route="staff-sending",
        label=_("Sending"),
        about=_("By which number texts and calls leave, what waits, and what became of it"),
        permission=Permission.OPERATE_SENDING,
        order=45,
        seldom=True,
    ),
    Place(
        route="staff-templates",
        label=_("Texts"),
        about=_("The words that we send, at their longest, and who has approved them"),
        permission=Permission.READ_TEXTS,
        order=46,
        seldom=True,
    ),
)


def register_places() -> None:
    """Put these pages on the menu, the results desk with the steps that are worked there."""
    for place in PLACES:
        register(place)
