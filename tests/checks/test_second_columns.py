"""design.md §4: of two columns of one field the second is looked at only where it says something else."""

from __future__ import annotations

import pytest

from kpis.checks.finding_messages import format_sentence
from tests.sheet.small_plan import (
    PROGRESS_HEADER,
    SCT,
    TASK_HEADER,
    UBND,
    RawValue,
    check_raw_sheet,
    get_rejection_codes,
    make_entry,
    make_report,
    make_sheet,
    make_tab,
)


def check_row(header: str, value: RawValue, **changes: RawValue) -> set[str]:
    """Return the codes of a progress row with one more column."""
    raw = make_sheet(make_tab([[*make_entry(**changes), value]], [*PROGRESS_HEADER, header]))
    return get_rejection_codes(check_raw_sheet(raw).rows[0])


@pytest.mark.parametrize(
    ("header", "value", "disagrees"),
    [
        ("Đơn vị", "tin bài", False), ("Đơn vị", "SCT", False), ("Đơn vị", UBND, True),
        ("Kết quả", "Đăng 5 tin", False), ("Kết quả", 3, False), ("Kết quả", "3", False),
        ("Kết quả", 4, True), ("Kết quả", None, False), ("Kết quả", False, False),
        ("Mã chỉ tiêu", "Tin bài", False), ("Mã chỉ tiêu", "p.02", True), ("Mã chỉ tiêu", "p.99", False),
        ("Ngày thực hiện", "05/03/2026", False), ("Ngày thực hiện", "06/03/2026", True),
        ("Ngày thực hiện", "quý I", False), ("Mẫu số", 9, False),
    ],
)  # fmt: skip
def test_a_row_is_rejected_only_if_the_second_column_has_another_valid_value(
    header: str, value: RawValue, disagrees: bool
) -> None:
    assert check_row(header, value) == ({"columns_disagree"} if disagrees else set())


def test_totals_are_compared_for_a_ratio() -> None:
    assert check_row("Mẫu số", 6, target="p.05", total=5) == {"columns_disagree"}


def test_a_cell_that_is_wrong_anyway_has_one_code() -> None:
    assert check_row("Kết quả", 4, quantity="hai") == {"quantity_unreadable"}


@pytest.mark.parametrize(
    ("header", "value", "changes", "part"),
    [
        ("Đơn vị", "SCT", {"agency": None}, "không đọc ô I2 (Đơn vị) đang ghi “SCT”"),
        ("Mã chỉ tiêu", "p.02", {"target": "đăng tin trên mạng"}, "không đọc ô I2 (Mã chỉ tiêu) đang ghi “p.02”"),
    ],
)
def test_the_sentence_on_the_first_column_names_a_valid_value_of_the_second(
    header: str, value: RawValue, changes: dict[str, RawValue], part: str
) -> None:
    raw = make_sheet(make_tab([[*make_entry(**changes), value]], [*PROGRESS_HEADER, header]))
    (finding,) = check_raw_sheet(raw).rows[0].rejections
    sentence = format_sentence(finding.code, "vi", finding.cell, finding.header, finding.value, finding.detail)
    assert part in sentence


def test_of_two_fields_that_disagree_all_four_cells_are_named() -> None:
    raw = make_sheet(make_tab([[*make_entry(), UBND, 4]], [*PROGRESS_HEADER, "Đơn vị", "Kết quả"]))
    (finding,) = check_raw_sheet(raw).rows[0].rejections
    assert (finding.cell, finding.detail["other_cell"], finding.detail["also"]) == ("B2", "I2", "D2 ≠ J2")


def test_the_sentence_names_both_columns() -> None:
    raw = make_sheet(make_tab([[*make_entry(), 4]], [*PROGRESS_HEADER, "Kết quả"]))
    (finding,) = check_raw_sheet(raw).rows[0].rejections
    sentence = format_sentence(finding.code, "vi", finding.cell, finding.header, finding.value, finding.detail)
    assert sentence.startswith("D2 (Số lượng): “3” khác với “4” ở ô I2 (Kết quả)")


def test_a_row_that_disagrees_is_no_duplicate_of_one_that_agrees() -> None:
    rows: list[list[RawValue]] = [[*make_entry(), 4], [*make_entry(), 3], [*make_entry(), 4]]
    checked = check_raw_sheet(make_sheet(make_tab(rows, [*PROGRESS_HEADER, "Kết quả"])))
    assert [get_rejection_codes(row) for row in checked.rows] == [
        {"columns_disagree"}, set(), {"duplicate_row"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "evidence"),
    [("12/BC", "https://x.example/1", "12/BC"), (None, "https://x.example/1", "https://x.example/1"),
     (False, "9/BC", "9/BC"), (None, None, None)],
)  # fmt: skip
def test_of_two_evidence_columns_the_first_filled_is_read(
    first: RawValue, second: RawValue, evidence: str | None
) -> None:
    raw = make_sheet(make_tab([[*make_entry(evidence=first), second]], [*PROGRESS_HEADER, "Link"]))
    (row,) = check_raw_sheet(raw).rows
    assert row.entry is not None
    assert row.entry.evidence == evidence


@pytest.mark.parametrize(("agency", "other", "disagrees"), [(None, SCT, False), (None, UBND, True), (SCT, UBND, True)])
def test_the_agency_of_a_task_is_not_taken_from_the_lead_if_the_second_column_names_another(
    agency: RawValue, other: RawValue, disagrees: bool
) -> None:
    rows: list[list[RawValue]] = [[*make_report(agency=agency), other]]
    raw = make_sheet(make_tab([]), make_tab(rows, [*TASK_HEADER, "Đơn vị"], "Nhiệm vụ"))
    assert get_rejection_codes(check_raw_sheet(raw).rows[0]) == ({"columns_disagree"} if disagrees else set())
