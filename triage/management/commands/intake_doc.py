"""``manage.py intake_doc``: writes ``docs/intake.md`` from the questionnaire, or says that it is out of date."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from triage.intake_document import intake_document


class Command(BaseCommand):
    """Write the document of the intake; with ``--check`` only compare."""

    help = (
        "Writes docs/intake.md: every question of the intake in both languages, who is asked and where, and the place"
        " that keeps each item of the public article. With --check nothing is written, and the exit status is 1 where"
        " the file is not what the questionnaire says. Uses no database."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to compare only."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail where the file is out of date")

    def handle(self, *_args: str, check: bool = False, **_options: Any) -> None:
        """Write the file, or compare it."""
        path = Path(settings.BASE_DIR) / "docs" / "intake.md"
        document = intake_document()
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != document:
                raise CommandError("docs/intake.md is out of date. Run: python3 manage.py intake_doc")
            self.stdout.write("docs/intake.md is what the questionnaire says.")
            return
        path.write_text(document, encoding="utf-8")
        self.stdout.write("Wrote docs/intake.md.")
