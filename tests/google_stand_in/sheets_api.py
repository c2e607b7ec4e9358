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


def batch_update_values(cloud: Cloud, path: Mapping[str, str], query: Query, mask: Mask, body: Json) -> Json:
    """spreadsheets.values.batchUpdate in RAW mode: write all ranges or none; null leaves a cell unchanged."""
    del query, mask
    cloud.count_against_quota("Write")
    file = cloud.open_file(path["spreadsheetId"], for_edit=True)
    if body.get("valueInputOption") != "RAW":
        raise errors.make_sheets_error(
            400, "INVALID_ARGUMENT", "'valueInputOption' is required but not specified"
        )
    changed = copy.deepcopy(file)
    responses = [
        _write_range(changed, index, data, cloud.account.email)
        for index, data in enumerate(body.get("data", []))
    ]
    file.__dict__.update(changed.__dict__)
    cloud.touch_file(file)
    return {
        "spreadsheetId": file.id,
        "totalUpdatedCells": sum(response["updatedCells"] for response in responses),
        "responses": responses,
    }


METHODS: Mapping[str, Handler] = {
    "sheets.spreadsheets.get": get_spreadsheet,
    "sheets.spreadsheets.batchUpdate": update_spreadsheet,
    "sheets.spreadsheets.values.batchGet": batch_get_values,
    "sheets.spreadsheets.values.batchUpdate": batch_update_values,
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


def _write_range(file: Spreadsheet, index: int, data: Json, editor: str) -> Json:
    """Write one ValueRange; RefusalError if the range is outside the grid or smaller than its values."""
    text, rows = str(data.get("range", "")), data.get("values", [])
    tab, area = render.locate(file, text)
    end_row, end_column = area.end_row or tab.rows, area.end_column or tab.columns
    width = max((len(row) for row in rows), default=0)
    if len(rows) > end_row - area.row or width > end_column - area.column or end_row > tab.rows:
        raise errors.make_sheets_error(
            400, "INVALID_ARGUMENT", f"Invalid data[{index}]: Requested writing within range [{text}]"
        )
    updated_cells = 0
    for row, values in enumerate(rows, area.row):
        for column, value in enumerate(values, area.column):
            if value is None:
                continue
            batch_update.refuse_protected(tab, row, column, editor, f"data[{index}]")
            old = tab.cells.get((row, column), SheetCell())
            cell = SheetCell(_parse_raw_value(value), old.format, old.pattern, old.rule, old.other_fields)
            tab.set_cell(row, column, cell)
            updated_cells += 1
    return {"spreadsheetId": file.id, "updatedRange": text, "updatedRows": len(rows), "updatedColumns": width,
            "updatedCells": updated_cells}  # fmt: skip


def _parse_raw_value(value: Any) -> str | float | bool | None:  # any JSON scalar
    if isinstance(value, (bool, str)):
        return value if value != "" else None
    if isinstance(value, (int, float)):
        return float(value)
    raise errors.make_sheets_error(400, "INVALID_ARGUMENT", "Invalid values: list_value")
