"""What stands on a center's sheet."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the sheet: a heading, its columns with their widths as parts of the whole, and its rows.

    ``empty`` is said in place of a table without rows.
    """

    heading: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[str]]
    empty: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the paper. ``footer`` is on every page: of when it is, and until when it may be trusted."""

    title: str
    lines: Sequence[str]
    tables: Sequence[Table]
    footer: str
