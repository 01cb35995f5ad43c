"""``manage.py follow_up_doc``: writes ``docs/follow-up.md`` from the rules, or says that it is out of date."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic.follow_up_document import follow_up_document


class Command(BaseCommand):
    """Write the document of the follow-up; with ``--check`` only compare."""

    help = (
        "Writes docs/follow-up.md: the plan of every result, what a further study makes of it, the ladder of missed"
        " steps, and what forbids to close. With --check nothing is written, and the exit status is 1 where the file is"
        " not what the rules say. Uses no database."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to compare only."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail where the file is out of date")

    def handle(self, *_args: str, check: bool = False, **_options: Any) -> None:
        """Write the file, or compare it."""
        path = Path(settings.BASE_DIR) / "docs" / "follow-up.md"
        document = follow_up_document()
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != document:
                raise CommandError("docs/follow-up.md is out of date. Run: python3 manage.py follow_up_doc")
            self.stdout.write("docs/follow-up.md is what the rules say.")
            return
        path.write_text(document, encoding="utf-8")
        self.stdout.write("Wrote docs/follow-up.md.")
