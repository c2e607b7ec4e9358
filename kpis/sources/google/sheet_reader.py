"""Reads one Google Sheet into raw tabs: each cell's value and number format (design.md §4).

Tabs are found by their id and then by their name, so that a renamed tab is still read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kpis.language.normalization import clean
from kpis.sheet import cells
from kpis.sheet.cells import EMPTY_CELL, format_column_letters
from kpis.sheet.layout import TAB_KINDS, TAB_NAMES, TabKind, find_tab_kind
from kpis.sheet.model import Cell, RawRow, RawSheet, RawTab, Source
from kpis.sources.bounds import MAX_COLUMNS
from kpis.sources.google.client import GoogleClient, Json
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.urls import parse_spreadsheet_id

SPARE_ROWS, SPARE_COLUMNS = 1000, 10
"""Rows and columns that a tab may have gained since the last read to be read in one request."""
RENAMED_TAB_NOTES: Mapping[TabKind, str] = {
    "progress": "The tab “Tiến độ” was renamed. It is still read, but please restore its name.",
    "tasks": "The tab “Nhiệm vụ” was renamed. It is still read, but please restore its name.",
}
DUPLICATE_NAME_NOTE = (
    "A tab was renamed, and another tab now has its name. The original tab is still the one that counts: "
    "restore its name and delete the other."
)
FOREIGN_LOCALE_NOTE = (
    "The sheet's locale is not Vietnam: a day typed as 05/11/2026 may have become 11 May. Choose File → "
    "Settings → Locale: Vietnam, then check the days."
)
FOREIGN_TIME_ZONE_NOTE = (
    "The sheet's time zone is not Ho Chi Minh City, so formulas for today's date may be wrong by a day. "
    "Choose File → Settings → Time zone."
)
_EPOCH = date(1899, 12, 30)
_ERROR_TEXTS = {
    "NULL_VALUE": "#NULL!", "DIVIDE_BY_ZERO": "#DIV/0!", "VALUE": "#VALUE!", "REF": "#REF!", "NAME": "#NAME?",
    "NUM": "#NUM!", "N_A": "#N/A", "LOADING": "Loading…",
}  # fmt: skip


@dataclass(frozen=True)
class TabSnapshot:
    """One of our tabs at the last successful read: id, title and grid size (0 if not given)."""

    kind: TabKind
    id: int
    title: str
    rows: int
    columns: int


@dataclass(frozen=True)
class GoogleReadResult:
    """The result of one read: the raw sheet, and the tabs to look for at the next read."""

    sheet: RawSheet
    tabs: tuple[TabSnapshot, ...]


def read_google_sheet(
    source: Source, client: GoogleClient, now: datetime, last_tabs: Sequence[TabSnapshot] = ()
) -> GoogleReadResult:
    """Read the tabs of a source. Raises GoogleError if that fails, UsageError for a bad link.

    One request; a second one if a known tab was renamed or deleted or has outgrown the requested range.
    """
    with client.share_deadline():
        response = _fetch_spreadsheet(client, parse_spreadsheet_id(source.location), last_tabs)
    tabs_by_kind = find_tabs(response, last_tabs)
    tabs = [
        RawTab(name, _parse_rows(sheet), merged=_list_merged(sheet))
        for kind in TAB_KINDS
        for name, sheet in _name_tabs(kind, tabs_by_kind[kind])
    ]
    if not tabs:  # the error about the missing tab lists the names of the others
        tabs = [RawTab(clean(_get_title(sheet)), ()) for sheet in response.get("sheets", [])]
    snapshots = tuple(
        _snapshot_tab(kind, sheets[0]) for kind, sheets in tabs_by_kind.items() if len(sheets) == 1
    )
    return GoogleReadResult(
        RawSheet(tuple(tabs), now, tuple(_list_notes(response, tabs_by_kind, last_tabs))), snapshots
    )


def find_tabs(response: Json, last_tabs: Iterable[TabSnapshot] = ()) -> dict[TabKind, list[Json]]:
    """Return the Sheet resources of our tabs, per kind: the one with the known id, else all with the name."""
    sheets = [
        sheet
        for sheet in response.get("sheets", [])
        if _get_properties(sheet).get("sheetType", "GRID") == "GRID"
    ]
    known_ids = {tab.kind: tab.id for tab in last_tabs}
    by_id = {kind: [tab for tab in sheets if _get_id(tab) == known_ids.get(kind)] for kind in TAB_KINDS}
    used_ids = {_get_id(tab) for tabs in by_id.values() for tab in tabs}
    return {
        kind: by_id[kind]
        or [tab for tab in sheets if find_tab_kind(_get_title(tab)) == kind and _get_id(tab) not in used_ids]
        for kind in TAB_KINDS
    }


def _fetch_spreadsheet(client: GoogleClient, file_id: str, last_tabs: Sequence[TabSnapshot]) -> Json:
    # With ranges, tabs that they do not name are left out, so both of ours must be known.
    if {tab.kind for tab in last_tabs if tab.rows} == set(TAB_KINDS):
        try:
            response = client.get_spreadsheet(file_id, [_format_range(tab) for tab in last_tabs])
        except GoogleError as error:
            if error.kind != "bad_range":
                raise
        else:
            if _contains_all_cells(response, last_tabs):
                return response
    return client.get_spreadsheet(file_id)


def _format_range(tab: TabSnapshot) -> str:
    """Return the range of the tab's grid with spare rows and columns; Google cuts it to the grid."""
    title = tab.title.replace("'", "''")
    return f"'{title}'!A1:{format_column_letters(tab.columns + SPARE_COLUMNS - 1)}{tab.rows + SPARE_ROWS}"


def _contains_all_cells(response: Json, last_tabs: Iterable[TabSnapshot]) -> bool:
    """True if the response contains the expected tabs with all their rows and columns."""
    sheets = {
        _get_id(sheet): _get_properties(sheet).get("gridProperties", {})
        for sheet in response.get("sheets", [])
    }
    return all(
        tab.id in sheets
        and sheets[tab.id].get("rowCount", math.inf) <= tab.rows + SPARE_ROWS
        and sheets[tab.id].get("columnCount", math.inf) <= tab.columns + SPARE_COLUMNS
        for tab in last_tabs
    )


def _name_tabs(kind: TabKind, sheets: Iterable[Json]) -> Iterable[tuple[str, Json]]:
    """Yield each tab with its title, or the usual name if it was renamed."""
    for sheet in sheets:
        title = clean(_get_title(sheet))
        yield (title if find_tab_kind(title) == kind else TAB_NAMES[kind]), sheet


def _list_notes(
    response: Json, tabs_by_kind: Mapping[TabKind, Sequence[Json]], last_tabs: Iterable[TabSnapshot]
) -> Iterable[str]:
    for tab in last_tabs:
        if any(
            _get_id(sheet) == tab.id and find_tab_kind(_get_title(sheet)) != tab.kind
            for sheet in tabs_by_kind[tab.kind]
        ):
            yield RENAMED_TAB_NOTES[tab.kind]
            if any(find_tab_kind(_get_title(sheet)) == tab.kind for sheet in response["sheets"]):
                yield DUPLICATE_NAME_NOTE
    properties = response.get("properties", {})
    if properties.get("locale", "vi_VN") not in {"vi_VN", "vi"}:
        yield FOREIGN_LOCALE_NOTE
    if properties.get("timeZone", "Asia/Ho_Chi_Minh") not in {"Asia/Ho_Chi_Minh", "Asia/Saigon"}:
        yield FOREIGN_TIME_ZONE_NOTE


def _snapshot_tab(kind: TabKind, sheet: Json) -> TabSnapshot:
    grid = _get_properties(sheet).get("gridProperties", {})
    return TabSnapshot(
        kind, _get_id(sheet), _get_title(sheet), grid.get("rowCount", 0), grid.get("columnCount", 0)
    )


def _parse_rows(sheet: Json) -> tuple[RawRow, ...]:
    """Return the rows that hold anything, with the sheet's row numbers; cells hidden by a merge are empty."""
    hidden = _find_merged_columns(sheet.get("merges", ()))
    rows: list[RawRow] = []
    for grid in sheet.get("data", ()):
        left = [EMPTY_CELL] * grid.get("startColumn", 0)
        for number, row in enumerate(grid.get("rowData", ()), grid.get("startRow", 0) + 1):
            row_cells = left + [parse_cell(data) for data in row.get("values", ())[:MAX_COLUMNS]]
            for first, last in hidden.get(number, ()) if hidden else ():
                row_cells[first:last] = [EMPTY_CELL] * len(row_cells[first:last])
            while row_cells and row_cells[-1] is EMPTY_CELL:
                row_cells.pop()
            if row_cells:
                rows.append(RawRow(number, tuple(row_cells)))
    return tuple(rows)


def _list_merged(sheet: Json) -> tuple[tuple[int, int, int, int], ...]:
    """Return the areas of merged cells: first row, first column, last row, last column, from 1."""
    return tuple(
        (
            merge.get("startRowIndex", 0) + 1,
            merge.get("startColumnIndex", 0) + 1,
            merge.get("endRowIndex", 0),
            merge.get("endColumnIndex", 0),
        )
        for merge in sheet.get("merges", ())
    )


def _find_merged_columns(merges: Iterable[Mapping[str, int]]) -> dict[int, list[tuple[int, int]]]:
    """Return the columns hidden by merged cells, per row number: (first, end) from 0, end exclusive."""
    hidden: dict[int, list[tuple[int, int]]] = {}
    for merge in merges:
        top, left = merge.get("startRowIndex", 0), merge.get("startColumnIndex", 0)
        for row in range(top, merge.get("endRowIndex", top)):
            columns = (left + (row == top), merge.get("endColumnIndex", left))
            hidden.setdefault(row + 1, []).append(columns)
    return hidden


def parse_cell(data: Mapping[str, Any]) -> Cell:
    """Return the cell of a CellData: its effective value, with numbers classified by their format's type."""
    value = data.get("effectiveValue")
    if not value:
        return EMPTY_CELL
    if "stringValue" in value:
        return cells.make_text_cell(value["stringValue"])
    if "numberValue" in value:
        format_type = data.get("effectiveFormat", {}).get("numberFormat", {}).get("type")
        return _parse_number(float(value["numberValue"]), format_type)
    if "boolValue" in value:
        return cells.make_boolean_cell(value["boolValue"])
    if "errorValue" in value:
        text = _ERROR_TEXTS.get(value["errorValue"].get("type", ""), "#ERROR!")
        return cells.make_text_cell(text) if text == _ERROR_TEXTS["LOADING"] else cells.make_error_cell(text)
    return EMPTY_CELL


def _parse_number(value: float, format_type: str | None) -> Cell:
    match format_type:
        case "DATE" | "DATE_TIME":
            return _parse_date(value)
        case "TIME":
            return cells.make_time_cell(value)
        case "PERCENT":
            return cells.make_percent_cell(value)
    return cells.make_number_cell(value)


def _parse_date(value: float) -> Cell:
    """Return a date, counted from 30/12/1899 without Excel's 29/2/1900; a time cell outside the calendar."""
    try:
        return cells.make_date_cell(_EPOCH + timedelta(days=math.floor(value)))
    except (ValueError, OverflowError):
        return cells.make_time_cell(value)


def _get_properties(sheet: Json) -> Json:
    return dict(sheet.get("properties", {}))


def _get_id(sheet: Json) -> int:
    return int(_get_properties(sheet).get("sheetId", 0))


def _get_title(sheet: Json) -> str:
    return str(_get_properties(sheet).get("title", ""))
