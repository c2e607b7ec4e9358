"""The page of rows to mend as HTML: what it says where it lists nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kpis.store.database import Database
from kpis.ui.findings.page import render_findings
from kpis.ui.shared import filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.page_view import PageView
from tests.cli.conftest import INVALID_ROWS, VALID_ROWS, Project
from tests.ui.handmade_rows import TODAY

ALL_RIGHT = "Mọi dòng đã đọc đều được tính và không dòng nào cần xem lại."
NOTHING_READ = "Chưa đọc dòng nào"
ONE_UNASSIGNED_ROW = "Số dòng cần sửa của kế hoạch chưa rõ của cơ quan nào: 1."
CLEAN = VALID_ROWS[:2]
"""Two rows of Sở Công Thương without a warning."""


def render_page(folder: Path, rows: Sequence[Sequence[object]], **query: str) -> str:
    project = Project(folder)
    project.write_workbook(rows)
    assert project.run_kpis("sync").code == 0
    database = Database.open(project.database)
    assert database is not None
    offered = load_filter_options(database, TODAY, query.get("plan"))
    chosen = filters.parse_filters(query, offered)
    shown = str(
        render_findings(database, PageView(chosen, offered.find_plan(chosen.plan), TODAY, False, "light"))
    )
    database.close()
    return shown


@pytest.mark.parametrize("asked", [{}, {"plan": "dong-thap"}])
def test_where_every_row_read_is_right_it_says_so(asked: dict[str, str], tmp_path: Path) -> None:
    assert ALL_RIGHT in render_page(tmp_path, CLEAN, **asked)


@pytest.mark.parametrize("asked", [{"plan": "ha-noi"}, {"plan": "ha-noi", "agency": "Sở Công Thương"}])
def test_of_a_plan_that_was_never_read_no_row_is_called_right(asked: dict[str, str], tmp_path: Path) -> None:
    shown = render_page(tmp_path, CLEAN, **asked)
    assert NOTHING_READ in shown
    assert ALL_RIGHT not in shown
    assert "Cơ quan này" not in shown


def test_of_an_empty_sheet_no_row_is_called_right(tmp_path: Path) -> None:
    shown = render_page(tmp_path, [], plan="dong-thap")
    assert NOTHING_READ in shown
    assert ALL_RIGHT not in shown


def test_an_agency_without_a_row_to_mend_answers_for_itself_alone(tmp_path: Path) -> None:
    shown = render_page(tmp_path, CLEAN, plan="dong-thap", agency="Sở Công Thương")
    assert "Cơ quan này không có dòng nào cần sửa." in shown
    assert ALL_RIGHT not in shown
    assert "chưa rõ của cơ quan nào" not in shown


@pytest.mark.parametrize(
    "rows", [[*CLEAN, INVALID_ROWS[1]], [*CLEAN, *INVALID_ROWS]], ids=["none of its own", "one of its own"]
)
def test_under_an_agency_the_rows_that_name_no_known_one_are_counted_with_a_link(
    rows: Sequence[Sequence[object]], tmp_path: Path
) -> None:
    """Such a row may be anybody's; two mistakes in it are one row."""
    shown = render_page(tmp_path, rows, plan="dong-thap", agency="Sở Công Thương")
    assert ONE_UNASSIGNED_ROW in shown
    assert '<a href="/findings?plan=dong-thap" target="_self">Xem mọi dòng của kế hoạch</a>' in shown
    assert ONE_UNASSIGNED_ROW not in render_page(tmp_path, rows, plan="dong-thap")
