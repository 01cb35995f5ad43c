"""`manage.py restore`: a backup back into an empty database."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from clinic import clock
from clinic.keeping.backup import known_schema, restore
from notifications.models import Message


class Command(BaseCommand):
    """All of it or nothing; whatever it refuses, it has changed nothing."""

    help = (
        "Restore a backup into the empty database that DATABASE_URL names. Refuses a database that is not empty, a"
        " backup of a later version, and a damaged file, and then changes nothing."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where from."""
        parser.add_argument("--from", dest="path", type=Path, required=True, metavar="FILE", help="a backup's file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, and say what the operator does next."""
        manifest = restore(options["path"])
        tables = len(manifest.rows)
        self.stdout.write(
            f"{sum(manifest.rows.values()):,} rows of {tables} tables restored, as of {manifest.made_at}."
        )
        if known_schema() - manifest.schema:
            self.stdout.write("The backup is of an earlier version. Now run: python manage.py migrate")
            return
        self._tell_of_texts(datetime.fromisoformat(manifest.made_at))
        self.stdout.write("Now run `python manage.py reconcile`, then start the processes (docs/operations.md).")

    def _tell_of_texts(self, made_at: datetime) -> None:
        in_flight = Message.objects.filter(status__in=("sending", "unknown")).count()
        due = Message.objects.filter(status="due", due_at__lte=clock.now(), expires_at__gt=clock.now()).count()
        self.stdout.write(
            f"{in_flight} texts were being sent at that time: the worker asks the provider what became of each."
        )
        if due:
            lost = clock.real_now() - made_at
            self.stdout.write(
                f"{due} texts were owed and are due: what the lost server sent in the {lost.total_seconds() / 60:.0f}"
                " minutes since is not known, and may be sent once more."
            )
