"""``manage.py decide``: answers in, decisions out, line by line, without a database."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from triage.examination import examine


class Command(BaseCommand):
    """Read JSON Lines of answers on standard input; write one decision a line on standard output."""

    help = (
        "Reads answers as JSON Lines on standard input (the groups of the intake: patient, limb, onset_days,\n"
        "worsening, emergency, limb_threat, symptoms, wells, constans, context, history, site, kept; a missing key\n"
        "means unknown) and writes one decision a line on standard output. Uses no database. A line that cannot be\n"
        'read gives an object with "line", "error" and "errors", and the rest still run. Blank lines are skipped.\n\n'
        "Exit status: 0 where every line was decided, 1 where any was bad.\n\n"
        'Example: echo \'{"patient": {"age": 50}, "limb": "left_leg"}\' | python manage.py decide'
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the line breaks of the help."""
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option: the day of the answers."""
        parser.add_argument("--on", metavar="YYYY-MM-DD", help="the day of the answers (default: today, UTC)")

    def handle(self, *_args: str, on: str | None = None, **_options: Any) -> None:
        """Decide every line."""
        day = _day(on)
        bad = 0
        for output, good in examine(sys.stdin.buffer, on=day):
            sys.stdout.write(output + "\n")
            bad += not good
        sys.stdout.flush()
        if bad:
            sys.exit(1)


def _day(text: str | None) -> date:
    if text is None:
        # The product's clock lives in the database, which this command does without.
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise CommandError("--on must be a date, YYYY-MM-DD.") from fault
