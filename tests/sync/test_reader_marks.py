"""Stored rows hold how cells look; rows of another version of the reader are stored afresh."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpis.sheet.cells import make_number_cell, make_text_cell
from kpis.sheet.layout import find_layouts
from kpis.sheet.model import Cell, RawSheet, UnreadTab
from kpis.sync.note_messages import HIDDEN_TAB_NOTE, UNREAD_TAB_NOTE, list_note_messages
from kpis.sync.raw_rows import build_stored_rows, rebuild_sheet, serialize_layout
from tests.sheet.small_plan import READ_AT, make_entry, make_sheet, make_tab

MARKED: list[Cell] = [
    replace(make_number_cell(50), shown_text="50%"),
    replace(make_number_cell(45), is_struck=True, sums_own_column=True),
    replace(make_text_cell("25"), has_marked_runs=True),
]


def rebuild(raw: RawSheet) -> RawSheet:
    layouts = find_layouts(raw)
    rows = [{"tab": row.tab, "row": row.number, "cells": row.cells} for row in build_stored_rows(layouts)]
    return rebuild_sheet(serialize_layout(layouts), rows, READ_AT)


@pytest.mark.parametrize("cell", MARKED)
def test_the_look_of_a_cell_is_stored_and_restored(cell: Cell) -> None:
    raw = make_sheet(make_tab([make_entry(quantity=cell)]))
    assert rebuild(raw).tabs[0].rows == raw.tabs[0].rows


def test_a_cell_without_marks_is_stored_as_before() -> None:
    (row,) = build_stored_rows(find_layouts(make_sheet(make_tab([make_entry(quantity=3)]))))
    assert '"quantity":["number",3.0]' in row.cells


def test_a_change_of_the_look_alone_changes_the_stored_row() -> None:
    plain, struck = (
        build_stored_rows(find_layouts(make_sheet(make_tab([make_entry(quantity=cell)]))))[0].row_hash
        for cell in (make_number_cell(45), replace(make_number_cell(45), is_struck=True))
    )
    assert plain != struck


def test_rows_of_two_tabs_of_one_kind_are_restored_to_their_tabs() -> None:
    raw = make_sheet(
        make_tab([make_entry(), make_entry(content="b")]),
        make_tab([make_entry(), make_entry(content="c")], name="Tiến độ 2027"),
    )
    restored = rebuild(raw)
    assert [(tab.name, tab.rows) for tab in restored.tabs] == [(tab.name, tab.rows) for tab in raw.tabs]
    hashes = [row.row_hash for row in build_stored_rows(find_layouts(raw))]
    assert len(set(hashes)) == 4


def test_merged_areas_are_stored_with_the_layout() -> None:
    raw = make_sheet(replace(make_tab([make_entry()]), merged=((2, 1, 4, 1),)))
    assert rebuild(raw).tabs[0].merged == ((2, 1, 4, 1),)


def test_unread_and_hidden_tabs_become_messages() -> None:
    raw = RawSheet((replace(make_tab([]), is_hidden=True),), READ_AT, (), (UnreadTab("Tháng 11", 45, "header"),))
    hidden, unread = list_note_messages(raw)
    assert (hidden.key, dict(hidden.values)) == (HIDDEN_TAB_NOTE, {"tab": "Tiến độ"})
    assert (unread.key, dict(unread.values)) == (UNREAD_TAB_NOTE, {"tab": "Tháng 11", "rows": 45})
    assert "“Tháng 11” (45 dòng)" in unread.to_text("vi") and "không được tính" in unread.to_text("vi")
