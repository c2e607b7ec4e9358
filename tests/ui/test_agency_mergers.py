"""The pages of agencies that were merged or renamed: the successor's, and the old one's in history."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from kpis.access.identities import Viewer
from kpis.access.rights import Entry, Person
from kpis.measures.entry_list import list_all_entries
from kpis.measures.report_list import list_all_reports
from kpis.store.database import Database
from kpis.ui.agency.page import render_agency, render_entries_of_agency
from kpis.ui.entries.page import render_entries
from kpis.ui.findings.page import render_findings
from kpis.ui.frame.startup import OpenVersion
from kpis.ui.frame.view_resolution import resolve_view
from kpis.ui.province.page import render_province
from kpis.ui.shared import data, filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import TableQuery
from tests.cli.agency_mergers import build_merger
from tests.cli.conftest import Project
from tests.ui.handmade_rows import TODAY

OLD, NEW = "Sở Thông tin", "Sở Khoa học và Công nghệ"
PLAN = "dong-thap"
AGENCIES = build_merger(OLD, NEW)
ROWS = (
    (date(2026, 3, 1), OLD, "Tin bài", 6, None, "https://a.example/1"),
    (date(2026, 8, 1), OLD, "Tin bài", 2, None, "https://a.example/2"),
    ("31/02/2026", OLD, "Tin bài", 3, None, "https://a.example/3"),
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    project = Project(tmp_path_factory.mktemp("mergers"))
    register = project.folder / "register" / "agencies"
    register.mkdir(parents=True)
    (register / "dong-thap.toml").write_text(AGENCIES, encoding="utf-8")
    project.write_workbook(ROWS, [("dong-thap.III.6", None, OLD, "Hoàn thành", date(2026, 4, 1))])
    assert project.run_kpis("sync").code == 0
    opened = Database.open(project.database)
    assert opened is not None
    yield opened
    opened.close()


def build_view(database: Database, **query: str) -> PageView:
    options = load_filter_options(database, TODAY, "dong-thap")
    selected = filters.parse_filters({"plan": "dong-thap", **query}, options)
    assert not selected.notices
    return PageView(selected, options.find_plan("dong-thap"), TODAY, False)


def to_text(markup: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", str(markup)))


def test_the_successors_page_says_what_its_predecessor_had_reported(database: Database) -> None:
    text = to_text(render_agency(database, build_view(database, agency=NEW)))
    assert f"8 gồm 6 của {OLD} trước sáp nhập" in text
    assert f"Từ 01/07/2026 thay cả cho {OLD}." in text
    assert "Số mục (mọi năm) 2" in text
    assert "Dòng bị trả lại 1" in text


def test_the_day_before_both_are_apart(database: Database) -> None:
    text = to_text(render_agency(database, build_view(database, agency=OLD, as_of="2026-06-30")))
    assert "trước sáp nhập" not in text
    assert "Số mục (mọi năm) 1" in text
    successor = to_text(render_agency(database, build_view(database, agency=NEW, as_of="2026-06-30")))
    assert "Số mục (mọi năm) 0" in successor


def test_the_old_agencys_page_leads_to_its_successor(database: Database) -> None:
    text = to_text(render_agency(database, build_view(database, agency=OLD)))
    assert f"Đã sáp nhập hoặc đổi tên: từ 01/07/2026 thay bằng {NEW} ." in text


def test_the_old_agencys_page_counts_what_its_lists_show(database: Database) -> None:
    view = build_view(database, agency=OLD)
    text = to_text(render_agency(database, view))
    assert "Số mục (mọi năm) 1" in text and "Báo cáo gần nhất 01/04/2026" in text
    assert "Báo cáo nhiệm vụ (mọi năm) 1" in text and "Dòng bị trả lại 1 Dòng có lưu ý 1" in text
    assert list_all_reports(database, replace(view.question, agency=OLD), 10).total == 1
    assert 'class="kpis-total">2<' in str(render_findings(database, view))
    listed = str(render_entries(database, database, view, TableQuery(only=("every_year",))))
    assert 'class="kpis-total">1<' in listed and "https://a.example/1" in listed


def test_an_agency_that_has_ended_is_no_choice_of_today(database: Database) -> None:
    options = load_filter_options(database, TODAY, "dong-thap")
    assert OLD in options.list_agencies(date(2026, 6, 30))
    assert OLD not in options.list_agencies(date(2026, 7, 1))
    assert OLD in options.list_agencies(TODAY, OLD)
    assert OLD not in to_text(render_agency(database, build_view(database)))


def test_the_contributions_of_a_target_have_the_note_too(database: Database) -> None:
    data.use_database(database, database)
    text = to_text(render_province(database, build_view(database)))
    assert f"{NEW} 8 gồm 6 của {OLD} trước sáp nhập" in text


def test_the_list_behind_the_count_of_all_years_has_the_predecessors_rows(database: Database) -> None:
    question = replace(build_view(database, agency=NEW).question, agency=NEW)
    rows = list_all_entries(database, question, None, 10)
    assert [(row["agency"], row["quantity"]) for row in rows.entries] == [(NEW, 2), (OLD, 6)]
    earlier = replace(question, as_of=date(2026, 6, 30))
    assert list_all_entries(database, earlier, None, 10).entries == []


def test_an_officer_of_the_successor_finds_every_row_that_is_counted(database: Database) -> None:
    officer = Viewer(Person("a@x.vn", frozenset({Entry("a@x.vn", "officer", frozenset({PLAN}), frozenset({NEW}))})))
    seen = resolve_view({}, OpenVersion(database.pointer, 1, database, TODAY, False), officer, "agency")
    assert "Số mục (mọi năm) 2" in to_text(render_agency(seen.database, seen.view))
    assert "https://a.example/1" in render_entries_of_agency(seen.row_database, seen.view)
    listed = str(render_entries(seen.database, seen.row_database, seen.view, TableQuery(only=("every_year",))))
    assert 'class="kpis-total">2<' in listed and "https://a.example/1" in listed
    earlier = resolve_view({}, OpenVersion(database.pointer, 1, database, date(2026, 6, 30), False), officer, "agency")
    assert "Số mục (mọi năm) 0" in to_text(render_agency(earlier.database, earlier.view))
    assert "https://a.example/1" not in str(
        render_entries(earlier.database, earlier.row_database, earlier.view, TableQuery(only=("every_year",)))
    )
