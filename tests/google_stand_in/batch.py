"""The requests of spreadsheets.batchUpdate that the product sends; any other is refused by name."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.google_stand_in import a1, errors, mask, render
from tests.google_stand_in.discovery import Json
from tests.google_stand_in.spreadsheet import Cell, Sheet, SheetError, Spreadsheet, area_of, grid_range

_ids = itertools.count(1_000_001)


def apply(file: Spreadsheet, where: str, request: Json, editor: str) -> Json:
    """Carries out one request on a copy of the file; the reply is {} where Google's is. Else RefusalError."""
    if len(request) != 1:
        raise invalid(where, "Expected exactly one kind of request.")
    ((kind, body),) = request.items()
    if kind not in _KINDS:
        raise invalid(where, f"the stand-in does not know {kind}")
    return _KINDS[kind](file, body, f"{where}.{kind}", editor)


def invalid(where: str, message: str) -> errors.RefusalError:
    return errors.sheets(400, "INVALID_ARGUMENT", f"Invalid {where}: {message}")


def refuse_protected(tab: Sheet, row: int, column: int, editor: str, where: str) -> None:
    """Raises Google's refusal where a cell lies in a range that is protected against the editor."""
    for one in tab.protected:
        area = area_of(one.get("range", {}))
        inside = area.row <= row < (area.end_row or tab.rows) and (
            area.column <= column < (area.end_column or tab.columns)
        )
        if inside and not render.may_edit(one, editor):
            raise errors.protected(where)


def _spreadsheet_properties(file: Spreadsheet, body: Json, where: str, editor: str) -> Json:
    del editor
    now = {"title": file.title, "locale": file.locale, "timeZone": file.time_zone}
    new = mask.merge(_fields(body, where), now, body.get("properties", {}))
    file.title, file.locale, file.time_zone = new["title"], new["locale"], new["timeZone"]
    return {}


def _add_sheet(file: Spreadsheet, body: Json, where: str, editor: str) -> Json:
    del editor
    asked = body.get("properties", {})
    title = asked.get("title") or f"Sheet{len(file.sheets) + 1}"
    if any(one.title.casefold() == title.casefold() for one in file.sheets):
        raise invalid(where, f'A sheet with the name "{title}" already exists. Please enter another name.')
    grid = asked.get("gridProperties", {})
    tab = Sheet(
        title,
        asked.get("sheetId", secrets.randbelow(2**31)),
        grid.get("rowCount", 1000),
        grid.get("columnCount", 26),
    )
    if any(one.id == tab.id for one in file.sheets):
        raise invalid(where, f"Sheet id {tab.id} already exists.")
    kept = {name: value for name, value in asked.items() if name in {"tabColorStyle", "hidden"}}
    frozen = {name: value for name, value in grid.items() if name.startswith("frozen")}
    tab.properties = kept | ({"gridProperties": frozen} if frozen else {})
    file.sheets.insert(asked.get("index", len(file.sheets)), tab)
    return {"addSheet": {"properties": render.properties(tab, file.sheets.index(tab))}}


def _sheet_properties(file: Spreadsheet, body: Json, where: str, editor: str) -> Json:
    del editor
    asked = body.get("properties", {})
    tab = _tab(file, asked.get("sheetId", 0), where)
    new = mask.merge(_fields(body, where), render.properties(tab, file.sheets.index(tab)), asked)
    grid = new.get("gridProperties", {})
    tab.title = new["title"]
    tab.rows, tab.columns = grid.get("rowCount", tab.rows), grid.get("columnCount", tab.columns)
    file.sheets.remove(tab)
    file.sheets.insert(new["index"], tab)
    fixed = {"sheetId", "title", "index", "sheetType"}
    tab.properties = {name: value for name, value in new.items() if name not in fixed}
    return {}


def _update_cells(file: Spreadsheet, body: Json, where: str, editor: str) -> Json:
    if "start" in body:
        start = body["start"]
        tab = _tab(file, start.get("sheetId", 0), where)
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        cells: Iterator[tuple[int, int]] = (
            (top + at, left + column)
            for at, row in enumerate(body.get("rows", []))
            for column in range(len(row.get("values", [])))
        )
    else:
        tab, cells = _cells(file, body.get("range", {}), where)
        top, left = area_of(body["range"]).row, area_of(body["range"]).column
    chosen, rows = _fields(body, where), body.get("rows", [])
    for row, column in cells:
        values = rows[row - top].get("values", []) if row - top < len(rows) else []
        data = values[column - left] if column - left < len(values) else {}
        _set(tab, row, column, data, chosen, editor, where)
    return {}


def _repeat_cell(file: Spreadsheet, body: Json, where: str, editor: str) -> Json:
    tab, cells = _cells(file, body.get("range", {}), where)
    chosen = _fields(body, where)
    for row, column in cells:
        _set(tab, row, column, body.get("cell", {}), chosen, editor, where)
    return {}


def _set(tab: Sheet, row: int, column: int, data: Json, chosen: mask.Mask, editor: str, where: str) -> None:
    """Writes the chosen parts of a CellData."""
    refuse_protected(tab, row, column, editor, where)
    new = mask.merge(chosen, render.cell_data(tab.cells.get((row, column), Cell())), data)
    number_format = new.get("userEnteredFormat", {}).get("numberFormat", {})
    shown = {"userEnteredValue", "effectiveValue", "formattedValue", "effectiveFormat", "dataValidation"}
    other = {name: value for name, value in new.items() if name not in shown}
    if number_format and "userEnteredFormat" in other:
        other["userEnteredFormat"] = {
            name: value for name, value in other["userEnteredFormat"].items() if name != "numberFormat"
        }
    other = {name: value for name, value in other.items() if value not in ({}, None)}
    value = _entered(new.get("userEnteredValue", {}))
    old = tab.cells.get((row, column), Cell()).value
    if isinstance(old, SheetError) and "userEnteredValue" not in chosen:
        value = old
    tab.put_at(
        row,
        column,
        Cell(
            value, number_format.get("type"), number_format.get("pattern"), new.get("dataValidation"), other
        ),
    )


def _entered(value: Mapping[str, Any]) -> Any:  # the one value inside an ExtendedValue
    if "numberValue" in value:
        return float(value["numberValue"])
    return value.get("stringValue") or value.get("boolValue")


def _validation(file: Spreadsheet, body: Json, where: str, editor: str) -> Json:
    tab, cells = _cells(file, body.get("range", {}), where)
    for row, column in cells:
        refuse_protected(tab, row, column, editor, where)
        old = tab.cells.get((row, column), Cell())
        tab.put_at(row, column, Cell(old.value, old.format, old.pattern, body.get("rule"), old.other))
    return {}


def _protect(file: Spreadsheet, body: Json, where: str, editor: str) -> Json:
    asked = dict(body.get("protectedRange", {}))
    tab = _tab(file, asked.get("range", {}).get("sheetId", 0), where)
    editors = asked.setdefault("editors", {})
    editors["users"] = sorted({*editors.get("users", []), editor})  # who asks never locks itself out
    asked["protectedRangeId"] = next(_ids)
    tab.protected.append(asked)
    return {"addProtectedRange": {"protectedRange": asked}}


def _protected(file: Spreadsheet, number: int, where: str) -> tuple[Sheet, int]:
    for tab in file.sheets:
        for at, one in enumerate(tab.protected):
            if one["protectedRangeId"] == number:
                return tab, at
    raise invalid(where, f"No protected range with ID: {number}")


def _update_protected(file: Spreadsheet, body: Json, where: str, editor: str) -> Json:
    asked = body.get("protectedRange", {})
    tab, at = _protected(file, asked.get("protectedRangeId", 0), where)
    if not render.may_edit(tab.protected[at], editor):
        raise errors.protected(where)
    tab.protected[at] = mask.merge(_fields(body, where), tab.protected[at], asked)
    return {}


def _delete_protected(file: Spreadsheet, body: Json, where: str, editor: str) -> Json:
    tab, at = _protected(file, body.get("protectedRangeId", 0), where)
    if not render.may_edit(tab.protected[at], editor):
        raise errors.protected(where)
    del tab.protected[at]
    return {}


def _append(file: Spreadsheet, body: Json, where: str, editor: str) -> Json:
    del editor
    tab = _tab(file, body.get("sheetId", 0), where)
    if body.get("dimension") == "COLUMNS":
        tab.columns += body.get("length", 0)
    else:
        tab.rows += body.get("length", 0)
    return {}


def _merge(file: Spreadsheet, body: Json, where: str, editor: str) -> Json:
    tab, cells = _cells(file, body.get("range", {}), where)
    (first, *rest) = list(cells)
    refuse_protected(tab, *first, editor, where)
    for one in rest:
        tab.cells.pop(one, None)  # Google keeps the first cell's value only
    tab.merges.append(area_of(body["range"]))
    return {}


def _looks(file: Spreadsheet, body: Json, where: str, editor: str) -> Json:
    """Widths and the like, which no test reads back."""
    del editor
    _tab(file, (body.get("range") or body.get("dimensions") or {}).get("sheetId", 0), where)
    return {}


def _tab(file: Spreadsheet, number: int, where: str) -> Sheet:
    for tab in file.sheets:
        if tab.id == number:
            return tab
    raise invalid(where, f"No grid with id: {number}")


def _cells(file: Spreadsheet, asked: Json, where: str) -> tuple[Sheet, Iterator[tuple[int, int]]]:
    tab, area = _tab(file, asked.get("sheetId", 0), where), area_of(asked)
    rows, columns = area.end_row or tab.rows, area.end_column or tab.columns
    if rows > tab.rows or columns > tab.columns:
        shown = grid_range(tab.id, a1.Area(area.row, area.column, rows, columns))
        raise invalid(where, f"GridRange: {shown} exceeds grid limits.")
    return tab, itertools.product(range(area.row, rows), range(area.column, columns))


def _fields(body: Json, where: str) -> mask.Mask:
    try:
        return mask.parse(body.get("fields", ""))
    except mask.MaskError as error:
        raise invalid(
            where, "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
        ) from error


_KINDS: Mapping[str, Callable[[Spreadsheet, Json, str, str], Json]] = {
    "updateSpreadsheetProperties": _spreadsheet_properties,
    "addSheet": _add_sheet,
    "updateSheetProperties": _sheet_properties,
    "updateCells": _update_cells,
    "repeatCell": _repeat_cell,
    "setDataValidation": _validation,
    "addProtectedRange": _protect,
    "updateProtectedRange": _update_protected,
    "deleteProtectedRange": _delete_protected,
    "appendDimension": _append,
    "mergeCells": _merge,
    "updateDimensionProperties": _looks,
    "autoResizeDimensions": _looks,
}
