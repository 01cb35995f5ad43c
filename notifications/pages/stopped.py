"""Tells all staff that no texts leave: patients who wait for one must be called."""

from django.utils.translation import gettext as _

from clinic.templatetags.staff import moment
from notifications.pages.office import OFFICE_ZONE
from notifications.services import circuit


def sending_stopped() -> str:
    """The words of the notice while the circuit is open, else nothing."""
    stopped = circuit.opened()
    if stopped is None:
        return ""
    if not stopped.of_the_account:
        return _(
            "No texts are leaving since %(since)s: each of our senders is stopped (code %(code)s). Urgent ones become"
            " calls; call patients about what cannot wait, and tell an administrator."
        ) % {"since": moment(stopped.opened_at, OFFICE_ZONE), "code": stopped.code}
    return _(
        "No texts or calls are leaving since %(since)s: the provider refuses our account (code %(code)s). Call patients"
        " about what cannot wait, and tell an administrator. Sending goes on by itself once the account is in order."
    ) % {"since": moment(stopped.opened_at, OFFICE_ZONE), "code": stopped.code}
