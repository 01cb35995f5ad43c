"""`manage.py backup`: all records of one instant in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from clinic.keeping.backup import back_up


class Command(BaseCommand):
    """Reads only, and disturbs nobody."""

    help = (
        "Write all records, as they are at one instant, into one file with checksums; the product goes on meanwhile."
        " The file holds health information and is not encrypted by itself: see docs/operations.md."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("--to", type=Path, required=True, metavar="FILE", help="the file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        """Back up, and say what is in it."""
        manifest = back_up(options["to"])
        rows, tables = sum(manifest.rows.values()), len(manifest.rows)
        size = options["to"].stat().st_size
        self.stdout.write(
            f"{rows:,} rows of {tables} tables, as of {manifest.made_at}: {options['to']} ({size:,} bytes)"
        )
