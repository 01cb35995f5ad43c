"""`manage.py story`: the main job, end to end, on the real processes, told step by step."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.local import places
from clinic.local.stack import Stack
from clinic.local.static_files import collect
from clinic.seeding.logins import DEMO_LOGINS
from clinic.story import consult, emergency, rule_out
from clinic.story.cast import Cast
from clinic.story.narrator import Narrator
from clinic.story.voices import StoryFailed

STORIES = {"rule_out": rule_out.tell, "emergency": emergency.tell, "consult": consult.tell}


class Command(BaseCommand):
    """Starts web, worker, beat and a local Twilio on a fresh database, and lives through the stories over HTTP."""

    help = (
        "Tell the main job end to end: a patient from the first call to the signature that the risk has passed; a"
        " second story that ends in 911; a third in a routine consultation. Real processes, real PostgreSQL and Redis,"
        " only HTTP. Exits with 1 if any step is not as it must be."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which stories, and for whom they are told."""
        parser.add_argument("--json", action="store_true", help="print one JSON document at the end, and nothing else")
        parser.add_argument("--only", choices=sorted(STORIES), help="tell one story")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell the stories; whatever happens, stop all processes."""
        narrator = Narrator(sys.stdout, as_json=options["json"])
        chosen = [options["only"]] if options["only"] else list(STORIES)
        failure = ""
        with Stack(places.STATE / "story", durable=False, fresh=True) as stack:
            self._progress(options, "Preparing a fresh database with the network of 110 centers ...")
            stack.manage("migrate", capture=True)
            stack.manage("seed", "--booked", "near", "--booked-days", "1", "--from-morning", capture=True)
            collect(stack)
            stack.up()
            try:
                tell(stack.web_url, stack.twilio_url, narrator, chosen)
            except StoryFailed as failed:
                failure = str(failed)
        narrator.finish(failure)
        if failure:
            raise CommandError("The story is not as it must be.", returncode=1)

    def _progress(self, options: dict[str, Any], line: str) -> None:
        if not options["json"]:
            self.stdout.write(line)
            self.stdout.flush()


def tell(web: str, twilio: str, narrator: Narrator, chosen: list[str]) -> None:
    """Tell the chosen stories on running processes. Raises `StoryFailed`."""
    logins = {str(login.role): (login.username, login.password) for login in DEMO_LOGINS}
    cast = Cast(web, twilio, logins, narrator)
    for name in chosen:
        STORIES[name](cast)
