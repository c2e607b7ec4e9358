"""Requests of spreadsheets.batchUpdate, as plain dictionaries; rows and columns count from 0.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kpis.sheet.cells import column_letters
from kpis.sources.google.client import Json

TYPEFACE = "Be Vietnam Pro"
HEAD: Json = {
    "backgroundColorStyle": {"rgbColor": {"red": 0.122, "green": 0.227, "blue": 0.373}},
    "textFormat": {
        "bold": True,
        "fontFamily": TYPEFACE,
        "foregroundColorStyle": {"rgbColor": {"red": 1, "green": 1, "blue": 1}},
    },
    "verticalAlignment": "MIDDLE",
    "wrapStrategy": "WRAP",
}
BOLD: Json = {"textFormat": {"bold": True, "fontFamily": TYPEFACE}}
DAY: Json = {"numberFormat": {"type": "DATE", "pattern": "dd/mm/yyyy"}}
COUNT: Json = {"numberFormat": {"type": "NUMBER", "pattern": "#,##0"}}
WRAPPED: Json = {"wrapStrategy": "WRAP", "verticalAlignment": "TOP", "textFormat": {"fontFamily": TYPEFACE}}


def spreadsheet_properties(**properties: str) -> Json:
    """Set properties of the whole file, such as locale and timeZone."""
    return {"updateSpreadsheetProperties": {"properties": properties, "fields": ",".join(properties)}}


def add_sheet(
    sheet: int, title: str, rows: int, columns: int, *, frozen: int = 0, hidden: bool = False
) -> Json:
    """A new tab, at the end unless it is given an index."""
    grid: Json = {"rowCount": rows, "columnCount": columns}
    if frozen:
        grid["frozenRowCount"] = frozen
    properties: Json = {"sheetId": sheet, "title": title, "gridProperties": grid}
    if hidden:
        properties["hidden"] = True
    return {"addSheet": {"properties": properties}}


def rename(sheet: int, title: str) -> Json:
    """Another title for a tab."""
    return {"updateSheetProperties": {"properties": {"sheetId": sheet, "title": title}, "fields": "title"}}


def freeze(sheet: int, rows: int) -> Json:
    """Keep the first rows in sight."""
    properties = {"sheetId": sheet, "gridProperties": {"frozenRowCount": rows}}
    return {"updateSheetProperties": {"properties": properties, "fields": "gridProperties.frozenRowCount"}}


def grow(sheet: int, dimension: str, length: int) -> Json:
    """More ROWS or COLUMNS at the end."""
    return {"appendDimension": {"sheetId": sheet, "dimension": dimension, "length": length}}


def write(sheet: int, row: int, column: int, rows: Sequence[Sequence[Json]], fields: str) -> Json:
    """CellData into the cells from one on; only the parts named in `fields` change."""
    return {
        "updateCells": {
            "start": {"sheetId": sheet, "rowIndex": row, "columnIndex": column},
            "rows": [{"values": list(cells)} for cells in rows],
            "fields": fields,
        }
    }


def text(value: str, shown: Mapping[str, object] | None = None, note: str = "") -> Json:
    """CellData of a text, never a formula; "" empties the cell."""
    cell: Json = {"userEnteredValue": {"stringValue": value}} if value else {}
    if shown:
        cell["userEnteredFormat"] = dict(shown)
    if note:
        cell["note"] = note
    return cell


def look(sheet: int, row: int, columns: tuple[int, int], shown: Mapping[str, object]) -> Json:
    """One look for whole columns from a row down; what stands in the cells stays."""
    return {
        "repeatCell": {
            "range": area(sheet, row, columns),
            "cell": {"userEnteredFormat": dict(shown)},
            "fields": f"userEnteredFormat({','.join(shown)})",
        }
    }


def width(sheet: int, column: int, characters: int) -> Json:
    """How wide a column is."""
    span = {"sheetId": sheet, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    size = {"pixelSize": characters * 7 + 5}
    return {"updateDimensionProperties": {"range": span, "properties": size, "fields": "pixelSize"}}


def check(sheet: int, row: int, column: int, rule: Json) -> Json:
    """A rule for a column from a row down."""
    return {"setDataValidation": {"range": area(sheet, row, (column, column + 1)), "rule": rule}}


def protect(sheet: int, row: int, column: int, account: str, description: str) -> Json:
    """Only `account` (and the file's owner) may type in a column from a row down."""
    return {
        "addProtectedRange": {
            "protectedRange": {
                "range": area(sheet, row, (column, column + 1)),
                "description": description,
                "warningOnly": False,
                "editors": {"users": [account]},
            }
        }
    }


def area(sheet: int, row: int, columns: tuple[int, int]) -> Json:
    """The GridRange of some columns from a row to the last."""
    return {
        "sheetId": sheet, "startRowIndex": row,
        "startColumnIndex": columns[0], "endColumnIndex": columns[1],
    }  # fmt: skip


def from_list(tab: str, column: int, items: int, message: str, *, strict: bool) -> Json:
    """A drop-down of the items below the first row of a column; not `strict` only warns."""
    letter = column_letters(column)
    values = [f"='{tab}'!${letter}$2:${letter}${items + 1}"]
    return _rule("ONE_OF_RANGE", values, message, strict=strict) | {"showCustomUi": True}


def day(first: date, last: date | None, message: str) -> Json:
    """A day of the plan. Days are written year first, which Google reads alike in every locale."""
    if last is None:
        return _rule("DATE_ON_OR_AFTER", [first.isoformat()], message, strict=True)
    return _rule("DATE_BETWEEN", [first.isoformat(), last.isoformat()], message, strict=True)


def whole_number(row: int, column: int, message: str, *, strict: bool) -> Json:
    """A whole number, 0 or more. The formula has no separator in it, since those differ by locale."""
    cell = f"{column_letters(column)}{row + 1}"
    return _rule("CUSTOM_FORMULA", [f"=({cell}>=0)*(INT({cell})={cell})"], message, strict=strict)


def _rule(kind: str, values: Sequence[str], message: str, *, strict: bool) -> Json:
    entered = [{"userEnteredValue": value} for value in values]
    return {"condition": {"type": kind, "values": entered}, "inputMessage": message, "strict": strict}
