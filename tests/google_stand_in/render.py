"""Render a spreadsheet in memory as the JSON that Google sends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.google_stand_in import a1, errors
from tests.google_stand_in.discovery import Json
from tests.google_stand_in.spreadsheet import (
    ColumnMetadata,
    SheetCell,
    SheetError,
    SheetTab,
    Spreadsheet,
    to_grid_range,
)


def render_spreadsheet(file: Spreadsheet, ranges: Sequence[str], grid_data: bool, editor: str) -> Json:
    """Return the Spreadsheet resource; with `ranges`, only their tabs and cells.

    `editor` is the account that reads: protected ranges say whether it may edit them.
    """
    located = [locate(file, text) for text in ranges]
    tabs = [tab for tab in file.sheets if not ranges or any(tab is other for other, _ in located)]
    return {
        "spreadsheetId": file.id,
        "properties": {
            "title": file.title,
            "locale": file.locale,
            "timeZone": file.time_zone,
            "autoRecalc": "ON_CHANGE",
        },
        "sheets": [
            _render_sheet(
                tab,
                file.sheets.index(tab),
                [area for other, area in located if other is tab] or [a1.A1Range()],
                grid_data,
                editor,
            )
            for tab in tabs
        ],
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{file.id}/edit",
    }


def locate(file: Spreadsheet, text: str) -> tuple[SheetTab, a1.A1Range]:
    """Return the tab and area of a range. An end beyond the grid is allowed, a start there is refused."""
    parts = a1.split_range(text)
    if parts is None:
        raise errors.make_bad_range(text)
    title, area = parts
    tab = (
        next((tab for tab in file.sheets if tab.title.casefold() == title.casefold()), None)
        if title is not None
        else file.sheets[0]
    )
    if tab is None or tab.kind != "GRID":
        raise errors.make_bad_range(text)
    if area.row >= tab.rows or area.column >= tab.columns:
        raise errors.make_outside_grid(text, tab.rows, tab.columns)
    return tab, area


def _render_sheet(tab: SheetTab, index: int, areas: Sequence[a1.A1Range], grid_data: bool, editor: str) -> Json:
    answer: Json = {"properties": render_properties(tab, index)}
    if tab.kind != "GRID":
        return answer
    if grid_data:
        answer["data"] = [_render_grid(tab, area) for area in areas]
    if tab.merges:
        answer["merges"] = [to_grid_range(tab.id, area) for area in tab.merges]
    if tab.protected_ranges:
        answer["protectedRanges"] = [
            protection | {"requestingUserCanEdit": can_edit(protection, editor)} for protection in tab.protected_ranges
        ]
    return answer


def render_properties(tab: SheetTab, index: int) -> Json:
    """Return the SheetProperties of a tab."""
    answer: Json = {"sheetId": tab.id, "title": tab.title, "index": index, "sheetType": tab.kind}
    if tab.kind == "GRID":
        answer["gridProperties"] = {"rowCount": tab.rows, "columnCount": tab.columns}
    for name, value in tab.properties.items():
        is_nested = isinstance(value, dict) and isinstance(answer.get(name), dict)
        answer[name] = value | answer[name] if is_nested else value
    return answer


def can_edit(protected: Json, editor: str) -> bool:
    """True if an account may edit a protected range."""
    return bool(protected.get("warningOnly")) or editor in protected.get("editors", {}).get("users", [])


def _render_grid(tab: SheetTab, area: a1.A1Range) -> Json:
    """Return the cells of an area up to the last filled row, each row up to its last filled cell."""
    rows: dict[int, dict[int, SheetCell]] = {}
    for (row, column), cell in tab.cells.items():
        if area.row <= row < _clip_end(area.end_row, tab.rows) and (
            area.column <= column < _clip_end(area.end_column, tab.columns)
        ):
            rows.setdefault(row, {})[column] = cell
    answer: Json = {"columnMetadata": _render_columns(tab, area)}
    if area.row:
        answer["startRow"] = area.row
    if area.column:
        answer["startColumn"] = area.column
    if rows:
        answer["rowData"] = [_render_row(rows.get(row, {}), area.column) for row in range(area.row, max(rows) + 1)]
    return answer


def _render_columns(tab: SheetTab, area: a1.A1Range) -> list[Json]:
    """Return the DimensionProperties of the requested columns, with their developer metadata."""
    columns: list[Json] = [{"pixelSize": 100} for _ in range(area.column, _clip_end(area.end_column, tab.columns))]
    for item in tab.column_metadata:
        if 0 <= item.column - area.column < len(columns):
            column = columns[item.column - area.column]
            column.setdefault("developerMetadata", []).append(render_metadata(tab, item))
    return columns


def render_metadata(tab: SheetTab, item: ColumnMetadata) -> Json:
    """Return the DeveloperMetadata of a column."""
    dimension = {
        "sheetId": tab.id,
        "dimension": "COLUMNS",
        "startIndex": item.column,
        "endIndex": item.column + 1,
    }
    answer: Json = {
        "metadataId": item.id,
        "metadataKey": item.key,
        "location": {"locationType": "COLUMN", "dimensionRange": dimension},
        "visibility": item.visibility,
    }
    return answer | ({"metadataValue": item.value} if item.value else {})


def _render_row(cells: dict[int, SheetCell], first_column: int) -> Json:
    if not cells:
        return {}
    return {"values": [render_cell(cells.get(column, SheetCell())) for column in range(first_column, max(cells) + 1)]}


def _clip_end(requested_end: int | None, grid_end: int) -> int:
    return grid_end if requested_end is None else min(requested_end, grid_end)


def render_cell(cell: SheetCell) -> Json:
    """Return the CellData of a cell."""
    answer: Json = dict(cell.other_fields)
    if cell.value is not None:
        value = render_value(cell)
        if not isinstance(cell.value, SheetError):
            answer.setdefault("userEnteredValue", value)  # a formula stands in `other_fields`
        answer["effectiveValue"] = value
        answer["formattedValue"] = format_value(cell)
    if cell.format is not None:
        number_format: Json = {"type": cell.format}
        if cell.pattern:
            number_format["pattern"] = cell.pattern
        answer["userEnteredFormat"] = answer.get("userEnteredFormat", {}) | {"numberFormat": number_format}
        answer["effectiveFormat"] = {"numberFormat": number_format}
    if cell.rule is not None:
        answer["dataValidation"] = cell.rule
    return answer


def render_value(cell: SheetCell) -> Json:
    """Return the ExtendedValue of a cell."""
    value = cell.value
    if isinstance(value, SheetError):
        return {"errorValue": {"type": value.type, "message": value.message or value.display_text}}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"numberValue": int(value) if value == int(value or 0) else value} if value is not None else {}


def format_value(cell: SheetCell) -> str:
    """Return the text that a Vietnamese spreadsheet shows in a cell."""
    value = cell.value
    if isinstance(value, SheetError):
        return value.display_text
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str) or value is None:
        return value or ""
    if cell.format in {"DATE", "DATE_TIME", "TIME"} and not 0 <= value < 2_958_466:
        return "#######"
    if cell.format in {"DATE", "DATE_TIME"}:
        moment = datetime(1899, 12, 30) + timedelta(days=value)
        return f"{moment:%d/%m/%Y}" + (f" {moment:%H:%M:%S}" if cell.format == "DATE_TIME" else "")
    if cell.format == "TIME":
        return f"{datetime(1899, 12, 30) + timedelta(days=value):%H:%M}"
    if cell.format == "PERCENT":
        return f"{value:.0%}"
    return f"{value:.10g}".replace(".", ",")
