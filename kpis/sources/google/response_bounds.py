"""Limits on what Google, or whoever answers in its place, may send: depth, sizes and types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kpis.sources.bounds import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_JSON_DEPTH,
    MAX_MERGED_RANGES,
    MAX_RESPONSE_BYTES,
    MAX_ROWS,
)
from kpis.sources.google.failures import GoogleError

_STRING_PATTERN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)  # never tried another way
_BRACKETS = b"[]{}"
_OTHER_BYTES = bytes(set(range(256)) - set(_BRACKETS))
_MAX_GOOGLE_ROWS = 10_000_000
_MAX_GRID_CELLS = 4 * MAX_CELLS  # the empty cells of a grid are sent too
_MERGE_KEYS = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")


class ResponseShapeError(Exception):
    """A response that is not what Google's own documents describe."""


def is_too_deep(body: bytes) -> bool:
    """Return True if JSON is nested deeper than MAX_JSON_DEPTH, as far as brackets in texts let it be seen.

    Texts are taken out only where their brackets make a difference, which is rare: it costs half as much as
    parsing. What they hide from the first look, the parser's own limit refuses (RecursionError).
    """
    if _collapses(body):
        return False
    return not _collapses(_STRING_PATTERN.sub(b"", body))


def _collapses(body: bytes) -> bool:
    """Return True if nothing is left when the innermost brackets are taken away as often as is allowed."""
    brackets = body.translate(None, _OTHER_BYTES)
    for _ in range(MAX_JSON_DEPTH):
        if not brackets:
            return True
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return not brackets


def check_spreadsheet(spreadsheet: Mapping[str, Any]) -> None:
    """Check the tabs, grids and merged ranges of a Spreadsheet; cells are looked at when they are read.

    Raises ResponseShapeError for types and numbers that cannot be, GoogleError for more than is read.
    """
    cells = merges = merged_rows = 0
    for sheet in _list_objects(spreadsheet, "sheets"):
        properties = _get_object(sheet, "properties")
        grid = _get_object(properties, "gridProperties")
        _check_number(properties, "sheetId", 2**63)
        _check_number(grid, "rowCount", _MAX_GOOGLE_ROWS)
        _check_number(grid, "columnCount", _MAX_GOOGLE_ROWS)
        for merge in _list_objects(sheet, "merges"):
            merges += 1
            for key in _MERGE_KEYS:
                _check_number(merge, key, _MAX_GOOGLE_ROWS)
            merged_rows += merge.get("endRowIndex", 0) - merge.get("startRowIndex", 0)
        for data in _list_objects(sheet, "data"):
            _check_number(data, "startRow", MAX_ROWS)
            _check_number(data, "startColumn", MAX_COLUMNS)
            cells += sum(len(_get_list(row, "values")) for row in _list_objects(data, "rowData"))
    if cells > _MAX_GRID_CELLS:
        raise GoogleError("too_large", megabytes=MAX_RESPONSE_BYTES >> 20)
    if merges > MAX_MERGED_RANGES or merged_rows > MAX_CELLS:
        raise GoogleError("too_many_merges", limit=MAX_MERGED_RANGES)


def _list_objects(parent: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    for value in _get_list(parent, key):
        if not isinstance(value, dict):
            raise ResponseShapeError(f"{key} holds no objects")
        yield value


def _get_list(parent: Mapping[str, Any], key: str) -> list[Any]:
    value = parent.get(key, [])
    if not isinstance(value, list):
        raise ResponseShapeError(f"{key} is no list")
    return value


def _get_object(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = parent.get(key, {})
    if not isinstance(value, dict):
        raise ResponseShapeError(f"{key} is no object")
    return value


def _check_number(parent: Mapping[str, Any], key: str, limit: int) -> None:
    value = parent.get(key, 0)
    if type(value) is not int or not 0 <= value <= limit:
        raise ResponseShapeError(f"{key} is {str(value)[:20]}")
