"""The HTTP side: connections, decoding, and endings that a real network has too."""

import os
import socket
import struct
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from notifications.local_twilio.message import API_VERSION
from notifications.local_twilio.network import Network
from notifications.local_twilio.notice import notice
from notifications.local_twilio.routes import answer
from notifications.local_twilio.web import Ending, Request, Response, as_json

LARGEST_BODY = 64 * 1024
FORM = "application/x-www-form-urlencoded"


class Handler(BaseHTTPRequestHandler):
    """One connection. Writes nothing to any log: texts and numbers are private."""

    protocol_version = "HTTP/1.1"
    server_version = "LocalTwilio"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    server: "LocalTwilio"
    _reset = False

    def do_GET(self) -> None:
        """Answer a GET."""
        self._exchange()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._exchange()

    def do_PUT(self) -> None:
        """Answer a PUT."""
        self._exchange()

    def do_DELETE(self) -> None:
        """Answer a DELETE."""
        self._exchange()

    def _exchange(self) -> None:
        network = self.server.network
        length = self.headers.get("Content-Length") or "0"
        if not (length.isascii() and length.isdigit()) or int(length) > LARGEST_BODY:
            self.close_connection = True
            self._write(as_json({"error": f"a body has at most {LARGEST_BODY} bytes"}, 413))
            return
        request = self._request(self.rfile.read(int(length)))
        response = answer(request, network)
        if request.path.startswith(f"/{API_VERSION}/"):
            network.exchanges.append(self._record(request, response))
        if response.wait_s:
            network.stopping.wait(response.wait_s)
        if response.ending is Ending.ANSWER:
            self._write(response)
            return
        self.close_connection = True
        self._reset = response.ending is Ending.RESET

    def _request(self, body: bytes) -> Request:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        is_form = headers.get("content-type", "").partition(";")[0].strip().lower() == FORM
        form = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True) if is_form else []
        query = parse_qsl(parts.query, keep_blank_values=True)
        return Request(self.command, parts.path, tuple(query), tuple(form), body, headers)

    def _record(self, request: Request, response: Response) -> dict[str, Any]:
        """The exchange for later checks; status and body are None where nothing was answered."""
        answered = response.ending is Ending.ANSWER
        return {
            "method": request.method,
            "url": self.path,
            "headers": {name: value for name, value in request.headers.items() if name != "authorization"},
            "body": request.body.decode("utf-8", "replace"),
            "status": response.status if answered else None,
            "content_type": response.content_type if answered else None,
            "response": response.body.decode() if answered else None,
        }

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", f"{response.content_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(response.body)))
        self.send_header("Cache-Control", "no-store")
        for name, value in response.headers:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(response.body)

    def finish(self) -> None:
        """Close the connection; a reset one without the usual farewell."""
        super().finish()
        if self._reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())

    def log_message(self, *_: Any) -> None:
        """Keep silent."""


class LocalTwilio(ThreadingHTTPServer):
    """The server: `start` it, `close` it; port 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, network: Network) -> None:
        super().__init__((host, port), Handler)
        self.network = network
        self._thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """The address that a client is pointed at."""
        host, port = self.server_address[:2]
        return f"http://{host if isinstance(host, str) else host.decode()}:{port}"

    def server_bind(self) -> None:
        """Bind without asking a name server who we are."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = (
            str(self.server_address[0]),
            int(self.server_address[1]),
        )

    def start(self) -> None:
        """Serve in the background."""
        self._thread.start()

    def close(self) -> None:
        """Stop serving and let every waiting connection go."""
        self.network.close()
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: Any) -> None:
        """Say what kind of failure it was and nothing of its content; a client that went away is no failure."""
        error = sys.exception()
        if not isinstance(error, ConnectionError):
            notice(f"{type(error).__name__} while answering")
