"""A history of requests from a CSV file: read whole, and refused whole where any row is wrong."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import BinaryIO, TypeVar
from zoneinfo import ZoneInfo

from scheduling.simulation.demand import ROUTINE, RULE_OUT, Request, open_halves, wish
from scheduling.simulation.site import Point, Reach, Site

T = TypeVar("T")
MOST_SPAN = timedelta(days=366)
REQUIRED = ("at", "place", "kind", "tier")
OPTIONAL = "wanted"
_WANTED = re.compile(r"(\d{4}-\d{2}-\d{2}) (morning|afternoon)")


@dataclass(frozen=True)
class RowError:
    """What is wrong in the file: ``line`` counts from 1, the header; ``field`` is empty for a whole line or file."""

    line: int
    field: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}{', ' if self.field else ''}{self.field}: {self.message} ({self.rule})"


@dataclass(frozen=True)
class Row:
    """One request as the file has it: ``at`` may have no zone yet."""

    line: int
    at: datetime
    place: str
    tier: int | None
    wanted: tuple[date, str] | None


class _Wrong(ValueError):
    """A cell that can't be read: the rule's name, and what to do."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule, self.message = rule, message


def read_history(file: BinaryIO) -> tuple[list[Row], list[RowError]]:
    """Read a history: UTF-8, comma-separated, with a header. Returns the good rows and every error, in order."""
    rows: list[Row] = []
    errors: list[RowError] = []
    try:
        text = file.read().decode("utf-8-sig")
        lines = list(_lines(text))
    except UnicodeDecodeError:
        return [], [RowError(1, "", "not_utf8", 'Save the file as "CSV UTF-8": its letters can\'t be read.')]
    except csv.Error:
        return [], [RowError(1, "", "not_csv", "This is not CSV: check its quotation marks.")]
    if not lines:
        return [], [RowError(1, "", "file_empty", "The file is empty.")]
    first, header = lines[0]
    columns = [name.lower() for name in header]
    errors += [
        RowError(first, name, "column_missing", f"The header must name the column {name} once.")
        for name in REQUIRED
        if columns.count(name) != 1
    ]
    for line, found in lines[1:] if not errors else []:
        if len(found) != len(columns):
            errors.append(
                RowError(line, "", "cell_count", f"It has {len(found)} cells; the header has {len(columns)}.")
            )
            continue
        row = _row(line, dict(zip(columns, found, strict=True)), errors)
        if row is not None:
            rows.append(row)
    if not rows and not errors:
        errors.append(RowError(first, "", "no_rows", "The file has a header and no requests."))
    return rows, errors


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    for cells in reader:
        found = [cell.strip() for cell in cells]
        # Spreadsheets leave lines of nothing but commas behind.
        if any(found):
            yield line, found
        line = reader.line_num + 1


def _row(line: int, cells: Mapping[str, str], errors: list[RowError]) -> Row | None:
    before = len(errors)
    cell = _Cells(line, cells, errors)
    at = cell.read("at", _instant, None)
    place = cell.read("place", _place, "")
    kind = cell.read("kind", _kind, "")
    tier = cell.read("tier", partial(_tier, kind), None)
    wanted = cell.read(OPTIONAL, partial(_half_day, kind), None)
    return Row(line, at, place, tier, wanted) if at is not None and len(errors) == before else None


@dataclass(frozen=True)
class _Cells:
    """One line's cells; what can't be read becomes an error."""

    line: int
    cells: Mapping[str, str]
    errors: list[RowError]

    def read(self, field: str, rule: Callable[[str], T], otherwise: T) -> T:
        """Return what a rule makes of a cell."""
        try:
            return rule(self.cells.get(field, ""))
        except _Wrong as wrong:
            self.errors.append(RowError(self.line, field, wrong.rule, wrong.message))
            return otherwise


def _instant(cell: str) -> datetime | None:
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        raise _Wrong("not_a_time", "Write it as 2026-03-04 09:30, local time, or with an offset.") from None


def _place(cell: str) -> str:
    if not cell:
        raise _Wrong("empty", "Give a ZIP code or a center's code.")
    return cell


def _kind(cell: str) -> str:
    if cell not in (RULE_OUT, ROUTINE):
        raise _Wrong("unknown_kind", f"Write {RULE_OUT} or {ROUTINE}.")
    return cell


def _tier(kind: str, cell: str) -> int | None:
    if kind == RULE_OUT and cell not in ("1", "2"):
        raise _Wrong("unknown_tier", "A rule-out has the tier 1 or 2.")
    if kind == ROUTINE and cell:
        raise _Wrong("tier_of_routine", "Leave the tier of a routine scan empty.")
    return int(cell) if kind == RULE_OUT else None


def _half_day(kind: str, cell: str) -> tuple[date, str] | None:
    if not cell or kind == RULE_OUT:
        return None
    found = _WANTED.fullmatch(cell)
    try:
        if found is not None:
            return date.fromisoformat(found[1]), found[2]
    except ValueError:
        pass
    raise _Wrong("not_a_half_day", "Write it as 2026-03-04 morning, or 2026-03-04 afternoon.")


def requests_of(
    rows: Sequence[Row], sites: Sequence[Site], points: Mapping[str, Point], *, seed: int
) -> tuple[list[Request], list[RowError]]:
    """Return the requests of a history's rows, by their time, and what can't be placed in this network.

    ``points`` knows the ZIP codes. A time without an offset is the nearest center's; what a routine scan wanted is
    drawn by the seed where the file does not say.
    """
    reach, by_code = Reach(sites), {site.code: at for at, site in enumerate(sites)}
    found: list[Request] = []
    errors: list[RowError] = []
    for row in rows:
        point = sites[by_code[row.place]].point if row.place in by_code else points.get(row.place)
        if point is None:
            errors.append(RowError(row.line, "place", "unknown_place", f"There is no ZIP code or center {row.place}."))
            continue
        ways = reach.of(point)
        if row.place in by_code:
            own = by_code[row.place]
            ways = tuple(sorted(ways, key=lambda way: (way.site != own, way.miles)))
        site = sites[ways[0].site]
        at = row.at if row.at.tzinfo else row.at.replace(tzinfo=ZoneInfo(site.zone))
        at = at.astimezone(ZoneInfo("UTC"))
        drawn, chance = wish(site, at, seed=seed, line=row.line)
        wanted = None if row.tier is not None else row.wanted or drawn
        problem = _unwanted(row, site, at, wanted)
        if problem:
            errors.append(problem)
        else:
            found.append(Request(at, ways if row.tier is not None else ways[:1], row.tier, wanted, chance))
    return sorted(found, key=lambda request: (request.at, request.site, request.chance)), errors


def _unwanted(row: Row, site: Site, at: datetime, wanted: tuple[date, str] | None) -> RowError | None:
    """Return what is wrong with the half-day that a routine scan wants."""
    if row.tier is not None:
        return None
    if wanted is None:
        return RowError(row.line, "at", "never_open", f"{site.code} is not open in the two weeks after it.")
    on, half = wanted
    if on < at.astimezone(ZoneInfo(site.zone)).date():
        return RowError(row.line, OPTIONAL, "wanted_in_the_past", "It lies before the request.")
    if on not in site.days or half not in open_halves(site.days[on]):
        return RowError(row.line, OPTIONAL, "closed_then", f"{site.code} is closed in that half-day.")
    return None


def too_long(rows: Sequence[Row]) -> list[RowError]:
    """Return the rows that lie more than a year past the first one: a wrong year, most likely."""
    first = min((row.at.date() for row in rows), default=date.max)
    last = first + MOST_SPAN if rows else first
    return [
        RowError(row.line, "at", "over_a_year", f"It is more than a year after the first request, of {first}.")
        for row in rows
        if max(row.at.date(), row.wanted[0] if row.wanted else row.at.date()) > last
    ]


def dates_of(rows: Sequence[Row]) -> tuple[date, date]:
    """Return the first and the last date that a history needs a calendar for: two days' margin, and its wishes."""
    days = [row.at.date() for row in rows] + [row.wanted[0] for row in rows if row.wanted]
    return min(days) - timedelta(days=2), max(days) + timedelta(days=2)
