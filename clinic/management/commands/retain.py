"""`manage.py retain`: what is past its time is erased, and the run is written down."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.errors import DomainError
from clinic.keeping.retention import LEAST_YEARS, UNTIL_AGE, early
from clinic.services.retaining import Retained, retain


class Command(BaseCommand):
    """Counts first; erases only when it is told to."""

    help = (
        f"Erase what is past its time: records N years after their last contact (N is {LEAST_YEARS} or more, and"
        f" nobody's before they are {UNTIL_AGE}), and earlier what is no part of a record. Look with --dry-run first."
        " An event keeps what each run did."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For how long records are kept, and whether to count only."""
        parser.add_argument("--years", type=int, required=True, metavar="N", help="years after the last contact")
        parser.add_argument("--dry-run", action="store_true", help="count, and erase nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count; then, unless it is a dry run, erase."""
        years = options["years"]
        try:
            self._tell("would be erased", retain(years=years, dry_run=True))
            if not options["dry_run"]:
                self._tell("erased", retain(years=years, dry_run=False))
        except DomainError as error:
            raise CommandError(error.detail) from error

    def _tell(self, what: str, done: Retained) -> None:
        for rule in early():
            self.stdout.write(f"{what}: {done.early[rule.name]:,} {rule.name} ({rule.why})")
        self.stdout.write(f"{what}: {done.records:,} records of patients")
        for table, count in sorted(done.rows.items()):
            self.stdout.write(f"  {count:,} {table}")
        if done.tied:
            self.stdout.write(f"kept: {done.tied:,} records that another patient's record names")
