"""A table on slides: real cells, split over slides with its header repeated, charts as pictures on it."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.charts import palette
from kpis.pack.pages.bullet_images import HEIGHT, WIDTH
from kpis.pack.pages.contents import Table, TableCell, TableColumn
from kpis.pack.pptx import slide_xml
from kpis.pack.pptx.deck import BODY_WIDTH, MARGIN, Deck
from kpis.pack.pptx.slide_sizes import SUBTEXT_SCALE, compute_column_widths, measure_row_height
from kpis.pack.pptx.slide_xml import Slide, TextRun, build_paragraph

CELL_PADDING = 3.5
"""Points around a cell's text."""

# A text cannot hold the pictures of the other pages: for each of them a sign of like outline.
STATE_SIGNS = {
    "overdue": "■", "behind": "▼", "no_data": "○", "at_risk": "▲", "on_track": "▶", "attained_late": "☑",
    "attained": "✔", "not_started": "…", "not_applicable": "–", "silent": "○", "paused": "‖",
    "in_progress": "▶", "ongoing": "↻", "done": "✔", "done_late": "☑",
}  # fmt: skip


CELL_FONT_SIZE = 14.0
"""Points of a cell's text: to be read from the back of a room. A header has those of a second line."""


def build_header(table: Table) -> tuple[TableCell, ...]:
    """The header as a row of cells."""
    return tuple(TableCell(column.title) for column in table.columns)


def measure_row_heights(table: Table, rows: Sequence[Sequence[TableCell]], size: float) -> list[float]:
    """The points of each row."""
    widths = compute_column_widths(table.columns, BODY_WIDTH)
    return [measure_row_height(row, widths, size, CELL_PADDING) for row in rows]


def measure_header_height(table: Table, size: float) -> float:
    """The points of the header."""
    widths = compute_column_widths(table.columns, BODY_WIDTH)
    return measure_row_height(build_header(table), widths, size * SUBTEXT_SCALE, CELL_PADDING, bold=True)


def add_table(
    deck: Deck,
    slide: Slide,
    table: Table,
    rows: Sequence[Sequence[TableCell]],
    row_heights: Sequence[float],
    top: float,
    size: float,
) -> float:
    """The header and some rows, `highs` points each, at `top`; gives where they end."""
    whole = [build_header(table), *rows]
    row_heights = [measure_header_height(table, size), *row_heights]
    widths = compute_column_widths(table.columns, BODY_WIDTH)
    cells = [
        [
            _build_cell(cell, column, size, is_header=number == 0)
            for cell, column in zip(row, table.columns, strict=True)
        ]
        for number, row in enumerate(whole)
    ]
    box = (MARGIN, top, BODY_WIDTH, sum(row_heights))
    slide.add_table(box, table.key, widths, zip(row_heights, cells, strict=True))
    for row, high in zip(whole, row_heights, strict=True):
        left = MARGIN
        for cell, width in zip(row, widths, strict=True):
            if cell.bullet:
                wide = width - 4 * CELL_PADDING
                tall = wide * HEIGHT / WIDTH
                place = (left + 2 * CELL_PADDING, top + (high - tall) / 2, wide, tall)
                slide.add_picture(place, deck.get_image(cell.bullet), format_row(table, row))
            left += width
        top += high
    return top


def _build_cell(cell: TableCell, column: TableColumn, size: float, *, is_header: bool) -> str:
    right = column.kind == "number"
    size = size * SUBTEXT_SCALE if is_header else size
    texts = _build_paragraphs(cell, size, is_header or right, "r" if right else "")
    if is_header:
        return slide_xml.build_cell(texts, CELL_PADDING, palette.INK.light, palette.RAISED_SURFACE.light)
    return slide_xml.build_cell(texts, CELL_PADDING, palette.LINE.light)


def _build_paragraphs(cell: TableCell, size: float, bold: bool, align: str) -> str:
    ink = palette.get_style(cell.state).colour.light if cell.state else palette.INK.light
    text = f"{STATE_SIGNS[cell.state]} {cell.text}" if cell.state and cell.text else cell.text
    made = build_paragraph(TextRun(text, size, ink, bold or cell.state is not None), align=align)
    if cell.subtext:
        made += build_paragraph(TextRun(cell.subtext, size * SUBTEXT_SCALE, palette.MUTED.light), align=align)
    return made + "".join(_build_paragraphs(more, size, bold, align) for more in cell.more_cells)


def format_row(table: Table, row: Sequence[TableCell]) -> str:
    """A row in one line of text: "Chỉ tiêu: …; Đã làm: …"."""
    parts = []
    for column, cell in zip(table.columns, row, strict=True):
        text = _format_cell(cell)
        if text:
            parts.append(f"{column.title}: {text}" if column.title else text)
    return "; ".join(parts)


def _format_cell(cell: TableCell) -> str:
    own = f"{cell.text} ({cell.subtext})" if cell.text and cell.subtext else cell.text or cell.subtext
    return ", ".join([own, *(_format_cell(more) for more in cell.more_cells)]) if cell.more_cells else own
