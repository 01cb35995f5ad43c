"""What we do about each of the provider's error codes (Twilio's error dictionary). Pure."""

from enum import StrEnum


class Action(StrEnum):
    """What follows from a code."""

    TRY_LATER = "try_later"
    ANOTHER_WAY = "another_way"
    OPTED_OUT = "opted_out"
    OPERATOR = "operator"


ACTIONS: dict[int, Action] = {
    10001: Action.OPERATOR,  # the account is not active
    20003: Action.OPERATOR,  # the account's credentials
    20005: Action.OPERATOR,  # the account is not active
    20429: Action.TRY_LATER,  # too many requests
    21211: Action.ANOTHER_WAY,  # not a number
    21210: Action.OPERATOR,  # a number that we may not call from
    21212: Action.OPERATOR,  # the number that we call from is none
    21213: Action.OPERATOR,  # no number to call from
    21215: Action.OPERATOR,  # no permission to call the region
    21408: Action.OPERATOR,  # no permission for the region
    21610: Action.OPTED_OUT,  # the number opted out
    21611: Action.TRY_LATER,  # the sender's queue is full
    21612: Action.OPERATOR,  # no route
    21614: Action.ANOTHER_WAY,  # not a mobile number
    21617: Action.OPERATOR,  # the text is too long: a fault of the template
    30001: Action.TRY_LATER,  # queue overflow
    30002: Action.OPERATOR,  # the account is suspended
    30003: Action.ANOTHER_WAY,  # the handset can't be reached
    30004: Action.ANOTHER_WAY,  # blocked
    30005: Action.ANOTHER_WAY,  # unknown number
    30006: Action.ANOTHER_WAY,  # landline
    30007: Action.ANOTHER_WAY,  # filtered by the carrier
    30034: Action.OPERATOR,  # the sender is not registered
    21606: Action.OPERATOR,  # the number that we send from is not ours, or takes no texts
    21701: Action.OPERATOR,  # the messaging service that we send by does not exist
    21703: Action.OPERATOR,  # the messaging service has no number
    90010: Action.OPERATOR,  # the account is not active
}


#: Faults of our own account: they befall every message alike.
ACCOUNT = frozenset({10001, 20003, 20005, 30002, 90010})
#: A fault of one sender that stops it the first time: it will not pass by itself.
UNREGISTERED = frozenset({30034})
#: Refusals that may be a sender's own fault: repeated, they stop it.
SENDER_REFUSALS = UNREGISTERED | {21210, 21212, 21213, 21215, 21408, 21606, 21612, 21701, 21703}
#: Those of them that say nothing of the sender where the number is abroad: nobody of ours reaches it.
NO_WAY_ABROAD = frozenset({21215, 21408, 21612})
#: What a receipt may say that is a sender's own fault: repeated, it stops it.
SENDER_LOSSES = UNREGISTERED | {30007}
#: The number is a landline: it takes calls.
LANDLINE = frozenset({"21614", "30006"})
#: There is no such number, or it is out of order: only a person can find the patient.
OUT_OF_ORDER = frozenset({"21211", "21217", "30005"})


def is_of_the_account(code: int | None, http_status: int) -> bool:
    """Whether a refusal would befall every message: by its code, else by an answer that refuses whoever asks."""
    return code in ACCOUNT or (code not in ACTIONS and http_status == 401)


def is_of_the_account_by_receipt(code: str) -> bool:
    """Whether a receipt's code would befall every message."""
    return code.isdecimal() and int(code) in ACCOUNT


def is_of_the_sender(code: int | None) -> bool:
    """Whether a refusal may be the fault of who sends, so that another of our senders may do better."""
    return code in SENDER_REFUSALS


def is_of_the_sender_by_receipt(code: str) -> bool:
    """Whether a receipt's code may be the fault of who sent."""
    return code.isdecimal() and int(code) in SENDER_LOSSES


def action_for(code: int | None, http_status: int) -> Action:
    """Return what follows from a refusal: by its code, else by the status of the answer."""
    if code is not None and code in ACTIONS:
        return ACTIONS[code]
    if http_status == 429:
        return Action.TRY_LATER
    return Action.OPERATOR if http_status in (401, 403) else Action.ANOTHER_WAY


def action_of_code(code: str) -> Action:
    """Return what follows from the code of a receipt: of a text that the provider took and did not deliver."""
    return ACTIONS.get(int(code), Action.ANOTHER_WAY) if code.isdecimal() else Action.ANOTHER_WAY
