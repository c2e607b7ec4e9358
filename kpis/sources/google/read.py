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
from kpis.sheet.cells import EMPTY, column_letters
from kpis.sheet.layout import KINDS, TAB_NAMES, Kind, kind_of_tab
from kpis.sheet.model import Cell, RawRow, RawSheet, RawTab, Source
from kpis.sources.google.client import GoogleClient, Json
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.urls import spreadsheet_id

SPARE_ROWS, SPARE_COLUMNS = 1000, 10
"""How far a tab may have grown since the last read and still be read whole in one request."""
RENAMED: Mapping[Kind, str] = {
    "progress": "The tab “Tiến độ” was renamed. It is still read; better give it its name back.",
    "tasks": "The tab “Nhiệm vụ” was renamed. It is still read; better give it its name back.",
}
NAMESAKE = (
    "A tab was renamed, and another now bears its name. The one that has always been read is still the one "
    "that counts: give it its name back, and delete the other."
)
FOREIGN_LOCALE = (
    "The sheet's locale is not Vietnam: a day typed as 05/11/2026 may have become 11 May. Choose File → "
    "Settings → Locale: Vietnam, then look at the days again."
)
FOREIGN_TIME_ZONE = (
    "The sheet's time zone is not Ho Chi Minh City, so formulas for today's date may be a day off. Choose "
    "File → Settings → Time zone."
)
_EPOCH = date(1899, 12, 30)
_SIGNS = {
    "NULL_VALUE": "#NULL!", "DIVIDE_BY_ZERO": "#DIV/0!", "VALUE": "#VALUE!", "REF": "#REF!", "NAME": "#NAME?",
    "NUM": "#NUM!", "N_A": "#N/A", "LOADING": "Loading…",
}  # fmt: skip


@dataclass(frozen=True)
class KnownTab:
    """One of our tabs at the last good read: its id, title, and the size of its grid (0 where not said)."""

    kind: Kind
    id: int
    title: str
    rows: int
    columns: int


@dataclass(frozen=True)
class GoogleRead:
    """What one read gave: the raw sheet, and the tabs to look for at the next read."""

    sheet: RawSheet
    tabs: tuple[KnownTab, ...]


def read_google(
    source: Source, client: GoogleClient, now: datetime, known: Sequence[KnownTab] = ()
) -> GoogleRead:
    """The tabs of a source as they are now; GoogleError says what stands in the way, UsageError a bad link.

    One request; a second where a known tab was renamed or deleted, or has outgrown what was asked for.
    """
    with client.one_deadline():
        answer = _ask(client, spreadsheet_id(source.location), known)
    found = find_tabs(answer, known)
    tabs = [RawTab(name, _rows(sheet)) for kind in KINDS for name, sheet in _named(kind, found[kind])]
    if not tabs:  # the names of what is there, for the sentence that says what is not
        tabs = [RawTab(clean(_title(sheet)), ()) for sheet in answer.get("sheets", [])]
    next_time = tuple(_known(kind, found[kind][0]) for kind in KINDS if len(found[kind]) == 1)
    return GoogleRead(RawSheet(tuple(tabs), now, tuple(_notes(answer, found, known))), next_time)


def find_tabs(answer: Json, known: Iterable[KnownTab] = ()) -> dict[Kind, list[Json]]:
    """The Sheet resources that are our tabs, per kind: the one whose id is known, else all of that name."""
    sheets = [one for one in answer.get("sheets", []) if _properties(one).get("sheetType", "GRID") == "GRID"]
    ids = {tab.kind: tab.id for tab in known}
    by_id = {kind: [one for one in sheets if _id(one) == ids.get(kind)] for kind in KINDS}
    taken = {_id(one) for found in by_id.values() for one in found}
    return {
        kind: by_id[kind]
        or [one for one in sheets if kind_of_tab(_title(one)) == kind and _id(one) not in taken]
        for kind in KINDS
    }


def _ask(client: GoogleClient, file: str, known: Sequence[KnownTab]) -> Json:
    # Ranges also hide every tab that they do not name: only where both of ours are known is none missed.
    if {tab.kind for tab in known if tab.rows} == set(KINDS):
        try:
            answer = client.spreadsheet(file, [_range(tab) for tab in known])
        except GoogleError as error:
            if error.kind != "bad_range":
                raise
        else:
            if _covers(answer, known):
                return answer
    return client.spreadsheet(file)


def _range(tab: KnownTab) -> str:
    """The tab's grid and some to spare; Google cuts what lies beyond the grid off."""
    title = tab.title.replace("'", "''")
    return f"'{title}'!A1:{column_letters(tab.columns + SPARE_COLUMNS - 1)}{tab.rows + SPARE_ROWS}"


def _covers(answer: Json, known: Iterable[KnownTab]) -> bool:
    """Whether the answer holds the tabs that were meant, and all their rows and columns."""
    sheets = {_id(sheet): _properties(sheet).get("gridProperties", {}) for sheet in answer.get("sheets", [])}
    return all(
        tab.id in sheets
        and sheets[tab.id].get("rowCount", math.inf) <= tab.rows + SPARE_ROWS
        and sheets[tab.id].get("columnCount", math.inf) <= tab.columns + SPARE_COLUMNS
        for tab in known
    )


def _named(kind: Kind, sheets: Iterable[Json]) -> Iterable[tuple[str, Json]]:
    """Each tab under the name it is known by: a renamed one under its old one."""
    for sheet in sheets:
        title = clean(_title(sheet))
        yield (title if kind_of_tab(title) == kind else TAB_NAMES[kind]), sheet


def _notes(answer: Json, found: Mapping[Kind, Sequence[Json]], known: Iterable[KnownTab]) -> Iterable[str]:
    for tab in known:
        if any(_id(one) == tab.id and kind_of_tab(_title(one)) != tab.kind for one in found[tab.kind]):
            yield RENAMED[tab.kind]
            if any(kind_of_tab(_title(one)) == tab.kind for one in answer["sheets"]):
                yield NAMESAKE
    properties = answer.get("properties", {})
    if properties.get("locale", "vi_VN") not in {"vi_VN", "vi"}:
        yield FOREIGN_LOCALE
    if properties.get("timeZone", "Asia/Ho_Chi_Minh") not in {"Asia/Ho_Chi_Minh", "Asia/Saigon"}:
        yield FOREIGN_TIME_ZONE


def _known(kind: Kind, sheet: Json) -> KnownTab:
    grid = _properties(sheet).get("gridProperties", {})
    return KnownTab(kind, _id(sheet), _title(sheet), grid.get("rowCount", 0), grid.get("columnCount", 0))


def _rows(sheet: Json) -> tuple[RawRow, ...]:
    """Every row that holds something, by the sheet's own numbers; the cells under a merged one are empty."""
    hidden = _under_merged(sheet.get("merges", ()))
    rows: list[RawRow] = []
    for grid in sheet.get("data", ()):
        left = [EMPTY] * grid.get("startColumn", 0)
        for number, row in enumerate(grid.get("rowData", ()), grid.get("startRow", 0) + 1):
            held = left + [cell_of(data) for data in row.get("values", ())]
            for first, last in hidden.get(number, ()) if hidden else ():
                held[first:last] = [EMPTY] * len(held[first:last])
            while held and held[-1] is EMPTY:
                held.pop()
            if held:
                rows.append(RawRow(number, tuple(held)))
    return tuple(rows)


def _under_merged(merges: Iterable[Mapping[str, int]]) -> dict[int, list[tuple[int, int]]]:
    """Columns that lie under a merged cell, per row number: from, to (exclusive, counted from 0)."""
    hidden: dict[int, list[tuple[int, int]]] = {}
    for merge in merges:
        top, left = merge.get("startRowIndex", 0), merge.get("startColumnIndex", 0)
        for row in range(top, merge.get("endRowIndex", top)):
            columns = (left + (row == top), merge.get("endColumnIndex", left))
            hidden.setdefault(row + 1, []).append(columns)
    return hidden


def cell_of(data: Mapping[str, Any]) -> Cell:
    """One CellData: its effective value, told apart by its number format's type."""
    value = data.get("effectiveValue")
    if not value:
        return EMPTY
    if "stringValue" in value:
        return cells.text_cell(value["stringValue"])
    if "numberValue" in value:
        shown = data.get("effectiveFormat", {}).get("numberFormat", {}).get("type")
        return _number(float(value["numberValue"]), shown)
    if "boolValue" in value:
        return cells.boolean_cell(value["boolValue"])
    if "errorValue" in value:
        sign = _SIGNS.get(value["errorValue"].get("type", ""), "#ERROR!")
        return cells.text_cell(sign) if sign == _SIGNS["LOADING"] else cells.error_cell(sign)
    return EMPTY


def _number(value: float, shown: str | None) -> Cell:
    match shown:
        case "DATE" | "DATE_TIME":
            return _day(value)
        case "TIME":
            return cells.time_cell(value)
        case "PERCENT":
            return cells.percent_cell(value)
    return cells.number_cell(value)


def _day(value: float) -> Cell:
    """Sheets counts from 30/12/1899 without Excel's 29/2/1900; what is no day there is a `time_cell`."""
    try:
        return cells.date_cell(_EPOCH + timedelta(days=math.floor(value)))
    except (ValueError, OverflowError):
        return cells.time_cell(value)


def _properties(sheet: Json) -> Json:
    return dict(sheet.get("properties", {}))


def _id(sheet: Json) -> int:
    return int(_properties(sheet).get("sheetId", 0))


def _title(sheet: Json) -> str:
    return str(_properties(sheet).get("title", ""))
