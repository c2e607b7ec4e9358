"""Reads one Google Sheet into raw tabs: each cell's value and number format (design.md §4).

Tabs are found by their id and then by their name, so that a renamed tab is still read.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kpis.language.normalization import clean, fold_to_alphanumeric
from kpis.sheet.cells import format_column_letters
from kpis.sheet.model import RawSheet, RawTab, Source, UnreadTab
from kpis.sheet.tab_headers import MAIN_KINDS, MAX_HEADER_ROWS, TAB_KINDS, TAB_NAMES, TabKind, find_tab_kind
from kpis.sheet.unread_tabs import find_unread_tab, is_ignored
from kpis.sources.google.client import LISTING_FIELDS, GoogleClient, Json
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.sheet_resource import get_id, get_properties, get_title, parse_rows, parse_tab
from kpis.sources.google.urls import parse_spreadsheet_id

SPARE_ROWS, SPARE_COLUMNS = 1000, 10
"""Rows and columns that a tab may have gained since the last read to be read in one request."""
RENAMED_TAB_NOTES: Mapping[TabKind, str] = {
    "progress": "The tab “Tiến độ” was renamed. It is still read, but please restore its name.",
    "tasks": "The tab “Nhiệm vụ” was renamed. It is still read, but please restore its name.",
    "explanations": "The tab “Giải trình” was renamed. It is still read, but please restore its name.",
}
DUPLICATE_NAME_NOTE = (
    "A tab was renamed, and another tab now has its name. Only the original tab counts. If the other holds "
    "the rows of another year, add that year to its name, like “Tiến độ 2027”, and both are read."
)
FOREIGN_LOCALE_NOTE = (
    "The sheet's locale is not Vietnam: a day typed as 05/11/2026 may have become 11 May. Choose File → "
    "Settings → Locale: Vietnam, then check the days."
)
FOREIGN_TIME_ZONE_NOTE = (
    "The sheet's time zone is not Ho Chi Minh City, so formulas for today's date may be wrong by a day. "
    "Choose File → Settings → Time zone."
)
_OTHER_TAB_COLUMNS = 52
"""Columns of another tab in which our header is looked for."""


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
    source: Source,
    client: GoogleClient,
    now: datetime,
    last_tabs: Sequence[TabSnapshot] = (),
    *,
    find_unread: bool = False,
) -> GoogleReadResult:
    """Read the tabs of a source. Raises GoogleError if that fails, UsageError for a bad link.

    One request; a second one if a known tab was renamed or deleted or has outgrown the requested range. With
    `find_unread`, one request for the names of all tabs and one for the cells of ours and the first rows of
    the others, to name those that look like ours.
    """
    file_id = parse_spreadsheet_id(source.location)
    with client.share_deadline():
        if find_unread:
            response = _fetch_with_other_tabs(client, file_id, last_tabs)
        else:
            response = _fetch_spreadsheet(client, file_id, last_tabs)
    tabs_by_kind = find_tabs(response, last_tabs)
    tabs = [parse_tab(name, sheet) for kind in TAB_KINDS for name, sheet in _name_tabs(kind, tabs_by_kind[kind])]
    if not tabs:  # the error about the missing tab lists the names of the others
        tabs = [RawTab(clean(get_title(sheet)), ()) for sheet in response.get("sheets", [])]
    snapshots = tuple(
        _snapshot_tab(kind, sheet)
        for kind, sheets in tabs_by_kind.items()
        if _have_different_names(sheets)
        for sheet in sheets
    )
    unread_tabs = tuple(_list_unread_tabs(response, tabs_by_kind, source)) if find_unread else ()
    notes = tuple(_list_notes(response, tabs_by_kind, last_tabs))
    return GoogleReadResult(RawSheet(tuple(tabs), now, notes, unread_tabs), snapshots)


def _have_different_names(sheets: Sequence[Json]) -> bool:
    return len({fold_to_alphanumeric(get_title(sheet)) for sheet in sheets}) == len(sheets)


def find_tabs(response: Json, last_tabs: Iterable[TabSnapshot] = ()) -> dict[TabKind, list[Json]]:
    """Return the Sheet resources of our tabs, per kind: the one with the known id, else all with the name."""
    sheets = [sheet for sheet in response.get("sheets", []) if get_properties(sheet).get("sheetType", "GRID") == "GRID"]
    known_ids = {(tab.kind, tab.id) for tab in last_tabs}
    by_id = {kind: [tab for tab in sheets if (kind, get_id(tab)) in known_ids] for kind in TAB_KINDS}
    used_ids = {get_id(tab) for tabs in by_id.values() for tab in tabs}
    return {kind: [*by_id[kind], *_list_further_tabs(kind, by_id[kind], sheets, used_ids)] for kind in TAB_KINDS}


def _list_further_tabs(
    kind: TabKind, known_tabs: Sequence[Json], sheets: Iterable[Json], used_ids: Collection[int]
) -> Iterator[Json]:
    """Yield tabs with a name of this kind that are not known; beside known ones, only those of a new name."""
    names = {fold_to_alphanumeric(get_title(tab)) for tab in known_tabs}
    if known_tabs and not all(find_tab_kind(get_title(tab)) == kind for tab in known_tabs):
        names.add(fold_to_alphanumeric(TAB_NAMES[kind]))  # a renamed tab stands for the usual name
    for tab in sheets:
        title = get_title(tab)
        is_new = get_id(tab) not in used_ids and find_tab_kind(title) == kind
        if is_new and (not known_tabs or fold_to_alphanumeric(title) not in names):
            yield tab


def _fetch_with_other_tabs(client: GoogleClient, file_id: str, last_tabs: Sequence[TabSnapshot]) -> Json:
    """Return our tabs with all cells and the other tabs with their first rows."""
    listing = client.get_spreadsheet(file_id, fields=LISTING_FIELDS)
    our_tabs = [
        _snapshot_tab(kind, sheet) for kind, sheets in find_tabs(listing, last_tabs).items() for sheet in sheets
    ]
    our_ids = {tab.id for tab in our_tabs}
    area = f"A1:{format_column_letters(_OTHER_TAB_COLUMNS - 1)}{MAX_HEADER_ROWS}"
    others = [
        f"{_quote_title(get_title(sheet))}!{area}"
        for sheet in listing.get("sheets", [])
        if get_id(sheet) not in our_ids and get_properties(sheet).get("sheetType", "GRID") == "GRID"
    ]
    ranges = [*map(_format_range, our_tabs), *others]
    if not ranges:
        return listing
    try:
        response = client.get_spreadsheet(file_id, ranges)
    except GoogleError as error:
        if error.kind != "bad_range":
            raise
    else:
        if _contains_all_cells(response, our_tabs):
            return response
    return client.get_spreadsheet(file_id)  # tabs were renamed or grew between the two requests


def _list_unread_tabs(
    response: Json, tabs_by_kind: Mapping[TabKind, Sequence[Json]], source: Source
) -> Iterator[UnreadTab]:
    read_ids = {get_id(sheet) for sheets in tabs_by_kind.values() for sheet in sheets}
    for sheet in response.get("sheets", []):
        properties = get_properties(sheet)
        name = clean(get_title(sheet))
        if get_id(sheet) in read_ids or properties.get("sheetType", "GRID") != "GRID":
            continue
        if is_ignored(name, source.ignored_tabs):
            continue
        first_rows = [row for row in parse_rows(sheet) if row.number <= MAX_HEADER_ROWS]
        grid_rows = properties.get("gridProperties", {}).get("rowCount", 0) if first_rows else 0
        if find_tab_kind(name) and first_rows:
            yield UnreadTab(name, max(0, grid_rows - 1), "same_name", is_upper_bound=True)
        elif unread_tab := find_unread_tab(name, first_rows, grid_rows, is_upper_bound=True):
            yield unread_tab


def _fetch_spreadsheet(client: GoogleClient, file_id: str, last_tabs: Sequence[TabSnapshot]) -> Json:
    # With ranges, tabs that they do not name are left out, so tabs of both main kinds must be known. A new tab of
    # explanations is seen by the look at the other tabs, or once the sheet is read whole.
    if {tab.kind for tab in last_tabs if tab.rows}.issuperset(MAIN_KINDS):
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
    last_column = format_column_letters(tab.columns + SPARE_COLUMNS - 1)
    return f"{_quote_title(tab.title)}!A1:{last_column}{tab.rows + SPARE_ROWS}"


def _quote_title(title: str) -> str:
    escaped = title.replace("'", "''")
    return f"'{escaped}'"


def _contains_all_cells(response: Json, last_tabs: Iterable[TabSnapshot]) -> bool:
    """True if the response contains the expected tabs with all their rows and columns."""
    sheets = {get_id(sheet): get_properties(sheet).get("gridProperties", {}) for sheet in response.get("sheets", [])}
    return all(
        tab.id in sheets
        and sheets[tab.id].get("rowCount", math.inf) <= tab.rows + SPARE_ROWS
        and sheets[tab.id].get("columnCount", math.inf) <= tab.columns + SPARE_COLUMNS
        for tab in last_tabs
    )


def _name_tabs(kind: TabKind, sheets: Iterable[Json]) -> Iterable[tuple[str, Json]]:
    for sheet in sheets:
        yield get_tab_name(kind, get_title(sheet)), sheet


def get_tab_name(kind: TabKind, title: str) -> str:
    """Return the name under which a tab is read: its title, or the usual name if it was renamed."""
    title = clean(title)
    return title if find_tab_kind(title) == kind else TAB_NAMES[kind]


def _list_notes(
    response: Json, tabs_by_kind: Mapping[TabKind, Sequence[Json]], last_tabs: Iterable[TabSnapshot]
) -> Iterable[str]:
    for tab in last_tabs:
        if any(
            get_id(sheet) == tab.id and find_tab_kind(get_title(sheet)) != tab.kind for sheet in tabs_by_kind[tab.kind]
        ):
            yield RENAMED_TAB_NOTES[tab.kind]
            if any(find_tab_kind(get_title(sheet)) == tab.kind for sheet in response["sheets"]):
                yield DUPLICATE_NAME_NOTE
    properties = response.get("properties", {})
    if properties.get("locale", "vi_VN") not in {"vi_VN", "vi"}:
        yield FOREIGN_LOCALE_NOTE
    if properties.get("timeZone", "Asia/Ho_Chi_Minh") not in {"Asia/Ho_Chi_Minh", "Asia/Saigon"}:
        yield FOREIGN_TIME_ZONE_NOTE


def _snapshot_tab(kind: TabKind, sheet: Json) -> TabSnapshot:
    grid = get_properties(sheet).get("gridProperties", {})
    return TabSnapshot(kind, get_id(sheet), get_title(sheet), grid.get("rowCount", 0), grid.get("columnCount", 0))
