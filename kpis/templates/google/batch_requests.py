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
    """Set properties of the file, such as locale and timeZone."""
    return {"updateSpreadsheetProperties": {"properties": properties, "fields": ",".join(properties)}}


def add_sheet(
    sheet_id: int, title: str, rows: int, columns: int, *, frozen_rows: int = 0, is_hidden: bool = False
) -> Json:
    """Add a tab, at the end unless an index is set later."""
    grid: Json = {"rowCount": rows, "columnCount": columns}
    if frozen_rows:
        grid["frozenRowCount"] = frozen_rows
    properties: Json = {"sheetId": sheet_id, "title": title, "gridProperties": grid}
    if is_hidden:
        properties["hidden"] = True
    return {"addSheet": {"properties": properties}}


def rename_tab(sheet_id: int, title: str) -> Json:
    """Rename a tab."""
    return {"updateSheetProperties": {"properties": {"sheetId": sheet_id, "title": title}, "fields": "title"}}


def freeze_rows(sheet_id: int, rows: int) -> Json:
    """Freeze the first rows."""
    properties = {"sheetId": sheet_id, "gridProperties": {"frozenRowCount": rows}}
    return {"updateSheetProperties": {"properties": properties, "fields": "gridProperties.frozenRowCount"}}


def append_dimension(sheet_id: int, dimension: str, length: int) -> Json:
    """Append ROWS or COLUMNS at the end of a tab."""
    return {"appendDimension": {"sheetId": sheet_id, "dimension": dimension, "length": length}}


def write_cells(sheet_id: int, row: int, column: int, rows: Sequence[Sequence[Json]], fields: str) -> Json:
    """Write CellData from one cell on; only the parts named in `fields` change."""
    return {
        "updateCells": {
            "start": {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column},
            "rows": [{"values": list(cells)} for cells in rows],
            "fields": fields,
        }
    }


def build_text_cell(value: str, cell_format: Mapping[str, object] | None = None, note: str = "") -> Json:
    """Return the CellData of a text, never a formula; "" empties the cell."""
    cell: Json = {"userEnteredValue": {"stringValue": value}} if value else {}
    if cell_format:
        cell["userEnteredFormat"] = dict(cell_format)
    if note:
        cell["note"] = note
    return cell


def format_columns(sheet_id: int, row: int, columns: tuple[int, int], cell_format: Mapping[str, object]) -> Json:
    """Format columns from a row down without changing the content of the cells."""
    return {
        "repeatCell": {
            "range": build_grid_range(sheet_id, row, columns),
            "cell": {"userEnteredFormat": dict(cell_format)},
            "fields": f"userEnteredFormat({','.join(cell_format)})",
        }
    }


def set_column_width(sheet_id: int, column: int, characters: int) -> Json:
    """Set the width of a column in characters."""
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    size = {"pixelSize": characters * 7 + 5}
    return {"updateDimensionProperties": {"range": span, "properties": size, "fields": "pixelSize"}}


def set_validation(sheet_id: int, row: int, column: int, rule: Json) -> Json:
    """Set the validation rule of a column from a row down."""
    return {"setDataValidation": {"range": build_grid_range(sheet_id, row, (column, column + 1)), "rule": rule}}


def protect_column(sheet_id: int, row: int, column: int, account: str, description: str) -> Json:
    """Let only `account` and the file's owner edit a column from a row down."""
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
    """Return the GridRange of columns (start, end exclusive) from a row down."""
    return {
        "sheetId": sheet_id, "startRowIndex": row,
        "startColumnIndex": columns[0], "endColumnIndex": columns[1],
    }  # fmt: skip


def build_list_rule(tab: str, column: int, items: int, message: str, *, strict: bool) -> Json:
    """Return the rule of a drop-down of `items` cells below the header of a column; it warns or is strict."""
    letter = format_column_letters(column)
    values = [f"='{tab}'!${letter}$2:${letter}${items + 1}"]
    return _build_rule("ONE_OF_RANGE", values, message, strict=strict) | {"showCustomUi": True}


def build_date_rule(first: date, last: date | None, message: str) -> Json:
    """Return the rule of a day of the plan; ISO dates are read correctly in every locale."""
    if last is None:
        return _build_rule("DATE_ON_OR_AFTER", [first.isoformat()], message, strict=True)
    return _build_rule("DATE_BETWEEN", [first.isoformat(), last.isoformat()], message, strict=True)


def build_integer_rule(row: int, column: int, message: str, *, strict: bool) -> Json:
    """Return the rule of a whole number, 0 or more; the formula has no separators, which differ by locale."""
    cell = f"{format_column_letters(column)}{row + 1}"
    return _build_rule("CUSTOM_FORMULA", [f"=({cell}>=0)*(INT({cell})={cell})"], message, strict=strict)


def _build_rule(kind: str, values: Sequence[str], message: str, *, strict: bool) -> Json:
    entered = [{"userEnteredValue": value} for value in values]
    return {"condition": {"type": kind, "values": entered}, "inputMessage": message, "strict": strict}
