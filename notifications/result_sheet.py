"""A result on one sheet of paper, for the patient's own physician. Pure: words in, the bytes of a PDF out.

The document's properties name nothing: neither patient nor result. The built-in fonts hold Western letters; another
letter is printed without its marks, so that a name stays readable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from clinic.printing import printable

if TYPE_CHECKING:
    from fpdf import FPDF

#: Lines as high as their letters and half as much again, so that a whole plan stays on one page.
_MARGIN_MM, _LINE_MM_A_POINT = 20, 0.52


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the paper, in the patient's language: a title, facts by their names, and paragraphs by heading.

    Where ``written_at`` is given the document is of that instant, and the same sheet is the same bytes.
    """

    title: str
    language: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[tuple[str, Sequence[str]]]
    footer: str
    written_at: datetime | None = None


def as_pdf(sheet: Sheet) -> bytes:
    """Return the sheet as a PDF of US letter size."""
    # It takes longer to load than all of Django, and most processes never print.
    from fpdf import FPDF  # noqa: PLC0415

    pdf = FPDF(format="letter")
    pdf.set_lang(sheet.language)
    if sheet.written_at is not None:
        pdf.set_creation_date(sheet.written_at)
    pdf.set_margin(_MARGIN_MM)
    pdf.add_page()
    _write(pdf, sheet.title, style="B", size=18)
    pdf.ln(2)
    for name, value in sheet.facts:
        _write(pdf, f"{name}: {value}")
    for heading, paragraphs in sheet.sections:
        pdf.ln(4)
        _write(pdf, heading, style="B", size=13)
        for paragraph in paragraphs:
            _write(pdf, paragraph)
    pdf.ln(8)
    _write(pdf, sheet.footer, size=9)
    return bytes(pdf.output())


def _write(pdf: "FPDF", words: str, *, style: str = "", size: int = 11) -> None:
    pdf.set_font("helvetica", style=style, size=size)
    pdf.multi_cell(0, size * _LINE_MM_A_POINT, printable(words), align="L", new_x="LMARGIN", new_y="NEXT")
