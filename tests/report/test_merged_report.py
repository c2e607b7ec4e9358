"""Report and pack after a merger: what a former agency had added and reported stands with its successor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from docx import Document
from pypdfium2 import PdfDocument

from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.figures.gather import build_last_week_query, gather_figures
from kpis.pack.pages.compose import build_contents
from kpis.pack.pages.contents import Table
from kpis.pack.xlsx.workbook_tabs import build_tabs
from kpis.register.load import load_register
from kpis.report.document import write_report
from kpis.report.figures import ReportFigures, gather_report
from kpis.report.task_report_lines import build_task_report_lines
from kpis.store.database import Database
from tests.cli.agency_mergers import build_merger
from tests.cli.command_runner import NOW
from tests.cli.conftest import TASK_HEADER, Project
from tests.plan_import.review.small_draft import OPENPYXL

OLD, NEW = "Sở Công Thương", "Sở Kinh tế"
AGENCIES = build_merger(OLD, NEW)
ROWS = (
    (date(2026, 3, 1), OLD, "Tin bài", 6, None, "https://a.example/1"),
    (date(2026, 8, 1), NEW, "Tin bài", 2, None, "https://a.example/2"),
)
DAY, SUNDAY = date(2026, 9, 1), datetime(2026, 9, 6, 17)
RESULT = "Đã trình văn bản kiến nghị"
PARTS = f"gồm 6 của {OLD} trước sáp nhập"


@pytest.fixture(scope="module")
def tasks() -> list[str]:
    """Tasks that the agency leads alone."""
    return [task.id for task in load_register().tasks.values() if task.plan == "dong-thap" and task.leads == (OLD,)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, tasks: list[str]) -> Project:
    created = Project(tmp_path_factory.mktemp("mergers"))
    register = created.folder / "register" / "agencies"
    register.mkdir(parents=True)
    (register / "dong-thap.toml").write_text(AGENCIES, encoding="utf-8")
    reports = [
        (tasks[0], "", OLD, "Hoàn thành", date(2026, 5, 4), RESULT, "https://a.example/4"),
        (tasks[1], "", OLD, "Hoàn thành", date(2026, 5, 5), RESULT, ""),
        (tasks[1], "", NEW, "Hoàn thành", date(2026, 8, 5), "Đã nối toàn tỉnh", ""),
        (tasks[2], "", "Công an tỉnh", "Hoàn thành", date(2026, 5, 6), "", ""),
        (tasks[3], "", OLD, "Hoàn thành", date(2026, 5, 7), "", ""),
    ]
    created.write_workbook(ROWS, reports, task_header=(*TASK_HEADER, "Kết quả", "Minh chứng"))
    assert created.run_kpis("sync", now=SUNDAY).code == 0
    return created


@pytest.fixture(scope="module")
def database(project: Project) -> Iterator[Database]:
    opened = Database.open(project.database)
    assert opened is not None
    yield opened
    opened.close()


def list_lines(figures: ReportFigures, task: str) -> list[str]:
    (row,) = [each for each in figures.tasks if each["task"] == task]
    for report in figures.reports.get(task, []):
        report["result"] = f"của {report['agency']}"
    return list(build_task_report_lines(figures, row, "result").texts)


def test_a_predecessors_report_is_the_leads_until_the_successor_reports(database: Database, tasks: list[str]) -> None:
    figures = gather_report(database, "dong-thap", 2026, DAY)
    assert list_lines(figures, tasks[0]) == [f"{OLD} (trước sáp nhập): của {OLD}"]
    lines = list_lines(figures, tasks[1])
    assert lines[0] == f"{NEW}: của {NEW}"
    assert not [line for line in lines if "chưa báo cáo" in line]
    assert list_lines(figures, tasks[2]) == [f"[{NEW}: chưa báo cáo]", "Công an tỉnh: của Công an tỉnh"]


def test_a_report_without_a_result_is_named_as_the_former_agencys(database: Database, tasks: list[str]) -> None:
    figures = gather_report(database, "dong-thap", 2026, DAY)
    (row,) = [each for each in figures.tasks if each["task"] == tasks[3]]
    assert list(build_task_report_lines(figures, row, "result").texts) == [
        f"[{OLD} (trước sáp nhập): chưa báo cáo kết quả]"
    ]


def test_report_workbook_and_pack_by_command_name_the_merger_and_no_gap(
    project: Project, tasks: list[str], tmp_path: Path
) -> None:
    report = ("report", "--plan", "dong-thap", "--year", "2026", "--as-of", "2026-09-01")
    assert project.run_kpis(*report, "--out", str(tmp_path / "a.docx"), now=SUNDAY).code == 0
    cells = [
        [cell.text for cell in row.cells] for table in Document(str(tmp_path / "a.docx")).tables for row in table.rows
    ]
    title = load_register().tasks[tasks[0]].title_vi
    (row,) = [texts for texts in cells if title in texts]
    assert f"{OLD} (trước sáp nhập): {RESULT}" in row
    assert not [text for text in row if "chưa" in text.casefold()]
    assert [texts for texts in cells if f"8 tin bài\n({PARTS})" in texts]
    run = project.run_kpis("pack", "--week", "2026-W36", "--province", "Đồng Tháp", "--out", str(tmp_path), now=SUNDAY)
    assert run.code == 0, run.err
    (edition,) = tmp_path.glob("2026-W36-*/r1")
    tabs = read_tabs(edition / "figures.xlsx")
    assert [row for row in tabs["Chỉ tiêu"] if PARTS in row and NEW in row]
    (task,) = [row for row in tabs["Nhiệm vụ"] if tasks[0] in row]
    assert {NEW, OLD, "Hoàn thành"} <= set(task)
    pages = [page.get_textpage().get_text_range() for page in PdfDocument(edition / "annex.pdf")]
    text = " ".join(" ".join(pages).split())
    assert PARTS in text
    owed = [row for name in ("Việc cần làm ngay", "Thay đổi") for row in tabs[name] if tasks[0] in row]
    assert not owed, "nothing of it is owed"


def read_tabs(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = OPENPYXL.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_on_a_day_ahead_of_the_merger_the_report_is_the_former_agencys(database: Database, tasks: list[str]) -> None:
    figures = gather_report(database, "dong-thap", 2026, date(2026, 6, 30))
    assert list_lines(figures, tasks[0]) == [f"của {OLD}"]


def test_the_report_says_what_a_former_agency_had_added(database: Database, tmp_path: Path) -> None:
    figures = gather_report(database, "dong-thap", 2026, DAY)
    document = Document(str(write_report(figures, tmp_path / "a.docx")))
    cells = [cell.text for row in document.tables[1].rows for cell in row.cells]
    assert [cell for cell in cells if cell.endswith(f"\n({PARTS})")]


def test_the_pack_says_what_a_former_agency_had_added(project: Project, database: Database) -> None:
    figures = gather_pack(project, database)
    contents = build_contents(figures, NOW, None)
    (table,) = [table for table in contents.tables if table.key == "targets-dong-thap"]
    assert PARTS in list_subtexts(table)
    tabs = {tab.name: [cells for _, cells in tab.iterate_rows()] for tab in build_tabs(figures, contents)}
    for name in ("Chỉ tiêu", "Cơ quan theo chỉ tiêu"):
        assert [cells for cells in tabs[name] if PARTS in cells], list(tabs)


def gather_pack(project: Project, database: Database) -> EditionFigures:
    return gather_figures(database, project.database, build_last_week_query(DAY, "dong-thap"), datetime(2026, 9, 1, 2))


def list_subtexts(table: Table) -> list[str]:
    return [cell.subtext for row in table.rows for cell in row]
