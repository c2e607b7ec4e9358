"""design.md §4 Rejection codes: each wrong cell gives a code, each code one rejection per row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kpis.checks.finding_codes import REJECTION_CODES
from kpis.checks.source_check import check_source
from kpis.sheet import cells
from kpis.sheet.model import Entry
from tests.sheet.small_plan import (
    PLAN,
    PROGRESS_HEADER,
    SCT,
    TASK_HEADER,
    UBND,
    RawValue,
    build_register,
    check_entries,
    check_raw_sheet,
    check_reports,
    get_rejection_codes,
    make_entry,
    make_report,
    make_sheet,
    make_tab,
)

ERROR_CELL = cells.make_error_cell("#REF!")
PROGRESS_CASES: list[tuple[dict[str, RawValue], set[str]]] = [
    ({"day": None}, {"date_missing"}),
    ({"day": ERROR_CELL}, {"formula_error"}),
    ({"day": "31/02/2026"}, {"date_unreadable"}),
    ({"day": "15/3"}, {"date_unreadable"}),
    ({"day": "quý I"}, {"date_unreadable"}),
    ({"day": cells.make_percent_cell(46086)}, {"date_unreadable"}),
    ({"day": date(2026, 11, 22)}, {"date_future"}),
    ({"day": date(2031, 1, 1)}, {"date_future"}),
    ({"day": date(2025, 12, 31)}, {"date_outside_plan"}),
    ({"agency": None}, {"agency_missing"}),
    ({"agency": "Sở Tư pháp"}, {"agency_unknown"}),
    ({"agency": "Hòa Bình"}, {"agency_unknown"}),
    ({"agency": "UBND các xã"}, {"agency_unknown"}),
    ({"agency": ERROR_CELL}, {"formula_error"}),
    ({"target": None}, {"target_missing"}),
    ({"target": "q.01"}, {"target_unknown"}),
    ({"target": "Sự kiện công cộng"}, {"target_ambiguous"}),
    ({"target": ERROR_CELL}, {"formula_error"}),
    ({"quantity": None}, {"quantity_missing"}),
    ({"quantity": "1,000"}, {"quantity_unreadable"}),
    ({"quantity": "Hoàn thành"}, {"quantity_unreadable"}),
    ({"quantity": cells.make_percent_cell(0.5)}, {"quantity_unreadable"}),
    ({"quantity": date(2026, 3, 5)}, {"quantity_unreadable"}),
    ({"quantity": True}, {"quantity_unreadable"}),
    ({"quantity": -1}, {"quantity_negative"}),
    ({"quantity": -1.5}, {"quantity_negative"}),
    ({"quantity": "1,5"}, {"quantity_not_whole"}),
    ({"quantity": ERROR_CELL}, {"formula_error"}),
    ({"target": "p.06", "quantity": 2}, {"quantity_unreadable"}),
    ({"target": "p.05"}, {"denominator_missing"}),
    ({"target": "p.05", "total": "5 người"}, {"quantity_unreadable"}),
    ({"target": "p.05", "total": -5}, {"quantity_negative"}),
    ({"target": "p.05", "total": 5.5}, {"quantity_not_whole"}),
    ({"target": "p.05", "total": ERROR_CELL}, {"formula_error"}),
    ({"target": "p.05", "quantity": 6, "total": 5}, {"numerator_exceeds_denominator"}),
    ({"target": "p.05", "quantity": 1, "total": 0}, {"numerator_exceeds_denominator"}),
    ({"target": "p.05", "quantity": "x", "total": 5}, {"quantity_unreadable"}),
    ({"total": ERROR_CELL}, {"formula_error"}),
    ({"content": ERROR_CELL}, {"formula_error"}),
    ({"evidence": ERROR_CELL}, {"formula_error"}),
    ({"entered_by": "#N/A"}, {"formula_error"}),
    ({"target": "?", "quantity": "Hoàn thành"}, {"target_unknown"}),
    ({"target": "?", "total": None}, {"target_unknown"}),
    ({"target": "?", "total": "x"}, {"target_unknown", "quantity_unreadable"}),
    (
        {"day": None, "agency": "?", "target": "?", "quantity": "hai", "total": -1, "content": ERROR_CELL},
        {
            "date_missing", "agency_unknown", "target_unknown", "quantity_unreadable", "quantity_negative",
            "formula_error",
        },
    ),
]  # fmt: skip
TASK_CASES: list[tuple[dict[str, RawValue], set[str]]] = [
    ({"task": None}, {"task_missing"}),
    ({"task": "III.9"}, {"task_unknown"}),
    ({"task": ERROR_CELL}, {"formula_error"}),
    ({"title": ERROR_CELL}, {"formula_error"}),
    ({"agency": "Sở Tư pháp"}, {"agency_unknown"}),
    ({"status": None}, {"status_missing"}),
    ({"status": "Cơ bản xong"}, {"status_unknown"}),
    ({"status": cells.make_percent_cell(0.8)}, {"status_unknown"}),
    ({"status": ERROR_CELL}, {"formula_error"}),
    ({"day": None}, {"date_missing"}),
    ({"day": "31/02/2026"}, {"date_unreadable"}),
    ({"day": date(2026, 12, 1)}, {"date_future"}),
    ({"day": date(2025, 12, 1)}, {"date_outside_plan"}),
    ({"status": "Đang làm", "day": "quý I"}, {"date_unreadable"}),
    ({"status": "?", "day": None}, {"status_unknown"}),
    ({"result": ERROR_CELL}, {"formula_error"}),
    ({"difficulty": ERROR_CELL}, {"formula_error"}),
    ({"task": "?", "agency": "?", "status": "?"}, {"task_unknown", "agency_unknown", "status_unknown"}),
]


@pytest.mark.parametrize(("changes", "expected"), PROGRESS_CASES)
def test_a_progress_row_gets_a_code_for_each_wrong_cell(changes: dict[str, RawValue], expected: set[str]) -> None:
    (row,) = check_entries(make_entry(**changes))
    assert get_rejection_codes(row) == expected
    assert row.entry is None
    assert row.warnings == ()


@pytest.mark.parametrize(("changes", "expected"), TASK_CASES)
def test_a_task_row_gets_a_code_for_each_wrong_cell(changes: dict[str, RawValue], expected: set[str]) -> None:
    (row,) = check_reports(make_report(**changes))
    assert get_rejection_codes(row) == expected
    assert row.report is None


def test_the_cases_cover_every_rejection_code() -> None:
    codes = {code for _, expected in (*PROGRESS_CASES, *TASK_CASES) for code in expected}
    elsewhere = {"request_missing", "request_unknown", "request_mismatch", "request_ambiguous"}
    elsewhere |= {"content_missing", "duplicate_row", "columns_disagree", "task_ambiguous", "target_ended"}
    assert codes | elsewhere == set(REJECTION_CODES)


@pytest.mark.parametrize(
    ("changes", "target", "quantity", "denominator"),
    [
        ({}, "p.01", 3, None),
        ({"target": "tin bài"}, "p.01", 3, None),
        ({"target": "P.01"}, "p.01", 3, None),
        ({"target": "Ít nhất 50 tin bài mỗi năm"}, "p.01", 3, None),
        ({"quantity": 0}, "p.01", 0, None),
        ({"quantity": "1.000"}, "p.01", 1000, None),
        ({"total": "của cả xã"}, "p.01", 3, None),
        ({"total": 1}, "p.01", 3, None),
        ({"target": "p.05", "total": 5}, "p.05", 3, 5),
        ({"target": "p.05", "quantity": 0, "total": 0}, "p.05", 0, 0),
        ({"target": "p.06", "quantity": "Hoàn thành"}, "p.06", 1, None),
        ({"target": "p.06", "quantity": 0}, "p.06", 0, None),
        ({"target": "p.07", "quantity": 1}, "p.07", 1, None),
    ],
)
def test_a_valid_row_becomes_an_entry(
    changes: dict[str, RawValue], target: str, quantity: int, denominator: int | None
) -> None:
    (row,) = check_entries(make_entry(**changes))
    assert row.rejections == ()
    assert row.entry == Entry(target, SCT, date(2026, 3, 5), quantity, denominator, "Tin trên báo", "12/BC-SCT", "An")
    assert (row.agency, row.target) == (SCT, target)


@pytest.mark.parametrize("name", ["sở công thương", "SCT", " Sở\u00a0Công  Thương ", "Sở Công Thu\u031bo\u031bng"])
def test_an_agency_is_recognised_by_any_of_its_names(name: str) -> None:
    (row,) = check_entries(make_entry(agency=name))
    assert row.agency == SCT


@pytest.mark.parametrize("name", ["UBND xã Hoà Bình", "Uỷ ban nhân dân xã Hòa Bình", "ỦY BAN NHÂN DÂN XÃ HÒA BÌNH"])
def test_a_peoples_committee_is_recognised_in_every_spelling(name: str) -> None:
    (row,) = check_entries(make_entry(agency=name))
    assert row.agency == UBND


def test_a_finding_names_the_cell_its_header_and_its_value() -> None:
    raw = make_sheet(make_tab([[None, *make_entry(quantity="hai")]], ["STT", *PROGRESS_HEADER], first_row=3))
    (finding,) = check_raw_sheet(raw).rows[0].rejections
    assert (finding.code, finding.cell, finding.header, finding.value) == (
        "quantity_unreadable", "E4", "Số lượng", "hai",
    )  # fmt: skip


def test_a_code_of_two_cells_gives_one_rejection_that_names_both() -> None:
    (row,) = check_entries(make_entry(target="p.05", quantity="2 người", total="5 người"))
    (finding,) = row.rejections
    assert (finding.cell, finding.detail["also"]) == ("D2", "E2")


def test_a_rejected_row_has_its_agency_and_target_if_they_could_be_read() -> None:
    (row,) = check_entries(make_entry(quantity="hai"))
    assert (row.agency, row.target) == (SCT, "p.01")


def test_the_first_of_equal_rows_counts_and_each_later_one_is_a_duplicate() -> None:
    rows = check_entries(
        make_entry(day="05/03/2026", agency="SCT", quantity="3"),
        make_entry(content="TIN TRÊN BÁO"),
        make_entry(content="Tin khác"),
        make_entry(agency="sở công thương", entered_by="AN"),
    )
    assert [get_rejection_codes(row) for row in rows] == [set(), {"duplicate_row"}, set(), {"duplicate_row"}]
    assert [row.rejections[0].detail["row"] for row in rows if row.rejections] == [2, 2]
    assert len({row.row_hash for row in rows}) == 4


def test_of_equal_wrong_rows_only_the_first_is_checked_and_the_others_are_duplicates() -> None:
    rows = check_entries(*[make_entry(day="quý I", quantity="hai")] * 3)
    assert [get_rejection_codes(row) for row in rows] == [
        {"date_unreadable", "quantity_unreadable"}, {"duplicate_row"}, {"duplicate_row"},
    ]  # fmt: skip
    assert len({row.row_hash for row in rows}) == 3


def test_rows_that_are_empty_in_all_our_columns_are_ignored() -> None:
    header = [*PROGRESS_HEADER, "Phản hồi", "STT"]
    blank: list[RawValue] = [None] * 8
    raw = make_sheet(make_tab([[*blank, "✓ Đã tính", 1], [*make_entry(), None, 2], [*blank, None, 3]], header))
    assert [row.number for row in check_raw_sheet(raw).rows] == [3]


def test_a_task_row_with_only_code_title_and_agency_is_ignored() -> None:
    empty = make_report(status=None, day=None, result=None, evidence=None, difficulty=None)
    assert check_reports(empty) == ()
    (row,) = check_reports(make_report(status=None, day=None, result=None, evidence=None, difficulty="Thiếu người"))
    assert get_rejection_codes(row) == {"status_missing"}


def test_future_days_are_rejected_until_they_come_and_the_sheet_knows_the_next_one() -> None:
    raw = make_sheet(make_tab([make_entry(day=date(2026, 12, 24)), make_entry(day=date(2026, 12, 3)), make_entry()]))
    assert check_raw_sheet(raw).falls_due_on == date(2026, 12, 3)
    later = check_raw_sheet(raw, date(2026, 12, 3))
    assert [get_rejection_codes(row) for row in later.rows] == [{"date_future"}, set(), set()]
    assert later.falls_due_on == date(2026, 12, 24)
    assert check_raw_sheet(raw, date(2026, 12, 24)).falls_due_on is None


def test_a_plan_without_an_end_has_no_last_day() -> None:
    raw = make_sheet(make_tab([make_entry(day=date(2040, 1, 1)), make_entry(day=date(2025, 1, 1))]))
    rows = check_source(raw, PLAN, build_register(end_year=None), date(2041, 1, 1)).rows
    assert [get_rejection_codes(row) for row in rows] == [set(), {"date_outside_plan"}]
    with_end = check_source(raw, PLAN, build_register(end_year=2027), date(2041, 1, 1)).rows
    assert [get_rejection_codes(row) for row in with_end] == [{"date_outside_plan"}] * 2


def test_all_days_of_a_plans_years_count() -> None:
    rows = check_entries(
        make_entry(day=date(2026, 1, 1)),
        make_entry(day=date(2027, 12, 31)),
        make_entry(day=date(2028, 1, 1)),
        today=date(2030, 1, 1),
    )
    assert [get_rejection_codes(row) for row in rows] == [set(), set(), {"date_outside_plan"}]


@pytest.mark.parametrize(("task", "reporter"), [("p.III.1", SCT), ("p.III.2", None), ("p.III.3", None)])
def test_a_task_row_without_an_agency_belongs_to_the_single_lead(task: str, reporter: str | None) -> None:
    (row,) = check_reports(make_report(task=task, agency=None))
    assert row.report is not None
    assert row.report.agency == row.agency == reporter


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Chưa thực hiện", "not_started"), ("chưa làm", "not_started"), ("Đang thực hiện", "in_progress"),
        ("Đang làm", "in_progress"), ("Tiếp tục duy trì", "in_progress"), ("Hoàn thành", "done"),
        ("Đã xong", "done"), ("ĐÃ HOÀN THÀNH", "done"), ("Tạm dừng", "paused"),
    ],
)  # fmt: skip
def test_a_status_is_recognised_in_the_words_that_people_type(word: str, status: str) -> None:
    (row,) = check_reports(make_report(status=word))
    assert row.report is not None
    assert row.report.status == status


def test_a_serial_number_in_a_1904_workbook_is_read_by_its_calendar() -> None:
    raw = make_sheet(replace(make_tab([make_entry(day=46086 - 1462)]), date1904=True))
    (row,) = check_raw_sheet(raw).rows
    assert row.entry is not None
    assert row.entry.occurred_on == date(2026, 3, 5)


def test_every_row_read_is_accepted_or_rejected() -> None:
    checked = check_raw_sheet(make_sheet(make_tab([make_entry(), make_entry(day=None), make_entry(evidence=None)])))
    assert len(checked.rows) == 3
    assert [bool(row.rejections) for row in checked.rows] == [False, True, False]
    assert not checked.tasks_seen


def test_a_task_is_named_by_its_printed_number_unless_two_have_it() -> None:
    """The title beside it decides between two; a number cell 1.1 may have been 1.10."""
    register = build_register()
    first, second, third = register.tasks.values()
    tasks = {
        first.id: replace(first, section=None, number="1.1"),
        second.id: replace(second, section=None, number="1.10"),
        third.id: third,
    }
    register = replace(register, tasks=tasks)
    reports = [
        make_report(task="1.10"),
        make_report(task="III.3", agency=UBND),
        make_report(task=1.1, title="Việc"),
        make_report(task=1.1, title=second.title_vi, agency="Công an tỉnh"),
    ]
    sheet = make_sheet(make_tab([]), make_tab(reports, TASK_HEADER, "Nhiệm vụ"))
    rows = check_source(sheet, PLAN, register, date(2026, 11, 21)).rows
    assert [row.report.task if row.report else row.rejections[0].code for row in rows] == [
        second.id, third.id, "task_ambiguous", second.id,
    ]  # fmt: skip
    assert first.title_vi in str(rows[2].rejections[0].detail)
