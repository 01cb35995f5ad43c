"""`manage.py export_patient`: a patient's whole record in a folder, by kind of resource."""

import json
import os
from argparse import ArgumentParser
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.access import SYSTEM
from clinic.errors import DomainError
from clinic.models import DisclosurePurpose
from clinic.services.disclosing import GivenRecord, give_record


class Command(BaseCommand):
    """All of it or nothing; to whom it goes is written down."""

    help = (
        "Write a patient's whole record into a new folder: one file for each kind of resource, named as in FHIR R4,"
        " and manifest.json with their counts. To whom it goes, and why, is kept as a disclosure."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, where to, to whom and why."""
        parser.add_argument("patient", type=int, metavar="ID", help="the patient's number")
        parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="a folder that is not there yet")
        parser.add_argument("--to-whom", required=True, metavar="NAME", help="who gets it: a name, or an office")
        parser.add_argument("--purpose", choices=DisclosurePurpose.values, required=True, help="why they get it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, and say how much."""
        folder: Path = options["to"]
        try:
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise CommandError(f"{folder} can't be made: {error.strerror}. Name a folder that is not there.") from error
        try:
            given = give_record(
                SYSTEM, patient_id=options["patient"], to_whom=options["to_whom"], purpose=options["purpose"]
            )
        except DomainError as error:
            folder.rmdir()
            raise CommandError(" ".join([error.detail, *error.fields.values()])) from error
        counts = _write(folder, given)
        self.stdout.write(f"{sum(counts.values())} resources in {folder}: disclosure {given.disclosure.pk}.")


def _write(folder: Path, given: GivenRecord) -> dict[str, int]:
    kinds: dict[str, list[dict[str, object]]] = defaultdict(list)
    for resource in given.resources:
        kinds[str(resource["resourceType"])].append(resource)
    counts = {kind: len(rows) for kind, rows in sorted(kinds.items())}
    for kind, rows in kinds.items():
        _write_json(folder / f"{kind}.json", rows)
    about = {key: value for key, value in given.bundle.items() if key != "entry"}
    _write_json(folder / "manifest.json", {**about, "to_whom": given.disclosure.to_whom, "counts": counts})
    return counts


def _write_json(path: Path, content: object) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 - its mode
        json.dump(content, file, indent=1, ensure_ascii=False)
