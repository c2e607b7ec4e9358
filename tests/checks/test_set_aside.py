"""design.md §4: rows that are no data are set aside, neither counted nor rejected; nothing else is."""

from __future__ import annotations

from datetime import date

import pytest

from kpis.sheet import cells
from kpis.sheet.model import CheckedSheet
from tests.sheet.small_plan import (
    PROGRESS_HEADER,
    SCT,
    TASK_HEADER,
    RawValue,
    check_raw_sheet,
    get_rejection_codes,
    make_entry,
    make_report,
    make_sheet,
    make_tab,
)

ERROR_CELL = cells.make_error_cell("#REF!")


def check_progress(*rows: list[RawValue]) -> CheckedSheet:
    return check_raw_sheet(make_sheet(make_tab(rows)))


def check_tasks(*rows: list[RawValue]) -> CheckedSheet:
    return check_raw_sheet(make_sheet(make_tab([]), make_tab(rows, TASK_HEADER, "Nhiệm vụ")))


def fill_row(**texts: RawValue) -> list[RawValue]:
    """Return a progress row in which only these cells are filled."""
    names = ("day", "agency", "target", "quantity", "total", "content", "evidence", "entered_by")
    return [texts.get(name) for name in names]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (list(PROGRESS_HEADER), "repeats_header"),
        (["NGÀY (dd/mm)", "Đơn vị", "Chỉ tiêu", None, None, None, None, None], "repeats_header"),
        ([f"({number})" for number in range(1, 9)], "numbers_columns"),
        ([1, 2, 3, 4, 5, 6, 7, 8], "numbers_columns"),
        (["A", "B", "1", "2", "3=2/1", None, None, None], "numbers_columns"),
        ([cells.make_date_cell(date(1899, 12, 31)), 2, 3, 4, None, None, None, None], "numbers_columns"),
        (fill_row(day="I. SỞ CÔNG THƯƠNG"), "no_data"),
        (fill_row(agency="Sở Công Thương Tổng", quantity=11), "no_data"),
        (fill_row(day="Tổng cộng", quantity=11), "no_data"),
        (fill_row(content="Hà Nội, ngày 20 tháng 11 năm 2026"), "no_data"),
        (fill_row(day="Người lập biểu", content="Giám đốc"), "no_data"),
    ],
)
def test_a_row_that_is_no_data_is_set_aside(row: list[RawValue], reason: str) -> None:
    checked = check_progress(make_entry(), row)
    assert [item.reason for item in checked.set_aside] == [reason]
    assert [item.entry is not None for item in checked.rows] == [True]


@pytest.mark.parametrize(
    "changes",
    [
        {"agency": None, "target": "?", "quantity": None},
        {"day": None, "target": None, "quantity": None},
        {"day": None, "agency": None, "quantity": None},
        {"day": None, "agency": None, "target": "Sự kiện công cộng"},
        {"day": "?", "agency": "?", "target": "?"},
        {"day": None, "agency": "?", "target": "?"},
    ],
)
def test_a_row_with_something_readable_or_three_filled_cells_is_rejected(
    changes: dict[str, RawValue],
) -> None:
    checked = check_progress(make_entry(**changes))
    assert checked.set_aside == ()
    assert get_rejection_codes(checked.rows[0])


@pytest.mark.parametrize("name", ["day", "agency", "target", "quantity", "content", "entered_by"])
def test_a_row_with_an_error_is_never_set_aside(name: str) -> None:
    checked = check_progress(fill_row(**{name: ERROR_CELL}))
    assert checked.set_aside == ()
    assert "formula_error" in get_rejection_codes(checked.rows[0])


@pytest.mark.parametrize(
    ("changes", "is_set_aside"),
    [
        ({"task": None, "status": None}, True),
        ({"task": None, "status": "?"}, True),
        ({"task": "?", "status": None}, False),
        ({"task": None}, False),
        ({"task": None, "status": None, "result": ERROR_CELL}, False),
    ],
)
def test_a_task_row_without_code_and_readable_status_is_set_aside(
    changes: dict[str, RawValue], is_set_aside: bool
) -> None:
    checked = check_tasks(make_report(**changes))
    assert bool(checked.set_aside) == is_set_aside
    assert bool(checked.rows) != is_set_aside


def test_equal_rows_that_are_no_data_are_all_set_aside_and_told_apart() -> None:
    checked = check_progress(*[fill_row(day="Cộng", quantity=3)] * 3)
    assert [row.number for row in checked.set_aside] == [2, 3, 4]
    assert len({row.row_hash for row in checked.set_aside}) == 3
    assert checked.set_aside[0].text == "Cộng · 3"


@pytest.mark.parametrize("unticked", [False, "FALSE", "False"])
def test_an_empty_tick_box_is_an_empty_cell(unticked: RawValue) -> None:
    checked = check_progress(fill_row(evidence=unticked), make_entry(evidence=unticked))
    assert [row.number for row in checked.rows] == [3]
    assert [finding.code for finding in checked.rows[0].warnings] == ["evidence_missing"]


def test_a_row_with_only_an_agency_and_a_typist_filled_in_advance_is_no_row() -> None:
    checked = check_progress(fill_row(agency=SCT), fill_row(agency=SCT, entered_by="An"), fill_row(agency="?"))
    assert (checked.rows, checked.set_aside) == ((), ())
