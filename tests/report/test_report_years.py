"""A plan of several years: a year's report counts that year, and says what is from earlier years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from xlsxwriter import Workbook

from kpis.language.clock import parse_moment
from kpis.report.document import write_report
from kpis.report.figures import gather_report
from kpis.report.task_reports import ReporterCounts
from kpis.store.database import Database
from tests.cli.conftest import Project

ENTRIES = [
    ("Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng", "Tổng số", "Minh chứng"),
    (date(2026, 3, 1), "Sở Công Thương", "dong-thap.10", 30, None, "https://a.example/1"),
    (date(2026, 4, 1), "Sở Công Thương", "dong-thap.10", 4, None, "https://a.example/2"),
    (date(2027, 4, 1), "Sở Công Thương", "dong-thap.10", 5, None, "https://a.example/3"),
    (date(2026, 5, 20), "Sở Công Thương", "dong-thap.09", 1, None, "https://a.example/4"),
    (date(2027, 2, 1), "Sở Công Thương", "dong-thap.06", 8, 10, "https://a.example/5"),
]
REPORTS = [
    (
        *("Mã", "Nhiệm vụ", "Cơ quan", "Trạng thái", "Ngày hoàn thành"),
        *("Kết quả", "Minh chứng", "Khó khăn"),
    ),
    ("dong-thap.V.7", None, "Sở Tài chính", "Hoàn thành", date(2026, 9, 2), "Đã trình", "Số 9", None),
    ("dong-thap.V.6", None, "Sở Công Thương", "Tạm dừng", date(2026, 9, 3), None, None, "Thiếu vốn"),
    ("dong-thap.I.1", None, "Sở Công Thương", "Đang làm", date(2027, 1, 4), "Đã rà soát", None, None),
]
TUYEN_QUANG = [
    REPORTS[0],
    ("tuyen-quang.IV.2", None, "Sở Công Thương", "Đang làm", date(2026, 5, 1), "Đã rà soát", None, None),
    ("tuyen-quang.IV.1", None, "Sở Công Thương", "Đang làm", date(2026, 6, 1), "Đã rà soát", None, None),
]


@dataclass(frozen=True)
class ReportContent:
    """The text of the document and the cells of its tables of results."""

    text: str
    targets: dict[str, list[str]]
    tasks: dict[tuple[str, str], list[str]]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Đồng Tháp's and Tuyên Quang's sheets as they are in June 2027."""
    project = Project(tmp_path_factory.mktemp("years"))
    project.prepend_to_sources(
        '[[source]]\nid = "tuyen-quang"\nplan = "tuyen-quang"\nworkbook = "tuyen-quang.xlsx"\n\n'
    )
    for plan, entries, reports in (
        ("dong-thap", ENTRIES, REPORTS),
        ("tuyen-quang", ENTRIES[:1], TUYEN_QUANG),
    ):
        with Workbook(project.folder / f"{plan}.xlsx", {"default_date_format": "dd/mm/yyyy"}) as book:
            for title, rows in (("Tiến độ", entries), ("Nhiệm vụ", reports)):
                tab = book.add_worksheet(title)
                for index, row in enumerate(rows):
                    tab.write_row(index, 0, row)
    result = project.run_kpis("sync", now=parse_moment("2027-06-01 10:00"))
    assert result.code == 0, result.err
    database = Database.open(project.database)
    assert database is not None
    yield database
    database.close()


def _read_report(database: Database, year: int, day: date, folder: Path) -> ReportContent:
    path = write_report(gather_report(database, "dong-thap", year, day), folder / "a.docx")
    document: Any = Document(str(path))
    section, tasks = "", {}
    for row in document.tables[-1].rows[1:]:
        cells = [cell.text for cell in row.cells]
        section = section if cells[0].isdigit() else cells[0].split(".")[0]
        tasks[section, cells[0]] = cells
    return ReportContent(
        "\n".join(paragraph.text for paragraph in document.paragraphs),
        {cells[0]: cells for row in document.tables[1].rows[1:] if (cells := [c.text for c in row.cells])},
        tasks,
    )


@pytest.fixture(scope="module")
def second_year_report(database: Database, tmp_path_factory: pytest.TempPathFactory) -> ReportContent:
    """The report of 2027."""
    return _read_report(database, 2027, date(2027, 6, 1), tmp_path_factory.mktemp("second"))


@pytest.fixture(scope="module")
def first_year_report(database: Database, tmp_path_factory: pytest.TempPathFactory) -> ReportContent:
    """The report of 2026."""
    return _read_report(database, 2026, date(2026, 12, 31), tmp_path_factory.mktemp("first"))


def test_only_reports_of_the_year_are_counted_for_the_year(
    first_year_report: ReportContent, second_year_report: ReportContent
) -> None:
    assert (
        "Trong năm 2027, các cơ quan, đơn vị đã gửi 2 lượt kết quả thực hiện chỉ tiêu.\n"
        "Trong năm 2027, 1 cơ quan, đơn vị đã báo cáo về 1/31 nhiệm vụ. "
        "Tính cả các năm trước, 2 cơ quan, đơn vị đã báo cáo về 3/31 nhiệm vụ."
    ) in second_year_report.text
    assert "Trong năm 2026, các cơ quan, đơn vị đã gửi 3 lượt kết quả" in first_year_report.text
    assert "Tính cả các năm trước" not in first_year_report.text


def test_earlier_years_are_mentioned_only_if_something_was_reported_in_them(database: Database) -> None:
    """tuyen-quang.IV.2 starts in 2027; a report on it from 2026 belongs to 2026."""
    early = gather_report(database, "tuyen-quang", 2026, date(2026, 12, 31))
    assert (early.reporters_in_year, early.reporters_to_date) == (ReporterCounts(1, 2), ReporterCounts(1, 2))
    late = gather_report(database, "dong-thap", 2026, date(2027, 6, 1))
    assert (late.reporters_in_year, late.reporters_to_date) == (ReporterCounts(2, 2), ReporterCounts(2, 2))
    next_one = gather_report(database, "dong-thap", 2027, date(2027, 6, 1))
    assert (next_one.reporters_in_year, next_one.reporters_to_date) == (
        ReporterCounts(1, 1),
        ReporterCounts(2, 3),
    )


def test_another_agency_of_an_earlier_year_is_counted_for_the_same_task(database: Database, tmp_path: Path) -> None:
    figures = gather_report(database, "dong-thap", 2027, date(2027, 6, 1))
    figures = replace(figures, reporters_in_year=ReporterCounts(1, 1), reporters_to_date=ReporterCounts(2, 1))
    document: Any = Document(str(write_report(figures, tmp_path / "a.docx")))
    sentence = "Tính cả các năm trước, 2 cơ quan, đơn vị đã báo cáo về 1/31 nhiệm vụ."
    assert any(sentence in paragraph.text for paragraph in document.paragraphs)


def test_a_year_without_reports_says_so(database: Database, tmp_path: Path) -> None:
    read = _read_report(database, 2027, date(2027, 1, 1), tmp_path)
    assert (
        "Trong năm 2027, các cơ quan, đơn vị chưa gửi kết quả thực hiện chỉ tiêu.\n"
        "Trong năm 2027, chưa có cơ quan, đơn vị nào báo cáo về nhiệm vụ. Tính cả"
    ) in read.text


def test_a_result_of_several_years_says_since_when(
    first_year_report: ReportContent, second_year_report: ReportContent
) -> None:
    assert first_year_report.targets["10"][3] == "34 tin bài"
    assert second_year_report.targets["10"][3] == "39 tin bài (lũy kế từ 2026)"
    assert "(8/10 cán bộ, chưa chốt danh sách; lũy kế từ 2026)" in second_year_report.targets["6"][3]
    assert first_year_report.targets["9"][3] == "hoàn thành"
    assert second_year_report.targets["9"][3] == "hoàn thành (ngày 20/05/2026)"


def test_a_task_of_several_years_is_shown_with_the_reports_that_decide_its_state(
    second_year_report: ReportContent,
) -> None:
    done, paused = second_year_report.tasks["V", "7"], second_year_report.tasks["V", "6"]
    assert (done[-1], paused[-1]) == ("Hoàn thành", "Tạm dừng")
    assert done[-3] == "Đã trình (báo cáo ngày 02/09/2026)"
    assert done[-2] == "Số 9 (báo cáo ngày 02/09/2026)"
    assert "(Sở Công Thương, 03/09/2026): Thiếu vốn." in second_year_report.text
