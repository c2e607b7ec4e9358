"""Requests of spreadsheets.batchUpdate, as plain dictionaries; rows and columns count from 0.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kpis.sheet.cells import format_column_letters
from kpis.sources.google.client import Json

TYPEFACE = "Be Vietnam Pro"
HEADER_FORMAT: Json = {
    "backgroundColorStyle": {"rgbColor": {"red": 0.122, "green": 0.227, "blue": 0.373}},
    "textFormat": {
        "bold": True,
        "fontFamily": TYPEFACE,
        "foregroundColorStyle": {"rgbColor": {"red": 1, "green": 1, "blue": 1}},
    },
    "verticalAlignment": "MIDDLE",
    "wrapStrategy": "WRAP",
}
BOLD_FORMAT: Json = {"textFormat": {"bold": True, "fontFamily": TYPEFACE}}
DATE_FORMAT: Json = {"numberFormat": {"type": "DATE", "pattern": "dd/mm/yyyy"}}
NUMBER_FORMAT: Json = {"numberFormat": {"type": "NUMBER", "pattern": "#,##0"}}
WRAPPED_FORMAT: Json = {
    "wrapStrategy": "WRAP",
    "verticalAlignment": "TOP",
    "textFormat": {"fontFamily": TYPEFACE},
}


def set_spreadsheet_properties(**properties: str) -> Json:
    """Set properties of the whole file, such as locale and timeZone."""
    return {"updateSpreadsheetProperties": {"properties": properties, "fields": ",".join(properties)}}


def add_sheet(
    sheet_id: int, title: str, rows: int, columns: int, *, frozen_rows: int = 0, is_hidden: bool = False
) -> Json:
    """A new tab, at the end unless it is given an index."""
    grid: Json = {"rowCount": rows, "columnCount": columns}
    if frozen_rows:
        grid["frozenRowCount"] = frozen_rows
    properties: Json = {"sheetId": sheet_id, "title": title, "gridProperties": grid}
    if is_hidden:
        properties["hidden"] = True
    return {"addSheet": {"properties": properties}}


def rename_tab(sheet_id: int, title: str) -> Json:
    """Another title for a tab."""
    return {"updateSheetProperties": {"properties": {"sheetId": sheet_id, "title": title}, "fields": "title"}}


def freeze_rows(sheet_id: int, rows: int) -> Json:
    """Keep the first rows in sight."""
    properties = {"sheetId": sheet_id, "gridProperties": {"frozenRowCount": rows}}
    return {"updateSheetProperties": {"properties": properties, "fields": "gridProperties.frozenRowCount"}}


def append_dimension(sheet_id: int, dimension: str, length: int) -> Json:
    """More ROWS or COLUMNS at the end."""
    return {"appendDimension": {"sheetId": sheet_id, "dimension": dimension, "length": length}}


def write_cells(sheet_id: int, row: int, column: int, rows: Sequence[Sequence[Json]], fields: str) -> Json:
    """CellData into the cells from one on; only the parts named in `fields` change."""
    return {
        "updateCells": {
            "start": {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column},
            "rows": [{"values": list(cells)} for cells in rows],
            "fields": fields,
        }
    }


def build_text_cell(value: str, cell_format: Mapping[str, object] | None = None, note: str = "") -> Json:
    """CellData of a text, never a formula; "" empties the cell."""
    cell: Json = {"userEnteredValue": {"stringValue": value}} if value else {}
    if cell_format:
        cell["userEnteredFormat"] = dict(cell_format)
    if note:
        cell["note"] = note
    return cell


def format_columns(
    sheet_id: int, row: int, columns: tuple[int, int], cell_format: Mapping[str, object]
) -> Json:
    """One look for whole columns from a row down; what stands in the cells stays."""
    return {
        "repeatCell": {
            "range": build_grid_range(sheet_id, row, columns),
            "cell": {"userEnteredFormat": dict(cell_format)},
            "fields": f"userEnteredFormat({','.join(cell_format)})",
        }
    }


def set_column_width(sheet_id: int, column: int, characters: int) -> Json:
    """How wide a column is."""
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    size = {"pixelSize": characters * 7 + 5}
    return {"updateDimensionProperties": {"range": span, "properties": size, "fields": "pixelSize"}}


def set_validation(sheet_id: int, row: int, column: int, rule: Json) -> Json:
    """A rule for a column from a row down."""
    return {
        "setDataValidation": {"range": build_grid_range(sheet_id, row, (column, column + 1)), "rule": rule}
    }


def protect_column(sheet_id: int, row: int, column: int, account: str, description: str) -> Json:
    """Only `account` (and the file's owner) may type in a column from a row down."""
    return {
        "addProtectedRange": {
            "protectedRange": {
                "range": build_grid_range(sheet_id, row, (column, column + 1)),
                "description": description,
                "warningOnly": False,
                "editors": {"users": [account]},
            }
        }
    }


def build_grid_range(sheet_id: int, row: int, columns: tuple[int, int]) -> Json:
    """The GridRange of some columns from a row to the last."""
    return {
        "sheetId": sheet_id, "startRowIndex": row,
        "startColumnIndex": columns[0], "endColumnIndex": columns[1],
    }  # fmt: skip


def build_list_rule(tab: str, column: int, items: int, message: str, *, strict: bool) -> Json:
    """A drop-down of the items below the first row of a column; not `strict` only warns."""
    letter = format_column_letters(column)
    values = [f"='{tab}'!${letter}$2:${letter}${items + 1}"]
    return _build_rule("ONE_OF_RANGE", values, message, strict=strict) | {"showCustomUi": True}


def build_date_rule(first: date, last: date | None, message: str) -> Json:
    """A day of the plan. Days are written year first, which Google reads alike in every locale."""
    if last is None:
        return _build_rule("DATE_ON_OR_AFTER", [first.isoformat()], message, strict=True)
    return _build_rule("DATE_BETWEEN", [first.isoformat(), last.isoformat()], message, strict=True)


def build_integer_rule(row: int, column: int, message: str, *, strict: bool) -> Json:
    """A whole number, 0 or more. The formula has no separator in it, since those differ by locale."""
    cell = f"{format_column_letters(column)}{row + 1}"
    return _build_rule("CUSTOM_FORMULA", [f"=({cell}>=0)*(INT({cell})={cell})"], message, strict=strict)


def _build_rule(kind: str, values: Sequence[str], message: str, *, strict: bool) -> Json:
    entered = [{"userEnteredValue": value} for value in values]
    return {"condition": {"type": kind, "values": entered}, "inputMessage": message, "strict": strict}
