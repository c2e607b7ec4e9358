"""Import an Excel workbook into the stand-in, as if it had been uploaded and converted."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from importlib import import_module
from pathlib import Path
from typing import Any

from openpyxl.cell.cell import Cell as ExcelCell

from tests.google_stand_in import a1
from tests.google_stand_in.spreadsheet import (
    ErrorType,
    FormatType,
    Role,
    SheetCell,
    SheetError,
    SheetTab,
    Spreadsheet,
    to_cell,
)

OPENPYXL: Any = import_module("openpyxl")  # it has no types

_ERRORS: dict[str, ErrorType] = {
    "#REF!": "REF", "#N/A": "N_A", "#DIV/0!": "DIVIDE_BY_ZERO", "#NAME?": "NAME", "#VALUE!": "VALUE",
    "#NUM!": "NUM", "#NULL!": "NULL_VALUE",
}  # fmt: skip


def import_workbook(path: Path, title: str, share: dict[str, Role]) -> Spreadsheet:
    """Return every tab with its values and number formats; a formula is replaced by its stored result."""
    workbook = OPENPYXL.load_workbook(path, data_only=True)
    tabs = []
    for index, sheet in enumerate(workbook.worksheets):
        tab = SheetTab(str(sheet.title), index, sheet.max_row + 100, max(26, sheet.max_column))
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, ExcelCell) and cell.value is not None:
                    tab.set_cell(cell.row - 1, cell.column - 1, _convert_cell(cell))
        for merged in sheet.merged_cells.ranges:
            tab.merges.append(a1.A1Range(merged.min_row - 1, merged.min_col - 1, merged.max_row, merged.max_col))
        tabs.append(tab)
    workbook.close()
    return Spreadsheet(title, tabs, share)


def _convert_cell(cell: ExcelCell) -> SheetCell:
    value, pattern = cell.value, str(cell.number_format)
    if cell.data_type == "e":
        return SheetCell(SheetError(_ERRORS.get(str(value), "ERROR")))
    if isinstance(value, (datetime, date, time)):
        has_time = re.search(r"[hs]", pattern, re.IGNORECASE)
        has_day = re.search(r"[dy]", pattern, re.IGNORECASE)
        format_type: FormatType = "DATE_TIME" if has_time and has_day else "DATE" if has_day else "TIME"
        return SheetCell(to_cell(value).value, format_type, pattern)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and "%" in pattern:
        return SheetCell(float(value), "PERCENT", pattern)
    return to_cell(value if isinstance(value, (bool, int, float)) else str(value))
