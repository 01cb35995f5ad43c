"""`manage.py reconcile`: who has been lost on the way, by plain SQL over the whole database."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from clinic.services.loose_ends import take_up
from clinic.watchdog import LOSSES, Found, find_lost


class Command(BaseCommand):
    """Reads only, unless it is told to open steps."""

    help = (
        "Check that nobody is lost: every open episode has a next step with an owner and a due time, every visit was"
        " come to or missed, every study read, every result told, every text that mattered delivered, every clot being"
        " treated, every plan whole. Plain SQL that shares no code with what keeps these promises. Prints each loss"
        " with its episode's number. Exits with 0 where nobody is lost or a manager has a step for each, with 1"
        " otherwise. The same check runs every five minutes by itself and opens those steps."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How it is told, and whether steps are opened now."""
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        parser.add_argument("--open-steps", action="store_true", help="open a manager's step for each loss now")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, tell, and say by the exit status whether anybody is lost whom nobody looks for."""
        found = find_lost()
        if options["open_steps"] and take_up(found):
            found = find_lost()
        if options["json"]:
            rows = [
                {"loss": each.loss.code, "episode": each.episode_id, "subject": each.subject_id, "held": each.taken_up}
                for each in found
            ]
            self.stdout.write(json.dumps({"lost": rows}, indent=2))
        else:
            self._tell(found)
        if not all(each.taken_up for each in found):
            sys.exit(1)

    def _tell(self, found: list[Found]) -> None:
        for loss in LOSSES:
            episodes = [each for each in found if each.loss is loss]
            if episodes:
                numbers = ", ".join(f"{each.episode_id}{' (taken up)' * each.taken_up}" for each in episodes)
                self.stdout.write(f"{loss.title} ({loss.code}): episodes {numbers}")
        self.stdout.write(f"{len(LOSSES)} checks, {len(found)} lost.")
