"""`manage.py import_centers FILE.csv`: an operator's own centers."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from clinic.access import SYSTEM
from clinic.geography import haversine_miles
from clinic.models import ZipCode
from clinic.seeding.people import add_rooms
from clinic.seeding.places import CenterRow, RowError, read_centers
from clinic.seeding.zip_codes import load_zip_codes
from clinic.services.centers import Written, write_centers
from scheduling.errors import ShiftDisplacesBookings
from scheduling.models import Resource, ResourceKind
from scheduling.services.calendar import materialise
from scheduling.services.hours import follow_hours
from scheduling.visit_types import ensure_visit_types

#: A center lies within so many miles of its ZIP code's centroid, or the file is wrong: a lost sign, say.
FURTHEST_MILES = 50


class Command(BaseCommand):
    """All rows or none: each error is told with its line, its field and its rule."""

    help = (
        "Load centers from a CSV file (columns as in clinic/seeding/centers.csv), with their hours and rooms. A center"
        " is known by its code and changed by loading it again. Nothing is loaded where any row is wrong; the exit"
        " status is 1 then."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file."""
        parser.add_argument("file", type=Path, help="the CSV file, in UTF-8")
        parser.add_argument("--dry-run", action="store_true", help="check the file and load nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check every row, then load all of them, in one transaction."""
        try:
            with options["file"].open("rb") as file:
                rows, errors = read_centers(file)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from error
        with transaction.atomic():
            load_zip_codes()
            errors += [fault for row in rows for fault in _misplaced(row)]
            self._refuse(errors)
            written = write_centers(SYSTEM, rows=rows)
            rooms = add_rooms({code: each.center for code, each in written.items()}, rows)
            self._refuse(list(_displacing(rows, written)))
            ensure_visit_types()
            days = materialise()
            transaction.set_rollback(options["dry_run"])
        self._tell(rows, written, rooms, days, dry=options["dry_run"])

    def _refuse(self, errors: list[RowError]) -> None:
        for fault in sorted(errors, key=lambda each: each.line):
            self.stderr.write(str(fault))
        if errors:
            raise CommandError(f"{len(errors)} error{'s' * (len(errors) > 1)}: nothing was loaded.")

    def _tell(self, rows: list[CenterRow], written: dict[str, Written], rooms: int, days: int, *, dry: bool) -> None:
        added = sum(each.added for each in written.values())
        changed = sum(each.changed for each in written.values())
        self.stdout.write(f"Centers: {added} new, {changed} changed, {len(written) - added - changed} as they were.")
        self.stdout.write(f"Rooms and overflow units: {rooms} new. Days opened in the calendar: {days:,}.")
        for row in rows:
            have = Resource.objects.filter(center__code=row.code, kind=ResourceKind.ROOM, active=True).count()
            if have > row.scan_rooms:
                self.stdout.write(
                    f"{row.code} has {have} rooms, more than the {row.scan_rooms} of the file: a file takes none away."
                )
        if dry:
            self.stdout.write("All rows are good. Nothing was loaded (--dry-run).")


def _misplaced(row: CenterRow) -> Iterator[RowError]:
    """Yield what is wrong between a row's ZIP code, state and coordinates."""
    place = ZipCode.objects.filter(pk=row.zip).first()
    if place is None:
        yield RowError(row.line, "zip", "unknown_zip", f"There is no ZIP code {row.zip}.")
        return
    if place.state != row.state:
        yield RowError(row.line, "state", "zip_elsewhere", f"ZIP code {row.zip} is in {place.state}.")
    if haversine_miles((place.latitude, place.longitude), (row.latitude, row.longitude)) > FURTHEST_MILES:
        message = f"This is more than {FURTHEST_MILES} miles from ZIP code {row.zip}."
        yield RowError(row.line, "latitude", "far_from_zip", message)


def _displacing(rows: list[CenterRow], written: dict[str, Written]) -> Iterator[RowError]:
    """Let the calendar follow changed hours; yield where visits stand in the way."""
    for row in rows:
        if written[row.code].hours_changed:
            try:
                follow_hours(written[row.code].center)
            except ShiftDisplacesBookings as refused:
                message = f"Visits are booked outside these hours: {refused.extra['appointments']}. Move them first."
                yield RowError(row.line, "weekday_hours", "displaces_bookings", message)
