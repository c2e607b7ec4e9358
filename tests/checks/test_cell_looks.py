"""design.md §4: cells that show another value, are struck or raised in part, or have an old font."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpis.checks.finding_messages import format_sentence
from kpis.sheet.cells import make_date_cell, make_number_cell, make_text_cell
from kpis.sheet.model import Cell, CheckedRow, RawSheet, RawTab
from tests.sheet.small_plan import (
    TODAY,
    check_entries,
    check_raw_sheet,
    get_rejection_codes,
    make_cell,
    make_entry,
    make_sheet,
    make_tab,
)


def mark(cell: Cell) -> Cell:
    return replace(cell, has_marked_runs=True)


def check_one(**cells: Cell) -> CheckedRow:
    (row,) = check_entries(make_entry(**cells))
    return row


def get_sentence(row: CheckedRow) -> str:
    (finding,) = row.rejections
    return format_sentence(finding.code, "vi", finding.cell, finding.header, finding.value, finding.detail)


def test_a_number_that_shows_another_value_is_unreadable_and_both_are_named() -> None:
    row = check_one(quantity=replace(make_number_cell(50), shown_text="50%"))
    assert get_rejection_codes(row) == {"quantity_unreadable"}
    assert "hiện “50%” nhưng số được lưu là 50" in get_sentence(row)


def test_the_same_holds_for_a_total() -> None:
    row = check_one(target=make_text_cell("p.05"), total=replace(make_number_cell(12000), shown_text="12"))
    assert get_rejection_codes(row) == {"quantity_unreadable"}
    assert row.rejections[0].header == "Tổng số"


def test_a_date_that_shows_no_day_is_unreadable() -> None:
    row = check_one(day=replace(make_date_cell(TODAY), shown_text="11/2026"))
    assert get_rejection_codes(row) == {"date_unreadable"} and "“11/2026”" in get_sentence(row)


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("quantity", "25", "quantity_unreadable"), ("day", "05/03/2026", "date_unreadable"),
        ("agency", "Sở Công Thương", "agency_unknown"), ("target", "p.01", "target_unknown"),
    ],
)  # fmt: skip
def test_a_cell_with_struck_or_raised_runs_is_not_read(field: str, text: str, code: str) -> None:
    row = check_one(**{field: mark(make_text_cell(text))})
    assert get_rejection_codes(row) == {code} and "gạch ngang" in get_sentence(row)


def test_a_text_beside_the_figures_may_be_struck_in_part() -> None:
    assert check_one(content=mark(make_text_cell("Tin cũ, tin mới"))).entry is not None


def test_a_struck_number_in_a_row_that_is_not_struck_is_not_read() -> None:
    row = check_one(quantity=replace(make_number_cell(45), is_struck=True))
    assert get_rejection_codes(row) == {"quantity_unreadable"}


def test_a_row_that_is_struck_as_a_whole_stays_readable() -> None:
    cells = map(make_cell, make_entry())
    struck = [cell if cell.kind == "empty" else replace(cell, is_struck=True) for cell in cells]
    (row,) = check_entries(struck)
    assert row.entry is not None


def test_a_name_in_an_old_font_is_named_as_such() -> None:
    row = check_one(agency=make_text_cell("Së C«ng Th­¬ng"))
    assert "phông cũ TCVN3: chuyển sang Unicode" in get_sentence(row)


def test_a_missing_cell_that_is_merged_into_one_above_is_explained() -> None:
    raw = make_sheet(make_tab([make_entry(), make_entry(day=None, content="Tin 2")]))
    tab: RawTab = raw.tabs[0]
    merged = RawSheet((replace(tab, merged=((2, 1, 3, 1),)),), raw.read_at)
    row = check_raw_sheet(merged).rows[1]
    assert row.rejections[0].code == "date_missing" and "gộp vào ô A2" in get_sentence(row)


def test_a_whole_number_written_with_a_point_and_a_zero_is_read() -> None:
    assert check_one(quantity=make_text_cell("5.0")).entry is not None
    assert check_one(quantity=make_text_cell("7,000000000000001")).entry is not None


def test_a_missing_cell_that_is_merged_into_one_to_its_left_is_explained() -> None:
    tab = make_tab([make_entry(target=None)])
    raw = make_sheet(replace(tab, merged=((2, 2, 2, 3),)))
    (finding,) = check_raw_sheet(raw).rows[0].rejections
    assert (finding.code, finding.cell) == ("target_missing", "C2")
    assert finding.detail == {"reason": "merged_left", "above": "B2"}
