"""Calls that ask what to say: who takes them, what they hear, which keys they press, on the page of phones and not."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from notifications.local_twilio.server import LocalTwilio
from notifications.local_twilio.switchboard import NO_INSTRUCTIONS
from notifications.provider.twiml import keys_asked, said
from tests.notifications.line import SENDER, TOKEN, Answer, ask, eventually, knock, running_line, sdk, settle, tell
from tests.notifications.test_local_twilio_page import Tags
from tests.twilio_contract import check_all, require_description

PHONE = "+12025550101"


@dataclass
class Product:
    """The product's end: what it is asked, and what it has calls say."""

    url: str = ""
    asked: list[tuple[str, dict[str, str], str]] = field(default_factory=list)

    def says(self, path: str, fields: dict[str, str]) -> str:
        """A mailbox hears one thing; a person a menu, and by key 1 something more."""
        if fields.get("AnsweredBy", "").startswith("machine"):
            return said("Please call us.", "en")
        words = {"1": "More."}.get(fields.get("Digits", ""), "Hello, it is us.")
        return keys_asked(words, "Press 1.", "en", at=f"{self.url}/keys/?attempt=7", otherwise="Goodbye.")


@contextmanager
def running_product() -> Iterator[Product]:
    """A product on a free port."""
    product = Product()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            fields = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            product.asked.append((product.url + self.path, fields, self.headers["X-Twilio-Signature"]))
            twiml = product.says(self.path, fields).encode()
            self.send_response(500 if "broken" in self.path else 200)
            self.send_header("Content-Length", str(len(twiml)))
            self.end_headers()
            self.wfile.write(twiml)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    product.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True).start()
    try:
        yield product
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def line() -> Iterator[LocalTwilio]:
    with running_line() as server:
        yield server


@pytest.fixture
def product() -> Iterator[Product]:
    with running_product() as running:
        yield running


def call(line: LocalTwilio, product: Product, path: str = "/call/?attempt=7", **changes: Any) -> Any:
    values = {
        "to": PHONE,
        "from_": SENDER,
        "url": product.url + path,
        "machine_detection": "DetectMessageEnd",
        "machine_detection_timeout": 20,
        "timeout": 30,
    }
    return sdk(line).calls.create(**(values | changes))


def heard(line: LocalTwilio) -> list[str]:
    lines: list[str] = ask(line, "/_local/calls")["calls"][-1]["said"].splitlines()
    return lines


def does(line: LocalTwilio, sid: str, act: str, **form: str) -> Answer:
    body = urlencode(form).encode()
    return knock(line, f"/_local/calls/{sid}/{act}", body, **{"Content-Type": "application/x-www-form-urlencoded"})


def rings(line: LocalTwilio, sid: str) -> None:
    eventually(lambda: line.network.switchboard.ringing(sid))


def listens(line: LocalTwilio, sid: str) -> None:
    eventually(lambda: line.network.switchboard.listening(sid))


def test_it_asks_by_a_signed_request_says_who_answered_and_is_heard(line: LocalTwilio, product: Product) -> None:
    made = call(line, product)
    settle(line)
    [(url, fields, signature)] = product.asked
    assert RequestValidator(TOKEN).validate(url, fields, signature)
    assert (fields["CallSid"], fields["AnsweredBy"], fields["CallStatus"]) == (made.sid, "human", "in-progress")
    assert heard(line) == ["Hello, it is us.", "Press 1.", "Goodbye."]
    ended = sdk(line).calls(made.sid).fetch()
    assert (ended.status, ended.answered_by) == ("completed", "human")


def test_a_mailbox_takes_it_where_the_plan_says_so(line: LocalTwilio, product: Product) -> None:
    tell(line, "/_local/faults", {"queue": ["machine"]})
    call(line, product)
    settle(line)
    assert heard(line) == ["Please call us."]


def test_a_key_is_pressed_once_where_the_plan_says_so(line: LocalTwilio, product: Product) -> None:
    tell(line, "/_local/faults", {"queue": ["press:1"]})
    call(line, product)
    settle(line)
    assert [fields.get("Digits") for _, fields, _ in product.asked] == [None, "1"]
    assert heard(line) == ["Hello, it is us.", "Press 1.", "[1]", "More.", "Press 1.", "Goodbye."]


def test_nobody_who_was_not_asked_for_is_told(line: LocalTwilio, product: Product) -> None:
    call(line, product, machine_detection=None, machine_detection_timeout=None)
    settle(line)
    assert "AnsweredBy" not in product.asked[0][1]


def test_where_nothing_can_be_had_to_say_an_error_is_said(line: LocalTwilio, product: Product) -> None:
    call(line, product, path="/broken/")
    settle(line)
    assert heard(line) == [NO_INSTRUCTIONS]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"url": "nowhere"}, 21205), ({"machine_detection": "Perhaps"}, 20001), ({"machine_detection_timeout": 2}, 20001)],
)
def test_what_twilio_refuses_is_refused(
    line: LocalTwilio, product: Product, changes: dict[str, Any], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        call(line, product, **changes)
    assert refused.value.code == code


def test_a_phone_that_rings_is_answered_on_its_page_and_presses_keys_there(line: LocalTwilio, product: Product) -> None:
    tell(line, "/_local/latency", {"ring_ms": 60_000})
    sid = call(line, product).sid
    rings(line, sid)
    page = Tags(knock(line, "/phones").text)
    assert f"/_local/calls/{sid}/answer" in [attrs.get("action") for tag, attrs in page.tags if tag == "form"]
    assert "is calling" in page.text
    assert "Hello, it is us." not in page.text
    assert does(line, sid, "answer").status == 200
    listens(line, sid)
    assert "Press 1" in Tags(knock(line, "/phones").text).text
    assert does(line, sid, "press", Digits="1").status == 200
    listens(line, sid)
    assert does(line, sid, "hang-up").status == 200
    eventually(lambda: sdk(line).calls(sid).fetch().status == "completed")
    assert heard(line) == ["Hello, it is us.", "Press 1.", "[1]", "More.", "Press 1."]


@pytest.mark.parametrize(
    ("act", "status", "words"), [("decline", "no-answer", []), ("mailbox", "completed", ["Please call us."])]
)
def test_a_phone_that_rings_may_be_left_to_ring_or_to_its_mailbox(
    line: LocalTwilio, product: Product, act: str, status: str, words: list[str]
) -> None:
    tell(line, "/_local/latency", {"ring_ms": 60_000})
    sid = call(line, product).sid
    rings(line, sid)
    does(line, sid, act)
    eventually(lambda: sdk(line).calls(sid).fetch().status == status)
    assert heard(line) == words


def test_a_phone_that_nobody_answers_stops_ringing(line: LocalTwilio, product: Product) -> None:
    tell(line, "/_local/latency", {"ring_ms": 50})
    sid = call(line, product).sid
    eventually(lambda: sdk(line).calls(sid).fetch().status == "no-answer")
    assert product.asked == []


def _too_late(line: LocalTwilio, sid: str) -> Answer:
    return does(line, sid, "answer")


def _no_call(line: LocalTwilio, sid: str) -> Answer:
    return does(line, "CA" + "0" * 32, "answer")


def _no_key(line: LocalTwilio, sid: str) -> Answer:
    return does(line, sid, "press", Digits="12")


@pytest.mark.parametrize(("act", "status"), [(_too_late, 409), (_no_call, 404), (_no_key, 400)])
def test_what_can_not_be_done_about_a_call_says_so(
    line: LocalTwilio, product: Product, act: Callable[[LocalTwilio, str], Answer], status: int
) -> None:
    sid = call(line, product).sid
    settle(line)
    assert act(line, sid).status == status


def test_every_exchange_is_as_described(line: LocalTwilio, product: Product) -> None:
    require_description()
    tell(line, "/_local/faults", {"queue": ["machine", "press:9"]})
    call(line, product)
    sid = call(line, product).sid
    settle(line)
    sdk(line).calls(sid).fetch()
    sdk(line).calls.list(to=PHONE)
    assert check_all(ask(line, "/_local/exchanges")["exchanges"]) == 4
