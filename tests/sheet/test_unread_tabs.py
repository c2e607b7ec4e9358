"""design.md §4: tabs that look like ours and are not read are named; others are not."""

from __future__ import annotations

import pytest

from kpis.sheet.cells import make_text_cell
from kpis.sheet.model import RawRow, UnreadTab
from kpis.sheet.unread_tabs import find_unread_tab, is_ignored, resembles_our_name
from tests.sheet.small_plan import PROGRESS_HEADER, TASK_HEADER


def make_rows(*rows: tuple[str, ...], first: int = 1) -> list[RawRow]:
    return [RawRow(number, tuple(map(make_text_cell, texts))) for number, texts in enumerate(rows, first)]


@pytest.mark.parametrize("header", [PROGRESS_HEADER, TASK_HEADER])
def test_a_tab_with_our_header_is_named_whatever_its_name(header: tuple[str, ...]) -> None:
    rows = make_rows(("Kế hoạch",), header, ("a",))
    assert find_unread_tab("Tháng 11", rows, 45) == UnreadTab("Tháng 11", 43, "header")


def test_a_tab_of_google_has_at_most_the_rows_below_its_header() -> None:
    unread = find_unread_tab("Tháng 11", make_rows(PROGRESS_HEADER, first=3), 1000, is_upper_bound=True)
    assert unread == UnreadTab("Tháng 11", 997, "header", is_upper_bound=True)


@pytest.mark.parametrize(
    "name",
    ["Bản sao của Tiến độ", "Tiến độ (2)", "Tiến độ T7", "tien-do (1)", "Tiến đô", "Tiến dộ (mới)", "Tién đọ",
     "Copy of Nhiệm vụ", "Nhiệm vu 2", "Nhiem vụ tháng 11", "Tiến độ quý 4", "Tiến độo"],
)  # fmt: skip
def test_nearly_our_name_is_named_even_without_our_header(name: str) -> None:
    assert resembles_our_name(name)
    assert find_unread_tab(name, make_rows(("x",)), 3) == UnreadTab(name, 3, "name")


@pytest.mark.parametrize("name", ["Danh mục", "Hướng dẫn", "Sheet1", "Biểu đồ", "Tiền lương", "Nhân sự"])
def test_another_name_and_header_are_not_named(name: str) -> None:
    assert find_unread_tab(name, make_rows(("Mã", "Tên"), ("a", "b")), 2) is None


def test_an_empty_copy_is_not_named() -> None:
    assert find_unread_tab("Tiến độ (2)", [], 0) is None


def test_the_sources_file_silences_a_tab_in_any_spelling() -> None:
    assert is_ignored("Bản sao của Tiến độ", ["ban sao cua tien do"])
    assert not is_ignored("Tiến độ (2)", ["Tháng 11"])
