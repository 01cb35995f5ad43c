"""Creating a call: what Twilio checks, and what the fault plan makes of it."""

from notifications.local_twilio.call import Call
from notifications.local_twilio.creation import E164, checked_callback, create
from notifications.local_twilio.envelope import UNCALLABLE, Refusal
from notifications.local_twilio.message import new_sid
from notifications.local_twilio.network import Network
from notifications.local_twilio.receipts import EVENTS
from notifications.local_twilio.twiml import read
from notifications.local_twilio.web import Request, Response, as_json

LONGEST_TWIML = 4000
RINGS_S = range(601)
RINGS_UNTIL_S = 60
DETECTIONS = frozenset({"Enable", "DetectMessageEnd"})
LISTENS_S = range(3, 60)


def create_call(request: Request, network: Network) -> Response:
    """`POST Calls.json`. Faults strike only what Twilio would have accepted."""
    call = read_call(request, network)
    return create(call.to, lambda faults: as_json(network.carry(call, faults).resource(), 201), network)


def read_call(request: Request, network: Network) -> Call:
    """The call that a request describes; raises the Refusal with Twilio's code for what is wrong with it."""
    to, sender = request.sent("To"), request.sent("From")
    if not to:
        raise Refusal(21201)
    if not sender:
        raise Refusal(21213)
    if to in UNCALLABLE:
        raise Refusal(UNCALLABLE[to])
    if not E164.fullmatch(to):
        raise Refusal(21211)
    if not E164.fullmatch(sender):
        raise Refusal(21212)
    _check_seconds(request.sent("Timeout"), RINGS_S)
    url, detects, now = request.sent("Url"), _detects(request), network.now()
    return Call(
        new_sid("CA"), network.account.sid, to, sender, "" if url else _said(request), "queued", now, now,
        status_callback=checked_callback(request.sent("StatusCallback")), told=_told(request),
        url=_checked_url(url), detects=detects, rings_s=int(request.sent("Timeout") or RINGS_UNTIL_S),
    )  # fmt: skip


def _checked_url(url: str | None) -> str | None:
    """Where it is asked what to say, if it does not come with the call."""
    try:
        return checked_callback(url)
    except Refusal:
        raise Refusal(21205) from None


def _said(request: Request) -> str:
    """What is said, where the TwiML comes with the call."""
    twiml = request.sent("Twiml")
    if not twiml:
        raise Refusal(21205)
    if len(twiml) > LONGEST_TWIML:
        raise Refusal(20001)
    try:
        script = read(twiml)
    except ValueError:
        raise Refusal(12100) from None
    return "\n".join((*script.said, *script.otherwise))


def _detects(request: Request) -> bool:
    """Whether it is to be found out who answers: a human or a machine."""
    wanted = request.sent("MachineDetection")
    if wanted is not None and wanted not in DETECTIONS:
        raise Refusal(20001)
    _check_seconds(request.sent("MachineDetectionTimeout"), LISTENS_S)
    return wanted is not None


def _told(request: Request) -> tuple[str, ...]:
    asked = {value for name, value in request.form if name == "StatusCallbackEvent"}
    if not asked <= set(EVENTS):
        raise Refusal(20001)
    return tuple(event for event in EVENTS if event in asked) or ("completed",)


def _check_seconds(seconds: str | None, allowed: range) -> None:
    if seconds is not None and not (seconds.isascii() and seconds.isdigit() and int(seconds) in allowed):
        raise Refusal(20001)
