"""A table on slides: real cells, split over slides with its header repeated, charts as pictures on it."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.charts import palette
from kpis.pack.pages.bullet_images import HEIGHT, WIDTH
from kpis.pack.pages.contents import Cell, Column, Table
from kpis.pack.pptx import slide_xml
from kpis.pack.pptx.deck import INNER, MARGIN, Deck
from kpis.pack.pptx.slide_sizes import SMALLER, column_widths, row_height
from kpis.pack.pptx.slide_xml import Run, Slide, paragraph

PAD = 3.5
"""Points around a cell's text."""

# A text cannot hold the pictures of the other pages: for each of them a sign of like outline.
SIGNS = {
    "overdue": "■", "behind": "▼", "no_data": "○", "at_risk": "▲", "on_track": "▶", "attained_late": "☑",
    "attained": "✔", "not_started": "…", "not_applicable": "–", "silent": "○", "paused": "‖",
    "in_progress": "▶", "ongoing": "↻", "done": "✔", "done_late": "☑",
}  # fmt: skip


SIZE = 14.0
"""Points of a cell's text: to be read from the back of a room. A header has those of a second line."""


def header(table: Table) -> tuple[Cell, ...]:
    """The header as a row of cells."""
    return tuple(Cell(column.title) for column in table.columns)


def heights(table: Table, rows: Sequence[Sequence[Cell]], size: float) -> list[float]:
    """The points of each row."""
    widths = column_widths(table.columns, INNER)
    return [row_height(row, widths, size, PAD) for row in rows]


def head_height(table: Table, size: float) -> float:
    """The points of the header."""
    widths = column_widths(table.columns, INNER)
    return row_height(header(table), widths, size * SMALLER, PAD, heavy=True)


def add(
    deck: Deck,
    slide: Slide,
    table: Table,
    rows: Sequence[Sequence[Cell]],
    highs: Sequence[float],
    top: float,
    size: float,
) -> float:
    """The header and some rows, `highs` points each, at `top`; gives where they end."""
    whole = [header(table), *rows]
    highs = [head_height(table, size), *highs]
    widths = column_widths(table.columns, INNER)
    cells = [
        [
            _cell(cell, column, size, heading=number == 0)
            for cell, column in zip(row, table.columns, strict=True)
        ]
        for number, row in enumerate(whole)
    ]
    box = (MARGIN, top, INNER, sum(highs))
    slide.table(box, table.key, widths, zip(highs, cells, strict=True))
    for row, high in zip(whole, highs, strict=True):
        left = MARGIN
        for cell, width in zip(row, widths, strict=True):
            if cell.bullet:
                wide = width - 4 * PAD
                tall = wide * HEIGHT / WIDTH
                place = (left + 2 * PAD, top + (high - tall) / 2, wide, tall)
                slide.picture(place, deck.image(cell.bullet), said(table, row))
            left += width
        top += high
    return top


def _cell(cell: Cell, column: Column, size: float, *, heading: bool) -> str:
    right = column.kind == "number"
    size = size * SMALLER if heading else size
    texts = _texts(cell, size, heading or right, "r" if right else "")
    if heading:
        return slide_xml.cell(texts, PAD, palette.INK.light, palette.RAISED.light)
    return slide_xml.cell(texts, PAD, palette.LINE.light)


def _texts(cell: Cell, size: float, bold: bool, align: str) -> str:
    ink = palette.look(cell.state).colour.light if cell.state else palette.INK.light
    text = f"{SIGNS[cell.state]} {cell.text}" if cell.state and cell.text else cell.text
    made = paragraph(Run(text, size, ink, bold or cell.state is not None), align=align)
    if cell.small:
        made += paragraph(Run(cell.small, size * SMALLER, palette.QUIET.light), align=align)
    return made + "".join(_texts(more, size, bold, align) for more in cell.more)


def said(table: Table, row: Sequence[Cell]) -> str:
    """A row in one line of text: "Chỉ tiêu: …; Đã làm: …"."""
    parts = []
    for column, cell in zip(table.columns, row, strict=True):
        text = _said(cell)
        if text:
            parts.append(f"{column.title}: {text}" if column.title else text)
    return "; ".join(parts)


def _said(cell: Cell) -> str:
    own = f"{cell.text} ({cell.small})" if cell.text and cell.small else cell.text or cell.small
    return ", ".join([own, *(_said(more) for more in cell.more)]) if cell.more else own
