"""Report and pack after a merger: what a former agency had added and reported stands with its successor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from docx import Document

from kpis.pack.figures.gather import EditionFigures, build_last_week_query, gather_figures
from kpis.pack.pages.compose import build_contents
from kpis.pack.pages.contents import Table
from kpis.pack.xlsx.workbook_tabs import build_tabs
from kpis.register.load import load_register
from kpis.report.document import write_report
from kpis.report.figures import ReportFigures, gather_report
from kpis.report.task_report_lines import build_task_report_lines
from kpis.store.database import Database
from tests.cli.command_runner import NOW
from tests.cli.conftest import Project

OLD, NEW = "Sở Công Thương", "Sở Kinh tế"
AGENCIES = f"""
[[agency]]
plan = "dong-thap"
name = "{OLD}"
successor = "{NEW}"
from = 2026-07-01

[[agency]]
plan = "dong-thap"
name = "{NEW}"
aliases = ["{OLD}"]
"""
ROWS = (
    (date(2026, 3, 1), OLD, "Tin bài", 6, None, "https://a.example/1"),
    (date(2026, 8, 1), NEW, "Tin bài", 2, None, "https://a.example/2"),
)
DAY = date(2026, 9, 1)
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
        (tasks[0], "", OLD, "Hoàn thành", date(2026, 5, 4)),
        (tasks[1], "", OLD, "Hoàn thành", date(2026, 5, 5)),
        (tasks[1], "", NEW, "Hoàn thành", date(2026, 8, 5)),
        (tasks[2], "", "Công an tỉnh", "Hoàn thành", date(2026, 5, 6)),
    ]
    created.write_workbook(ROWS, reports)
    assert created.run_kpis("sync").code == 0
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
