"""Writing centers from rows that were read and checked: all of them or none."""

from collections.abc import Iterable
from datetime import time
from typing import Protocol

from clinic import events
from clinic.access import Actor
from clinic.db import in_transaction
from clinic.models import Center, OpeningHours


class Opening(Protocol):
    """Local hours of one day."""

    @property
    def opens(self) -> time:
        """When it opens."""

    @property
    def closes(self) -> time:
        """When it closes."""


class Row(Protocol):
    """One center as a file names it."""

    @property
    def code(self) -> str:
        """What it is known by."""

    def hours_on(self, weekday: int) -> Opening | None:
        """The hours of a weekday, 0 being Monday; None where closed."""


COLUMNS = (
    "name",
    "short_name",
    "street",
    "city",
    "state",
    "zip",
    "zone",
    "latitude",
    "longitude",
    "phone",
    "arm_scans",
    "iliac_doppler",
    "wheelchair",
)


def write_centers(actor: Actor, *, rows: Iterable[Row]) -> dict[str, Center]:
    """Add or change centers by their code, with their weekly hours; return them by code. One event a center changed."""

    def work() -> dict[str, Center]:
        return {row.code: _write(actor, row) for row in rows}

    return in_transaction(work)


def _write(actor: Actor, row: Row) -> Center:
    values = {column: getattr(row, column) for column in COLUMNS}
    hours = {weekday: span for weekday in range(7) if (span := row.hours_on(weekday)) is not None}
    center = Center.objects.filter(code=row.code).first()
    wanted = {(weekday, span.opens, span.closes) for weekday, span in hours.items()}
    if center is not None:
        same = all(getattr(center, column) == value for column, value in values.items())
        if same and set(center.hours.values_list("weekday", "opens", "closes")) == wanted:
            return center
    center, _ = Center.objects.update_or_create(code=row.code, defaults=values)
    center.hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(center=center, weekday=weekday, opens=opens, closes=closes)
        for weekday, opens, closes in sorted(wanted)
    )
    events.record("center.imported", actor=actor, center=center, subject=center)
    return center
