"""`manage.py bench`: what search and booking cost, as ratios to a trivial view and to the bare SQL of the same work."""

import os
import platform
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError

from clinic.bench import course, load_course, pages_course, scale_course, texts_course
from clinic.bench.errors import BenchFailed
from clinic.bench.results import Results
from clinic.local import places
from clinic.local.stack import TWILIO, WEB, Stack
from clinic.local.static_files import collect

SETTINGS = {"DJANGO_SETTINGS_MODULE": "clinic.bench.settings"}
ROUNDS = 200
COURSES = {
    "path": course.run,
    "load": load_course.run,
    "scale": scale_course.run,
    "texts": texts_course.run,
    "pages": pages_course.run,
}
#: The processes of a course that needs others than the web server.
PARTS = {"texts": (TWILIO, WEB)}


class Command(BaseCommand):
    """Starts PostgreSQL with durable commits, Redis and the web server on a fresh database, and measures over HTTP."""

    help = (
        "Measure what the search for slots and the booking of one cost, as ratios that hold on any machine: to a"
        " trivial view behind the same middleware and log-in on the same server, and to the bare SQL of the same work"
        " on the same database. All of them take turns, so that a machine whose speed drifts cancels out. Then the same"
        " booking with Redis stopped. Takes two to three minutes on two cores, nearly one of them to seed the network"
        " of 110 centers. Exits with 1 if anything that was measured did not do its work; no figure fails it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For whom, and how often."""
        parser.add_argument("--json", action="store_true", help="print one JSON document at the end, and nothing else")
        parser.add_argument(
            "--rounds",
            type=_positive,
            default=ROUNDS,
            metavar="N",
            help=f"measure each thing so many times (default {ROUNDS}); fewer are quicker and less certain",
        )

        parser.add_argument(
            "--course",
            choices=COURSES,
            default="path",
            help="path: search, booking and triage by one client and by eight (default); load: up to fifty clients at"
            " once; scale: ten times the network, nine tenths full, with a million visits past (some ten minutes);"
            " texts: what a worker process sends, and how long one that can't wait does behind ten thousand reminders;"
            " pages: what the pages weigh, and when they are painted on a slow phone",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure; whatever happens, stop all processes."""
        results = Results(sys.stdout, as_json=options["json"])
        state, since, failure = places.STATE / "bench", time.monotonic(), ""
        parts = PARTS.get(options["course"], (WEB,))
        with Stack(state, durable=True, fresh=True, parts=parts, env=SETTINGS) as stack:
            results.say("Preparing a fresh database with the network of 110 centers ...")
            stack.manage("migrate", capture=True)
            stack.manage("seed", "--from-morning", capture=True)
            collect(stack)
            stack.up()
            results.say(f"Ready after {time.monotonic() - since:.0f} s. Medians of what takes turns:")
            try:
                COURSES[options["course"]](stack, results, rounds=options["rounds"])
            except (BenchFailed, psycopg.Error) as failed:
                failure = str(failed)
        results.finish(_about(options, time.monotonic() - since), failure)
        if failure:
            raise CommandError("Something that was measured did not do its work.", returncode=1)
        places.remove(state)


def _about(options: dict[str, Any], seconds: float) -> dict[str, object]:
    return {
        "course": options["course"],
        "rounds": options["rounds"],
        "seconds": round(seconds),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()},
    }


def _positive(word: str) -> int:
    if not word.isdigit() or not int(word):
        raise ArgumentTypeError("use a whole number above 0")
    return int(word)
