"""`manage.py integration`: a token for a program that calls the API."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.errors import DomainError
from clinic.services.integrations import make_integration


class Command(BaseCommand):
    """Prints the token, and nothing else: it can't be shown again."""

    help = (
        "Let a program call the API: print its token, once. What it may do are its scopes, the permissions of"
        " clinic/access.py; an administrator changes them, or revokes the token, at /admin/."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose it is, and what it may do."""
        parser.add_argument("name", help="which program, such as: downtime sheets of C001")
        parser.add_argument("--scope", action="append", default=[], dest="scopes", help="such as appointments.read")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say what is wrong."""
        try:
            self.stdout.write(make_integration(name=options["name"], scopes=options["scopes"]))
        except DomainError as error:
            raise CommandError(error.detail) from error
