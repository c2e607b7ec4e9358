"""The methods of the Sheets interface that the product calls."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from tests.google_stand_in import a1, batch, errors, render
from tests.google_stand_in.cloud import Cloud
from tests.google_stand_in.discovery import Json, Query
from tests.google_stand_in.mask import Mask, has
from tests.google_stand_in.spreadsheet import Cell, Sheet, Spreadsheet

Handler = Callable[[Cloud, Mapping[str, str], Query, Mask, Json], Json]


def get(cloud: Cloud, path: Mapping[str, str], query: Query, mask: Mask, body: Json) -> Json:
    """spreadsheets.get. With a field mask `includeGridData` is ignored: cells come when the mask has them."""
    del body
    cloud.count_against_quota("Read")
    file = cloud.open(path["spreadsheetId"])
    grid_data = has(mask, "sheets", "data") if mask else query.get("includeGridData") == ["true"]
    return render.spreadsheet(file, query.get("ranges", ()), grid_data, cloud.account.email)


def batch_update(cloud: Cloud, path: Mapping[str, str], query: Query, mask: Mask, body: Json) -> Json:
    """spreadsheets.batchUpdate: all requests or none."""
    del query, mask
    cloud.count_against_quota("Write")
    file = cloud.open(path["spreadsheetId"], edit=True)
    changed = copy.deepcopy(file)
    replies = [
        batch.apply(changed, f"requests[{at}]", one, cloud.account.email)
        for at, one in enumerate(body.get("requests", []))
    ]
    if not replies:
        raise errors.sheets(400, "INVALID_ARGUMENT", "Must specify at least one request.")
    file.__dict__.update(changed.__dict__)
    cloud.touch(file)
    return {"spreadsheetId": file.id, "replies": replies}


def values_batch_get(cloud: Cloud, path: Mapping[str, str], query: Query, mask: Mask, body: Json) -> Json:
    """spreadsheets.values.batchGet: rows end at their last value, and rows at the last that has one."""
    del mask, body
    cloud.count_against_quota("Read")
    file = cloud.open(path["spreadsheetId"])
    option = (query.get("valueRenderOption") or ["FORMATTED_VALUE"])[0]
    answers = []
    for text in query.get("ranges", ()):
        tab, area = render.locate(file, text)
        answer: Json = {"range": text, "majorDimension": "ROWS"}
        if values := _values(tab, area, option):
            answer["values"] = values
        answers.append(answer)
    return {"spreadsheetId": file.id, "valueRanges": answers}


def values_batch_update(cloud: Cloud, path: Mapping[str, str], query: Query, mask: Mask, body: Json) -> Json:
    """spreadsheets.values.batchUpdate in RAW mode: all ranges or none; null leaves a cell as it is."""
    del query, mask
    cloud.count_against_quota("Write")
    file = cloud.open(path["spreadsheetId"], edit=True)
    if body.get("valueInputOption") != "RAW":
        raise errors.sheets(400, "INVALID_ARGUMENT", "'valueInputOption' is required but not specified")
    changed = copy.deepcopy(file)
    responses = [_write(changed, at, one, cloud.account.email) for at, one in enumerate(body.get("data", []))]
    file.__dict__.update(changed.__dict__)
    cloud.touch(file)
    return {
        "spreadsheetId": file.id,
        "totalUpdatedCells": sum(one["updatedCells"] for one in responses),
        "responses": responses,
    }


METHODS: Mapping[str, Handler] = {
    "sheets.spreadsheets.get": get,
    "sheets.spreadsheets.batchUpdate": batch_update,
    "sheets.spreadsheets.values.batchGet": values_batch_get,
    "sheets.spreadsheets.values.batchUpdate": values_batch_update,
}


def _values(tab: Sheet, area: a1.Area, option: str) -> list[list[object]]:
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
        rows.append([_value(tab.cells.get((row, at), Cell()), option) for at in range(area.column, width)])
    return rows


def _value(cell: Cell, option: str) -> object:
    if option == "FORMATTED_VALUE":
        return render.formatted(cell)
    return next(iter(render.extended(cell).values()), "") if not _is_error(cell) else render.formatted(cell)


def _is_error(cell: Cell) -> bool:
    return "errorValue" in render.extended(cell)


def _write(file: Spreadsheet, at: int, data: Json, editor: str) -> Json:
    """One ValueRange; a range outside the grid, or with more rows than it has, is refused as by Google."""
    text, rows = str(data.get("range", "")), data.get("values", [])
    tab, area = render.locate(file, text)
    end_row, end_column = area.end_row or tab.rows, area.end_column or tab.columns
    width = max((len(row) for row in rows), default=0)
    if len(rows) > end_row - area.row or width > end_column - area.column or end_row > tab.rows:
        raise errors.sheets(
            400, "INVALID_ARGUMENT", f"Invalid data[{at}]: Requested writing within range [{text}]"
        )
    written = 0
    for row, values in enumerate(rows, area.row):
        for column, value in enumerate(values, area.column):
            if value is None:
                continue
            batch.refuse_protected(tab, row, column, editor, f"data[{at}]")
            old = tab.cells.get((row, column), Cell())
            tab.put_at(row, column, Cell(_raw(value), old.format, old.pattern, old.rule, old.other))
            written += 1
    return {"spreadsheetId": file.id, "updatedRange": text, "updatedRows": len(rows), "updatedColumns": width,
            "updatedCells": written}  # fmt: skip


def _raw(value: Any) -> str | float | bool | None:  # any JSON scalar
    if isinstance(value, (bool, str)):
        return value if value != "" else None
    if isinstance(value, (int, float)):
        return float(value)
    raise errors.sheets(400, "INVALID_ARGUMENT", "Invalid values: list_value")
