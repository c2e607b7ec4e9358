"""design.md §4 Warning codes: the row counts, but should be checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from kpis.checks.finding_messages import format_sentence
from kpis.language.messages import Language
from kpis.sheet.model import CellFinding
from tests.sheet.small_plan import (
    SCT,
    TASK_HEADER,
    UBND,
    check_entries,
    check_raw_sheet,
    check_reports,
    get_warning_codes,
    make_entry,
    make_report,
    make_sheet,
    make_tab,
)

LINK = "https://sct.example.vn/tin/1"


def _list_series_warnings(target: str, *reports: tuple[int, int, int | None]) -> list[set[str]]:
    """Return the warning codes of an agency's reports, each (day of March, quantity, total)."""
    rows = [
        make_entry(target=target, day=date(2026, 3, day), quantity=quantity, total=total, evidence=f"{index}/BC")
        for index, (day, quantity, total) in enumerate(reports)
    ]
    return [get_warning_codes(row) for row in check_entries(*rows)]


def _format_finding(finding: CellFinding, lang: Language) -> str:
    return format_sentence(finding.code, lang, finding.cell, finding.header, finding.value, finding.detail)


def test_a_row_without_evidence_counts_with_a_warning() -> None:
    (row,) = check_entries(make_entry(evidence=None))
    assert row.entry is not None
    assert [(finding.code, finding.cell, finding.header) for finding in row.warnings] == [
        ("evidence_missing", "G2", "Minh chứng")
    ]


def test_a_sheet_without_the_evidence_column_gets_a_warning_on_every_row() -> None:
    rows = check_raw_sheet(make_sheet(make_tab([make_entry()[:4]], ["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng"]))).rows
    assert [(finding.code, finding.cell, finding.header) for finding in rows[0].warnings] == [
        ("evidence_missing", None, None)
    ]


def test_a_task_needs_evidence_only_once_it_is_done() -> None:
    rows = check_reports(make_report(evidence=None), make_report(evidence=None, status="Đang làm", task="p.III.2"))
    assert [get_warning_codes(row) for row in rows] == [{"evidence_missing"}, set()]


def test_a_task_report_without_an_agency_gets_a_warning_if_several_agencies_decide() -> None:
    """p.III.1 has one lead, p.III.2 two; for the collective of p.III.3 the focal department decides."""
    rows = check_reports(*(make_report(agency=None, task=f"p.III.{number}") for number in (1, 2, 3)))
    assert [row.report and row.report.agency for row in rows] == [SCT, None, None]
    assert [get_warning_codes(row) for row in rows] == [set(), {"agency_missing"}, set()]
    (finding,) = rows[1].warnings
    assert (finding.cell, finding.header) == ("C3", "Cơ quan")
    assert _format_finding(finding, "vi") == (
        "C3: chưa có cơ quan, mà nhiệm vụ này do nhiều cơ quan chủ trì; hãy ghi tên cơ quan báo cáo"
    )


def test_a_task_tab_without_the_agency_column_is_to_get_one() -> None:
    raw = make_sheet(make_tab([]), make_tab([["p.III.2", "Đang làm"]], ["Mã", "Trạng thái"], "Nhiệm vụ"))
    ((finding,),) = (row.warnings for row in check_raw_sheet(raw).rows)
    assert _format_finding(finding, "en") == (
        "The agency is missing and several agencies lead this task; add the column “Cơ quan”"
    )


@pytest.mark.parametrize(
    ("link", "other_link", "shared"),
    [
        (LINK, LINK, True),
        (LINK, f"  {LINK} ", True),
        (LINK, f"Xem {LINK}.", True),
        (LINK, f"{LINK}; https://khac.example.vn", True),
        (LINK, "HTTPS://SCT.Example.vn/tin/1", True),
        (LINK, "https://sct.example.vn/Tin/1", False),
        (LINK, f"{LINK}0", False),
        ("12/BC-SCT", "12/BC-SCT", False),
    ],
)
def test_two_rows_with_one_link_both_get_a_warning(link: str, other_link: str, shared: bool) -> None:
    rows = check_entries(
        make_entry(evidence=link),
        make_entry(evidence=other_link, content="Tin khác"),
        make_entry(content="Tin nữa"),
    )
    assert [("evidence_shared" in get_warning_codes(row)) for row in rows] == [shared, shared, False]


def test_links_of_rejected_rows_and_of_the_other_tab_are_not_compared() -> None:
    raw = make_sheet(
        make_tab([make_entry(evidence=LINK), make_entry(evidence=LINK, day=None)]),
        make_tab([make_report(evidence=LINK)], TASK_HEADER, "Nhiệm vụ"),
    )
    assert [get_warning_codes(row) for row in check_raw_sheet(raw).rows] == [set(), set(), set()]


@pytest.mark.parametrize(
    ("reports", "all_warned"),
    [
        ([(1, 1, None), (2, 2, None), (3, 4, None)], True),
        ([(3, 4, None), (1, 1, None), (2, 2, None)], True),
        ([(1, 1, None), (2, 1, None), (3, 2, None), (4, 3, None)], True),
        ([(1, 1, None), (2, 2, None)], False),
        ([(1, 1, None), (2, 2, None), (3, 2, None)], False),
        ([(1, 1, None), (2, 3, None), (3, 2, None), (4, 4, None)], False),
        ([(1, 2, None), (2, 2, None), (3, 2, None)], False),
        ([(1, 1, None), (1, 2, None), (1, 3, None)], False),
        ([(1, 1, None), (2, 2, None), (2, 3, None), (3, 4, None)], False),
    ],
)
def test_numbers_of_one_agency_that_only_increase_look_cumulative(
    reports: Sequence[tuple[int, int, int | None]], all_warned: bool
) -> None:
    expected: set[str] = {"looks_cumulative"} if all_warned else set()
    assert _list_series_warnings("p.01", *reports) == [expected] * len(reports)


def test_increasing_levels_and_numbers_of_two_years_do_not_look_cumulative() -> None:
    assert _list_series_warnings("p.04", (1, 1, None), (2, 2, None), (3, 3, None)) == [set()] * 3
    days = [date(2026, 5, 1), date(2026, 6, 1), date(2027, 1, 1)]
    rows = check_entries(
        *[make_entry(day=day, quantity=index) for index, day in enumerate(days)], today=date(2027, 2, 1)
    )
    assert [get_warning_codes(row) for row in rows] == [set()] * 3
    by_end = check_entries(
        *[make_entry(day=day, quantity=index, target="p.03") for index, day in enumerate(days)],
        today=date(2027, 2, 1),
    )
    assert [get_warning_codes(row) for row in by_end] == [{"looks_cumulative"}] * 3


def test_increasing_numbers_of_several_agencies_do_not_look_cumulative() -> None:
    rows = check_entries(
        make_entry(day=date(2026, 3, 1), quantity=1),
        make_entry(day=date(2026, 3, 2), quantity=2, agency=UBND),
        make_entry(day=date(2026, 3, 3), quantity=3),
    )
    assert [get_warning_codes(row) for row in rows] == [set()] * 3


@pytest.mark.parametrize(
    ("reports", "falls"),
    [
        ([(1, 8, 8), (2, 7, 8)], [False, True]),
        ([(2, 7, 8), (1, 8, 8)], [True, False]),
        ([(1, 4, 8), (2, 5, 10)], [False, False]),
        ([(1, 1, 3), (2, 333, 1000)], [False, True]),
        ([(1, 8, 8), (2, 0, 0), (3, 7, 8)], [False, False, True]),
        ([(1, 4, 8), (2, 5, 8), (3, 4, 8)], [False, False, True]),
    ],
)
def test_a_ratio_below_the_previous_one_gets_a_warning(
    reports: Sequence[tuple[int, int, int | None]], falls: list[bool]
) -> None:
    assert [("ratio_fell" in codes) for codes in _list_series_warnings("p.05", *reports)] == falls


def test_a_ratio_may_fall_from_one_year_to_the_next() -> None:
    rows = check_entries(
        make_entry(target="p.05", quantity=8, total=8, day=date(2026, 12, 1)),
        make_entry(target="p.05", quantity=1, total=8, day=date(2027, 1, 5)),
        today=date(2027, 2, 1),
    )
    assert [get_warning_codes(row) for row in rows] == [set(), set()]


@pytest.mark.parametrize(
    ("target", "reports", "is_conflict"),
    [
        ("p.04", [(1, 2, None), (1, 3, None)], True),
        ("p.05", [(1, 2, 8), (1, 3, 8)], True),
        ("p.05", [(1, 2, 8), (1, 2, 9)], True),
        ("p.04", [(1, 2, None), (2, 3, None)], False),
        ("p.04", [(1, 2, None), (1, 2, None)], False),
        ("p.01", [(1, 2, None), (1, 3, None)], False),
        ("p.06", [(1, 0, None), (1, 1, None)], False),
        ("p.07", [(1, 0, None), (1, 1, None)], False),
    ],
)
def test_two_values_of_one_day_are_a_conflict_if_the_latest_counts(
    target: str, reports: Sequence[tuple[int, int, int | None]], is_conflict: bool
) -> None:
    warnings = _list_series_warnings(target, *reports)
    assert [("same_day_conflict" in codes) for codes in warnings] == [is_conflict] * len(reports)


def test_a_row_gets_each_code_once() -> None:
    both = f"{LINK} https://sct.example.vn/tin/2"
    rows = check_entries(make_entry(evidence=both), make_entry(evidence=both, content="Tin khác"))
    assert [[finding.code for finding in row.warnings] for row in rows] == [["evidence_shared"]] * 2
    assert [row.warnings[0].detail["row"] for row in rows] == [3, 2]


def test_a_quantity_of_zero_is_an_entry() -> None:
    (row,) = check_entries(make_entry(quantity=0, agency=SCT))
    assert row.entry is not None
    assert row.entry.quantity == 0
