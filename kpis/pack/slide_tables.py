"""A table on slides: real cells, split over slides with its header repeated, charts as pictures on it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from lxml import etree
from pptx.oxml.ns import qn
from pptx.util import Pt

from kpis.charts import fonts, palette
from kpis.language.messages import Language
from kpis.pack.contents import Cell, Column, Table
from kpis.pack.deck import INNER, MARGIN
from kpis.pack.pictures import HEIGHT, WIDTH, bullet_png
from kpis.pack.slide_sizes import SMALLER, column_widths, row_height

PAD = 3.5
"""Points around a cell's text."""
_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's "No Style, No Grid"

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
    slide: Any, table: Table, rows: Sequence[Sequence[Cell]], top: float, size: float, lang: Language
) -> float:
    """The header and some rows at `top`; gives where they end."""
    whole = [header(table), *rows]
    highs = [head_height(table, size), *heights(table, rows, size)]
    widths = column_widths(table.columns, INNER)
    frame = slide.shapes.add_table(
        len(whole), len(table.columns), Pt(MARGIN), Pt(top), Pt(INNER), Pt(sum(highs))
    )
    frame.name = table.key
    made = frame.table
    made._tbl.tblPr.find(qn("a:tableStyleId")).text = _PLAIN
    made.horz_banding = False
    for column, width in zip(made._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.set("w", str(Pt(width)))
    at_top = top
    for number, (line, row, high) in enumerate(zip(made._tbl.tr_lst, whole, highs, strict=True)):
        line.set("h", str(Pt(high)))
        left = MARGIN
        for at, (place, cell, column) in enumerate(zip(line.tc_lst, row, table.columns, strict=True)):
            _fill(place, cell, column, size, heading=number == 0)
            if cell.bullet:
                _picture(slide, cell, said(table, row), (left, at_top, widths[at], high), lang)
            left += widths[at]
        at_top += high
    return at_top


def _fill(made: Any, cell: Cell, column: Column, size: float, *, heading: bool) -> None:
    """Its texts, margins, ground and line below, written as XML: python-pptx takes ten times as long."""
    body = made.get_or_add_txBody()
    for paragraph in body.findall(qn("a:p")):
        body.remove(paragraph)
    size = size * SMALLER if heading else size
    _cell_texts(body, cell, size, heading or column.kind == "number", right=column.kind == "number")
    pad = str(Pt(PAD))
    properties = made.get_or_add_tcPr()
    for name in ("marL", "marR", "marT", "marB"):
        properties.set(name, pad)
    # Lines stand before the ground (ECMA-376 §21.1.3.17).
    line = etree.SubElement(properties, qn("a:lnB"), {"w": "6350"})
    _solid(line, palette.INK.light if heading else palette.LINE.light)
    if heading:
        _solid(properties, palette.RAISED.light)


def _cell_texts(body: Any, cell: Cell, size: float, bold: bool, *, right: bool) -> None:
    ink = palette.look(cell.state).colour.light if cell.state else palette.INK.light
    said = f"{SIGNS[cell.state]} {cell.text}" if cell.state and cell.text else cell.text
    _paragraph(body, said, size, ink, bold=bold or cell.state is not None, right=right)
    if cell.small:
        _paragraph(body, cell.small, size * SMALLER, palette.QUIET.light, bold=False, right=right)
    for more in cell.more:
        _cell_texts(body, more, size, bold, right=right)


def _paragraph(body: Any, text: str, size: float, ink: str, *, bold: bool, right: bool) -> None:
    paragraph = etree.SubElement(body, qn("a:p"))
    if right:
        etree.SubElement(paragraph, qn("a:pPr"), {"algn": "r"})
    if not text:
        # An empty run is as high as LibreOffice's own 18 points, whatever its size says.
        etree.SubElement(paragraph, qn("a:endParaRPr"), {"sz": str(round(size * 100))})
        return
    run = etree.SubElement(paragraph, qn("a:r"))
    look = etree.SubElement(run, qn("a:rPr"), {"sz": str(round(size * 100)), "b": str(int(bold))})
    _solid(look, ink)
    etree.SubElement(look, qn("a:latin"), {"typeface": fonts.FAMILY})
    etree.SubElement(run, qn("a:t")).text = text


def _solid(parent: Any, ink: str) -> None:
    solid = etree.SubElement(parent, qn("a:solidFill"))
    etree.SubElement(solid, qn("a:srgbClr"), {"val": ink.removeprefix("#").upper()})


def _picture(
    slide: Any, cell: Cell, alt: str, box: tuple[float, float, float, float], lang: Language
) -> None:
    if cell.bullet is None:
        return
    left, top, width, high = box
    wide = width - 4 * PAD
    tall = wide * HEIGHT / WIDTH
    drawn = BytesIO(bullet_png(cell.bullet, lang))
    shape = slide.shapes.add_picture(
        drawn, Pt(left + 2 * PAD), Pt(top + (high - tall) / 2), Pt(wide), Pt(tall)
    )
    shape._element.nvPicPr.cNvPr.set("descr", alt)


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
