"""Run a local Twilio: `python -m notifications.local_twilio --port 8025 --account-sid AC... --auth-token ...`."""

import argparse
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Event

from notifications.local_twilio.account import DEFAULT_SENDER, Account
from notifications.local_twilio.journal import Journal
from notifications.local_twilio.network import Network
from notifications.local_twilio.notice import notice
from notifications.local_twilio.server import LocalTwilio
from notifications.local_twilio.store import Store

RING_MS = "LOCAL_TWILIO_RING_MS"
"""Where the demo says that its phones ring. Elsewhere every call is answered by itself."""
INBOUND_PATH = "/webhooks/twilio/inbound/"
"""Where the product takes replies."""


def account_sid(text: str) -> str:
    """An account SID in Twilio's form."""
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", text):
        raise argparse.ArgumentTypeError("an account SID is AC and 32 hexadecimal digits")
    return text


def read_arguments(arguments: list[str], environment: Mapping[str, str]) -> argparse.Namespace:
    """The command line, checked; what it leaves out is read where the product reads it, from the environment."""
    base = environment.get("PUBLIC_BASE_URL", "").rstrip("/")
    parser = argparse.ArgumentParser(
        prog="python -m notifications.local_twilio",
        description="A Twilio for one machine: it takes texts through the Messages API, shows them on the page "
        "/phones, reports on them by signed callbacks and lets the phones reply. Nothing leaves the machine.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    add("--port", type=int, required=True, help="port to listen on; 0 takes a free one and prints it")
    add("--account-sid", type=account_sid, help="SID that clients log in with (else TWILIO_ACCOUNT_SID)")
    add("--auth-token", help="token for log-ins and for signing webhooks (else TWILIO_AUTH_TOKEN)")
    add("--sender", help=f"number behind messaging services (else TWILIO_FROM, else {DEFAULT_SENDER})")
    add("--inbound-url", help=f"where replies are posted (else PUBLIC_BASE_URL{INBOUND_PATH}, else nowhere)")
    add("--journal", type=Path, help="file that keeps texts and opt-outs over a restart")
    add("--latency-ms", type=float, default=0, help="how long a create call takes (default %(default)s)")
    add("--step-ms", type=float, default=400, help="time between two statuses (default %(default)s)")
    add("--ring-ms", type=float, help=f"how long a call rings to be answered on the page (else {RING_MS}, else 0)")
    parser.set_defaults(
        account_sid=environment.get("TWILIO_ACCOUNT_SID"),
        auth_token=environment.get("TWILIO_AUTH_TOKEN"),
        sender=environment.get("TWILIO_FROM") or DEFAULT_SENDER,
        inbound_url=base + INBOUND_PATH if base else None,
        ring_ms=float(environment.get(RING_MS, "0")),
    )
    chosen = parser.parse_args(arguments)
    if not chosen.account_sid or not chosen.auth_token:
        parser.error("give --account-sid and --auth-token, or set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
    return chosen


def main() -> int:
    """Serve until SIGTERM or Ctrl-C; 0 on a clean stop, 1 if it could not begin."""
    chosen = read_arguments(sys.argv[1:], os.environ)
    account = Account(chosen.account_sid, chosen.auth_token, chosen.sender, chosen.inbound_url)
    try:
        network = Network(
            account,
            Store(Journal(chosen.journal)),
            chosen.latency_ms / 1000,
            chosen.step_ms / 1000,
        )
        network.switchboard.ring_s = chosen.ring_ms / 1000
        server = LocalTwilio(chosen.host, chosen.port, network)
    except (OSError, OverflowError) as error:
        notice(f"could not start on {chosen.host}:{chosen.port}: {error}")
        return 1
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    server.start()
    sys.stdout.write(f"local Twilio on {server.url} (phones: {server.url}/phones)\n")
    sys.stdout.flush()
    stop.wait()
    server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
