"""``manage.py replay --version V``: who would have been sent elsewhere under another version of the rules."""

import json
import time
from argparse import ArgumentParser
from datetime import UTC, date, datetime
from datetime import time as hour
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from triage.replaying import Tally, rerun
from triage.rules import RuleSet, UnknownRuleSet, rule_set
from triage.selectors import count_intakes, stored_intakes

#: How often the progress is told.
SECONDS_BETWEEN = 2.0


class Command(BaseCommand):
    """Rerun stored intakes, and report each that would have been sent elsewhere, for a physician's review."""

    help = (
        "Reruns the stored intakes under a version of the rules and writes JSON Lines on standard output: one for each"
        " intake that would have been sent elsewhere (ids and codes only), then one with the counts. Like is compared"
        " with like: what the table and its fallback said, on the stored answers and the stored offer; what the roster"
        " or a person made of it is left out. Progress is told on standard error. Nothing is changed."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Let ``--version`` name the rules, not Django."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which rules, and which days."""
        parser.add_argument("--version", required=True, metavar="V", help="the version of the rules")
        parser.add_argument("--since", metavar="YYYY-MM-DD", help="intakes from this day on (UTC)")
        parser.add_argument("--until", metavar="YYYY-MM-DD", help="intakes before this day (UTC)")

    def handle(
        self, *_args: str, version: str, since: str | None = None, until: str | None = None, **_options: Any
    ) -> None:
        """Rerun, report, count."""
        try:
            rules = rule_set(version)
        except UnknownRuleSet as fault:
            raise CommandError(str(fault)) from fault
        tally = self._replayed(rules, _start(since, "--since"), _start(until, "--until"))
        self.stdout.write(json.dumps({"summary": {"version": version, **tally.as_dict()}}))

    def _replayed(self, rules: RuleSet, since: datetime | None, until: datetime | None) -> Tally:
        total = count_intakes(since=since, until=until)
        tally, told = Tally(), time.monotonic()
        for intake in stored_intakes(since=since, until=until):
            outcome = rerun(intake, rules)
            tally.add(outcome)
            if outcome.elsewhere or outcome.now is None:
                self.stdout.write(json.dumps(outcome.as_dict()))
            if time.monotonic() - told >= SECONDS_BETWEEN:
                told = time.monotonic()
                self.stderr.write(f"{tally.compared:,} of {total:,}", self.style.NOTICE)
        self.stderr.write(f"{tally.compared:,} compared, {tally.changes.total():,} elsewhere.", self.style.NOTICE)
        return tally


def _start(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), hour.min, UTC)
    except ValueError as fault:
        raise CommandError(f"{option} must be a date, YYYY-MM-DD.") from fault
