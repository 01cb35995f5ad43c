"""The page of phones: what each phone would show and hear, and a place to reply. Everything is escaped."""

import re
from collections.abc import Mapping
from html import escape
from importlib.resources import files

from notifications.local_twilio.call import Call
from notifications.local_twilio.message import Message
from notifications.local_twilio.network import Network
from notifications.local_twilio.web import Request, Response

MOST_PHONES = 60
MOST_TEXTS = 30
SPACES = re.compile(r"(\s+)")
PRESSED = re.compile(r"\[[0-9*#]\]")
PLACE = re.compile(r"\{\{ (\w+) \}\}")
CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: What can be done about a call that rings, and about one that listens: the door's name, and its button's words.
RINGING = {"answer": "Answer", "mailbox": "Voicemail", "decline": "No answer"}
LISTENING = {"hang-up": "Hang up"}
#: The keys that a call of ours asks for.
KEYS_SHOWN = "129"
#: Not "no-referrer": a browser would then call its origin null, and every reply would seem to come from another site.
HEADERS = (
    ("Content-Security-Policy", CONTENT_POLICY),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
)


def front(_: Request, __: Network) -> Response:
    """The address without a path leads to the phones."""
    return Response(303, headers=(("Location", "/phones"),))


def stylesheet(_: Request, __: Network) -> Response:
    """The page's look."""
    return Response(200, _asset("phones.css"), "text/css", HEADERS)


def script(_: Request, __: Network) -> Response:
    """Refreshes the page while nobody is typing; the page works without it."""
    return Response(200, _asset("phones.js"), "text/javascript", HEADERS)


def _asset(name: str) -> bytes:
    return files("notifications.local_twilio").joinpath("page", name).read_bytes()


def page(request: Request, network: Network) -> Response:
    """All phones, the one with the newest text first; `?number=` shows one."""
    wanted = request.asked("number")
    phones = [wanted] if wanted else network.store.phones()
    cards = [_card(phone, network) for phone in phones[:MOST_PHONES] if network.store.with_phone(phone)]
    hidden = len(phones) - MOST_PHONES
    parts = {
        "cards": "".join(cards) or _asset("nobody.html").decode(),
        "count": _counted(len(phones), "phone"),
        "more": f'<p class="more">{_counted(hidden, "older phone")} not shown.</p>' if hidden > 0 else "",
    }
    # One pass over the page: what a text holds is never taken for a place of its own.
    html = PLACE.sub(lambda place: parts[place[1]], _asset("phones.html").decode())
    return Response(200, html.encode(), "text/html", HEADERS)


def _counted(count: int, noun: str, plural: str = "") -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {plural or noun + 's'}"


def _card(phone: str, network: Network) -> str:
    kept = network.store.with_phone(phone)
    calls = [each for each in kept if isinstance(each, Call)]
    now = "".join(_now(call, network) for call in reversed(calls) if not call.is_final)
    bubbles = "".join(
        _called(each, network) if isinstance(each, Call) else _bubble(each) for each in reversed(kept[-MOST_TEXTS:])
    )
    digits = escape(phone.removeprefix("+"), quote=True)
    stopped = '<span class="stopped">stopped texts</span>' if network.store.is_opted_out(phone) else ""
    older = len(kept) - MOST_TEXTS
    more = f'<li class="older">{_counted(older, "older entry", "older entries")} not shown</li>' if older > 0 else ""
    return (
        f'<article class="phone" id="phone-{digits}" aria-labelledby="number-{digits}">'
        f'<header><h2 id="number-{digits}">{escape(spaced(phone))}</h2>{stopped}</header>{now}'
        f'<form method="post" action="/_local/phones/{digits}/reply">'
        f'<label for="reply-{digits}">Reply from this phone</label>'
        f'<div class="row"><input id="reply-{digits}" name="Body" maxlength="1600" required autocomplete="off">'
        f"<button>Send</button></div></form>"
        f'<ol reversed tabindex="0" aria-label="Texts and calls, newest first">{bubbles}{more}</ol></article>'
    )


def _now(call: Call, network: Network) -> str:
    """What the phone shows while it rings, or while the call waits for a key: what can be done about it."""
    if network.switchboard.ringing(call.sid):
        head, buttons = f"{escape(spaced(call.sender))} is calling", _buttons(call, RINGING)
    elif network.switchboard.listening(call.sid):
        keys = "".join(f'<button name="Digits" value="{key}">Press {key}</button>' for key in KEYS_SHOWN)
        pad = f'<form method="post" action="/_local/calls/{call.sid}/press" class="row">{keys}</form>'
        head = f'{escape(spaced(call.sender))} is on the phone</p><p class="live">{_lines(call)}'
        buttons = pad + _buttons(call, LISTENING)
    else:
        return ""
    return f'<section class="now" aria-label="Call"><p class="calling">{head}</p>{buttons}</section>'


def _buttons(call: Call, acts: Mapping[str, str]) -> str:
    forms = (
        f'<form method="post" action="/_local/calls/{call.sid}/{act}"><button class="{act}">{words}</button></form>'
        for act, words in acts.items()
    )
    return f'<div class="row acts">{"".join(forms)}</div>'


def _called(call: Call, network: Network) -> str:
    """A call: who took it and what was said to them, or that nobody did."""
    at = call.created_at
    lines = _lines(call)
    by_machine = (call.answered_by or "").startswith("machine")
    who = "Voicemail" if by_machine else "Call"
    rings = network.switchboard.ringing(call.sid)
    if network.switchboard.listening(call.sid):
        # What is heard stands above, beside the keys.
        lines = ""
    nothing = "It rings." if rings else "Somebody is on the phone." if call.answered_at else "Nobody has heard it."
    heard = f'<span class="heard">{lines}</span>' if call.answered_at and lines else nothing
    status = "ringing" if rings else call.status
    return (
        f'<li class="ours call"><p><strong>{who}</strong> {heard}</p>'
        f'<footer><time datetime="{at.isoformat(timespec="seconds")}">{at:%b %-d, %H:%M:%S} UTC</time>'
        f' <span class="status {status}">{status}</span></footer></li>'
    )


def _lines(call: Call) -> str:
    """What was heard, line by line, and the keys that were pressed."""
    return "".join(
        f'<span class="key">Pressed {escape(line[1:-1])}</span>'
        if PRESSED.fullmatch(line)
        else f"<span>{escape(line)}</span>"
        for line in call.said.splitlines()
    )


def _bubble(message: Message) -> str:
    side = "theirs" if message.direction == "inbound" else "ours"
    at = message.created_at
    status = "" if side == "theirs" else f' <span class="status {message.status}">{message.status}</span>'
    if message.error_code:
        status += f' <span class="status code">{message.error_code}</span>'
    return (
        f'<li class="{side}"><p>{_linked(message.body)}</p>'
        f'<footer><time datetime="{at.isoformat(timespec="seconds")}">{at:%b %-d, %H:%M:%S} UTC</time>'
        f"{status}</footer></li>"
    )


def _linked(body: str) -> str:
    """The text with its web addresses made clickable, line breaks kept by the stylesheet."""
    return "".join(_word(word) for word in SPACES.split(body))


def _word(word: str) -> str:
    if not word.startswith(("http://", "https://")):
        return escape(word)
    address = word.rstrip(".,;:!?)")
    shown = escape(address, quote=True)
    link = f'<a href="{shown}" target="_blank" rel="noopener noreferrer">{shown}</a>'
    return link + escape(word.removeprefix(address))


def spaced(phone: str) -> str:
    """A US number as people write it; others as they are."""
    if len(phone) == 12 and phone.startswith("+1"):
        return f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}"
    return phone
