"""The HTTP side of the carrier: its API, the doors that tests and the demo steer it by, the page of what arrived."""

import base64
import binascii
import contextlib
import hmac
import html
import json
import os
import re
import socket
import struct
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from notifications.local_carrier.faults import Fault
from notifications.local_carrier.jobs import Job, Jobs

LARGEST_BODY = 10 * 1024 * 1024
_E164 = re.compile(r"^\+[1-9][0-9]{7,14}$")
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Fax machines and mailboxes</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%%}td,th{border-bottom:1px solid #ccc;padding:.5rem;text-align:left}</style>
</head><body><h1>Fax machines and mailboxes</h1>
<p>Documents of this demonstration stay on this machine. Numbers that end in 0191 are busy, 0192 never confirm,
0193 are none, 0194 are a person's; <code>nobody@</code> is no address.</p>
<table><thead><tr><th>To</th><th>By</th><th>State</th><th>Document</th></tr></thead><tbody>%s</tbody></table></body>
</html>"""


class Handler(BaseHTTPRequestHandler):
    """One connection. Writes nothing to any log: documents and numbers are private."""

    protocol_version = "HTTP/1.1"
    server_version = "LocalCarrier"
    sys_version = ""
    server: "LocalCarrier"
    _reset = False

    def do_GET(self) -> None:
        """Answer who asks about a job, or looks at the page."""
        jobs = self.server.jobs
        if self.path.startswith("/v1/documents/"):
            if self._is_let_in():
                found = jobs.find(self.path.rpartition("/")[2])
                self._json(200, found.told()) if found else self._json(404, {"code": "not_found"})
        elif self.path == "/_local/jobs":
            shown = [{**each.told(), "to": each.to, "way": each.way, "arrived": each.arrived} for each in jobs.all()]
            self._json(200, {"jobs": shown, "pending": jobs.pending()})
        elif self.path.startswith("/arrived/"):
            found = jobs.find(self.path.removeprefix("/arrived/").removesuffix(".pdf"))
            if found is not None and found.arrived:
                self._write(200, base64.b64decode(found.document), "application/pdf")
            else:
                self._json(404, {"code": "not_found"})
        else:
            self._write(200, _page(jobs.all()).encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        """Take a document, or a plan of faults."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            self._json(413, {"code": "too_large"})
            return
        try:
            content = json.loads(self.rfile.read(length) or b"{}")
        except ValueError:
            self._json(400, {"code": "not_json"})
            return
        if self.path == "/_local/faults":
            self._planned(content)
        elif self.path == "/v1/documents":
            if self._is_let_in():
                self._document(content)
        else:
            self._json(404, {"code": "not_found"})

    def _planned(self, content: dict[str, Any]) -> None:
        try:
            self.server.jobs.set_plan([str(each) for each in content.get("queue", [])])
        except ValueError as error:
            self._json(400, {"code": "no_such_fault", "detail": str(error)})
        else:
            self._json(200, {})

    def _document(self, content: dict[str, Any]) -> None:
        job, wrong = _as_job(content, self.headers.get("Idempotency-Key", ""))
        if job is None:
            self._json(422, {"code": wrong})
            return
        fault = self.server.jobs.fault_for(job.key, job.to)
        if fault.name in ("hang_before", "reset_before", "refuse", "500", "429"):
            self._without_creating(fault)
        elif fault.name == "late_create":
            self.server.jobs.later(fault.seconds, job)
            self._hang(fault.seconds)
        else:
            kept, new = self.server.jobs.take(job, fault)
            if fault.name == "hang_after":
                self._hang(fault.seconds)
            elif fault.name == "reset_after":
                self.close_connection = self._reset = True
            elif fault.name == "500_after":
                self._json(500, {"code": "internal"})
            else:
                self._json(201 if new else 200, kept.told())

    def _without_creating(self, fault: Fault) -> None:
        if fault.name == "hang_before":
            self._hang(fault.seconds)
        elif fault.name == "reset_before":
            self.close_connection = self._reset = True
        elif fault.name == "refuse":
            self._json(422, {"code": fault.value or "refused"})
        else:
            self._json(int(fault.name), {"code": "too_many" if fault.name == "429" else "internal"})

    def _hang(self, seconds: float) -> None:
        self.server.stopping.wait(seconds)
        self.close_connection = True

    def _is_let_in(self) -> bool:
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if hmac.compare_digest(given.encode(), self.server.jobs.token.encode()):
            return True
        self._json(401, {"code": "token_unknown"})
        return False

    def _json(self, status: int, content: dict[str, Any]) -> None:
        self._write(status, json.dumps(content).encode(), "application/json")

    def _write(self, status: int, body: bytes, content_type: str) -> None:
        with contextlib.suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

    def finish(self) -> None:
        """Close the connection; a reset one without the usual farewell."""
        with contextlib.suppress(ConnectionError):
            super().finish()
        if self._reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())

    def log_message(self, *_: Any) -> None:
        """Keep silent."""


def _as_job(content: dict[str, Any], key: str) -> tuple[Job | None, str]:
    """Read what is handed over, or say the code of what is wrong with it."""
    way, to, document = (str(content.get(name, "")) for name in ("way", "to", "document"))
    if not re.fullmatch(r"[\x21-\x7e]{8,128}", key):
        return None, "key_missing"
    if way not in ("fax", "direct"):
        return None, "way_unknown"
    if way == "fax" and not _E164.match(to):
        return None, "number_invalid"
    if way == "direct" and "@" not in to:
        return None, "address_unknown"
    try:
        if not base64.b64decode(document, validate=True).startswith(b"%PDF-"):
            return None, "no_pdf"
    except binascii.Error:
        return None, "no_pdf"
    return Job(f"DOC{uuid.uuid4().hex}", key, way, to, document, str(content.get("callback", ""))), ""


def _page(jobs: list[Job]) -> str:
    rows = [
        f"<tr><td>{html.escape(each.to)}</td><td>{html.escape(each.way)}</td>"
        f"<td>{html.escape(each.status)} {html.escape(each.code)}</td><td>"
        + (f'<a href="/arrived/{html.escape(each.key)}.pdf">PDF</a>' if each.arrived else "–")
        + "</td></tr>"
        for each in jobs
    ]
    return _PAGE % ("".join(rows) or '<tr><td colspan="4">Nothing arrived yet.</td></tr>')


class LocalCarrier(ThreadingHTTPServer):
    """The server: `start` it, `close` it; port 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, host: str, port: int, jobs: Jobs) -> None:
        super().__init__((host, port), Handler)
        self.jobs = jobs
        self.stopping = Event()
        self._thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        """The address that the product is pointed at."""
        return f"http://{self.server_name}:{self.server_port}"

    def server_bind(self) -> None:
        """Bind without asking a name server who we are."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def start(self) -> None:
        """Serve in the background."""
        self._thread.start()

    def close(self) -> None:
        """Stop serving and let every waiting connection go."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        self.jobs.close()

    def handle_error(self, *_: Any) -> None:
        """A client that went away is no failure, and nothing of a document is to stand in a log."""
