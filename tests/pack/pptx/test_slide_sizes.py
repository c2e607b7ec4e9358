"""Heights of texts on slides: lines, cells, rows and column widths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.pack.pages.contents import TableCell, TableColumn
from kpis.pack.pptx.slide_sizes import (
    LINE_HEIGHT,
    SUBTEXT_SCALE,
    compute_column_widths,
    count_lines,
    measure_cell_height,
    measure_row_height,
)

SIZE = 14.0
LINE = SIZE * LINE_HEIGHT
TEXTS = st.text("aăâbcdđe W.", max_size=80)
WIDTHS = st.floats(30, 600)


def test_an_empty_text_has_no_lines() -> None:
    assert count_lines("", 100, SIZE) == 0


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("chữ", 100, 1), ("một hai ba", 400, 1), ("một\nhai\nba", 400, 3), ("Ủy ban nhân dân " * 10, 120, 14)],
)
def test_words_wrap_between_words_and_at_line_breaks(text: str, width: float, lines: int) -> None:
    assert count_lines(text, width, SIZE) == lines


def test_a_word_wider_than_the_column_takes_several_lines() -> None:
    single = count_lines("W" * 10, 1000, SIZE)
    assert single == 1
    assert count_lines("W" * 100, 50, SIZE) > 20


@given(TEXTS, WIDTHS, WIDTHS)
def test_a_wider_column_never_needs_more_lines(text: str, first: float, second: float) -> None:
    narrow, wide = sorted((first, second))
    assert count_lines(text, wide, SIZE) <= count_lines(text, narrow, SIZE)


@given(TEXTS, WIDTHS)
def test_bold_text_never_needs_fewer_lines(text: str, width: float) -> None:
    assert count_lines(text, width, SIZE, bold=True) >= count_lines(text, width, SIZE)


def test_a_cell_is_as_high_as_its_text_subtext_and_further_cells() -> None:
    plain = TableCell("24/50")
    assert measure_cell_height(plain, 200, SIZE) == pytest.approx(LINE)
    with_subtext = TableCell("24/50", subtext="tin bài")
    assert measure_cell_height(with_subtext, 200, SIZE) == pytest.approx(LINE * (1 + SUBTEXT_SCALE))
    with_more = TableCell("24/50", more_cells=(plain, with_subtext))
    assert measure_cell_height(with_more, 200, SIZE) == pytest.approx(LINE * (3 + SUBTEXT_SCALE))


def test_a_state_needs_room_for_its_sign() -> None:
    text = "Quá hạn"
    width = next(width for width in range(20, 200) if count_lines(text, width, SIZE, bold=True) == 1)
    assert measure_cell_height(TableCell(text), width, SIZE, bold=True) == pytest.approx(LINE)
    assert measure_cell_height(TableCell(text, "overdue"), width, SIZE) == pytest.approx(2 * LINE)


def test_a_row_has_the_height_of_its_highest_cell_and_its_margins() -> None:
    row = (TableCell("a"), TableCell("a\nb\nc"), TableCell())
    assert measure_row_height(row, (100, 100, 100), SIZE, 3.5) == pytest.approx(3 * LINE + 7)


def test_an_empty_row_is_one_line_high() -> None:
    assert measure_row_height((TableCell(), TableCell()), (100, 100), SIZE, 3.5) == pytest.approx(LINE + 7)


@given(st.lists(st.floats(0.5, 6), min_size=1, max_size=8))
def test_columns_share_the_total_width_in_proportion(parts: list[float]) -> None:
    widths = compute_column_widths([TableColumn("A", width=part) for part in parts], 888)
    assert sum(widths) == pytest.approx(888)
    assert [width / widths[0] for width in widths] == pytest.approx([part / parts[0] for part in parts])
