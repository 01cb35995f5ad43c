"""Creating a text: what Twilio checks, and what the fault plan makes of it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from notifications.local_twilio.envelope import (
    MAGIC_RECIPIENTS,
    MAGIC_SENDERS,
    Refusal,
    error_response,
    gateway_failure,
)
from notifications.local_twilio.faults import Fault, Faults
from notifications.local_twilio.message import Message, new_sid
from notifications.local_twilio.network import Network
from notifications.local_twilio.web import Ending, Request, Response, as_json

E164 = re.compile(r"\+[1-9]\d{6,14}")
SERVICE_SID = re.compile(r"MG[0-9a-fA-F]{32}")
LONGEST_BODY = 1600
VALIDITY_S = range(1, 36_001)
SOONEST, LATEST = timedelta(minutes=15), timedelta(days=35)
OVERLOADED = {"429": 20429, "500": 20500, "503": 20503}


def create_message(request: Request, network: Network) -> Response:
    """`POST Messages.json`. Faults strike only what Twilio would have accepted."""
    message = read_message(request, network)
    return create(message.to, lambda faults: as_json(network.carry(message, faults).resource(), 201), network)


def create(to: str, accept: Callable[[Faults], Response], network: Network) -> Response:
    """Create a text or a call to a number with `accept`, or do what the plan has for it."""
    faults = network.plan.draw(to)
    strike = next((fault for fault in faults if fault.at_create), None)
    response = accept(faults) if strike is None else struck(strike, partial(accept, faults), network)
    return replace(response, wait_s=response.wait_s + network.answer_s)


def struck(strike: Fault, accept: Callable[[], Response], network: Network) -> Response:
    """Take it, or not, and fail to say so as the fault has it."""
    kind = strike.kind
    if kind == "late_create":
        network.stopping.wait(strike.figure)
    if kind.endswith("_after_create") or kind in {"late_create", "late_answer"}:
        accepted = accept()
        if kind.startswith("late_"):
            return replace(accepted, wait_s=strike.figure if kind == "late_answer" else 0.0)
    if kind.startswith("hang_"):
        return Response(0, wait_s=strike.figure, ending=Ending.HANG)
    if kind.startswith("reset_"):
        return Response(0, ending=Ending.RESET)
    if kind == "error":
        return error_response(int(strike.figure))
    status = kind.removesuffix("_after_create")
    return error_response(OVERLOADED[status]) if status in OVERLOADED else gateway_failure(int(status))


def read_message(request: Request, network: Network) -> Message:
    """The text that a request describes; raises the Refusal with Twilio's code for what is wrong with it."""
    to, sender, service = (
        request.sent("To"),
        request.sent("From"),
        request.sent("MessagingServiceSid"),
    )
    body = request.sent("Body")
    if not to:
        raise Refusal(21604)
    if not sender and not service:
        raise Refusal(21603)
    if not body:
        raise Refusal(21602)
    _check_numbers(to, sender, service)
    if len(body) > LONGEST_BODY:
        raise Refusal(21617)
    callback = checked_callback(request.sent("StatusCallback"))
    _check_validity(request.sent("ValidityPeriod"))
    now = network.now()
    send_at = _send_at(request, now) if service and request.sent("ScheduleType") else None
    if network.store.is_opted_out(to):
        raise Refusal(21610)
    status = "scheduled" if send_at else "accepted" if service and not sender else "queued"
    return Message(
        new_sid(), network.account.sid, "outbound-api", to, sender, body, status, now, now,
        service_sid=service, status_callback=callback, send_at=send_at,
    )  # fmt: skip


def _check_numbers(to: str, sender: str | None, service: str | None) -> None:
    if to in MAGIC_RECIPIENTS:
        raise Refusal(MAGIC_RECIPIENTS[to])
    if not E164.fullmatch(to):
        raise Refusal(21211)
    if sender in MAGIC_SENDERS:
        raise Refusal(MAGIC_SENDERS[sender])
    if sender and not E164.fullmatch(sender):
        raise Refusal(21212)
    if service and not SERVICE_SID.fullmatch(service):
        raise Refusal(21701)


def checked_callback(url: str | None) -> str | None:
    """The address for callbacks, if there is one; raises the Refusal for one that can not be reached."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        valid = parts.scheme in {"http", "https"} and parts.hostname and "_" not in parts.hostname
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        valid = False
    if not valid:
        raise Refusal(21609)
    return url


def _check_validity(seconds: str | None) -> None:
    if seconds is not None and not (seconds.isascii() and seconds.isdigit() and int(seconds) in VALIDITY_S):
        raise Refusal(90007)


def _send_at(request: Request, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(request.sent("SendAt") or "")
    except ValueError:
        raise Refusal(35114) from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if request.sent("ScheduleType") != "fixed" or not now + SOONEST <= at <= now + LATEST:
        raise Refusal(35114)
    return at
