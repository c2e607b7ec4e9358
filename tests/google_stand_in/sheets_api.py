"""The methods of the Sheets interface that the product calls."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from tests.google_stand_in import a1, batch_update, errors, render
from tests.google_stand_in.cloud import Cloud
from tests.google_stand_in.discovery import Json, Query
from tests.google_stand_in.field_mask import Mask, has_field
from tests.google_stand_in.spreadsheet import SheetCell, SheetTab, Spreadsheet

Handler = Callable[[Cloud, Mapping[str, str], Query, Mask, Json], Json]


def get_spreadsheet(cloud: Cloud, path: Mapping[str, str], query: Query, mask: Mask, body: Json) -> Json:
    """spreadsheets.get. With a field mask `includeGridData` is ignored: cells come when the mask has them."""
    del body
    cloud.count_against_quota("Read")
    file = cloud.open_file(path["spreadsheetId"])
    grid_data = has_field(mask, "sheets", "data") if mask else query.get("includeGridData") == ["true"]
    return render.render_spreadsheet(file, query.get("ranges", ()), grid_data, cloud.account.email)


def update_spreadsheet(cloud: Cloud, path: Mapping[str, str], query: Query, mask: Mask, body: Json) -> Json:
    """spreadsheets.batchUpdate: all requests or none."""
    del query, mask
    cloud.count_against_quota("Write")
    file = cloud.open_file(path["spreadsheetId"], for_edit=True)
    changed = copy.deepcopy(file)
    replies = [
        batch_update.apply_request(changed, f"requests[{at}]", one, cloud.account.email)
        for at, one in enumerate(body.get("requests", []))
    ]
    if not replies:
        raise errors.make_sheets_error(400, "INVALID_ARGUMENT", "Must specify at least one request.")
    file.__dict__.update(changed.__dict__)
    cloud.touch_file(file)
    return {"spreadsheetId": file.id, "replies": replies}


def batch_get_values(cloud: Cloud, path: Mapping[str, str], query: Query, mask: Mask, body: Json) -> Json:
    """spreadsheets.values.batchGet: rows end at their last value, and rows at the last that has one."""
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
    """spreadsheets.values.batchUpdate in RAW mode: all ranges or none; null leaves a cell as it is."""
    del query, mask
    cloud.count_against_quota("Write")
    file = cloud.open_file(path["spreadsheetId"], for_edit=True)
    if body.get("valueInputOption") != "RAW":
        raise errors.make_sheets_error(
            400, "INVALID_ARGUMENT", "'valueInputOption' is required but not specified"
        )
    changed = copy.deepcopy(file)
    responses = [
        _write_range(changed, at, one, cloud.account.email) for at, one in enumerate(body.get("data", []))
    ]
    file.__dict__.update(changed.__dict__)
    cloud.touch_file(file)
    return {
        "spreadsheetId": file.id,
        "totalUpdatedCells": sum(one["updatedCells"] for one in responses),
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
        width = max((column for at, column in filled if at == row), default=-1) + 1
        rows.append(
            [_render_cell(tab.cells.get((row, at), SheetCell()), option) for at in range(area.column, width)]
        )
    return rows


def _render_cell(cell: SheetCell, option: str) -> object:
    if option == "FORMATTED_VALUE":
        return render.format_value(cell)
    return (
        next(iter(render.render_value(cell).values()), "")
        if not _is_error(cell)
        else render.format_value(cell)
    )


def _is_error(cell: SheetCell) -> bool:
    return "errorValue" in render.render_value(cell)


def _write_range(file: Spreadsheet, at: int, data: Json, editor: str) -> Json:
    """One ValueRange; a range outside the grid, or with more rows than it has, is refused as by Google."""
    text, rows = str(data.get("range", "")), data.get("values", [])
    tab, area = render.locate(file, text)
    end_row, end_column = area.end_row or tab.rows, area.end_column or tab.columns
    width = max((len(row) for row in rows), default=0)
    if len(rows) > end_row - area.row or width > end_column - area.column or end_row > tab.rows:
        raise errors.make_sheets_error(
            400, "INVALID_ARGUMENT", f"Invalid data[{at}]: Requested writing within range [{text}]"
        )
    written = 0
    for row, values in enumerate(rows, area.row):
        for column, value in enumerate(values, area.column):
            if value is None:
                continue
            batch_update.refuse_protected(tab, row, column, editor, f"data[{at}]")
            old = tab.cells.get((row, column), SheetCell())
            tab.set_cell(
                row,
                column,
                SheetCell(_parse_raw_value(value), old.format, old.pattern, old.rule, old.other_fields),
            )
            written += 1
    return {"spreadsheetId": file.id, "updatedRange": text, "updatedRows": len(rows), "updatedColumns": width,
            "updatedCells": written}  # fmt: skip


def _parse_raw_value(value: Any) -> str | float | bool | None:  # any JSON scalar
    if isinstance(value, (bool, str)):
        return value if value != "" else None
    if isinstance(value, (int, float)):
        return float(value)
    raise errors.make_sheets_error(400, "INVALID_ARGUMENT", "Invalid values: list_value")
