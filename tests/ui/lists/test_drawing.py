"""A list as HTML: its number, links that sort and filter, what is folded, the download."""

from __future__ import annotations

import re

from kpis.ui.shared.lists.drawing import SIDE_ROWS, render_list, render_side_list
from kpis.ui.shared.lists.model import OPEN_ROWS, PART_ROWS, ListTable
from kpis.ui.shared.lists.search_fields import render_matches
from kpis.ui.shared.table_query import TableQuery
from tests.ui.handmade_rows import build_view
from tests.ui.lists.handmade_list import build_list


def draw(table: ListTable, **query_fields: object) -> str:
    return str(render_list(table, build_view(), TableQuery(**query_fields)))  # type: ignore[arg-type]


def count_rows(markup: str) -> int:
    return len(re.findall(r'<tr><th scope="row"|<tr><th[^>]* scope="row"', markup))


def test_the_heading_counts_the_rows_that_the_filters_leave() -> None:
    markup = draw(build_list(60), status=("overdue",))
    assert '<h2>Danh sách <small class="kpis-total">30</small></h2>' in markup
    assert count_rows(markup) == 30


def test_a_header_sorts_upwards_then_downwards_then_not() -> None:
    links = [
        re.findall(r'href="([^"]*)"[^>]*class="kpis-sort"', draw(build_list(3), sort=sort, q="x"))[1]
        for sort in ("", "due", "-due")
    ]
    assert links == ["/tasks?q=x&amp;sort=due", "/tasks?q=x&amp;sort=-due", "/tasks?q=x"]


def test_only_the_sorted_column_says_its_direction() -> None:
    assert "aria-sort" not in draw(build_list(3))
    assert re.findall(r'aria-sort="(\w+)"', draw(build_list(3), sort="title")) == ["ascending"]
    assert re.findall(r'aria-sort="(\w+)"', draw(build_list(3), sort="-title")) == ["descending"]


def test_headings_stand_only_in_the_lists_own_order() -> None:
    assert draw(build_list(25)).count('scope="rowgroup"') == 3
    assert "rowgroup" not in draw(build_list(25), sort="title")


def test_the_rest_of_a_long_list_is_folded_and_every_row_is_there() -> None:
    markup = draw(build_list(100))
    open_part, folded = markup.split('<details class="kpis-details kpis-rest">')
    assert count_rows(open_part) == OPEN_ROWS
    assert count_rows(folded) == 100 - OPEN_ROWS
    assert "Xem tiếp 70 dòng" in folded
    assert "kpis-rest" not in draw(build_list(OPEN_ROWS))


def test_a_list_of_more_than_one_part_links_to_the_others() -> None:
    markup = draw(build_list(PART_ROWS + 5), page=2, status=("overdue", "done"))
    assert '<strong aria-current="page">201–205</strong>' in markup
    assert '<a href="/tasks?status=overdue%2Cdone" target="_self">1–200</a>' in markup
    assert "kpis-parts" not in draw(build_list(PART_ROWS))


def test_the_download_carries_the_query_and_no_part() -> None:
    markup = draw(build_list(3), sort="-due", q="Đường", page=1)
    assert 'href="/tai-bang/tasks.xlsx?q=%C4%90%C6%B0%E1%BB%9Dng&amp;sort=-due"' in markup
    assert "page=" not in markup


def test_what_is_asked_is_said_with_the_way_back() -> None:
    markup = draw(build_list(30), q="<b>", lead="Công an", only=("provinces",), due="past")
    assert "tìm “&lt;b&gt;” · chủ trì: Công an · hạn: đã qua hạn · không tính kế hoạch của xã, phường" in markup
    assert "Xem tất cả" in markup and "<b>" not in markup
    assert "Xem tất cả" not in draw(build_list(30), sort="due")


def test_where_nothing_matches_the_nearest_names_are_links() -> None:
    markup = draw(build_list(30), q="cong thuongg 5", sort="due")
    assert "Có phải ý bạn là:" in markup and 'href="/tasks?q=C%C3%B4ng+th%C6%B0%C6%A1ng+5&amp;sort=due"' in markup
    assert "<table" not in markup and "tai-bang" not in markup


def test_a_chosen_filter_takes_itself_back() -> None:
    markup = draw(build_list(30), status=("overdue",))
    assert '<a href="/tasks" target="_self" class="kpis-chosen">Quá hạn 15</a>' in markup
    assert '<a href="/tasks?status=done" target="_self">Xong 15</a>' in markup


def test_statuses_that_tiles_show_stand_in_the_list_once_something_is_asked() -> None:
    table = build_list(30)
    assert "Quá hạn 15" not in str(render_list(table, build_view(), TableQuery(), has_tiles=True))
    assert "Quá hạn" in str(render_list(table, build_view(), TableQuery(q="1"), has_tiles=True))


def test_a_list_beside_the_main_one_is_only_sorted() -> None:
    table = build_list(40)
    markup = str(render_side_list(table, build_view(), TableQuery(q="zzz", status=("done",), sort="title")))
    assert count_rows(markup) == 40
    assert count_rows(markup.split("kpis-rest")[0]) == SIDE_ROWS
    assert 'href="/tasks?q=zzz&amp;sort=due&amp;status=done"' in markup
    assert 'href="/tai-bang/tasks.xlsx?sort=title"' in markup


def test_matches_of_a_choice_are_links_and_a_slip_offers_the_nearest() -> None:
    names = [f"Xã {number}" for number in range(40)] + ["Sở Công Thương"]
    view = build_view()

    def build_url(name: str) -> str:
        return view.build_url("tasks", TableQuery(lead=name))

    assert render_matches("", names, build_url, view) == ""
    assert str(render_matches("so cong thuong", names, build_url, view)).count("<a ") == 1
    assert "40 tên khớp" in str(render_matches("xa", names, build_url, view))
    assert "Có phải ý bạn là:" in str(render_matches("so cong thuongg", names, build_url, view))
    assert "Không tên nào khớp." in str(render_matches("qqqq", names, build_url, view))
