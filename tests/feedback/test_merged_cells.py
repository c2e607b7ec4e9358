"""Feedback is written where it is seen: never into a cell that a merged cell hides."""

from __future__ import annotations

from dataclasses import replace

from kpis.feedback.cell_changes import compute_changes, read_column_texts
from kpis.sheet.layout import TabLayout, find_layouts
from tests.sheet.small_plan import PROGRESS_HEADER, make_entry, make_sheet, make_tab

FEEDBACK = {2: "✓ Đã tính", 3: "✗ D3: sai", 4: "! Thiếu minh chứng"}
COLUMN = len(PROGRESS_HEADER)


def make_layout(*merged: tuple[int, int, int, int], texts: tuple[str | None, ...] = (None, None, None)) -> TabLayout:
    rows = [[*make_entry(content=str(number)), text] for number, text in enumerate(texts)]
    tab = replace(make_tab(rows, [*PROGRESS_HEADER, "Phản hồi"]), merged=merged)
    (layout,) = find_layouts(make_sheet(tab))
    return layout


def test_without_merged_cells_each_row_has_its_text() -> None:
    assert compute_changes(read_column_texts(make_layout(), COLUMN), FEEDBACK) == FEEDBACK


def test_rows_whose_feedback_cells_are_merged_share_the_cell_that_is_seen() -> None:
    texts = read_column_texts(make_layout((2, 9, 3, 9)), COLUMN)
    joined = "✗ dòng 2: ✓ Đã tính · dòng 3: ✗ D3: sai"
    assert compute_changes(texts, FEEDBACK) == {2: joined, 4: FEEDBACK[4]}
    written = read_column_texts(make_layout((2, 9, 3, 9), texts=(joined, None, FEEDBACK[4])), COLUMN)
    assert compute_changes(written, FEEDBACK) == {}


def test_a_single_row_of_merged_cells_has_its_own_text() -> None:
    texts = read_column_texts(make_layout((2, 9, 4, 9)), COLUMN)
    assert compute_changes(texts, {3: FEEDBACK[3]}) == {2: FEEDBACK[3]}


def test_a_cell_of_another_column_or_of_the_header_is_never_written() -> None:
    for area in ((3, 6, 3, 9), (1, 9, 3, 9)):
        texts = read_column_texts(make_layout(area), COLUMN)
        assert texts.visible_rows[3] is None
        assert set(compute_changes(texts, FEEDBACK)) == {2, 4} - set(texts.visible_rows)


def test_the_text_on_a_row_that_is_no_data_replaces_no_text_of_a_person_and_no_other_feedback() -> None:
    set_aside = {2: "○ không phải dòng số liệu", 3: "○ không phải dòng số liệu", 4: "○ không phải dòng số liệu"}
    texts = read_column_texts(make_layout(texts=("Phản hồi", "✗ D3: sai", None)), COLUMN)
    assert compute_changes(texts, {}, set_aside=set_aside) == {3: set_aside[3], 4: set_aside[4]}
    merged = read_column_texts(make_layout((2, 6, 2, 9), (3, 9, 4, 9)), COLUMN)
    assert compute_changes(merged, {4: FEEDBACK[4]}, set_aside=set_aside) == {3: FEEDBACK[4]}
