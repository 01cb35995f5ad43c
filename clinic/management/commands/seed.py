"""`manage.py seed`: a network of 110 centers in real cities, with people, shifts and a load of visits."""

from argparse import ArgumentParser
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic import clock
from clinic.access import SYSTEM
from clinic.db import in_transaction
from clinic.geography import haversine_miles
from clinic.models import Center
from clinic.seeding.closures import close_on_holidays
from clinic.seeding.load import load_bookings
from clinic.seeding.people import staff_centers
from clinic.seeding.places import NETWORK, CenterRow, read_centers
from clinic.seeding.zip_codes import load_zip_codes
from clinic.services.centers import write_centers
from scheduling.services.calendar import materialise
from scheduling.visit_types import ensure_visit_types

#: "near": the centers within so many miles of the first one, where the demo's people work.
NEAR_MILES = 60
MORNING = time(9, 5)


class Command(BaseCommand):
    """Idempotent: what is there already is left alone, and a run that was cut off is made up for."""

    help = (
        "Fill an empty database with a made-up network: 110 centers in real cities of 23 states, rooms, staff with"
        " licenses and shifts, a calendar of 120 days, and visits that are booked already. Run it twice and nothing"
        " changes. Refused in production."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much of it."""
        parser.add_argument("--small", type=int, metavar="N", help="only the first N centers of the file")
        parser.add_argument(
            "--booked",
            choices=("all", "near", "none"),
            default="all",
            help="at which centers visits are booked already",
        )
        parser.add_argument("--booked-days", type=int, default=5, metavar="N", help="for so many days (default 5)")
        parser.add_argument(
            "--from-morning", action="store_true", help="first move the clock to 09:05 Eastern of a coming Mon to Thu"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, part by part, each in its own transaction."""
        if settings.PRODUCTION:
            raise CommandError("The seed is made up, and its passwords are public: it is refused in production.")
        with NETWORK.open("rb") as file:
            rows, errors = read_centers(file)
        if errors:
            raise CommandError("\n".join(str(error) for error in errors))
        rows = rows[: options["small"]]
        if options["from_morning"] and not Center.objects.exists():
            clock.advance(_next_morning() - clock.now())
        self._say(f"{in_transaction(load_zip_codes):,} ZIP codes")
        centers = in_transaction(lambda: _network(rows))
        self._say(f"{len(centers)} centers with their people and shifts")
        visit_types = ensure_visit_types()
        self._say(f"{materialise():,} days of rooms and people")
        booked = _where(list(centers.values()), options["booked"])
        days = options["booked_days"]
        written = in_transaction(lambda: load_bookings(booked, visit_types, days=days))
        self._say(f"{written:,} visits that are booked already")

    def _say(self, what: str) -> None:
        self.stdout.write(f"  seeded: {what}")
        self.stdout.flush()


def _network(rows: list[CenterRow]) -> dict[str, Center]:
    centers = write_centers(SYSTEM, rows=rows)
    year = clock.now().year
    close_on_holidays(centers.values(), (year, year + 1))
    staff_centers(centers, rows)
    return centers


def _where(centers: list[Center], which: str) -> list[Center]:
    first = centers[0]
    here = (first.latitude, first.longitude)
    near = [each for each in centers if haversine_miles(here, (each.latitude, each.longitude)) <= NEAR_MILES]
    return {"all": centers, "near": near, "none": []}[which]


def _next_morning() -> datetime:
    """The next Monday to Thursday, 09:05 Eastern."""
    now = clock.now().astimezone(ZoneInfo("America/New_York"))
    start = datetime.combine(now.date(), MORNING, now.tzinfo)
    while start <= now or start.weekday() > 3:
        start = datetime.combine(start.date() + timedelta(days=1), MORNING, now.tzinfo)
    return start.astimezone(UTC)
