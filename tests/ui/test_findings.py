"""The page of rows to fix as HTML: what it says if it lists nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from kpis.store.database import Database
from kpis.ui.findings.page import render_findings
from kpis.ui.shared import filters
from kpis.ui.shared.filter_options import load_filter_options
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import NOTHING_ASKED, TableQuery
from tests.cli.conftest import INVALID_ROWS, VALID_ROWS, Project
from tests.ui.handmade_rows import TODAY

ALL_RIGHT = "Mọi dòng đã đọc đều được tính và không dòng nào cần xem lại."
NOTHING_READ = "Chưa đọc dòng nào"
ONE_UNASSIGNED_ROW = "Số dòng cần sửa của kế hoạch chưa rõ của cơ quan nào: 1."
UNREAD_SOURCE = '[[source]]\nid = "gone"\nplan = "ha-noi"\nworkbook = "gone.xlsx"\n'
CLEAN = VALID_ROWS[:2]
"""Two rows of Sở Công Thương without a warning."""


def render_page(
    folder: Path, rows: Sequence[Sequence[object]], query: Mapping[str, str], asked_of_list: TableQuery = NOTHING_ASKED
) -> str:
    folder.mkdir(exist_ok=True)
    project = Project(folder)
    project.write_workbook(rows)
    sources = project.sources.read_text(encoding="utf-8")
    project.sources.write_text(f"{sources}{UNREAD_SOURCE}", encoding="utf-8")
    assert project.run_kpis("sync").code == 1
    database = Database.open(project.database)
    assert database is not None
    options = load_filter_options(database, TODAY, query.get("plan"))
    selected = filters.parse_filters(query, options)
    view = PageView(selected, options.find_plan(selected.plan), TODAY, False)
    page = str(render_findings(database, view, asked_of_list))
    database.close()
    return page


@pytest.mark.parametrize("query", [{}, {"plan": "dong-thap"}])
def test_if_every_row_is_valid_the_page_says_so(query: dict[str, str], tmp_path: Path) -> None:
    assert ALL_RIGHT in render_page(tmp_path, CLEAN, query)


@pytest.mark.parametrize("query", [{"plan": "ha-noi"}, {"plan": "ha-noi", "agency": "Sở Công Thương"}])
def test_for_a_plan_never_read_no_row_is_called_valid(query: dict[str, str], tmp_path: Path) -> None:
    page = render_page(tmp_path, CLEAN, query)
    assert NOTHING_READ in page
    assert ALL_RIGHT not in page
    assert "Cơ quan này" not in page


def test_for_an_empty_sheet_no_row_is_called_valid(tmp_path: Path) -> None:
    page = render_page(tmp_path, [], {"plan": "dong-thap"})
    assert NOTHING_READ in page
    assert ALL_RIGHT not in page


def test_an_agency_without_rows_to_fix_says_nothing_about_other_rows(tmp_path: Path) -> None:
    page = render_page(tmp_path, CLEAN, {"plan": "dong-thap", "agency": "Sở Công Thương"})
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
    page = render_page(tmp_path, rows, {"plan": "dong-thap", "agency": "Sở Công Thương"})
    assert ONE_UNASSIGNED_ROW in page
    assert '<a href="/findings?plan=dong-thap" target="_self">Xem mọi dòng của kế hoạch</a>' in page
    assert ONE_UNASSIGNED_ROW not in render_page(tmp_path, rows, {"plan": "dong-thap"})


def list_group(page: str, heading: str) -> list[str]:
    """Return the rows under a heading of the list."""
    _, _, rest = page.partition(f">{heading}: ")
    return rest.split("</tbody>")[0].split("kpis-group")[0].split("<tr>")[1:]


def test_a_row_with_several_errors_is_one_block_and_the_heading_counts_rows(tmp_path: Path) -> None:
    page = render_page(tmp_path, [*CLEAN, *INVALID_ROWS], {"plan": "dong-thap"})
    rejected = list_group(page, "Dòng bị trả lại")
    assert len(rejected) == 2
    assert '<small class="kpis-total">2</small>' in page
    assert sum(row.count("B5: ") for row in rejected) == sum(row.count("D5 (Số lượng): ") for row in rejected) == 1


def test_rows_that_are_no_data_stand_in_a_group_of_their_own(tmp_path: Path) -> None:
    rows = [*CLEAN, ("Tổng cộng", None, None, 7), ("Người lập biểu", None, None, None)]
    page = render_page(tmp_path, rows, {"plan": "dong-thap"})
    assert ALL_RIGHT not in page
    group = list_group(page, "Dòng không phải số liệu")
    assert len(group) == 2
    assert "Tổng cộng · 7" in "".join(group)
    assert "".join(group).count("Không phải dòng số liệu: ") == 2
    assert ">Dòng bị trả lại: " not in page


def test_rows_are_filtered_by_kind_and_source_and_counted(tmp_path: Path) -> None:
    rows = [*CLEAN, *INVALID_ROWS, ("Tổng cộng", None, None, 7)]
    page = render_page(tmp_path, rows, {"plan": "dong-thap"}, TableQuery(status=("rejected",)))
    assert '<small class="kpis-total">2</small>' in page and "Tổng cộng · 7" not in page
    assert (
        '/findings?plan=dong-thap&amp;status=rejected&amp;source=dong-thap" target="_self" class="kpis-counted">2</a>'
        in page
    )
    elsewhere = render_page(tmp_path / "other", rows, {"plan": "dong-thap"}, TableQuery(source="gone"))
    assert "Không dòng nào khớp." in elsewhere
