"""The day as a board: a row for each room, time from left to right, and where now is. Pure.

Time is cut into cells of five minutes, so that a plain table can show it: a visit spans as many as it takes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduling.models import ResourceKind
from scheduling.pages.visit_presenter import VisitLine

CELL = timedelta(minutes=5)
HOUR = timedelta(hours=1)
CELLS_AN_HOUR = HOUR // CELL


@dataclass(frozen=True)
class Cell:
    """A stretch of a row: a visit, or free where ``line`` is None. ``span`` counts cells of five minutes."""

    span: int
    line: VisitLine | None = None


@dataclass
class Row:
    """One unit's day. Visits that overlap, such as one after somebody who did not come, stand in further lanes."""

    name: str
    lanes: list[list[Cell]] = field(default_factory=list)


@dataclass(frozen=True)
class Board:
    """The rows, the full hours above them, and how many cells of the day are over (None: now is not on it)."""

    rows: list[Row]
    hours: list[datetime]
    cells: int
    over: int | None


def board_of(
    lines: Sequence[VisitLine],
    rooms: Iterable[tuple[int, str]],
    opening: tuple[datetime, datetime] | None,
    now: datetime,
) -> Board | None:
    """Return a day's board, or None where nothing is open and nobody comes. ``rooms``: id and name of each room."""
    begins = [line.visit.starts_at for line in lines] + ([opening[0]] if opening else [])
    ends = [line.visit.ends_at for line in lines] + ([opening[1]] if opening else [])
    if not begins:
        return None
    first = min(begins).replace(minute=0, second=0, microsecond=0)
    count = -((first - max(ends)) // HOUR)
    units: dict[int, tuple[str, list[VisitLine]]] = {unit: (name, []) for unit, name in rooms}
    for line in lines:
        unit, name = _unit_of(line)
        units.setdefault(unit, (name, []))[1].append(line)
    cells = count * CELLS_AN_HOUR
    over = (now - first) // CELL
    return Board(
        rows=[Row(name, _lanes(own, first, cells)) for name, own in units.values()],
        hours=[first + HOUR * number for number in range(count)],
        cells=cells,
        over=over if 0 <= over <= cells else None,
    )


def _unit_of(line: VisitLine) -> tuple[int, str]:
    """The room of a visit; where it takes none, the person or the overflow unit."""
    taken = sorted(line.visit.occupancies.all(), key=lambda each: each.resource.kind != ResourceKind.ROOM)
    return (taken[0].resource_id, taken[0].resource.name) if taken else (0, "–")


def _lanes(lines: Iterable[VisitLine], first: datetime, cells: int) -> list[list[Cell]]:
    """Fit visits into as few lanes as they need, each filled with what is free."""
    lanes: list[list[Cell]] = [[]]
    reached = [0]
    for line in lines:
        begins = (line.visit.starts_at - first) // CELL
        ends = max(begins + 1, -((first - line.visit.ends_at) // CELL))
        at = next((number for number, until in enumerate(reached) if until <= begins), len(lanes))
        if at == len(lanes):
            lanes.append([])
            reached.append(0)
        if begins > reached[at]:
            lanes[at].append(Cell(begins - reached[at]))
        lanes[at].append(Cell(ends - begins, line))
        reached[at] = ends
    for lane, until in zip(lanes, reached, strict=True):
        if until < cells:
            lane.append(Cell(cells - until))
    return lanes
