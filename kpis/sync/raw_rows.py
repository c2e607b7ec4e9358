"""Rows as they were read, stored so that they can be checked again without a new read (design.md §4 History).

A stored row holds the cells of the columns that we read, by field, so that moving a row, a column or a tab
changes nothing. Its identity is its cells and its occurrence number among equal rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import blake2b
from json.encoder import encode_basestring
from typing import NamedTuple, NotRequired, TypedDict

import pyarrow

from kpis.language.normalization import fold_to_alphanumeric
from kpis.sheet.cells import EMPTY_CELL, list_marks, make_text_cell, restore_cell
from kpis.sheet.layout import TabLayout
from kpis.sheet.model import Cell, RawRow, RawSheet, RawTab
from kpis.sheet.tab_headers import TAB_KINDS, TabKind, find_tab_kind
from kpis.sync.arrow_tables import Stamp

_quote_json = encode_basestring  # a text as JSON, implemented in C


class _StoredLayout(TypedDict):
    merged: NotRequired[list[list[int]]]
    tab: str
    header_row: int
    date1904: bool
    columns: dict[str, tuple[int, str]]


class StoredRow(NamedTuple):
    """One row of a tab that we read: `cells` is a JSON object field -> [kind, value] without empty cells.

    A cell with marks (`kpis.sheet.cells.list_marks`) has them as a third element.
    """

    tab: str
    number: int
    cells: str
    row_hash: int


def build_stored_rows(layouts: Iterable[TabLayout]) -> list[StoredRow]:
    """Return every row below a header with a non-empty cell in a column that we read."""
    occurrences: dict[TabKind, dict[str, int]] = {kind: {} for kind in TAB_KINDS}
    return [row for layout in layouts for row in _build_tab_rows(layout, occurrences[layout.kind])]


def _build_tab_rows(layout: TabLayout, occurrences: dict[str, int]) -> Iterator[StoredRow]:
    tab, kind = layout.tab.name, layout.kind
    serialized: dict[int, str] = {}  # by identity: the layout keeps the cells, and most stand in many rows
    columns = [(f'"{name}":', index) for name, (index, _) in sorted(layout.list_stored_columns().items())]
    for row in layout.iterate_rows():
        cells, width = row.cells, len(row.cells)
        parts = []
        for name, index in columns:
            if index < width:
                cell = cells[index]
                if cell.kind == "empty":
                    continue
                text = serialized.get(id(cell))
                if text is None:
                    serialized[id(cell)] = text = _serialize_cell(cell)
                parts.append(name + text)
        if parts:
            text = f"{{{','.join(parts)}}}"
            occurrence = occurrences[text] = occurrences.get(text, 0) + 1
            digest = blake2b(f"{kind} {occurrence} {text}".encode(), digest_size=8).digest()
            yield StoredRow(tab, row.number, text, int.from_bytes(digest))


def _serialize_cell(cell: Cell) -> str:
    """Return [kind, value], with the marks as a third element; by hand, `json.dumps` takes three times as long."""
    value = _quote_json(cell.text) if cell.kind == "text" else _serialize_value(cell)
    if cell.is_struck or cell.has_marked_runs or cell.sums_own_column or cell.shown_text is not None:
        value += f",{json.dumps(list_marks(cell), ensure_ascii=False, sort_keys=True)}"
    return f'["{cell.kind}",{value}]'


def hash_content(rows: Iterable[StoredRow]) -> str:
    """Return one hash of a source's rows that does not depend on their order."""
    digest = blake2b(digest_size=16)
    for row_hash in sorted(row.row_hash for row in rows):
        digest.update(row_hash.to_bytes(8))
    return digest.hexdigest()


def build_raw_table(
    stamp: Stamp, rows: Sequence[StoredRow], read_at: datetime, tab_kind: str | None = None
) -> pyarrow.Table:
    """Return stored rows of tabs of a kind as rows of `raw_rows`."""
    timestamp = pyarrow.timestamp("us")
    return pyarrow.table(
        {
            "source": pyarrow.repeat(stamp.source, len(rows)),
            "tab": pyarrow.array([row.tab for row in rows], pyarrow.string()),
            "row": pyarrow.array([row.number for row in rows], pyarrow.int32()),
            "cells": pyarrow.array([row.cells for row in rows], pyarrow.string()),
            "row_hash": pyarrow.array([row.row_hash for row in rows], pyarrow.uint64()),
            "read_at": pyarrow.repeat(pyarrow.scalar(read_at, timestamp), len(rows)),
            "recorded_at": pyarrow.repeat(pyarrow.scalar(stamp.recorded_at, timestamp), len(rows)),
            "tab_kind": pyarrow.repeat(pyarrow.scalar(tab_kind, pyarrow.string()), len(rows)),
        }
    )


def serialize_layout(layouts: Iterable[TabLayout]) -> str:
    """Return the positions of tabs, headers and columns as JSON, for `rebuild_sheet`."""
    return json.dumps(
        [
            {
                "tab": layout.tab.name,
                "header_row": layout.header_row,
                "date1904": layout.tab.date1904,
                "columns": layout.list_stored_columns(),
                **({"merged": layout.tab.merged} if layout.tab.merged else {}),
            }
            for layout in layouts
        ],
        ensure_ascii=False,
    )


def rebuild_sheet(layout: str, rows: Iterable[Mapping[str, object]], read_at: datetime) -> RawSheet:
    """Return the sheet that stored rows (`tab`, `row`, `cells`) came from, as it last was.

    If rows moved between two syncs, two may have the same row number: the second is then placed below the
    last row.
    """
    layouts: list[_StoredLayout] = json.loads(layout)
    by_tab: list[list[Mapping[str, object]]] = [[] for _ in layouts]
    names = [tab["tab"] for tab in layouts]
    for row in rows:
        place = _find_stored_tab(str(row["tab"]), names)
        if place is not None:
            by_tab[place].append(row)
    tabs = (_rebuild_tab(tab, tab_rows) for tab, tab_rows in zip(layouts, by_tab, strict=True))
    return RawSheet(tuple(tabs), read_at)


def _find_stored_tab(name: str, tabs: Sequence[str]) -> int | None:
    """Return the index of the tab that holds a row stored under `name`, which may have been renamed since."""
    folded, kind = fold_to_alphanumeric(name), find_tab_kind(name)
    of_kind = [index for index, tab in enumerate(tabs) if find_tab_kind(tab) == kind]
    same_name = [index for index in of_kind if fold_to_alphanumeric(tabs[index]) == folded]
    return next(iter(same_name or of_kind), None)


def _rebuild_tab(layout: _StoredLayout, rows: Iterable[Mapping[str, object]]) -> RawTab:
    columns = {name: index for name, (index, _) in layout["columns"].items()}
    width = 1 + max(columns.values())
    header = [EMPTY_CELL] * width
    for index, text in layout["columns"].values():
        header[index] = make_text_cell(text)
    numbered: dict[int, RawRow] = {}
    displaced = []
    for row in rows:
        cells = _parse_cells(str(row["cells"]), columns, width)
        number = int(str(row["row"]))
        if number <= layout["header_row"] or number in numbered:
            displaced.append(cells)
        else:
            numbered[number] = RawRow(number, cells)
    first_free = max(numbered, default=layout["header_row"]) + 1
    appended = (RawRow(number, cells) for number, cells in enumerate(displaced, start=first_free))
    ordered = (numbered[number] for number in sorted(numbered))
    header_row = RawRow(layout["header_row"], tuple(header))
    merged = tuple((top, left, bottom, right) for top, left, bottom, right in layout.get("merged", ()))
    return RawTab(layout["tab"], (header_row, *ordered, *appended), layout["date1904"], merged=merged)


def _parse_cells(text: str, columns: Mapping[str, int], width: int) -> tuple[Cell, ...]:
    cells = [EMPTY_CELL] * width
    for name, (kind, value, *marks) in json.loads(text).items():
        if name in columns:
            cells[columns[name]] = restore_cell(kind, value, marks[0] if marks else None)
    return tuple(cells)


def _serialize_value(cell: Cell) -> str:
    """Return the value of a non-text cell as JSON."""
    value = cell.value
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    return repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
