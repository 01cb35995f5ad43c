"""The doors that only a local Twilio has (`/_local/...`): what it keeps, what shall go wrong, and replies."""

import json
from collections import deque
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from notifications.local_twilio.call import Call
from notifications.local_twilio.creation import E164
from notifications.local_twilio.faults import Fault, Plan, parse_all
from notifications.local_twilio.network import Network
from notifications.local_twilio.switchboard import HUMAN, MACHINE
from notifications.local_twilio.web import Request, Response, as_json

LONGEST_REPLY = 1600
LONGEST_MS = 3_600_000
KEYS = "0123456789*#"


def rejected(why: str, status: int = 400) -> Response:
    """An error of a local door, in plain words."""
    return as_json({"error": why}, status)


def messages(request: Request, network: Network) -> Response:
    """Every text in order of creation; `?to=` keeps one phone's conversation."""
    phone = request.asked("to")
    kept = network.store.of_phone(phone) if phone else network.store.all()
    return as_json({"messages": [message.resource() for message in kept]})


def calls(request: Request, network: Network) -> Response:
    """Every call in order of creation, with what was said; `?to=` keeps one phone's."""
    phone = request.asked("to")
    kept = [call for call in network.store.calls() if phone in {None, call.to}]
    return as_json({"calls": [{**call.resource(), "said": call.said} for call in kept]})


def exchanges(_: Request, network: Network) -> Response:
    """Every API request and what was answered, credentials left out."""
    return as_json({"exchanges": list(network.exchanges.copy())})


def deliveries(_: Request, network: Network) -> Response:
    """Every try to deliver a webhook, and the jobs that are still due."""
    return as_json(
        {
            "deliveries": network.courier.deliveries(),
            "pending": network.agenda.pending(),
        }
    )


def health(_: Request, network: Network) -> Response:
    """Alive, and how much is still to happen."""
    return as_json(
        {
            "ok": True,
            "pending": network.agenda.pending(),
            "faults_left": network.plan.left(),
        }
    )


def set_faults(request: Request, network: Network) -> Response:
    """Replace the fault plan: `queue` (for the next creates), `numbers`, `rates` with `seed`; `{}` clears it."""
    try:
        network.plan = read_plan(_object(request))
    except (ValueError, TypeError, AttributeError) as error:
        return rejected(str(error))
    return as_json(
        {
            "queued": network.plan.left(),
            "rates": len(network.plan.rates),
            "seed": network.plan.seed,
        }
    )


def read_plan(wanted: Mapping[str, Any]) -> Plan:
    """The plan that a JSON object describes; ValueError or TypeError says what is wrong with it."""
    unknown = set(wanted) - {"queue", "numbers", "rates", "seed"}
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known: queue, numbers, rates, seed")
    rates = {Fault.parse(word): float(rate) for word, rate in wanted.get("rates", {}).items()}
    if not all(0 <= rate <= 1 for rate in rates.values()):
        raise ValueError("a rate must be between 0 and 1")
    return Plan(
        queue=deque(parse_all(words) for words in wanted.get("queue", [])),
        numbers={number: parse_all(words) for number, words in wanted.get("numbers", {}).items()},
        rates=rates,
        seed=int(wanted.get("seed", 0)),
    )


def set_pace(request: Request, network: Network) -> Response:
    """Set `answer_ms` (how long create calls take), `step_ms` (between two statuses), and of telephones `ring_ms`.

    A telephone rings so long for somebody to answer it on the page; 0: it is answered by itself at once.
    """
    try:
        wanted = {name: float(value) for name, value in _object(request).items()}
    except (ValueError, TypeError) as error:
        return rejected(str(error))
    known = {"answer_ms", "step_ms", "ring_ms"}
    if set(wanted) - known or not all(0 <= value < LONGEST_MS for value in wanted.values()):
        return rejected("give answer_ms, step_ms or ring_ms, from 0 to an hour")
    network.answer_s = wanted.get("answer_ms", network.answer_s * 1000) / 1000
    network.step_s = wanted.get("step_ms", network.step_s * 1000) / 1000
    network.switchboard.ring_s = wanted.get("ring_ms", network.switchboard.ring_s * 1000) / 1000
    now = {"answer_ms": network.answer_s, "step_ms": network.step_s, "ring_ms": network.switchboard.ring_s}
    return as_json({name: seconds * 1000 for name, seconds in now.items()})


def reset(_: Request, network: Network) -> Response:
    """Forget everything."""
    network.reset()
    return as_json({"ok": True})


def reply(phone: str, request: Request, network: Network) -> Response:
    """A phone sends `Body`, to the number that wrote to it last or to `To`. Browsers are led back to the page."""
    number, to, body = (
        phone if phone.startswith("+") else f"+{phone}",
        request.sent("To"),
        request.sent("Body"),
    )
    if not E164.fullmatch(number) or (to and not E164.fullmatch(to)):
        return rejected("not a phone number in the form +15550100123")
    if not body or not body.strip() or len(body) > LONGEST_REPLY:
        return rejected(f"a reply has 1 to {LONGEST_REPLY} characters in the field Body")
    message = network.reply(number, body, to)
    return _to_the_phone(request, number) or as_json(message.resource(), 201)


def on_the_phone(sid: str, act: str, request: Request, network: Network) -> Response:
    """Whoever has a phone does something about a call. A browser is led back to the page, also where it was late."""
    call = network.store.get(sid)
    if not isinstance(call, Call):
        return rejected("no such call", 404)
    board = network.switchboard
    key = request.sent("Digits") or ""
    if act == "press" and not (len(key) == 1 and key in KEYS):
        return rejected("Digits is one key")
    done = {
        "answer": partial(board.take, sid, by=HUMAN),
        "mailbox": partial(board.take, sid, by=MACHINE),
        "decline": partial(board.leave, sid),
        "press": partial(board.press, sid, key),
        "hang-up": partial(board.hang_up, sid),
    }[act]()
    back = _to_the_phone(request, call.to)
    if back is None and not done:
        return rejected(f"this call is {call.status}: it does not wait for that", 409)
    return back or as_json({"ok": True})


def _to_the_phone(request: Request, number: str) -> Response | None:
    if "text/html" not in request.headers.get("accept", ""):
        return None
    anchor = f"/phones#phone-{quote(number.removeprefix('+'))}"
    return Response(303, headers=(("Location", anchor),))


def _object(request: Request) -> dict[str, Any]:
    content = json.loads(request.body or b"{}")
    if not isinstance(content, dict):
        raise TypeError("the body must be a JSON object")
    return content
