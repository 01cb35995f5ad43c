"""A centers file (CSV) becomes rows or errors: read whole, so that nothing of a faulty file is ever loaded."""

import csv
import dataclasses
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from clinic.seeding import cells
from clinic.seeding.cells import CellError, Hours

NETWORK = Path(__file__).with_name("centers.csv")
"""The network that a new installation is seeded with."""


@dataclass(frozen=True)
class CenterRow:
    """One center as its file names it; hours are local to its zone, and None means closed. ``line`` is where it is."""

    code: str
    name: str
    short_name: str
    street: str
    city: str
    state: str
    zip: str
    zone: str
    latitude: float
    longitude: float
    phone: str
    weekday_hours: Hours | None
    saturday_hours: Hours | None
    sunday_hours: Hours | None
    arm_scans: bool
    iliac_doppler: bool
    scan_rooms: int
    sonographers: int
    wheelchair: bool
    standing_protocol: bool | None = None
    line: int = dataclasses.field(default=0, compare=False)

    def hours_on(self, weekday: int) -> Hours | None:
        """Return the hours of a weekday, 0 being Monday as in ``date.weekday()``; None where closed."""
        return {5: self.saturday_hours, 6: self.sunday_hours}.get(weekday, self.weekday_hours)


@dataclass(frozen=True)
class RowError:
    """What is wrong in the file: ``line`` counts from 1 (the header); ``field`` is empty for a whole line or file."""

    line: int
    field: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}{', ' if self.field else ''}{self.field}: {self.message} ({self.rule})"


RULES: dict[str, Callable[[str], Any]] = {
    "code": cells.code,
    "name": cells.words(80),
    "short_name": cells.short_name,
    "street": cells.words(120),
    "city": cells.words(80),
    "state": cells.state,
    "zip": cells.zip_code,
    "zone": cells.zone,
    "latitude": cells.degrees(90),
    "longitude": cells.degrees(180),
    "phone": cells.phone,
    "weekday_hours": cells.hours,
    "saturday_hours": cells.hours,
    "sunday_hours": cells.hours,
    "arm_scans": cells.yes_or_no,
    "iliac_doppler": cells.yes_or_no,
    "scan_rooms": cells.count(20),
    "sonographers": cells.count(100),
    "wheelchair": cells.yes_or_no,
}
"""The columns, all of them required, in any order, and what each may hold."""

OPTIONAL: dict[str, Callable[[str], Any]] = {"standing_protocol": cells.yes_or_no}
"""Columns that a file may leave out: then a center keeps what it has."""

UNIQUE = ("code", "phone")


def read_centers(file: BinaryIO) -> tuple[list[CenterRow], list[RowError]]:
    """Read a centers file: UTF-8, with or without a byte order mark, comma-separated, with a header line.

    Returns the good rows and every error, in the order of the file; a caller loads rows only where there is no error.
    Raises nothing but what reading ``file`` itself raises.
    """
    raw = file.read()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return [], [
            RowError(
                line,
                "",
                "not_utf8",
                'Save the file as "CSV UTF-8": its letters can\'t be read.',
            )
        ]
    rows: list[CenterRow] = []
    errors: list[RowError] = []
    try:
        _read_lines(_lines(text), rows, errors)
    except _Unreadable as error:
        errors.append(RowError(error.line, "", "not_csv", "This is not CSV: check its quotation marks."))
    return rows, errors


class _Unreadable(Exception):
    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each filled line's number, where it begins, and its cells, stripped."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            found = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise _Unreadable(line) from error
        # Spreadsheets leave lines of nothing but commas behind.
        if any(found):
            yield line, found


def _read_lines(
    lines: Iterator[tuple[int, list[str]]],
    rows: list[CenterRow],
    errors: list[RowError],
) -> None:
    header_line, header = next(lines, (1, []))
    if not header:
        errors.append(RowError(1, "", "file_empty", "The file is empty."))
        return
    columns = [name.lower() for name in header]
    errors.extend(_header_errors(header_line, columns))
    if errors:
        return
    seen: dict[tuple[str, str], int] = {}
    for line, found in lines:
        if len(found) != len(columns):
            message = f"This line has {len(found)} cells; the header has {len(columns)}."
            errors.append(RowError(line, "", "cell_count", message))
            continue
        row, wrong = _read_row(line, dict(zip(columns, found, strict=True)), seen)
        errors.extend(wrong)
        if row:
            rows.append(row)
    if not rows and not errors:
        errors.append(RowError(header_line, "", "no_rows", "The file has a header and no centers."))


def _header_errors(line: int, columns: list[str]) -> Iterator[RowError]:
    for name in RULES:
        if name not in columns:
            yield RowError(line, name, "column_missing", "The header lacks this column.")
    for place, name in enumerate(columns, start=1):
        if name not in RULES and name not in OPTIONAL:
            yield RowError(
                line,
                name[:40],
                "column_unknown",
                f"Column {place} is not one that we know.",
            )
        elif name in columns[: place - 1]:
            yield RowError(line, name, "column_twice", "The header names this column twice.")


def _read_row(
    line: int, found: dict[str, str], seen: dict[tuple[str, str], int]
) -> tuple[CenterRow | None, list[RowError]]:
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    given = RULES | {field: rule for field, rule in OPTIONAL.items() if field in found}
    for field, rule in given.items():
        try:
            values[field] = rule(found[field])
        except CellError as error:
            errors.append(RowError(line, field, error.rule, error.message))
    for field in UNIQUE:
        first = seen.setdefault((field, values[field]), line) if field in values else line
        if first != line:
            errors.append(RowError(line, field, "duplicate", f"Line {first} has the same."))
    if not any(found[field] for field in ("weekday_hours", "saturday_hours", "sunday_hours")):
        errors.append(
            RowError(
                line,
                "weekday_hours",
                "never_open",
                "Give hours for at least one kind of day.",
            )
        )
    return (None, errors) if errors else (CenterRow(**values, line=line), [])
