"""`manage.py seed`: a network of 110 centers in real cities, with people, shifts and a load of visits."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic import clock
from clinic.access import SYSTEM
from clinic.db import in_transaction
from clinic.geography import haversine_miles
from clinic.models import Center
from clinic.seeding.closures import close_on_holidays, holidays
from clinic.seeding.crew import load_crew
from clinic.seeding.load import DAYS, load_visits, without_visits
from clinic.seeding.people import staff_centers
from clinic.seeding.places import NETWORK, CenterRow, read_centers
from clinic.seeding.words import approve_words
from clinic.seeding.year import load_year, part_of, without_year
from clinic.seeding.zip_codes import load_zip_codes
from clinic.services.centers import write_centers
from scheduling.services.calendar import materialise
from scheduling.services.reserves import add_default_reserves
from scheduling.visit_types import ensure_visit_types

#: "near": the centers within so many miles of the first one, where the demo's people work.
NEAR_MILES = 60
MORNING = time(9, 5)
#: Centers whose visits are written in one transaction: what a run that is cut off has to do again.
BATCH = 22
#: Centers that have a year of history, where one is asked for.
YEAR_CENTERS = 10


class Command(BaseCommand):
    """Idempotent: what is there already is left alone, and a run that was cut off is made up for."""

    help = (
        "Fill an empty database with a made-up network: 110 centers in real cities of 22 states and DC, rooms, staff"
        " with licenses and shifts, a calendar of 120 days, and visits that are over or booked already. Run it twice"
        " and nothing changes. Refused in production."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much of it."""
        parser.add_argument("--small", type=_positive, metavar="N", help="only the first N centers of the file")
        parser.add_argument(
            "--bookings",
            "--booked",
            choices=("yes", "near", "no"),
            default="yes",
            help=f"write visits at every center (default), within {NEAR_MILES} miles of the first one, or at none",
        )
        parser.add_argument(
            "--booked-days",
            type=_positive,
            default=DAYS,
            metavar="N",
            help=f"visits to come, for so many days from today (default {DAYS})",
        )
        parser.add_argument(
            "--history-year",
            nargs="?",
            type=_positive,
            const=YEAR_CENTERS,
            metavar="N",
            help=f"also write a year of rule-outs at N centers (default {YEAR_CENTERS}), with their texts",
        )
        parser.add_argument(
            "--from-morning", action="store_true", help="first move the clock to 09:05 Eastern of a coming Mon to Thu"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, part by part, each in its own transaction."""
        if settings.PRODUCTION:
            raise CommandError("The seed is made up, and its passwords are public: it is refused in production.")
        rows = _rows()[: options["small"]]
        if options["from_morning"] and not Center.objects.exists():
            clock.advance(_next_morning() - clock.now())
        self._say(f"{in_transaction(load_zip_codes):,} ZIP codes added")
        centers = in_transaction(lambda: _network(rows))
        self._say(f"{len(centers)} centers with their people and shifts")
        self._say(f"{approve_words()} texts approved in the physician's name")
        ensure_visit_types()
        self._say(f"{materialise():,} days of rooms and people added")
        self._load(_where(list(centers.values()), options["bookings"]), options["booked_days"])
        if options["history_year"]:
            self._load_years(part_of(list(centers.values()), options["history_year"]))

    def _load_years(self, centers: list[Center]) -> None:
        types, crew, written = ensure_visit_types(), load_crew(), 0
        for center in without_year(centers):
            written += in_transaction(partial(load_year, center, types, crew))
            self._say(f"{written:,} rule-outs of a year, {center.city} included")
        if not written:
            self._say("0 rule-outs of a year added")

    def _load(self, centers: list[Center], days: int) -> None:
        todo, written = without_visits(centers), 0
        types, crew = ensure_visit_types(), load_crew()
        for at in range(0, len(todo), BATCH):
            batch = todo[at : at + BATCH]
            written += in_transaction(partial(load_visits, batch, types, crew, days=days))
            self._say(f"{written:,} visits at {at + len(batch)} of {len(todo)} centers")
        if not todo:
            self._say("0 visits added")

    def _say(self, what: str) -> None:
        self.stdout.write(f"  seeded: {what}")
        self.stdout.flush()


def _rows() -> list[CenterRow]:
    with NETWORK.open("rb") as file:
        rows, errors = read_centers(file)
    if errors:
        raise CommandError("\n".join(str(error) for error in errors))
    return rows


def _network(rows: list[CenterRow]) -> dict[str, Center]:
    written = write_centers(SYSTEM, rows=rows)
    centers = {code: each.center for code, each in written.items()}
    # The demo's payers accept a standing protocol; in a deployment an administrator marks the centers that have one.
    added = [each.center.pk for each in written.values() if each.added]
    Center.objects.filter(pk__in=added).update(standing_protocol=True)
    year = clock.now().year
    close_on_holidays(centers.values(), (year, year + 1))
    staff_centers(centers, rows)
    add_default_reserves(SYSTEM, centers=centers.values())
    return centers


def _where(centers: list[Center], which: str) -> list[Center]:
    first = centers[0]
    here = (first.latitude, first.longitude)
    near = [each for each in centers if haversine_miles(here, (each.latitude, each.longitude)) <= NEAR_MILES]
    return {"yes": centers, "near": near, "no": []}[which]


def _next_morning() -> datetime:
    """The next Monday to Thursday that is no holiday, 09:05 Eastern."""
    now = clock.now().astimezone(ZoneInfo("America/New_York"))
    start = datetime.combine(now.date(), MORNING, now.tzinfo)
    closed = {on for year in (now.year, now.year + 1) for on, _ in holidays(year)}
    while start <= now or start.weekday() > 3 or start.date() in closed:
        start = datetime.combine(start.date() + timedelta(days=1), MORNING, now.tzinfo)
    return start.astimezone(UTC)


def _positive(word: str) -> int:
    if not word.isdigit() or not int(word):
        raise ArgumentTypeError("use a whole number above 0")
    return int(word)
