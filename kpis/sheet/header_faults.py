"""Why a tab's header was not found, where the sheet shows the reason: an error, one cell for all, an old font."""

from __future__ import annotations

from collections.abc import Collection

from kpis.errors import SourceError
from kpis.language.normalization import fold_to_alphanumeric
from kpis.language.old_fonts import find_old_font
from kpis.sheet.cells import format_cell_name
from kpis.sheet.model import RawTab


def raise_visible_cause(tab: RawTab, max_row: int, header_row: int, missing: Collection[str]) -> None:
    """Raise SourceError if the rows up to `max_row` show why headers are not found; else do nothing.

    `header_row`: the row in which some headers were found, 0 for none. `missing`: the headers not found.
    """
    rows = [row for row in tab.rows if row.number <= max_row]
    for row in rows:
        is_header = row.number == header_row if header_row else not any(cell.kind == "text" for cell in row.cells)
        for column, cell in enumerate(row.cells):
            if cell.kind == "error" and is_header:
                raise SourceError(
                    "Tab “{tab}”, cell {cell} shows {error} where the header should be. If it is a formula that "
                    "takes rows from another sheet, open the sheet and give consent (Allow access), or "
                    "correct it.",
                    tab=tab.name,
                    cell=format_cell_name(column, row.number),
                    error=cell.text,
                )
    cells = [
        (format_cell_name(column, row.number), cell.text)
        for row in rows
        for column, cell in enumerate(row.cells)
        if cell.kind == "text"
    ]
    for name, text in cells:
        font = find_old_font(text)
        if font:
            raise SourceError(
                "Tab “{tab}”, cell {cell}: “{text}” is written in the old font {font}; convert it to Unicode.",
                tab=tab.name,
                cell=name,
                text=text,
                font=font,
            )
    for name, text in cells:
        key = fold_to_alphanumeric(text)
        if len(missing) > 1 and all(fold_to_alphanumeric(header) in key for header in missing):
            raise SourceError(
                "Tab “{tab}”: cell {cell} holds all headers (“{text}”). Split it into columns; in Excel: Data, "
                "Text to Columns.",
                tab=tab.name,
                cell=name,
                text=text,
            )
