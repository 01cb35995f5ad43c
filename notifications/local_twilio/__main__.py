"""Run a local Twilio: `python -m notifications.local_twilio --port 8025 --account-sid AC... --auth-token ...`."""

import argparse
import re
import signal
import sys
from pathlib import Path
from threading import Event

from notifications.local_twilio.account import DEFAULT_SENDER, Account
from notifications.local_twilio.journal import Journal
from notifications.local_twilio.network import Network
from notifications.local_twilio.notice import notice
from notifications.local_twilio.server import LocalTwilio
from notifications.local_twilio.store import Store


def account_sid(text: str) -> str:
    """An account SID in Twilio's form."""
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", text):
        raise argparse.ArgumentTypeError("an account SID is AC and 32 hexadecimal digits")
    return text


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line, checked."""
    parser = argparse.ArgumentParser(
        prog="python -m notifications.local_twilio",
        description="A Twilio for one machine: it takes texts through the Messages API, shows them on the page "
        "/phones, reports on them by signed callbacks and lets the phones reply. Nothing leaves the machine.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument(
        "--port",
        type=int,
        required=True,
        help="port to listen on; 0 takes a free one and prints it",
    )
    parser.add_argument(
        "--account-sid",
        type=account_sid,
        required=True,
        help="SID that clients log in with",
    )
    parser.add_argument(
        "--auth-token",
        required=True,
        help="token that clients log in with and webhooks are signed with",
    )
    parser.add_argument(
        "--sender",
        default=DEFAULT_SENDER,
        help="number behind messaging services (default %(default)s)",
    )
    parser.add_argument("--inbound-url", help="where replies are posted; without it they are only kept")
    parser.add_argument("--journal", type=Path, help="file that keeps texts and opt-outs over a restart")
    parser.add_argument(
        "--latency-ms",
        type=float,
        default=0,
        help="how long a create call takes (default 0)",
    )
    parser.add_argument(
        "--step-ms",
        type=float,
        default=400,
        help="time between two statuses (default %(default)s)",
    )
    return parser.parse_args(arguments)


def main() -> int:
    """Serve until SIGTERM or Ctrl-C; 0 on a clean stop, 1 if it could not begin."""
    chosen = read_arguments()
    account = Account(chosen.account_sid, chosen.auth_token, chosen.sender, chosen.inbound_url)
    try:
        network = Network(
            account,
            Store(Journal(chosen.journal)),
            chosen.latency_ms / 1000,
            chosen.step_ms / 1000,
        )
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
