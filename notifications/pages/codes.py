"""What the codes of messages mean, in words for staff. One table; a code that is not in it stands for itself."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEANINGS: dict[str, Promise | str] = {
    "delivered": _("Arrived"),
    # ours
    "operator": _("Stopped by an operator"),
    "too_late": _("Too late to be of use"),
    "no_consent": _("No consent"),
    "over_the_cap": _("Too many routine messages to this number"),
    "known_landline": _("A landline: takes no texts"),
    "known_bad_number": _("A number that does not work"),
    "machine": _("Left on voicemail"),
    "not_heard": _("Taken, but nothing was heard"),
    "not_opened": _("The result was not opened: a person was asked"),
    "with_a_person": _("A person has it in hand"),
    "sending_stopped": _("Sending was stopped for too long"),
    "fault": _("A fault of ours"),
    "opened": _("The result was opened"),
    "told": _("The result was told"),
    "arrived_after_all": _("The first one arrived after all"),
    "arrived": _("The patient arrived"),
    "rescheduled": _("The visit was moved"),
    "visit_moved": _("The visit was moved"),
    "cancelled": _("It was cancelled"),
    "visit_cancelled": _("The visit was cancelled"),
    "no_show": _("The patient did not come"),
    "done": _("It is done"),
    "missed": _("It was missed"),
    "episode_closed": _("The episode is closed"),
    "visit_booked": _("A visit is booked"),
    "amended": _("The report was amended"),
    # of a call
    "busy": _("Busy"),
    "no-answer": _("Nobody answered"),
    "failed": _("The call could not be connected"),
    "canceled": _("Canceled"),
    # the provider's
    "10001": _("Our account is not active"),
    "20003": _("The provider does not accept our password"),
    "20005": _("Our account is not active"),
    "20429": _("Too many requests"),
    "21211": _("Not a telephone number"),
    "21217": _("Not a telephone number"),
    "21214": _("The number can't be reached"),
    "21215": _("We may not call this region"),
    "21408": _("We may not text this region"),
    "21606": _("Our number can't send texts"),
    "21610": _("Opted out"),
    "21612": _("No route from our number to this one"),
    "21614": _("A landline: takes no texts"),
    "21617": _("The text is too long"),
    "21701": _("Our messaging service does not exist"),
    "21703": _("Our messaging service has no number"),
    "30001": _("The provider's queue is full"),
    "30002": _("Our account is suspended"),
    "30003": _("The telephone can't be reached"),
    "30004": _("Blocked by the recipient's carrier"),
    "30005": _("No such number"),
    "30006": _("A landline: takes no texts"),
    "30007": _("Filtered by the carrier as spam"),
    "30008": _("An unknown fault of the carrier"),
    "30034": _("Our number is not registered for texts"),
    "30036": _("Not delivered in time"),
    "90010": _("Our account is not active"),
}


def meaning_of(code: str, *, otherwise: str | None = None) -> str:
    """Return what a code means; of one that is not in the table the code, or what is said ``otherwise``."""
    return str(MEANINGS.get(code, code if otherwise is None or code.isdecimal() else otherwise))
