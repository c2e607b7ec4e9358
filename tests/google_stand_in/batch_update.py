"""The requests of spreadsheets.batchUpdate that the product sends; all others are refused."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.google_stand_in import a1, errors, field_mask, render
from tests.google_stand_in.discovery import Json
from tests.google_stand_in.spreadsheet import (
    ColumnMetadata,
    SheetCell,
    SheetError,
    SheetTab,
    Spreadsheet,
    parse_grid_range,
    to_grid_range,
)

_protected_range_ids = itertools.count(1_000_001)


def apply_request(file: Spreadsheet, location: str, request: Json, editor: str) -> Json:
    """Apply one request to the file and return the reply, often {}. RefusalError if Google refuses it."""
    if len(request) != 1:
        raise make_invalid_request(location, "Expected exactly one kind of request.")
    ((kind, body),) = request.items()
    if kind not in _REQUEST_HANDLERS:
        raise make_invalid_request(location, f"the stand-in does not know {kind}")
    return _REQUEST_HANDLERS[kind](file, body, f"{location}.{kind}", editor)


def make_invalid_request(location: str, message: str) -> errors.RefusalError:
    return errors.make_sheets_error(400, "INVALID_ARGUMENT", f"Invalid {location}: {message}")


def refuse_protected(tab: SheetTab, row: int, column: int, editor: str, location: str) -> None:
    """Raise Google's refusal if a cell lies in a range that is protected against the editor."""
    for protection in tab.protected_ranges:
        area = parse_grid_range(protection.get("range", {}))
        inside = area.row <= row < (area.end_row or tab.rows) and (
            area.column <= column < (area.end_column or tab.columns)
        )
        if inside and not render.can_edit(protection, editor):
            raise errors.make_protected(location)


def _update_spreadsheet_properties(file: Spreadsheet, body: Json, location: str, editor: str) -> Json:
    del editor
    old = {"title": file.title, "locale": file.locale, "timeZone": file.time_zone}
    new = field_mask.merge_fields(_parse_fields(body, location), old, body.get("properties", {}))
    file.title, file.locale, file.time_zone = new["title"], new["locale"], new["timeZone"]
    return {}


def _add_sheet(file: Spreadsheet, body: Json, location: str, editor: str) -> Json:
    del editor
    properties = body.get("properties", {})
    title = properties.get("title") or f"Sheet{len(file.sheets) + 1}"
    if any(other.title.casefold() == title.casefold() for other in file.sheets):
        raise make_invalid_request(
            location, f'A sheet with the name "{title}" already exists. Please enter another name.'
        )
    grid = properties.get("gridProperties", {})
    tab = SheetTab(
        title,
        properties.get("sheetId", secrets.randbelow(2**31)),
        grid.get("rowCount", 1000),
        grid.get("columnCount", 26),
    )
    if any(other.id == tab.id for other in file.sheets):
        raise make_invalid_request(location, f"Sheet id {tab.id} already exists.")
    frozen = {name: value for name, value in grid.items() if name.startswith("frozen")}
    tab.properties = {name: value for name, value in properties.items() if name in {"tabColorStyle", "hidden"}}
    tab.properties |= {"gridProperties": frozen} if frozen else {}
    file.sheets.insert(properties.get("index", len(file.sheets)), tab)
    return {"addSheet": {"properties": render.render_properties(tab, file.sheets.index(tab))}}


def _update_sheet_properties(file: Spreadsheet, body: Json, location: str, editor: str) -> Json:
    del editor
    properties = body.get("properties", {})
    tab = _find_tab(file, properties.get("sheetId", 0), location)
    new = field_mask.merge_fields(
        _parse_fields(body, location), render.render_properties(tab, file.sheets.index(tab)), properties
    )
    grid = new.get("gridProperties", {})
    tab.title = new["title"]
    tab.rows, tab.columns = grid.get("rowCount", tab.rows), grid.get("columnCount", tab.columns)
    file.sheets.remove(tab)
    file.sheets.insert(new["index"], tab)
    stored_elsewhere = {"sheetId", "title", "index", "sheetType"}
    tab.properties = {name: value for name, value in new.items() if name not in stored_elsewhere}
    return {}


def _update_cells(file: Spreadsheet, body: Json, location: str, editor: str) -> Json:
    if "start" in body:
        start = body["start"]
        tab = _find_tab(file, start.get("sheetId", 0), location)
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        cells: Iterator[tuple[int, int]] = (
            (row_index, left + column)
            for row_index, row in enumerate(body.get("rows", []), top)
            for column in range(len(row.get("values", [])))
        )
    else:
        tab, cells = _resolve_cells(file, body.get("range", {}), location)
        top, left = parse_grid_range(body["range"]).row, parse_grid_range(body["range"]).column
    fields, rows = _parse_fields(body, location), body.get("rows", [])
    for row, column in cells:
        values = rows[row - top].get("values", []) if row - top < len(rows) else []
        data = values[column - left] if column - left < len(values) else {}
        _set_cell(tab, row, column, data, fields, editor, location)
    return {}


def _repeat_cell(file: Spreadsheet, body: Json, location: str, editor: str) -> Json:
    tab, cells = _resolve_cells(file, body.get("range", {}), location)
    fields = _parse_fields(body, location)
    for row, column in cells:
        _set_cell(tab, row, column, body.get("cell", {}), fields, editor, location)
    return {}


def _set_cell(
    tab: SheetTab, row: int, column: int, data: Json, fields: field_mask.Mask, editor: str, location: str
) -> None:
    """Write the selected parts of a CellData."""
    refuse_protected(tab, row, column, editor, location)
    new = field_mask.merge_fields(fields, render.render_cell(tab.cells.get((row, column), SheetCell())), data)
    number_format = new.get("userEnteredFormat", {}).get("numberFormat", {})
    modelled = {"userEnteredValue", "effectiveValue", "formattedValue", "effectiveFormat", "dataValidation"}
    other_fields = {name: value for name, value in new.items() if name not in modelled}
    if number_format and "userEnteredFormat" in other_fields:
        other_fields["userEnteredFormat"] = {
            name: value for name, value in other_fields["userEnteredFormat"].items() if name != "numberFormat"
        }
    other_fields = {name: value for name, value in other_fields.items() if value not in ({}, None)}
    value = _parse_entered_value(new.get("userEnteredValue", {}))
    old = tab.cells.get((row, column), SheetCell()).value
    if isinstance(old, SheetError) and "userEnteredValue" not in fields:
        value = old
    format_type, pattern = number_format.get("type"), number_format.get("pattern")
    tab.set_cell(row, column, SheetCell(value, format_type, pattern, new.get("dataValidation"), other_fields))


def _parse_entered_value(value: Mapping[str, Any]) -> Any:  # the one value inside an ExtendedValue
    if "numberValue" in value:
        return float(value["numberValue"])
    return value.get("stringValue") or value.get("boolValue")


def _set_data_validation(file: Spreadsheet, body: Json, location: str, editor: str) -> Json:
    tab, cells = _resolve_cells(file, body.get("range", {}), location)
    for row, column in cells:
        refuse_protected(tab, row, column, editor, location)
        old = tab.cells.get((row, column), SheetCell())
        tab.set_cell(row, column, SheetCell(old.value, old.format, old.pattern, body.get("rule"), old.other_fields))
    return {}


def _add_protected_range(file: Spreadsheet, body: Json, location: str, editor: str) -> Json:
    protection = dict(body.get("protectedRange", {}))
    tab = _find_tab(file, protection.get("range", {}).get("sheetId", 0), location)
    editors = protection.setdefault("editors", {})
    editors["users"] = sorted({*editors.get("users", []), editor})  # editors cannot lock themselves out
    protection["protectedRangeId"] = next(_protected_range_ids)
    tab.protected_ranges.append(protection)
    return {"addProtectedRange": {"protectedRange": protection}}


def _find_protected_range(file: Spreadsheet, range_id: int, location: str) -> tuple[SheetTab, int]:
    for tab in file.sheets:
        for index, protection in enumerate(tab.protected_ranges):
            if protection["protectedRangeId"] == range_id:
                return tab, index
    raise make_invalid_request(location, f"No protected range with ID: {range_id}")


def _update_protected_range(file: Spreadsheet, body: Json, location: str, editor: str) -> Json:
    new = body.get("protectedRange", {})
    tab, index = _find_protected_range(file, new.get("protectedRangeId", 0), location)
    old = tab.protected_ranges[index]
    if not render.can_edit(old, editor):
        raise errors.make_protected(location)
    tab.protected_ranges[index] = field_mask.merge_fields(_parse_fields(body, location), old, new)
    return {}


def _delete_protected_range(file: Spreadsheet, body: Json, location: str, editor: str) -> Json:
    tab, index = _find_protected_range(file, body.get("protectedRangeId", 0), location)
    if not render.can_edit(tab.protected_ranges[index], editor):
        raise errors.make_protected(location)
    del tab.protected_ranges[index]
    return {}


def _create_developer_metadata(file: Spreadsheet, body: Json, location: str, editor: str) -> Json:
    """Create metadata on one column; the stand-in knows no other location."""
    del editor
    new = body.get("developerMetadata", {})
    span = new.get("location", {}).get("dimensionRange", {})
    tab = _find_tab(file, span.get("sheetId", 0), location)
    first, end = span.get("startIndex", 0), span.get("endIndex", 0)
    if span.get("dimension") != "COLUMNS" or end - first != 1 or not 0 <= first < tab.columns:
        raise make_invalid_request(location, "Metadata location must be a single row or column of the grid.")
    if not new.get("metadataKey") or new.get("visibility") not in {"DOCUMENT", "PROJECT"}:
        raise make_invalid_request(location, "Developer metadata must have a key and a visibility.")
    used_ids = {item.id for other in file.sheets for item in other.column_metadata}
    metadata_id = new.get("metadataId") or secrets.randbelow(2**31 - 1) + 1
    if metadata_id in used_ids:
        raise make_invalid_request(location, f"Developer metadata id {metadata_id} already exists.")
    item = ColumnMetadata(metadata_id, new["metadataKey"], first, new.get("metadataValue", ""), new["visibility"])
    tab.column_metadata.append(item)
    return {"createDeveloperMetadata": {"developerMetadata": render.render_metadata(tab, item)}}


def _append_dimension(file: Spreadsheet, body: Json, location: str, editor: str) -> Json:
    del editor
    tab = _find_tab(file, body.get("sheetId", 0), location)
    if body.get("dimension") == "COLUMNS":
        tab.columns += body.get("length", 0)
    else:
        tab.rows += body.get("length", 0)
    return {}


def _merge_cells(file: Spreadsheet, body: Json, location: str, editor: str) -> Json:
    tab, cells = _resolve_cells(file, body.get("range", {}), location)
    (first, *others) = list(cells)
    refuse_protected(tab, *first, editor, location)
    for position in others:
        tab.cells.pop(position, None)  # Google keeps only the value of the first cell
    tab.merges.append(parse_grid_range(body["range"]))
    return {}


def _accept_dimension_update(file: Spreadsheet, body: Json, location: str, editor: str) -> Json:
    """Accept widths and heights, which no test reads back."""
    del editor
    _find_tab(file, (body.get("range") or body.get("dimensions") or {}).get("sheetId", 0), location)
    return {}


def _find_tab(file: Spreadsheet, tab_id: int, location: str) -> SheetTab:
    for tab in file.sheets:
        if tab.id == tab_id:
            return tab
    raise make_invalid_request(location, f"No grid with id: {tab_id}")


def _resolve_cells(file: Spreadsheet, grid: Json, location: str) -> tuple[SheetTab, Iterator[tuple[int, int]]]:
    tab, area = _find_tab(file, grid.get("sheetId", 0), location), parse_grid_range(grid)
    rows, columns = area.end_row or tab.rows, area.end_column or tab.columns
    if rows > tab.rows or columns > tab.columns:
        grid_range = to_grid_range(tab.id, a1.A1Range(area.row, area.column, rows, columns))
        raise make_invalid_request(location, f"GridRange: {grid_range} exceeds grid limits.")
    return tab, itertools.product(range(area.row, rows), range(area.column, columns))


def _parse_fields(body: Json, location: str) -> field_mask.Mask:
    try:
        return field_mask.parse_mask(body.get("fields", ""))
    except field_mask.MaskError as error:
        raise make_invalid_request(
            location, "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
        ) from error


_REQUEST_HANDLERS: Mapping[str, Callable[[Spreadsheet, Json, str, str], Json]] = {
    "updateSpreadsheetProperties": _update_spreadsheet_properties,
    "addSheet": _add_sheet,
    "updateSheetProperties": _update_sheet_properties,
    "updateCells": _update_cells,
    "repeatCell": _repeat_cell,
    "setDataValidation": _set_data_validation,
    "addProtectedRange": _add_protected_range,
    "updateProtectedRange": _update_protected_range,
    "deleteProtectedRange": _delete_protected_range,
    "createDeveloperMetadata": _create_developer_metadata,
    "appendDimension": _append_dimension,
    "mergeCells": _merge_cells,
    "updateDimensionProperties": _accept_dimension_update,
    "autoResizeDimensions": _accept_dimension_update,
}
