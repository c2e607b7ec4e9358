"""Rows in doubt on the pages: the group "Dòng cần xác nhận", and the sign beside the status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest

from kpis.store.database import Database
from kpis.ui.agency.agency_choices import render_agency_choices
from kpis.ui.agency.page import render_agency
from kpis.ui.findings.page import render_findings
from kpis.ui.overview.page import render_overview
from kpis.ui.province.page import render_province
from kpis.ui.shared import filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.page_view import PageView
from tests.cli.conftest import Project
from tests.ui.handmade_rows import TODAY

TRADE, POLICE = "Sở Công Thương", "Công an tỉnh"
ROWS = (
    (date(2026, 9, 1), TRADE, "dong-thap.10", 4, None, "3/BC"),
    (date(2026, 10, 1), TRADE, "dong-thap.10", 8, None, "4/BC"),
)
FIGURES = "12, chắc chắn 8; xác nhận 2 dòng"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    project = Project(tmp_path_factory.mktemp("doubts"))
    project.write_workbook(ROWS)
    assert project.run_kpis("sync").code == 0
    opened = Database.open(project.database)
    assert opened is not None
    with closing(opened):
        yield opened


def build_view(database: Database, **query: str) -> PageView:
    options = load_filter_options(database, TODAY, query.get("plan"))
    selected = filters.parse_filters(query, options)
    return PageView(selected, options.find_plan(selected.plan), TODAY, False)


def test_the_rows_to_confirm_are_a_group_of_their_own(database: Database) -> None:
    page = str(render_findings(database, build_view(database, plan="dong-thap")))
    assert ">Dòng cần xác nhận: " in page and '<small class="kpis-total">2</small>' in page
    assert "đã tính; có thể là số lũy kế" in page
    assert "01/10/2026 · Tin bài" in page


def test_the_rows_to_confirm_are_counted_by_source_and_by_agency(database: Database) -> None:
    view = build_view(database, plan="dong-thap")
    for page in (render_findings(database, view), render_agency_choices(database, view)):
        cells = str(page).split('data-label="Dòng cần xác nhận">')[1:]
        [link] = [cell.partition("</td>")[0] for cell in cells if cell.startswith("<a ")]
        assert "status=confirm" in link and link.endswith('class="kpis-counted">2</a>')


@pytest.mark.parametrize(("agency", "is_listed"), [(TRADE, True), (POLICE, False)])
def test_an_agencys_page_lists_only_its_rows(database: Database, agency: str, is_listed: bool) -> None:
    view = build_view(database, plan="dong-thap", agency=agency)
    for render in (render_agency, render_findings):
        assert ("Dòng cần xác nhận" in str(render(database, view))) == is_listed


def test_both_figures_stand_beside_the_status(database: Database) -> None:
    view = build_view(database, plan="dong-thap")
    assert FIGURES in str(render_overview(database, view))
    province = str(render_province(database, view))
    assert FIGURES in province
    assert "Đúng nhịp ?" in province
