"""Run a local carrier of documents: `python -m notifications.local_carrier --port 8026`."""

import argparse
import os
import signal
import sys
from pathlib import Path
from threading import Event

from notifications.local_carrier.jobs import Jobs
from notifications.local_carrier.server import LocalCarrier
from notifications.local_twilio.journal import Journal


def main() -> int:
    """Serve until SIGTERM or Ctrl-C; 0 on a clean stop, 1 if it could not begin, 2 without a token."""
    parser = argparse.ArgumentParser(
        prog="python -m notifications.local_carrier",
        description="A carrier of fax and Direct for one machine. Its token is read from DOCUMENT_CARRIER_TOKEN.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, required=True, help="port to listen on; 0 takes a free one and prints it")
    parser.add_argument("--journal", type=Path, help="file that keeps documents over a restart")
    parser.add_argument("--step-ms", type=float, default=1500, help="how long a document takes (default %(default)s)")
    chosen = parser.parse_args()
    token = os.environ.get("DOCUMENT_CARRIER_TOKEN", "")
    if not token:
        parser.error("set DOCUMENT_CARRIER_TOKEN")
    try:
        jobs = Jobs(token, Journal(chosen.journal), chosen.step_ms / 1000)
        server = LocalCarrier(chosen.host, chosen.port, jobs)
    except (OSError, OverflowError) as error:
        sys.stderr.write(f"local carrier: could not start on {chosen.host}:{chosen.port}: {error}\n")
        return 1
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    server.start()
    sys.stdout.write(f"local carrier on {server.url}\n")
    sys.stdout.flush()
    stop.wait()
    server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
