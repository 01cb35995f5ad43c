"""What follows where a message did not reach a patient: a call by machine, a person, or nothing new. Pure.

Text → for a result that was not opened a second text → automated call → a person. A call is worth it only for what
matters and can't wait for the worklist: a result, "please call", advice to seek emergency care, and a visit that is
near or was moved because its place is gone. Reminders and confirmations of later days are a person's, as before.
"""

from enum import StrEnum

from notifications.provider_codes import LANDLINE, OUT_OF_ORDER


class Way(StrEnum):
    """How the patient is reached next."""

    CALL = "call"
    PERSON = "person"
    BOTH = "both"
    NEXT_DUE = "next_due"
    #: The same way once more, a little later (`notifications.retries`).
    AGAIN = "again"


#: Called whenever a text about it did not arrive.
ALWAYS_CALLED = frozenset({"result_ready", "please_call"})
#: Called where the visit is near, or was displaced.
CALLED_IF_NEAR = frozenset({"booking_confirmation", "booking_changed", "booking_cancelled"})
#: A person is asked at once as well: what a machine says may come to nobody's ear.
NO_TIME_TO_LOSE = "seek_emergency_care"
#: Its call is owed already, for later: it is due as soon as the text is known not to have arrived.
HAS_A_LADDER = "result_waiting"
#: A call about these may ring at night: the patient is waiting for it, or must not wait.
URGENT_CALLS = frozenset({"please_call", "seek_emergency_care"}) | CALLED_IF_NEAR
#: The number was known to be so before the text left, from what became of an earlier one.
KNOWN_LANDLINE, KNOWN_OUT_OF_ORDER = "known_landline", "known_bad_number"
#: Where a machine calls nobody: the holder wants nothing automated, the number is none, or the fault is our own.
_NO_CALL = OUT_OF_ORDER | {"21610", "fault", "operator", KNOWN_OUT_OF_ORDER}


def way_after(*, purpose: str, channel: str, code: str, near: bool) -> Way:
    """Return what follows a message to a patient that did not get through, for this code.

    ``near``: its visit is near, or was displaced.
    """
    if purpose == HAS_A_LADDER and channel == "sms":
        return Way.NEXT_DUE
    if channel != "sms" or code in _NO_CALL:
        return Way.PERSON
    if purpose == NO_TIME_TO_LOSE:
        return Way.BOTH
    matters = purpose in ALWAYS_CALLED or (purpose in CALLED_IF_NEAR and near)
    return Way.CALL if matters else Way.PERSON


def known_of(code: str) -> str:
    """Return as what a number is known whose last text ended with this code; empty where it may be texted."""
    if code in LANDLINE:
        return KNOWN_LANDLINE
    return KNOWN_OUT_OF_ORDER if code in OUT_OF_ORDER else ""
