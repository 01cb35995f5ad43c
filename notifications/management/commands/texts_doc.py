"""``manage.py texts_doc``: pins the versions of the texts and writes ``docs/texts.md``, or says what is out of date."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifications.texts_document import texts_document
from notifications.versions import PINNED, differing, pin, pinned, present


class Command(BaseCommand):
    """Write the document of the texts and their versions; with ``--check`` only compare."""

    help = (
        "Writes docs/texts.md: every text in both languages, when it is owed, to whom, and its length at its longest"
        " values; and notifications/versions.txt, the version that follows from each text's words. With --check nothing"
        " is written, and the exit status is 1 where a file is not what the texts say."
        " Uses no database."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to compare only."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail where the file is out of date")

    def handle(self, *_args: str, check: bool = False, **_options: Any) -> None:
        """Write the files, or compare them."""
        root = Path(settings.BASE_DIR)
        path, versions = root / "docs" / "texts.md", root / "notifications" / PINNED.name
        document = texts_document()
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != document:
                raise CommandError("docs/texts.md is out of date. Run: python3 manage.py texts_doc")
            if changed := differing(pinned(versions), present()):
                raise CommandError(f"Not as pinned: {', '.join(changed)}. Run: python3 manage.py texts_doc")
            self.stdout.write("docs/texts.md is what the texts say.")
            return
        path.write_text(document, encoding="utf-8")
        pin(versions)
        self.stdout.write("Wrote docs/texts.md and notifications/versions.txt.")
