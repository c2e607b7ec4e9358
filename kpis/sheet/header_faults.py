"""Why a tab's header was not found, where the sheet itself shows the reason: an error, or an old font."""

from __future__ import annotations

from kpis.errors import SourceError
from kpis.language.old_fonts import find_old_font
from kpis.sheet.cells import format_cell_name
from kpis.sheet.model import RawTab


def raise_visible_cause(tab: RawTab, max_row: int) -> None:
    """Raise SourceError if the rows up to `max_row` show why the header is not found; else do nothing."""
    cells = [
        (format_cell_name(column, row.number), cell)
        for row in tab.rows
        if row.number <= max_row
        for column, cell in enumerate(row.cells)
    ]
    for name, cell in cells:
        if cell.kind == "error" and not any(other.kind == "text" for _, other in cells if other is not cell):
            raise SourceError(
                "Tab “{tab}”, cell {cell} shows {error} where the header should be. If it is a formula that "
                "takes rows from another sheet, open the sheet and give consent (Allow access), or "
                "correct it.",
                tab=tab.name,
                cell=name,
                error=cell.text,
            )
    for name, cell in cells:
        font = find_old_font(cell.text) if cell.kind == "text" else None
        if font:
            raise SourceError(
                "Tab “{tab}”, cell {cell}: “{text}” is written in the old font {font}; convert it to Unicode.",
                tab=tab.name,
                cell=name,
                text=cell.text,
                font=font,
            )
