"""Entries: the rows behind a count of a target or an agency, and what each reading changed of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

from kpis.measures.agency_summary import build_agency_summary
from kpis.measures.attainment import compute_by_agency, compute_targets
from kpis.measures.attainment_rows import select_targets
from kpis.measures.entry_list import list_all_entries, list_counted_entries
from kpis.measures.question import Question
from kpis.measures.report_list import list_all_reports
from kpis.store.database import Database
from kpis.store.scopes.scope import Scope
from kpis.ui.entries import page
from kpis.ui.entries.page import render_entries
from kpis.ui.shared import filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import ONLY_REPORTS, TableQuery
from tests.cli.conftest import Project
from tests.ui.handmade_rows import TODAY

TRADE, POLICE = "Sở Công Thương", "Công an tỉnh"
NEWS = "dong-thap.10"
FIRST = (
    (date(2026, 9, 1), TRADE, NEWS, 4, None, "Tin <b>"),
    (date(2026, 10, 1), TRADE, NEWS, 8, None, "4/BC"),
    (date(2026, 10, 2), POLICE, NEWS, 1, None, "Đài"),
)
EDITED = (FIRST[0], (date(2026, 10, 1), TRADE, NEWS, 9, None, "4/BC"), FIRST[2])
SIDE_BY_SIDE = (
    EDITED[1],
    FIRST[2],
    (date(2026, 10, 3), TRADE, NEWS, 2, None, "Loa 6"),
    (date(2026, 10, 4), TRADE, NEWS, 3, None, "Loa 7"),
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("entries"))
    for number, rows in enumerate((FIRST, EDITED, SIDE_BY_SIDE)):
        project.write_workbook(rows)
        assert project.run_kpis("sync", now=datetime(2026, 11, 19 + number, 2)).code == 0
    return project


@pytest.fixture(scope="module")
def database(project: Project) -> Iterator[Database]:
    opened = Database.open(project.database)
    assert opened is not None
    with closing(opened):
        yield opened


def draw(database: Database, query: TableQuery, **params: str) -> str:
    options = load_filter_options(database, TODAY, params.get("plan", "dong-thap"))
    selected = filters.parse_filters({"plan": "dong-thap", **params}, options)
    view = PageView(selected, options.find_plan(selected.plan), TODAY, False)
    return str(render_entries(database, database, view, query))


def read_total(markup: str) -> int:
    return int(re.findall(r'kpis-total">([\d.]+)<', markup)[0].replace(".", ""))


def test_the_list_has_the_rows_of_a_target_and_of_an_agency(database: Database) -> None:
    assert read_total(draw(database, TableQuery(target=NEWS))) == 4
    police_rows = draw(database, TableQuery(target=NEWS), agency=POLICE)
    assert read_total(police_rows) == 1 and "Đài" in police_rows and "Loa" not in police_rows
    assert read_total(draw(database, TableQuery(target="dong-thap.02"))) == 0


def test_a_text_of_a_sheet_is_no_html(database: Database) -> None:
    assert "<b>" not in draw(database, TableQuery(target=NEWS))


def test_a_row_that_one_reading_replaced_by_one_is_an_edit(database: Database) -> None:
    history = draw(database, TableQuery(target=NEWS)).partition("Lịch sử các dòng")[2]
    assert "sửa từ “01/10/2026: 8 (4/BC)” thành “01/10/2026: 9 (4/BC)”" in history
    assert "01/10/2026: 12/10 → 13/10" in history


def test_a_row_gone_and_two_new_ones_stand_side_by_side(database: Database) -> None:
    history = draw(database, TableQuery(target=NEWS)).partition("Lịch sử các dòng")[2]
    assert "đã rút: “01/09/2026: 4 (Tin &lt;b&gt;)”" in history
    assert "mới: “03/10/2026: 2 (Loa 6)”" in history and "mới: “04/10/2026: 3 (Loa 7)”" in history
    assert history.count("sửa từ") == 1


def test_the_first_reading_of_a_source_is_no_change_and_other_agencies_have_none(database: Database) -> None:
    assert "Lịch sử các dòng" not in draw(database, TableQuery(target=NEWS), agency=POLICE)
    assert draw(database, TableQuery(target=NEWS)).partition("Lịch sử các dòng")[2].count("<tr>") == 3


@pytest.mark.parametrize("day", [date(2026, 9, 15), TODAY, date(2027, 2, 1)])
def test_the_list_is_as_long_as_every_count_of_entries(database: Database, day: date) -> None:
    question = Question(day, year=day.year, plans=frozenset({"dong-thap"}))
    for row in compute_targets(database, question):
        assert list_counted_entries(database, question, row["target"], 1).total == row["entries"], row["target"]
    for part in select_targets(compute_by_agency(database, question)):
        part_question = Question(day, year=day.year, plans=frozenset({"dong-thap"}), agency=part["agency"])
        assert list_counted_entries(database, part_question, part["target"], 1).total == part["entries"]


def test_on_the_sample_every_count_of_entries_has_its_list(sample_pointer: Path) -> None:
    database = Database.open(sample_pointer)
    assert database is not None
    with closing(database):
        question = Question(TODAY, year=2026)
        rows = compute_targets(database, question)
        assert sum(row["entries"] for row in rows) > 100
        for row in rows:
            assert list_counted_entries(database, question, row["target"], 1).total == row["entries"], row["target"]
        plan = Question(TODAY, year=2026, plans=frozenset({"dong-thap"}))
        every = list_all_entries(database, plan, None, 10_000).entries
        assert len(every) == list_all_entries(database, plan, None, 1).total


@pytest.mark.parametrize("every_year", [False, True])
def test_the_latest_day_comes_first(sample_pointer: Path, every_year: bool) -> None:
    database = Database.open(sample_pointer)
    assert database is not None
    with closing(database):
        plan = Question(TODAY, year=2026, plans=frozenset({"dong-thap"}))
        list_entries = list_all_entries if every_year else list_counted_entries
        days = [entry["occurred_on"] for entry in list_entries(database, plan, None, 500).entries]
    assert len(days) > 100 and days == sorted(days, reverse=True)


def test_the_reports_on_tasks_are_those_that_the_page_of_their_agency_counts(sample_pointer: Path) -> None:
    opened = Database.open(sample_pointer)
    assert opened is not None
    reports = TableQuery(only=(ONLY_REPORTS,))
    with closing(opened) as database:
        for agency in (TRADE, POLICE):
            question = Question(TODAY, plans=frozenset({"dong-thap"}), agency=agency)
            count = build_agency_summary(database, question).reports
            markup = draw(database, reports, agency=agency)
            assert read_total(markup) == count > 0
            assert markup.count("/agency?plan=dong-thap&amp;agency=") == count
        everybody = draw(database, reports)
        assert read_total(everybody) > read_total(draw(database, reports, agency=TRADE))
        listed = list_all_reports(database, Question(TODAY, plans=frozenset({"dong-thap"})), max_rows=2)
        assert len(listed.reports) == 2 and listed.total == read_total(everybody)
        assert read_total(draw(database, reports, as_of="2026-01-01")) == 0


@pytest.mark.parametrize(("plans", "searched"), [({"ha-noi", "dong-thap"}, 0), ({"dong-thap"}, 1)])
def test_a_search_field_stands_where_there_are_entries_to_search(
    sample_pointer: Path, monkeypatch: pytest.MonkeyPatch, plans: set[str], searched: int
) -> None:
    fields: list[object] = []
    monkeypatch.setattr(page, "show_search", lambda *given: fields.append(given))
    monkeypatch.setattr(page, "show_markup", lambda _markup: None)
    opened = Database.open(sample_pointer)
    assert opened is not None
    with closing(opened):
        seen = opened.for_scope(Scope(frozenset(plans)))
        options = load_filter_options(seen, TODAY, None)
        view = PageView(filters.parse_filters({}, options), None, TODAY, False)
        page.show_entries(seen, seen, view, TableQuery())
    assert len(fields) == searched
