"""The page of rows to fix as HTML: what it says if it lists nothing."""

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
UNREAD_SOURCE = '[[source]]\nid = "gone"\nplan = "ha-noi"\nworkbook = "gone.xlsx"\n'
CLEAN = VALID_ROWS[:2]
"""Two rows of Sở Công Thương without a warning."""


def render_page(folder: Path, rows: Sequence[Sequence[object]], **query: str) -> str:
    project = Project(folder)
    project.write_workbook(rows)
    sources = project.sources.read_text(encoding="utf-8")
    project.sources.write_text(f"{sources}{UNREAD_SOURCE}", encoding="utf-8")
    assert project.run_kpis("sync").code == 1
    database = Database.open(project.database)
    assert database is not None
    options = load_filter_options(database, TODAY, query.get("plan"))
    selected = filters.parse_filters(query, options)
    view = PageView(selected, options.find_plan(selected.plan), TODAY, False, "light")
    page = str(render_findings(database, view))
    database.close()
    return page


@pytest.mark.parametrize("query", [{}, {"plan": "dong-thap"}])
def test_if_every_row_is_valid_the_page_says_so(query: dict[str, str], tmp_path: Path) -> None:
    assert ALL_RIGHT in render_page(tmp_path, CLEAN, **query)


@pytest.mark.parametrize("query", [{"plan": "ha-noi"}, {"plan": "ha-noi", "agency": "Sở Công Thương"}])
def test_for_a_plan_never_read_no_row_is_called_valid(query: dict[str, str], tmp_path: Path) -> None:
    page = render_page(tmp_path, CLEAN, **query)
    assert NOTHING_READ in page
    assert ALL_RIGHT not in page
    assert "Cơ quan này" not in page


def test_for_an_empty_sheet_no_row_is_called_valid(tmp_path: Path) -> None:
    page = render_page(tmp_path, [], plan="dong-thap")
    assert NOTHING_READ in page
    assert ALL_RIGHT not in page


def test_an_agency_without_rows_to_fix_says_nothing_about_other_rows(tmp_path: Path) -> None:
    page = render_page(tmp_path, CLEAN, plan="dong-thap", agency="Sở Công Thương")
    assert "Cơ quan này không có dòng nào cần sửa." in page
    assert ALL_RIGHT not in page
    assert "chưa rõ của cơ quan nào" not in page


@pytest.mark.parametrize(
    "rows", [[*CLEAN, INVALID_ROWS[1]], [*CLEAN, *INVALID_ROWS]], ids=["none of its own", "one of its own"]
)
def test_with_an_agency_chosen_rows_of_unknown_agencies_are_counted_with_a_link(
    rows: Sequence[Sequence[object]], tmp_path: Path
) -> None:
    """Such a row may belong to any agency; a row with two errors counts once."""
    page = render_page(tmp_path, rows, plan="dong-thap", agency="Sở Công Thương")
    assert ONE_UNASSIGNED_ROW in page
    assert '<a href="/findings?plan=dong-thap" target="_self">Xem mọi dòng của kế hoạch</a>' in page
    assert ONE_UNASSIGNED_ROW not in render_page(tmp_path, rows, plan="dong-thap")


def test_a_row_with_several_errors_is_one_block_and_the_heading_counts_rows(tmp_path: Path) -> None:
    page = render_page(tmp_path, [*CLEAN, *INVALID_ROWS], plan="dong-thap")
    section = page.split("<h2>Dòng bị trả lại ")[1].split("</section>")[0]
    assert section.startswith("<small>2</small>")
    assert section.split("<tbody>")[1].count("<tr>") == 2
    assert section.count("B5: ") == section.count("D5 (Số lượng): ") == 1


def test_rows_that_are_no_data_stand_in_a_group_of_their_own(tmp_path: Path) -> None:
    rows = [*CLEAN, ("Tổng cộng", None, None, 7), ("Người lập biểu", None, None, None)]
    page = render_page(tmp_path, rows, plan="dong-thap")
    assert ALL_RIGHT not in page
    section = page.split("<h2>Dòng không phải số liệu ")[1].split("</section>")[0]
    assert section.startswith("<small>2</small>")
    assert "Tổng cộng · 7" in section
    assert section.count("Không phải dòng số liệu: ") == 2
    assert "Dòng bị trả lại " not in page.split("</table>", 1)[1]
