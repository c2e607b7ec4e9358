"""What an answer of Google must look like before anything is taken from it.

Each field that we use is checked for its type; fields that we do not use may hold anything. Source: the
discovery document of the Sheets API.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kpis.sources.bounds import MAX_CELLS, MAX_COLUMNS, MAX_MERGED_RANGES, MAX_RESPONSE_BYTES
from kpis.sources.google.failures import GoogleError

_MAX_NUMBER = 1e300
_MAX_GRID_CELLS = 4 * MAX_CELLS  # the empty cells of a grid are sent too
_MAX_INDEX = 20_000_000
"""Above every row, column or position in Google Sheets, which end at ten million cells a file."""

Json = dict[str, Any]
Shape = Any
"""A type, "index" (a whole number from 0), "column", "name", a list of one shape, or shapes by field."""

_VALUE: Shape = {
    "stringValue": str,
    "numberValue": float,
    "boolValue": bool,
    "formulaValue": str,
    "errorValue": {"type": str, "message": str},
}
_RANGE: Shape = {
    "sheetId": int,
    "startRowIndex": "index",
    "endRowIndex": "index",
    "startColumnIndex": "index",
    "endColumnIndex": "index",
}
_TEXT_FORMAT: Shape = {"strikethrough": bool}
_CELL: Shape = {
    "effectiveValue": _VALUE,
    "userEnteredValue": _VALUE,
    "formattedValue": str,
    "effectiveFormat": {"numberFormat": {"type": str, "pattern": str}, "textFormat": _TEXT_FORMAT},
    "userEnteredFormat": {"numberFormat": {"type": str, "pattern": str}, "textFormat": _TEXT_FORMAT},
    "textFormatRuns": [{"startIndex": "index", "format": _TEXT_FORMAT}],
    "dataValidation": {
        "condition": {"type": str, "values": [{"userEnteredValue": str}]},
        "strict": bool,
        "showCustomUi": bool,
    },
}
SPREADSHEET_SHAPE: Shape = {
    "properties": {"title": "name", "locale": str, "timeZone": str},
    "sheets": [
        {
            "properties": {
                "sheetId": int,
                "title": "name",
                "index": "index",
                "sheetType": str,
                "hidden": bool,
                "gridProperties": {
                    "rowCount": "index",
                    "columnCount": "index",
                    "frozenRowCount": "index",
                },
            },
            "data": [
                {
                    "startRow": "index",
                    "startColumn": "column",
                    "rowData": [{"values": [_CELL]}],
                    "columnMetadata": [{"developerMetadata": [{"metadataId": int, "metadataKey": str}]}],
                }
            ],
            "merges": [_RANGE],
            "protectedRanges": [
                {
                    "protectedRangeId": int,
                    "range": _RANGE,
                    "warningOnly": bool,
                    "requestingUserCanEdit": bool,
                }
            ],
        }
    ],
}
FILES_SHAPE: Shape = {"files": [{"id": str, "modifiedTime": str}], "nextPageToken": str}
VALUES_SHAPE: Shape = {"valueRanges": [{"values": [list]}]}
UPDATE_SHAPE: Shape = {"totalUpdatedCells": "index"}


def check_spreadsheet(content: Mapping[str, Any]) -> Json:
    """Return a Spreadsheet whose fields have their types and which is not too large; else GoogleError."""
    check_shape(content, SPREADSHEET_SHAPE)
    if not content.get("sheets"):  # every spreadsheet has a tab
        raise GoogleError("malformed", place="sheets")
    cells = merges = merged_rows = 0
    for sheet in content["sheets"]:
        areas = sheet.get("merges", ())
        merges += len(areas)
        merged_rows += sum(area.get("endRowIndex", 0) - area.get("startRowIndex", 0) for area in areas)
        for grid in sheet.get("data", ()):
            cells += sum(len(row.get("values", ())) for row in grid.get("rowData", ()))
    if cells > _MAX_GRID_CELLS:
        raise GoogleError("too_large", megabytes=MAX_RESPONSE_BYTES >> 20)
    if merges > MAX_MERGED_RANGES or merged_rows > MAX_CELLS:
        raise GoogleError("too_many_merges", limit=MAX_MERGED_RANGES)
    return dict(content)


def check_shape(content: object, shape: Shape) -> None:
    """Raise GoogleError if a field of `content` is not of its type; missing and other fields are allowed."""
    try:
        _check(content, shape)
    except _ShapeError as error:
        raise GoogleError("malformed", place="".join(error.place).lstrip(".") or "–") from None


class _ShapeError(Exception):
    """A field of another type; `place` is its path, which each level puts in front of."""

    def __init__(self) -> None:
        self.place: list[str] = []
        super().__init__()


def _check(content: object, shape: Shape) -> None:
    if isinstance(shape, dict):
        if not isinstance(content, dict):
            raise _ShapeError
        for name in content.keys() & shape.keys():
            try:
                _check(content[name], shape[name])
            except _ShapeError as error:
                error.place.insert(0, f".{name}")
                raise
    elif isinstance(shape, list):
        if not isinstance(content, list):
            raise _ShapeError
        _check_items(content, shape[0])
    elif not _is_of_type(content, shape):
        raise _ShapeError


def _check_items(items: list[object], shape: Shape) -> None:
    for index, item in enumerate(items):
        try:
            _check(item, shape)
        except _ShapeError as error:
            error.place.insert(0, f"[{index}]")
            raise


def _is_of_type(content: object, shape: object) -> bool:
    if shape is float:
        if isinstance(content, bool) or not isinstance(content, (int, float)):
            return False
        return -_MAX_NUMBER < content < _MAX_NUMBER
    if shape is int:
        return isinstance(content, int) and not isinstance(content, bool) and abs(content) < 2**63
    if shape == "index":
        return isinstance(content, int) and not isinstance(content, bool) and 0 <= content < _MAX_INDEX
    if shape == "column":
        return isinstance(content, int) and not isinstance(content, bool) and 0 <= content < MAX_COLUMNS
    if shape == "name":  # it goes into addresses of requests
        return isinstance(content, str) and not re.search(r"[\ud800-\udfff]", content)
    return isinstance(content, shape)  # type: ignore[arg-type]
