"""Tables on slides: the header and some rows as table cells, with bullet charts as images on top."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.charts import palette
from kpis.pack.pages.bullet_images import HEIGHT, WIDTH
from kpis.pack.pages.contents import Table, TableCell, TableColumn
from kpis.pack.pptx import slide_xml
from kpis.pack.pptx.deck import BODY_WIDTH, MARGIN, Deck
from kpis.pack.pptx.slide_sizes import SUBTEXT_SCALE, compute_column_widths, measure_row_height
from kpis.pack.pptx.slide_xml import Slide, TextRun, build_paragraph

_CELL_PADDING, _DENSE_PADDING = 3.5, 2.0
"""Points around a cell's text."""

# Text cannot contain the signs drawn on the PDF's pages: each state has a character of a similar shape.
STATE_SIGNS = {
    "overdue": "■", "behind": "▼", "no_data": "○", "at_risk": "▲", "on_track": "▶", "attained_late": "☑",
    "attained": "✔", "not_started": "…", "not_applicable": "–", "carried": "≡", "silent": "○", "paused": "‖",
    "in_progress": "▶", "ongoing": "↻", "done": "✔", "done_late": "☑",
}  # fmt: skip

CELL_FONT_SIZE = 14.0
"""Points of a cell's text, readable from the back of a room; a header has the size of a second line."""


DENSE_FONT_SIZE = 11.0
"""Points of a cell's text where a page must hold the table."""


def get_font_size(table: Table) -> float:
    """Return the size of a table's letters in points."""
    return DENSE_FONT_SIZE if table.is_dense else CELL_FONT_SIZE


def get_padding(table: Table) -> float:
    """Return the points around the text of a table's cells."""
    return _DENSE_PADDING if table.is_dense else _CELL_PADDING


def add_sign(text: str, state: str | None) -> str:
    """Put a state's sign before a text; without a state the text is unchanged."""
    return f"{STATE_SIGNS[state]} {text}" if state else text


def measure_row_heights(table: Table, rows: Sequence[Sequence[TableCell]], size: float) -> list[float]:
    """Return the height of each row in points."""
    widths = compute_column_widths(table.columns, BODY_WIDTH)
    return [measure_row_height(row, widths, size, get_padding(table)) for row in rows]


def measure_header_height(table: Table, size: float) -> float:
    """Return the height of the header in points."""
    widths = compute_column_widths(table.columns, BODY_WIDTH)
    return measure_row_height(_build_header(table), widths, size * SUBTEXT_SCALE, get_padding(table), bold=True)


def _build_header(table: Table) -> tuple[TableCell, ...]:
    return tuple(TableCell(column.title) for column in table.columns)


def add_table(
    deck: Deck,
    slide: Slide,
    table: Table,
    rows: Sequence[Sequence[TableCell]],
    row_heights: Sequence[float],
    top: float,
    size: float,
) -> float:
    """Add the header and some rows of a table at `top`; return the position of their lower edge in points."""
    rows = [_build_header(table), *rows]
    row_heights = [measure_header_height(table, size), *row_heights]
    widths = compute_column_widths(table.columns, BODY_WIDTH)
    cells = (  # built where the slide takes them
        [
            _build_cell(cell, column, size, get_padding(table), is_header=number == 0)
            for cell, column in zip(row, table.columns, strict=True)
        ]
        for number, row in enumerate(rows)
    )
    box = (MARGIN, top, BODY_WIDTH, sum(row_heights))
    slide.add_table(box, table.key, widths, zip(row_heights, cells, strict=True))
    for row, row_height in zip(rows, row_heights, strict=True):
        left = MARGIN
        for cell, column_width in zip(row, widths, strict=True):
            if cell.bullet:
                width = column_width - 4 * _CELL_PADDING
                height = width * HEIGHT / WIDTH
                box = (left + 2 * _CELL_PADDING, top + (row_height - height) / 2, width, height)
                slide.add_picture(box, deck.get_image(cell.bullet), format_row(table, row))
            left += column_width
        top += row_height
    return top


def _build_cell(cell: TableCell, column: TableColumn, size: float, padding: float, *, is_header: bool) -> str:
    is_number = column.kind == "number"
    size = size * SUBTEXT_SCALE if is_header else size
    paragraphs = _build_paragraphs(cell, size, is_header or is_number, "r" if is_number else "")
    if is_header:
        return slide_xml.build_cell(paragraphs, padding, palette.INK.light, palette.RAISED_SURFACE.light)
    return slide_xml.build_cell(paragraphs, padding, palette.LINE.light)


def _build_paragraphs(cell: TableCell, size: float, bold: bool, align: str) -> str:
    ink = palette.get_style(cell.state).colour.light if cell.state else palette.INK.light
    text = add_sign(cell.text, cell.state) if cell.text else ""
    paragraphs = build_paragraph(TextRun(text, size, ink, bold or cell.state is not None), align=align)
    if cell.subtext:
        run = TextRun(cell.subtext, size * SUBTEXT_SCALE, palette.MUTED.light)
        paragraphs += build_paragraph(run, align=align)
    return paragraphs + "".join(_build_paragraphs(more, size, bold, align) for more in cell.more_cells)


def format_row(table: Table, row: Sequence[TableCell]) -> str:
    """Return a row as one line of text: "Chỉ tiêu: …; Đã làm: …"."""
    parts = []
    for column, cell in zip(table.columns, row, strict=True):
        text = _format_cell(cell)
        if text:
            parts.append(f"{column.title}: {text}" if column.title else text)
    return "; ".join(parts)


def _format_cell(cell: TableCell) -> str:
    text = f"{cell.text} ({cell.subtext})" if cell.text and cell.subtext else cell.text or cell.subtext
    return ", ".join([text, *map(_format_cell, cell.more_cells)])
