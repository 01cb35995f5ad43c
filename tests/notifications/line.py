"""A local Twilio inside the test's own process, the real SDK pointed at it, and a receiver for its webhooks."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl
from urllib.request import Request, urlopen

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from notifications.local_twilio.account import Account
from notifications.local_twilio.journal import Journal
from notifications.local_twilio.network import Network
from notifications.local_twilio.server import LocalTwilio
from notifications.local_twilio.store import Store

SID, TOKEN = "AC" + "0123456789abcdef" * 2, "a-token-of-the-tests"
SENDER, SERVICE = "+15005550006", "MG" + "fedcba9876543210" * 2


@dataclass(frozen=True)
class Answer:
    """A response: its status, where it came from in the end, and its text."""

    status: int
    url: str
    text: str


@contextmanager
def running_line(inbound_url: str | None = None, journal: Path | None = None) -> Iterator[LocalTwilio]:
    """A local Twilio that reports each status 10 ms after the one before, and in order."""
    network = Network(Account(SID, TOKEN, SENDER, inbound_url), Store(Journal(journal)), step_s=0.01, hands=1)
    server = LocalTwilio("127.0.0.1", 0, network)
    server.start()
    try:
        yield server
    finally:
        hang_up()
        server.close()


_clients: list[TwilioHttpClient] = []


def hang_up() -> None:
    """Close the connections of all SDK clients."""
    while _clients:
        _clients.pop().session.close()


def sdk(line: LocalTwilio, token: str = TOKEN, timeout_s: float = 2.0) -> Any:
    """Twilio's own client, with a time-out, talking to the line."""
    _clients.append(TwilioHttpClient(timeout=timeout_s))
    client = Client(SID, token, http_client=_clients[-1])
    client.api.base_url = line.url
    return client


def knock(line: LocalTwilio, path: str, body: bytes | None = None, method: str | None = None, **headers: str) -> Answer:
    """What any door answers, whether it opens or not; redirects are followed."""
    try:
        with urlopen(Request(line.url + path, body, headers, method=method), timeout=5) as response:
            return Answer(response.status, response.url, response.read().decode())
    except HTTPError as refusal:
        with refusal:
            return Answer(refusal.code, line.url + path, refusal.read().decode())


def ask(line: LocalTwilio, path: str) -> Any:
    """What a local door answers in JSON."""
    return json.loads(knock(line, path).text)


def tell(line: LocalTwilio, path: str, content: dict[str, Any]) -> int:
    """Post JSON to a local door; the status of its answer."""
    return knock(line, path, json.dumps(content).encode()).status


def eventually(holds: Callable[[], bool], within_s: float = 5.0) -> None:
    """Wait until something holds, or fail."""
    limit = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < limit, "did not happen in time"
        time.sleep(0.005)


def settle(line: LocalTwilio) -> None:
    """Wait until nothing is left to happen."""
    eventually(lambda: line.network.agenda.pending() == 0)


@dataclass(frozen=True)
class Hook:
    """One webhook as it arrived."""

    url: str
    fields: dict[str, str]
    signature: str
    token: str


@dataclass
class Receiver:
    """The product's end of the webhooks: remembers all, answers as told (204 once `answers` is used up)."""

    url: str = ""
    hooks: list[Hook] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def statuses(self) -> list[str]:
        """The statuses in order of arrival."""
        return [hook.fields.get("MessageStatus") or hook.fields["CallStatus"] for hook in self.hooks]


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    """A receiver on a free port."""
    receiver = Receiver()

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            signature, token = self.headers["X-Twilio-Signature"], self.headers["I-Twilio-Idempotency-Token"]
            fields = dict(parse_qsl(body, keep_blank_values=True))
            receiver.hooks.append(Hook(receiver.url + self.path, fields, signature, token))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
