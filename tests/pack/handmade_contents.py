"""Contents of one small page, made by hand: no database and few rows."""

from __future__ import annotations

from collections.abc import Sequence

from kpis.charts.specs import BulletValues
from kpis.pack.pages.contents import Block, Contents, Page, Table, TableCell, TableColumn

BULLET = BulletValues(24, 50, 40.0, None, "behind")


def build_small_contents(*blocks: Block, sample: str = "") -> Contents:
    """Build an edition of one page, titled "Trang", with the blocks given."""
    page = Page("place-x", "place", "Trang", "Kế hoạch", blocks)
    return Contents("vi", "Giao ban", "Ngày", "Hà Nội", "lập", "bản 1", sample, "trang {page}/{pages}", (page,))


def build_table(*rows: Sequence[TableCell | str], columns: Sequence[TableColumn] = (), key: str = "t") -> Table:
    """Build a table; a text in a row becomes a cell. Without columns they are titled A, B and so on."""
    cells = tuple(tuple(TableCell(cell) if isinstance(cell, str) else cell for cell in row) for row in rows)
    letters = "ABCDEFGH"[: len(cells[0]) if cells else 1]
    return Table(key, "Bảng", tuple(columns) or tuple(map(TableColumn, letters)), cells)
