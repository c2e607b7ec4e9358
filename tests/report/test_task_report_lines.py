"""The annex of the yearly report: who reported what on a task, and which lead has not reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pytest

from kpis.measures.task_status import TaskStatus
from kpis.report.figures import ReportFigures, gather_report
from kpis.report.task_report_lines import ReportField, build_task_report_lines, format_members_progress
from kpis.report.task_reports import AgencyTaskReport
from kpis.report.word_document import Placeholder
from kpis.store.database import Database

DAY = date(2026, 11, 20)
FOCAL, OTHER = "Sở Công Thương", "Sở Khoa học và Công nghệ"


@pytest.fixture(scope="module")
def figures(database: Database) -> ReportFigures:
    """Thái Nguyên's year."""
    return gather_report(database, "thai-nguyen", 2026, DAY)


def _find_task(figures: ReportFigures, number: str) -> TaskStatus:
    return next(task for task in figures.tasks if task["task"] == f"{figures.plan['plan']}.{number}")


def _build_report(
    agency: str | None, result: str | None = None, occurred_on: date = DAY, **fields: Any
) -> AgencyTaskReport:
    texts = {"status": "done", "result": result, "evidence": None, "difficulty": None, **fields}
    return cast(AgencyTaskReport, {"task": "", "agency": agency, "occurred_on": occurred_on, **texts})


def _build_lines(
    figures: ReportFigures,
    number: str,
    *reports: AgencyTaskReport,
    field: ReportField = "result",
    **task_fields: Any,
) -> list[tuple[str, bool]]:
    task = _find_task(figures, number)
    changed = replace(figures, reports={task["task"]: list(reports)})
    lines = build_task_report_lines(changed, cast(TaskStatus, {**task, **task_fields}), field).texts
    return [(text, isinstance(text, Placeholder)) for text in lines]


def test_of_two_leads_each_is_named_and_the_one_without_a_report_is_marked(figures: ReportFigures) -> None:
    assert _build_lines(figures, "5.2.2", _build_report(FOCAL, "Xong", evidence="Số 1")) == [
        (f"{FOCAL}: Xong", False),
        (f"[{OTHER}: chưa báo cáo]", True),
    ]
    assert _build_lines(figures, "5.2.2", _build_report(FOCAL, "Xong", evidence="Số 1"), field="evidence") == [
        (f"{FOCAL}: Số 1", False),
        (f"[{OTHER}: chưa có minh chứng]", True),
    ]


def test_a_lead_that_reported_without_a_result_differs_from_one_that_did_not_report(
    figures: ReportFigures,
) -> None:
    assert _build_lines(figures, "5.2.2", _build_report(FOCAL)) == [
        (f"[{FOCAL}: chưa báo cáo kết quả]", True),
        (f"[{OTHER}: chưa báo cáo]", True),
    ]


def test_the_only_lead_needs_no_name(figures: ReportFigures) -> None:
    assert _build_lines(figures, "5.3.2", _build_report(FOCAL, "Xong")) == [("Xong", False)]
    assert _build_lines(figures, "5.3.2", _build_report(FOCAL)) == [("[Chưa báo cáo kết quả]", True)]
    assert _build_lines(figures, "5.3.2") == [("[Chưa báo cáo kết quả]", True)]


def test_another_agencys_text_is_not_shown_as_the_leads(figures: ReportFigures) -> None:
    assert _build_lines(figures, "5.3.2", _build_report("Công an tỉnh", "Đã góp ý")) == [
        (f"[{FOCAL}: chưa báo cáo]", True),
        ("Công an tỉnh: Đã góp ý", False),
    ]
    assert _build_lines(figures, "5.2.2", _build_report(None, "Đã họp")) == [
        (f"[{FOCAL}: chưa báo cáo]", True),
        (f"[{OTHER}: chưa báo cáo]", True),
        ("Không ghi cơ quan: Đã họp", False),
    ]


def test_for_a_collective_lead_the_focal_department_comes_first_then_the_newest_members(
    figures: ReportFigures,
) -> None:
    communes = sorted(figures.members["thai-nguyen.II.2"])[:7]
    older = [_build_report(name, "Đã làm", DAY - timedelta(days=index)) for index, name in enumerate(communes)]
    lead = _build_report(FOCAL, "Đã tổng hợp", date(2026, 1, 5))
    assert _build_lines(figures, "II.2", *older, lead) == [
        (f"{FOCAL}: Đã tổng hợp", False),
        *((f"{name}: Đã làm", False) for name in communes[:5]),
        ("và 2 báo cáo khác", False),
        ("[85/92 xã, phường chưa báo cáo]", True),
    ]
    seen = [cast(AgencyTaskReport, {**report, "evidence": "Số 1"}) for report in older[1:]]
    last = _build_lines(figures, "II.2", older[0], *seen, field="evidence")[-1]
    assert last == ("[1/92 xã, phường báo cáo chưa kèm minh chứng]", True)


def test_a_focal_department_that_leads_only_for_a_group_has_to_summarise(figures: ReportFigures) -> None:
    commune = min(figures.members["thai-nguyen.II.2"])
    assert _build_lines(figures, "II.2", _build_report(commune, "Đã làm"), leads=["UBND các xã, phường"]) == [
        (f"[{FOCAL}: chưa tổng hợp]", True),
        (f"{commune}: Đã làm", False),
        ("[91/92 xã, phường chưa báo cáo]", True),
    ]


def test_a_report_of_an_earlier_year_has_its_day(figures: ReportFigures) -> None:
    later = replace(figures, year=2027)
    assert _build_lines(
        later, "5.3.2", _build_report(FOCAL, "Xong"), _build_report(OTHER, "Góp ý", date(2027, 1, 2))
    ) == [
        (f"{FOCAL}: Xong (báo cáo ngày 20/11/2026)", False),
        (f"{OTHER}: Góp ý", False),
    ]


def test_members_report_it_done_and_for_an_ongoing_task_members_that_reported_are_counted(
    figures: ReportFigures,
) -> None:
    task = _find_task(figures, "II.2")
    counted = f"{task['members_done']}/92 xã, phường báo cáo hoàn thành"
    assert format_members_progress(figures, {**task, "state": "in_progress"}) == counted
    assert format_members_progress(figures, task) == f"theo báo cáo của {FOCAL}; {counted}"
    member_reports = [_build_report(name) for name in sorted(figures.members[task["task"]])[:3]]
    changed = replace(figures, reports={task["task"]: [*member_reports, _build_report("Công an tỉnh")]})
    ongoing: TaskStatus = {**task, "timing": "ongoing"}
    assert format_members_progress(changed, ongoing) == "3/92 xã, phường đã báo cáo"
    assert format_members_progress(changed, {**ongoing, "communes_alone": False}) == "3/92 đơn vị đã báo cáo"
    assert format_members_progress(figures, _find_task(figures, "5.3.2")) == ""


def test_the_report_that_decides_that_a_task_is_done_is_in_the_annex(figures: ReportFigures) -> None:
    task = _find_task(figures, "II.2")
    assert task["state"] == "done"
    assert build_task_report_lines(figures, task, "result").texts[0] == f"{FOCAL}: Đã báo cáo UBND tỉnh"
    assert build_task_report_lines(figures, task, "result").texts[-1] == "[69/92 xã, phường chưa báo cáo]"
