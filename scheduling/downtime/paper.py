"""A center's sheet on paper, in tables with room to write beside each line. Pure: words in, the bytes of a PDF out.

The document's properties name nobody. It is in English, as its readers' screens are. Import this module where a sheet
is written: the library behind it takes longer to load than the rest of the scheduling.
"""

from fpdf import FPDF
from fpdf.fonts import FontFace

from clinic.printing import printable
from scheduling.downtime.sheet import Sheet, Table

_MARGIN_MM = 12
#: Around the words of a cell, above and beside them: a line is high enough to be written on with a pen.
_ROOM_MM = (1.7, 1.5)
#: A heading stands on the page of its table's first lines.
_TOGETHER_MM = 30
#: So many of the widest letters stand on a page in each column that holds what people wrote.
_MOST_LETTERS = 200
_HEAD = FontFace(emphasis="BOLD", fill_color=(225, 225, 225))


class _Paper(FPDF):
    def __init__(self, footer: str) -> None:
        super().__init__(orientation="landscape", format="letter")
        self.words = printable(footer)
        self.set_lang("en")
        self.set_margin(_MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=16)

    def footer(self) -> None:
        """Write on each page of when it is: a page that fell out of the pile says so too."""
        self.set_y(-13)
        self.set_font("helvetica", size=9)
        self.cell(0, 6, f"{self.words}   {self.page_no()}/{{nb}}")


def as_pdf(sheet: Sheet) -> bytes:
    """Return the sheet as a PDF of US letter size, landscape.

    Where a line would be higher than a page, as that of somebody who is reached by a long address, words are cut.
    """
    try:
        return _drawn(sheet)
    except ValueError:
        return _drawn(sheet, most=_MOST_LETTERS)


def _drawn(sheet: Sheet, *, most: int | None = None) -> bytes:
    pdf = _Paper(sheet.footer)
    pdf.add_page()
    _write(pdf, sheet.title, style="B", size=16)
    for line in sheet.lines:
        _write(pdf, line)
    for table in sheet.tables:
        pdf.ln(3)
        if pdf.will_page_break(_TOGETHER_MM):
            pdf.add_page()
        _write(pdf, table.heading, style="B", size=12)
        if table.rows:
            _table(pdf, table, most)
        else:
            _write(pdf, table.empty)
    return bytes(pdf.output())


def _table(pdf: FPDF, table: Table, most: int | None) -> None:
    pdf.set_font("helvetica", size=9)
    with pdf.table(
        width=pdf.epw * table.width,
        align="LEFT",
        col_widths=tuple(width for _, width in table.columns),
        headings_style=_HEAD,
        line_height=4.6,
        text_align="LEFT",
        padding=(0.6, _ROOM_MM[1]) if table.read_only else _ROOM_MM,
    ) as drawn:
        for cells in ([name for name, _ in table.columns], *table.rows):
            row = drawn.row()
            for cell in cells:
                row.cell(printable(cell if most is None or len(cell) <= most else f"{cell[:most]}..."))


def _write(pdf: FPDF, words: str, *, style: str = "", size: int = 10) -> None:
    pdf.set_font("helvetica", style=style, size=size)
    pdf.multi_cell(0, size * 0.5, printable(words), align="L", new_x="LMARGIN", new_y="NEXT")
