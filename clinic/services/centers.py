"""Writing centers from rows that were read and checked: all of them or none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Protocol

from clinic import clock, events
from clinic.access import Actor
from clinic.db import in_transaction
from clinic.errors import Forbidden
from clinic.models import ActorKind, Center, OpeningHours


class Opening(Protocol):
    """Local hours of one day."""

    @property
    def opens(self) -> time:
        """When the doors open."""

    @property
    def closes(self) -> time:
        """When they close, on the same day."""


class Row(Protocol):
    """One center as a file names it; it also has an attribute for each of `COLUMNS`."""

    @property
    def code(self) -> str:
        """The center's own code, which never changes."""

    def hours_on(self, weekday: int) -> Opening | None:
        """The hours of a weekday, 0 being Monday; None where closed."""


@dataclass(frozen=True)
class Written:
    """A center after it was written: whether it is new, changed or neither.

    ``hours_changed`` says that its hours or its zone are other ones than before.
    """

    center: Center
    added: bool = False
    changed: bool = False
    hours_changed: bool = False


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
#: What a file may leave out: a center keeps it then.
OPTIONAL = ("standing_protocol",)


def write_centers(actor: Actor, *, rows: Iterable[Row]) -> dict[str, Written]:
    """Add or change centers by their code, with their weekly hours; return what became of each, by code.

    One event a center that is new or changed. Hours that are other ones than today's replace those of later dates too.
    Days that the calendar has already do not follow changed hours by
    themselves. Raises `Forbidden` for any caller but the system: centers are loaded from the command line.
    """
    if actor.kind != ActorKind.SYSTEM:
        raise Forbidden("Centers are loaded from the command line.")

    def work() -> dict[str, Written]:
        return {row.code: _write(actor, row) for row in rows}

    return in_transaction(work)


def _write(actor: Actor, row: Row) -> Written:
    values = {column: getattr(row, column) for column in COLUMNS}
    values |= {column: said for column in OPTIONAL if (said := getattr(row, column, None)) is not None}
    wanted = {(day, span.opens, span.closes) for day in range(7) if (span := row.hours_on(day)) is not None}
    former = Center.objects.filter(code=row.code).first()
    same_hours = former is not None and _hours_now(former) == wanted
    if former is not None and same_hours and all(getattr(former, name) == value for name, value in values.items()):
        return Written(former)
    center, added = Center.objects.update_or_create(code=row.code, defaults=values)
    if not same_hours:
        center.hours.all().delete()
        OpeningHours.objects.bulk_create(
            OpeningHours(center=center, weekday=weekday, opens=opens, closes=closes)
            for weekday, opens, closes in sorted(wanted)
        )
    events.record("center.imported", actor=actor, center=center, subject=center, codes={"added": added})
    moved = former is not None and (not same_hours or former.zone != center.zone)
    return Written(center, added, not added, moved)


def _hours_now(center: Center) -> set[tuple[int, time, time]]:
    return set(center.hours.on(clock.today(center.zone)).values_list("weekday", "opens", "closes"))
