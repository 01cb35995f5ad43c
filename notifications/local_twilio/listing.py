"""Reading texts and calls back: the lists with Twilio's filters and paging, and one by its SID."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from urllib.parse import urlencode

from notifications.local_twilio.call import Call
from notifications.local_twilio.envelope import Refusal
from notifications.local_twilio.message import Message
from notifications.local_twilio.network import Network
from notifications.local_twilio.store import Kept
from notifications.local_twilio.web import Request, Response, as_json

FILTERS = ("To", "From", "DateSent", "DateSent<", "DateSent>")
CALL_FILTERS = ("To", "From", "Status", "StartTime", "StartTime<", "StartTime>")
PAGE_SIZES = range(1, 1001)
DEFAULT_PAGE_SIZE = 50


def fetch_message(sid: str, network: Network) -> Response:
    """`GET Messages/{Sid}.json`."""
    message = network.store.get(sid)
    if not isinstance(message, Message):
        raise Refusal(20404)
    return as_json(message.resource())


def fetch_call(sid: str, network: Network) -> Response:
    """`GET Calls/{Sid}.json`."""
    call = network.store.get(sid)
    if not isinstance(call, Call):
        raise Refusal(20404)
    return as_json(call.resource())


def list_messages(request: Request, network: Network) -> Response:
    """`GET Messages.json`: the newest first, one page."""
    return _one_page(request, "messages", _found(request, network), FILTERS)


def list_calls(request: Request, network: Network) -> Response:
    """`GET Calls.json`: the newest first, one page. A call that was not dialed yet has no time of start."""
    tests = [_date_test(name, value) for name in CALL_FILTERS[3:] if (value := request.asked(name))]
    exact = [(name, value) for name in CALL_FILTERS[:3] if (value := request.asked(name))]
    found = [
        call
        for call in reversed(network.store.calls())
        if all(value == {"To": call.to, "From": call.sender, "Status": call.status}[name] for name, value in exact)
        and all(call.started_at and test(call.started_at.replace(microsecond=0)) for test in tests)
    ]
    return _one_page(request, "calls", found, CALL_FILTERS)


def _one_page(request: Request, name: str, found: Sequence[Kept], known: Sequence[str]) -> Response:
    size, page = (
        _number(request, "PageSize", DEFAULT_PAGE_SIZE),
        _number(request, "Page", 0),
    )
    if size not in PAGE_SIZES:
        raise Refusal(20001)
    start = _start(request.asked("PageToken"), found, page * size)
    shown = found[start : start + size]
    filters = [(each, value) for each in known if (value := request.asked(each)) is not None]
    base = f"{request.path}?{urlencode([*filters, ('PageSize', size)])}"
    more = start + size < len(found)
    next_uri = f"{base}&Page={page + 1}&PageToken=PA{shown[-1].sid}" if more else None
    previous_uri = f"{base}&Page={page - 1}" if page else None
    return as_json(
        {
            "end": start + max(len(shown) - 1, 0),
            "first_page_uri": f"{base}&Page=0",
            "next_page_uri": next_uri,
            "page": page,
            "page_size": size,
            "previous_page_uri": previous_uri,
            name: [kept.resource() for kept in shown],
            "start": start,
            "uri": f"{base}&Page={page}",
        }
    )


def _found(request: Request, network: Network) -> list[Message]:
    to, sender = request.asked("To"), request.asked("From")
    candidates = network.store.sent_to(to) if to else network.store.all()
    tests = [_date_test(name, value) for name in FILTERS[2:] if (value := request.asked(name))]
    return [
        message
        for message in reversed(candidates)
        if (not sender or message.sender == sender) and all(test(_sent(message)) for test in tests)
    ]


def _sent(message: Message) -> datetime:
    """When it was sent, to the second; a text that still waits counts by its creation."""
    return (message.sent_at or message.created_at).replace(microsecond=0)


def _date_test(name: str, value: str) -> Callable[[datetime], bool]:
    at = _day_or_time(value)
    if isinstance(at, datetime) and name[-1] in "<>":
        limit = at
        return (lambda sent: sent <= limit) if name.endswith("<") else (lambda sent: sent >= limit)
    day = at.date() if isinstance(at, datetime) else at
    if name.endswith("<"):
        return lambda sent: sent.date() <= day
    if name.endswith(">"):
        return lambda sent: sent.date() >= day
    return lambda sent: sent.date() == day


def _day_or_time(value: str) -> date | datetime:
    """A UTC date, or a time. Midnight is read as its date: the SDK writes dates so."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise Refusal(20001) from None
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return at.date() if at.time() == time() else at


def _number(request: Request, name: str, default: int) -> int:
    value = request.asked(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit()) or len(value) > 6:
        raise Refusal(20001)
    return int(value)


def _start(token: str | None, found: Sequence[Kept], default: int) -> int:
    """Where a page begins: after the one that the token names, so that new ones do not shift the pages."""
    if not token:
        return default
    sid = token.removeprefix("PA")
    return next(
        (index + 1 for index, kept in enumerate(found) if kept.sid == sid),
        default,
    )
