"""`manage.py story`: the main job, end to end, on the real processes, told step by step."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.local import places
from clinic.local.stack import Stack
from clinic.local.static_files import collect
from clinic.seeding.logins import DEMO_LOGINS
from clinic.story import cases, consult, emergency, rule_out
from clinic.story.cases import telling as telling_cases
from clinic.story.cast import Cast
from clinic.story.narrator import Narrator
from clinic.story.results import telling
from clinic.story.results.cases import CASES
from clinic.story.voices import StoryFailed

STORIES = {"rule_out": rule_out.tell, "emergency": emergency.tell, "consult": consult.tell}


SEED = ("--booked", "near", "--booked-days", "1")
#: A year goes by: nobody else's visits are lived through, and nobody is late for them.
SEED_OF_RESULTS = ("--booked", "no", "--small", "12")
#: Days go by between the cases.
SEED_OF_CASES = ("--booked", "no")


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
        parser.add_argument(
            "--results",
            nargs="*",
            choices=[case.category for case in CASES],
            metavar="CATEGORY",
            help="instead: a patient for each of these results, or for every one, followed to the signature",
        )
        parser.add_argument(
            "--cases",
            nargs="*",
            choices=list(cases.CASES),
            metavar="CASE",
            help="instead: these hard days, or all of them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell the stories; whatever happens, stop all processes."""
        narrator = Narrator(sys.stdout, as_json=options["json"])
        failure = ""
        with Stack(places.STATE / "story", durable=False, fresh=True) as stack:
            self._progress(options, "Preparing a fresh database with the network of 110 centers ...")
            stack.manage("migrate", capture=True)
            stack.manage("seed", *_seed(options), "--from-morning", capture=True)
            collect(stack)
            stack.up()
            try:
                _tell_chosen(stack, narrator, options)
            except StoryFailed as failed:
                failure = str(failed)
        narrator.finish(failure)
        if failure:
            raise CommandError("The story is not as it must be.", returncode=1)

    def _progress(self, options: dict[str, Any], line: str) -> None:
        if not options["json"]:
            self.stdout.write(line)
            self.stdout.flush()


def _seed(options: dict[str, Any]) -> tuple[str, ...]:
    if options["cases"] is not None:
        return SEED_OF_CASES
    return SEED if options["results"] is None else SEED_OF_RESULTS


def _tell_chosen(stack: Stack, narrator: Narrator, options: dict[str, Any]) -> None:
    told_on = stack.web_url, stack.twilio_url, narrator
    if options["cases"] is not None:
        tell_cases(stack, narrator, options["cases"])
    elif options["results"] is not None:
        tell_results(*told_on, options["results"])
    else:
        tell(*told_on, [options["only"]] if options["only"] else list(STORIES))


def tell(web: str, twilio: str, narrator: Narrator, chosen: list[str]) -> None:
    """Tell the chosen stories on running processes. Raises `StoryFailed`."""
    cast = _cast(web, twilio, narrator)
    for name in chosen:
        STORIES[name](cast)


def tell_results(web: str, twilio: str, narrator: Narrator, categories: Sequence[str]) -> None:
    """Tell the stories of these results, or of all, on running processes. Raises `StoryFailed`."""
    cases = [case for case in CASES if not categories or case.category in categories]
    telling.tell(_cast(web, twilio, narrator), cases)


def tell_cases(stack: Stack, narrator: Narrator, names: Sequence[str]) -> None:
    """Tell these cases, or all, on a running machine. Raises `StoryFailed`."""
    chosen = {name: case for name, case in cases.CASES.items() if not names or name in names}
    cast = _cast(stack.web_url, stack.twilio_url, narrator)
    cast.stack = stack
    telling_cases.tell(cast, chosen)


def _cast(web: str, twilio: str, narrator: Narrator) -> Cast:
    logins = {str(login.role): (login.username, login.password) for login in DEMO_LOGINS}
    return Cast(web, twilio, logins, narrator)
