"""The methods of the Sheets API that the product calls."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from tests.google_stand_in import a1, batch_update, errors, render
from tests.google_stand_in.cloud import Cloud
from tests.google_stand_in.discovery import Json, Query
from tests.google_stand_in.field_mask import Mask, has_field
from tests.google_stand_in.spreadsheet import SheetCell, SheetError, SheetTab, Spreadsheet

Handler = Callable[[Cloud, Mapping[str, str], Query, Mask, Json], Json]


def get_spreadsheet(cloud: Cloud, path: Mapping[str, str], query: Query, mask: Mask, body: Json) -> Json:
    """spreadsheets.get. With a field mask `includeGridData` is ignored: the mask decides about cells."""
    del body
    cloud.count_against_quota("Read")
    file = cloud.open_file(path["spreadsheetId"])
    grid_data = has_field(mask, "sheets", "data") if mask else query.get("includeGridData") == ["true"]
    return render.render_spreadsheet(file, query.get("ranges", ()), grid_data, cloud.account.email)


def update_spreadsheet(cloud: Cloud, path: Mapping[str, str], query: Query, mask: Mask, body: Json) -> Json:
    """spreadsheets.batchUpdate: apply all requests or none."""
    del query, mask
    cloud.count_against_quota("Write")
    file = cloud.open_file(path["spreadsheetId"], for_edit=True)
    changed = copy.deepcopy(file)
    replies = [
        batch_update.apply_request(changed, f"requests[{index}]", request, cloud.account.email)
        for index, request in enumerate(body.get("requests", []))
    ]
    if not replies:
        raise errors.make_sheets_error(400, "INVALID_ARGUMENT", "Must specify at least one request.")
    file.__dict__.update(changed.__dict__)
    cloud.touch_file(file)
    return {"spreadsheetId": file.id, "replies": replies}


def batch_get_values(cloud: Cloud, path: Mapping[str, str], query: Query, mask: Mask, body: Json) -> Json:
    """spreadsheets.values.batchGet: empty cells at the end of a row and empty rows at the end are omitted."""
    del mask, body
    cloud.count_against_quota("Read")
    file = cloud.open_file(path["spreadsheetId"])
    option = (query.get("valueRenderOption") or ["FORMATTED_VALUE"])[0]
    answers = []
    for text in query.get("ranges", ()):
        tab, area = render.locate(file, text)
        answer: Json = {"range": text, "majorDimension": "ROWS"}
        if values := _list_values(tab, area, option):
            answer["values"] = values
        answers.append(answer)
    return {"spreadsheetId": file.id, "valueRanges": answers}


def update_values_by_data_filter(cloud: Cloud, path: Mapping[str, str], query: Query, mask: Mask, body: Json) -> Json:
    """spreadsheets.values.batchUpdateByDataFilter: write all ranges or none; null leaves a cell unchanged.

    A filter that matches nothing selects no range, so nothing is written for it.
    """
    del query, mask
    cloud.count_against_quota("Write")
    file = cloud.open_file(path["spreadsheetId"], for_edit=True)
    option = body.get("valueInputOption")
    if option not in {"RAW", "USER_ENTERED"}:
        raise errors.make_sheets_error(400, "INVALID_ARGUMENT", "'valueInputOption' is required but not specified")
    changed = copy.deepcopy(file)
    responses = []
    for index, data in enumerate(body.get("data", [])):
        for tab, column in _find_columns(changed, data.get("dataFilter", {})):
            count = _write_column(tab, column, index, data, cloud.account.email, option == "USER_ENTERED")
            letters = a1.format_column(column)
            responses.append(
                {
                    "updatedRange": f"'{tab.title}'!{letters}1:{letters}{tab.rows}",
                    "updatedRows": count,
                    "updatedColumns": 1 if count else 0,
                    "updatedCells": count,
                    "dataFilter": data["dataFilter"],
                }
            )
    file.__dict__.update(changed.__dict__)
    cloud.touch_file(file)
    return {
        "spreadsheetId": file.id,
        "totalUpdatedCells": sum(response["updatedCells"] for response in responses),
        "responses": responses,
    }


def append_values(cloud: Cloud, path: Mapping[str, str], query: Query, mask: Mask, body: Json) -> Json:
    """spreadsheets.values.append with INSERT_ROWS: rows are inserted below the table that the range touches.

    The values begin in the first column of that table, wherever the range begins.
    """
    del mask
    cloud.count_against_quota("Write")
    file = cloud.open_file(path["spreadsheetId"], for_edit=True)
    if query.get("insertDataOption") != ["INSERT_ROWS"]:
        raise errors.make_sheets_error(400, "INVALID_ARGUMENT", "the stand-in does not know this insertDataOption")
    changed = copy.deepcopy(file)
    tab, area = render.locate(changed, path["range"])
    first, last = _find_table(tab, area)
    rows = body.get("values", [])
    tab.insert_rows(last + 2, len(rows))
    count = 0
    for number, values in enumerate(rows):
        count += _write_row(tab, last + 1 + number, first, values, cloud.account.email)
    file.__dict__.update(changed.__dict__)
    cloud.touch_file(file)
    return {"spreadsheetId": file.id, "updates": {"spreadsheetId": file.id, "updatedCells": count}}


def update_values(cloud: Cloud, path: Mapping[str, str], query: Query, mask: Mask, body: Json) -> Json:
    """spreadsheets.values.update of one row: null leaves a cell unchanged, an empty text empties it."""
    del query, mask
    cloud.count_against_quota("Write")
    file = cloud.open_file(path["spreadsheetId"], for_edit=True)
    changed = copy.deepcopy(file)
    tab, area = render.locate(changed, path["range"])
    (values,) = body.get("values", [])
    count = _write_row(tab, area.row, area.column, values, cloud.account.email)
    file.__dict__.update(changed.__dict__)
    cloud.touch_file(file)
    return {"spreadsheetId": file.id, "updatedCells": count}


def _find_table(tab: SheetTab, area: a1.A1Range) -> tuple[int, int]:
    """Return the first column and the last row of the block of filled cells that an area touches."""
    filled = {position for position, cell in tab.cells.items() if cell.value is not None}
    end_row = area.row + 1 if area.end_row is None else area.end_row
    end_column = tab.columns if area.end_column is None else area.end_column
    inside = {cell for cell in filled if area.row <= cell[0] < end_row and area.column <= cell[1] < end_column}
    if not inside:
        return area.column, area.row - 1
    block, fresh = set(inside), set(inside)
    while fresh:
        near = {(row + y, column + x) for row, column in fresh for y in (-1, 0, 1) for x in (-1, 0, 1)}
        fresh = (near & filled) - block
        block |= fresh
    return min(column for _, column in block), max(row for row, _ in block)


def _write_row(tab: SheetTab, row: int, first_column: int, values: list[Any], editor: str) -> int:
    written = [(column, value) for column, value in enumerate(values, first_column) if value is not None]
    for column, value in written:
        batch_update.refuse_protected(tab, row, column, editor, "data")
        old = tab.cells.get((row, column), SheetCell())
        tab.set_cell(row, column, SheetCell(_parse_raw_value(value), old.format, old.pattern, old.rule))
    return len(written)


METHODS: Mapping[str, Handler] = {
    "sheets.spreadsheets.values.append": append_values,
    "sheets.spreadsheets.values.update": update_values,
    "sheets.spreadsheets.get": get_spreadsheet,
    "sheets.spreadsheets.batchUpdate": update_spreadsheet,
    "sheets.spreadsheets.values.batchGet": batch_get_values,
    "sheets.spreadsheets.values.batchUpdateByDataFilter": update_values_by_data_filter,
}


def _list_values(tab: SheetTab, area: a1.A1Range, option: str) -> list[list[object]]:
    filled = [
        (row, column)
        for (row, column), cell in tab.cells.items()
        if cell.value is not None
        and area.row <= row < (area.end_row or tab.rows)
        and area.column <= column < (area.end_column or tab.columns)
    ]
    rows: list[list[object]] = []
    for row in range(area.row, max((row for row, _ in filled), default=-1) + 1):
        end = max((column for other_row, column in filled if other_row == row), default=-1) + 1
        cells = [tab.cells.get((row, column), SheetCell()) for column in range(area.column, end)]
        rows.append([_render_cell(cell, option) for cell in cells])
    return rows


def _render_cell(cell: SheetCell, option: str) -> object:
    if option == "FORMATTED_VALUE" or isinstance(cell.value, SheetError):
        return render.format_value(cell)
    return next(iter(render.render_value(cell).values()), "")


def _find_columns(file: Spreadsheet, data_filter: Json) -> list[tuple[SheetTab, int]]:
    """Return the columns that a filter on developer metadata selects."""
    lookup = data_filter.get("developerMetadataLookup")
    supported = {"metadataId", "metadataKey", "metadataValue", "visibility", "locationType"}
    if not lookup or set(lookup) - supported or lookup.get("locationType", "COLUMN") != "COLUMN":
        raise errors.make_sheets_error(400, "INVALID_ARGUMENT", "the stand-in does not know this filter")
    names = {
        "metadataId": "id", "metadataKey": "key", "metadataValue": "value", "visibility": "visibility",
    }  # fmt: skip
    return [
        (tab, item.column)
        for tab in file.sheets
        for item in tab.column_metadata
        if all(getattr(item, field) == lookup[name] for name, field in names.items() if name in lookup)
    ]


def _write_column(tab: SheetTab, column: int, index: int, data: Json, editor: str, allow_formulas: bool) -> int:
    """Write one column of values and return the number of written cells; they must fit into the grid."""
    columns = data.get("values", [])
    if data.get("majorDimension") != "COLUMNS":
        columns = [[row[0] if row else None for row in columns]] if columns else []
    if len(columns) > 1 or any(len(values) > tab.rows for values in columns):
        raise errors.make_sheets_error(
            400,
            "INVALID_ARGUMENT",
            f"Invalid data[{index}]: Requested writing within range [{tab.title}!{a1.format_column(column)}]",
        )
    count = 0
    for row, value in enumerate(columns[0] if columns else ()):
        if value is None:
            continue
        batch_update.refuse_protected(tab, row, column, editor, f"data[{index}]")
        old = tab.cells.get((row, column), SheetCell())
        other_fields = {name: item for name, item in old.other_fields.items() if name != "userEnteredValue"}
        new_value = _parse_raw_value(value)
        if allow_formulas and str(value).startswith("="):  # its result is not computed
            other_fields["userEnteredValue"], new_value = {"formulaValue": value}, 0.0
        cell = SheetCell(new_value, old.format, old.pattern, old.rule, other_fields)
        tab.set_cell(row, column, cell)
        count += 1
    return count


def _parse_raw_value(value: Any) -> str | float | bool | None:  # any JSON scalar
    if isinstance(value, (bool, str)):
        return value if value != "" else None
    if isinstance(value, (int, float)):
        return float(value)
    raise errors.make_sheets_error(400, "INVALID_ARGUMENT", "Invalid values: list_value")
