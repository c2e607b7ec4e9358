"""One Google Sheet as raw tabs: what each cell holds, and how it is shown (design.md §4).

Tabs are found by their id and then by their name, so that a renamed one is still read.
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
from kpis.sources.google.client import GoogleClient, Json
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.urls import parse_spreadsheet_id

SPARE_ROWS, SPARE_COLUMNS = 1000, 10
"""How far a tab may have grown since the last read and still be read whole in one request."""
RENAMED_TAB_NOTES: Mapping[TabKind, str] = {
    "progress": "The tab “Tiến độ” was renamed. It is still read; better give it its name back.",
    "tasks": "The tab “Nhiệm vụ” was renamed. It is still read; better give it its name back.",
}
DUPLICATE_NAME_NOTE = (
    "A tab was renamed, and another now bears its name. The one that has always been read is still the one "
    "that counts: give it its name back, and delete the other."
)
FOREIGN_LOCALE_NOTE = (
    "The sheet's locale is not Vietnam: a day typed as 05/11/2026 may have become 11 May. Choose File → "
    "Settings → Locale: Vietnam, then look at the days again."
)
FOREIGN_TIME_ZONE_NOTE = (
    "The sheet's time zone is not Ho Chi Minh City, so formulas for today's date may be a day off. Choose "
    "File → Settings → Time zone."
)
_EPOCH = date(1899, 12, 30)
_ERROR_TEXTS = {
    "NULL_VALUE": "#NULL!", "DIVIDE_BY_ZERO": "#DIV/0!", "VALUE": "#VALUE!", "REF": "#REF!", "NAME": "#NAME?",
    "NUM": "#NUM!", "N_A": "#N/A", "LOADING": "Loading…",
}  # fmt: skip


@dataclass(frozen=True)
class TabSnapshot:
    """One of our tabs at the last good read: its id, title, and the size of its grid (0 where not said)."""

    kind: TabKind
    id: int
    title: str
    rows: int
    columns: int


@dataclass(frozen=True)
class GoogleReadResult:
    """What one read gave: the raw sheet, and the tabs to look for at the next read."""

    sheet: RawSheet
    tabs: tuple[TabSnapshot, ...]


def read_google_sheet(
    source: Source, client: GoogleClient, now: datetime, last_tabs: Sequence[TabSnapshot] = ()
) -> GoogleReadResult:
    """The tabs of a source as they are now; GoogleError says what stands in the way, UsageError a bad link.

    One request; a second where a known tab was renamed or deleted, or has outgrown what was asked for.
    """
    with client.share_deadline():
        answer = _fetch_spreadsheet(client, parse_spreadsheet_id(source.location), last_tabs)
    found = find_tabs(answer, last_tabs)
    tabs = [
        RawTab(name, _parse_rows(sheet))
        for kind in TAB_KINDS
        for name, sheet in _name_tabs(kind, found[kind])
    ]
    if not tabs:  # the names of what is there, for the sentence that says what is not
        tabs = [RawTab(clean(_get_title(sheet)), ()) for sheet in answer.get("sheets", [])]
    next_time = tuple(_snapshot_tab(kind, found[kind][0]) for kind in TAB_KINDS if len(found[kind]) == 1)
    return GoogleReadResult(
        RawSheet(tuple(tabs), now, tuple(_list_notes(answer, found, last_tabs))), next_time
    )


def find_tabs(response: Json, last_tabs: Iterable[TabSnapshot] = ()) -> dict[TabKind, list[Json]]:
    """The Sheet resources that are our tabs, per kind: the one whose id is known, else all of that name."""
    sheets = [
        one for one in response.get("sheets", []) if _get_properties(one).get("sheetType", "GRID") == "GRID"
    ]
    ids = {tab.kind: tab.id for tab in last_tabs}
    by_id = {kind: [one for one in sheets if _get_id(one) == ids.get(kind)] for kind in TAB_KINDS}
    taken = {_get_id(one) for found in by_id.values() for one in found}
    return {
        kind: by_id[kind]
        or [one for one in sheets if find_tab_kind(_get_title(one)) == kind and _get_id(one) not in taken]
        for kind in TAB_KINDS
    }


def _fetch_spreadsheet(client: GoogleClient, file_id: str, last_tabs: Sequence[TabSnapshot]) -> Json:
    # Ranges also hide every tab that they do not name: only where both of ours are known is none missed.
    if {tab.kind for tab in last_tabs if tab.rows} == set(TAB_KINDS):
        try:
            answer = client.get_spreadsheet(file_id, [_format_range(tab) for tab in last_tabs])
        except GoogleError as error:
            if error.kind != "bad_range":
                raise
        else:
            if _contains_all_cells(answer, last_tabs):
                return answer
    return client.get_spreadsheet(file_id)


def _format_range(tab: TabSnapshot) -> str:
    """The tab's grid and some to spare; Google cuts what lies beyond the grid off."""
    title = tab.title.replace("'", "''")
    return f"'{title}'!A1:{format_column_letters(tab.columns + SPARE_COLUMNS - 1)}{tab.rows + SPARE_ROWS}"


def _contains_all_cells(response: Json, last_tabs: Iterable[TabSnapshot]) -> bool:
    """Whether the answer holds the tabs that were meant, and all their rows and columns."""
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
    """Each tab under the name it is known by: a renamed one under its old one."""
    for sheet in sheets:
        title = clean(_get_title(sheet))
        yield (title if find_tab_kind(title) == kind else TAB_NAMES[kind]), sheet


def _list_notes(
    response: Json, tabs_by_kind: Mapping[TabKind, Sequence[Json]], last_tabs: Iterable[TabSnapshot]
) -> Iterable[str]:
    for tab in last_tabs:
        if any(
            _get_id(one) == tab.id and find_tab_kind(_get_title(one)) != tab.kind
            for one in tabs_by_kind[tab.kind]
        ):
            yield RENAMED_TAB_NOTES[tab.kind]
            if any(find_tab_kind(_get_title(one)) == tab.kind for one in response["sheets"]):
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
    """Every row that holds something, by the sheet's own numbers; the cells under a merged one are empty."""
    hidden = _find_merged_columns(sheet.get("merges", ()))
    rows: list[RawRow] = []
    for grid in sheet.get("data", ()):
        left = [EMPTY_CELL] * grid.get("startColumn", 0)
        for number, row in enumerate(grid.get("rowData", ()), grid.get("startRow", 0) + 1):
            held = left + [parse_cell(data) for data in row.get("values", ())]
            for first, last in hidden.get(number, ()) if hidden else ():
                held[first:last] = [EMPTY_CELL] * len(held[first:last])
            while held and held[-1] is EMPTY_CELL:
                held.pop()
            if held:
                rows.append(RawRow(number, tuple(held)))
    return tuple(rows)


def _find_merged_columns(merges: Iterable[Mapping[str, int]]) -> dict[int, list[tuple[int, int]]]:
    """Columns that lie under a merged cell, per row number: from, to (exclusive, counted from 0)."""
    hidden: dict[int, list[tuple[int, int]]] = {}
    for merge in merges:
        top, left = merge.get("startRowIndex", 0), merge.get("startColumnIndex", 0)
        for row in range(top, merge.get("endRowIndex", top)):
            columns = (left + (row == top), merge.get("endColumnIndex", left))
            hidden.setdefault(row + 1, []).append(columns)
    return hidden


def parse_cell(data: Mapping[str, Any]) -> Cell:
    """One CellData: its effective value, told apart by its number format's type."""
    value = data.get("effectiveValue")
    if not value:
        return EMPTY_CELL
    if "stringValue" in value:
        return cells.make_text_cell(value["stringValue"])
    if "numberValue" in value:
        shown = data.get("effectiveFormat", {}).get("numberFormat", {}).get("type")
        return _parse_number(float(value["numberValue"]), shown)
    if "boolValue" in value:
        return cells.make_boolean_cell(value["boolValue"])
    if "errorValue" in value:
        sign = _ERROR_TEXTS.get(value["errorValue"].get("type", ""), "#ERROR!")
        return cells.make_text_cell(sign) if sign == _ERROR_TEXTS["LOADING"] else cells.make_error_cell(sign)
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
    """Sheets counts from 30/12/1899 without Excel's 29/2/1900; what is no day there is a `time_cell`."""
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
