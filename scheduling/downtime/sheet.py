"""What stands on a center's sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

#: A cell to be filled in, two lines high.
EMPTY = "\xa0\n\xa0"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the sheet: a heading, its columns with their widths as parts of the whole, and its rows.

    ``empty`` is said in place of a table without rows; ``width`` is the table's part of the page, and what is
    ``read_only`` leaves no room for a pen.
    """

    heading: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[str]]
    empty: str
    width: float = 1.0
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the paper. ``footer`` is on every page: of when it is, and until when it may be trusted."""

    title: str
    lines: Sequence[str]
    tables: Sequence[Table]
    footer: str
