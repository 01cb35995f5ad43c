"""``manage.py pin_rules``: writes down which text the version of the rules stands for."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from triage.pinned import RulesChanged, pin
from triage.rules import RULES_VERSION, fingerprint


class Command(BaseCommand):
    """Pin the fingerprint of the rules to their version."""

    help = (
        "Writes the fingerprint of the rules beside their version, in triage/rules/pinned.txt. A version that was"
        " pinned to another text is refused: a change of the rules is a new version (RULES_VERSION in"
        " triage/rules/version.py). Uses no database."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether a version may stand for a new text."""
        parser.add_argument(
            "--again",
            action="store_true",
            help="pin the same version to its new text: only before anybody has approved or used it",
        )

    def handle(self, *_args: str, again: bool = False, **_options: Any) -> None:
        """Write the line."""
        try:
            pin(RULES_VERSION, fingerprint(), again=again)
        except RulesChanged as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Rules {RULES_VERSION} are pinned to {fingerprint()}.")
