"""`manage.py import_centers FILE.csv`: an operator's own centers."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.access import SYSTEM
from clinic.db import in_transaction
from clinic.geography import haversine_miles
from clinic.models import Center, ZipCode
from clinic.seeding.places import CenterRow, RowError, read_centers
from clinic.seeding.zip_codes import load_zip_codes
from clinic.services.centers import write_centers
from scheduling.models import Resource, ResourceKind
from scheduling.services.calendar import materialise
from scheduling.visit_types import ensure_visit_types

#: A center lies within so many miles of its ZIP code's centroid, or the file is wrong: a lost sign, say.
FURTHEST_MILES = 50


class Command(BaseCommand):
    """All rows or none: each error is told with its line, its field and its rule."""

    help = (
        "Load centers from a CSV file (columns as in clinic/seeding/centers.csv). A center is known by its code and"
        " changed by loading it again. Nothing is loaded where any row is wrong."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file."""
        parser.add_argument("file", type=Path, help="the CSV file, in UTF-8")
        parser.add_argument("--dry-run", action="store_true", help="check the file and load nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check every row, then load all of them."""
        in_transaction(load_zip_codes)
        try:
            with options["file"].open("rb") as file:
                rows, errors = read_centers(file)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from error
        errors += [fault for line, row in enumerate(rows, 2) for fault in _misplaced(line, row)] if not errors else []
        if errors:
            for fault in errors:
                self.stderr.write(str(fault))
            raise CommandError(f"{len(errors)} errors: nothing was loaded.")
        if options["dry_run"]:
            self.stdout.write(f"{len(rows)} rows are good; nothing was loaded (--dry-run).")
            return
        before = Center.objects.count()
        in_transaction(lambda: _load(rows))
        materialise()
        added = Center.objects.count() - before
        self.stdout.write(f"{len(rows)} centers loaded: {added} new, {len(rows) - added} already known by their code.")


def _misplaced(line: int, row: CenterRow) -> list[RowError]:
    place = ZipCode.objects.filter(pk=row.zip).first()
    if place is None:
        return [RowError(line, "zip", "unknown_zip", f"There is no ZIP code {row.zip}.")]
    if place.state != row.state:
        return [RowError(line, "state", "zip_elsewhere", f"ZIP code {row.zip} is in {place.state}.")]
    if haversine_miles((place.latitude, place.longitude), (row.latitude, row.longitude)) > FURTHEST_MILES:
        return [RowError(line, "latitude", "far_from_zip", f"This is more than {FURTHEST_MILES} miles from {row.zip}.")]
    return []


def _load(rows: list[CenterRow]) -> None:
    ensure_visit_types()
    for row, center in zip(rows, write_centers(SYSTEM, rows=rows).values(), strict=True):
        for number in range(1, row.scan_rooms + 1):
            Resource.objects.get_or_create(center=center, kind=ResourceKind.ROOM, name=f"Room {number}")
        Resource.objects.get_or_create(center=center, kind=ResourceKind.OVERFLOW, name="Overflow 1")
