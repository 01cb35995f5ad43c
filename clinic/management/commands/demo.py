"""`demo`: the whole product on this machine, with a seeded network, until Ctrl-C."""

import contextlib
import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from clinic.local import named, places, refusals
from clinic.local.cluster import AFRESH
from clinic.local.errors import LocalError
from clinic.local.stack import Stack
from clinic.local.static_files import collect
from clinic.local.stop_signals import Terminal
from clinic.models import Center, Staff
from clinic.seeding.logins import DEMO_LOGINS

GIVE_UP_SECONDS = 10.0
# What the seeded network takes, and what a run on it may add.
FIRST_MEGABYTES, LATER_MEGABYTES = 400, 60

#: How long a phone rings on the phones' page.
RINGS_MS = 25_000
#: Where the first number fails again and again, the second takes its texts.
SENDERS = "+15005550006,+15005550106"


class Command(BaseCommand):
    """Start everything, tell how to use it, and stop everything."""

    help = (
        "Runs the whole product on this machine: PostgreSQL, Redis, the pages and the API, the workers and a local "
        "Twilio, on a made-up network of 110 centers. Keeps its records in .state/demo. Ctrl-C stops all of it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--port", type=int, default=8000, help="port of the pages and the API (default 8000)")
        parser.add_argument(
            "--history",
            action="store_true",
            help="write a year of rule-outs first, for the manager's page of turnaround",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C, SIGTERM or the end of the terminal."""
        stack = Stack(
            places.DEMO_STATE,
            web_port=options["port"],
            database_url=os.environ.get(named.DATABASE, ""),
            redis_url=os.environ.get(named.REDIS, ""),
            # A call rings on the phones' page until somebody answers it there.
            env={"LOCAL_TWILIO_RING_MS": str(RINGS_MS), "TWILIO_SENDERS": SENDERS},
        )
        try:
            self._run(stack, seed=("seed", "--history-year") if options["history"] else ("seed",))
        except LocalError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            # The terminal may be gone.
            with contextlib.suppress(OSError):
                self._say("\nStopped. The records are kept; `make demo` goes on with them.")

    def _run(self, stack: Stack, seed: tuple[str, ...]) -> None:
        terminal = Terminal()
        if stack.postgres:
            data = places.postgres_data(stack.state)
            refusals.require_room(data, LATER_MEGABYTES if data.exists() else FIRST_MEGABYTES, "the demo's records")
        elif _holds_other_records():
            raise LocalError(
                f"The database that {named.DATABASE} names holds centers that no demo made: a demo would mix a made-up "
                f"network into them. Name an empty database, or unset {named.DATABASE} to use the embedded one."
            )
        starting = [name for name, own in (("PostgreSQL", stack.postgres), ("Redis", stack.redis)) if own]
        if starting:
            self._say(f"Starting {' and '.join(starting)} ...")
        with stack:
            self._say("Preparing the database ...")
            self._fill(stack, seed)
            collect(stack)
            self._say("Starting the web server, the workers and the local Twilio ...")
            stack.up()
            self._tell(stack)
            self._watch(stack, terminal)

    def _fill(self, stack: Stack, seed: tuple[str, ...]) -> None:
        try:
            stack.manage("migrate", "--verbosity", "0")
            stack.manage(*seed)
        except LocalError as error:
            if not stack.postgres:
                raise
            raise LocalError(
                f"{error}\nIf the disk has room, these records may be broken, or those of another version. {AFRESH}"
            ) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _tell(self, stack: Stack) -> None:
        rows = [f"  {login.role:<16} {login.username:<18} {login.password}" for login in DEMO_LOGINS]
        self._say(
            "\n".join(
                [
                    "",
                    f"Ruleout is running at     {stack.web_url}/",
                    f"  staff log in at         {stack.web_url}/staff/",
                    f"  the API's documentation {stack.web_url}/api/v1/docs/",
                    f"  the patients' phones    {stack.twilio_url}/",
                    f"  the offices' faxes      {stack.carrier_url}/",
                    "",
                    f"  {'role':<16} {'user name':<18} password",
                    *rows,
                    "",
                    "Try: answer the questions as a patient near ZIP 20770; book a visit; read and answer the texts on",
                    "the phones' page; then log in as the center's staff and take the patient through the day.",
                    "Signing asks for no second factor here; SECOND_FACTOR=required turns it on, as in production.",
                    f"Logs: {stack.state / 'logs'}. Another terminal: `make story` tells the whole path by itself.",
                    "",
                    "Ctrl-C stops everything.",
                ]
            )
        )

    def _watch(self, stack: Stack, terminal: Terminal) -> None:
        """Start again what died; give up on what dies again at once. Return when nobody is left to press Ctrl-C."""
        restarted: dict[str, float] = {}
        while not terminal.is_gone():
            time.sleep(0.5)
            stack.renew_guardian()
            for name in [name for name in stack.running() if not stack.alive(name)]:
                if time.monotonic() - restarted.get(name, float("-inf")) < GIVE_UP_SECONDS:
                    raise LocalError(f"{name} keeps ending. Its last words:\n{stack.last_words(name)}")
                self._say(f"{name} ended unexpectedly and is started again. Its log is in {stack.state / 'logs'}")
                stack.start(name)
                restarted[name] = time.monotonic()


def _holds_other_records() -> bool:
    """Whether a named database has a network that the seed did not make: an operator's own."""
    if "clinic_center" not in connection.introspection.table_names():
        return False
    return Center.objects.exists() and not Staff.objects.filter(username=DEMO_LOGINS[0].username).exists()
