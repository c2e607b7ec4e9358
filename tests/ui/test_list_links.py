"""Links of counts: the address of a list carries the rule that the count goes by."""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from kpis.ui import pages
from kpis.ui.shared import list_links
from kpis.ui.shared.filters import Filters
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import CHANGES, RULES, TableQuery, parse_table_query
from tests.ui.handmade_rows import HA_NOI, TODAY, build_view

texts = st.text(max_size=60).map(str.strip)
words = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12)
queries = st.builds(
    TableQuery,
    q=texts,
    sort=texts,
    status=st.lists(words, max_size=4, unique=True).map(tuple),
    due=texts,
    lead=texts,
    page=st.integers(1, 999_999),
    target=texts,
    source=texts,
    only=st.lists(st.sampled_from(RULES), unique=True).map(tuple),
    change=st.sampled_from(("", *CHANGES)),
)


def read_query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


@given(queries)
def test_what_is_asked_of_a_table_survives_its_address(query: TableQuery) -> None:
    url = build_view().build_url(pages.TASKS, query)
    assert parse_table_query(read_query(url)) == query


def test_nothing_asked_adds_nothing_to_the_address() -> None:
    assert TableQuery().to_query_params() == {}
    assert build_view().build_url(pages.TASKS, TableQuery()) == "/tasks"


def test_what_cannot_be_read_is_the_default() -> None:
    params = {"page": "²", "only": "wards,part", "change": "everything", "status": ",,overdue,,overdue"}
    assert parse_table_query(params) == TableQuery(only=("part",), status=("overdue",))
    assert parse_table_query({"page": "0"}).page == parse_table_query({"page": "-3"}).page == 1
    assert len(parse_table_query({"q": "x" * 5_000}).q) == 200


def test_a_link_to_targets_carries_day_year_plan_and_rule() -> None:
    filters = Filters(date(2026, 3, 31), 2027, "ha-noi", None, "en")
    view = PageView(filters, HA_NOI, TODAY, sample=False)
    url = list_links.link_to_targets(view, status=("attained", "attained_late"), only_provinces=True, plan=None)
    assert urlsplit(url).path == "/targets"
    assert read_query(url) == {
        "as_of": "2026-03-31",
        "year": "2027",
        "lang": "en",
        "status": "attained,attained_late",
        "only": "provinces",
    }


def test_every_list_has_an_address() -> None:
    view = build_view()
    assert list_links.link_to_tasks(view, status=("overdue",), only_part=True) == "/tasks?status=overdue&only=part"
    assert list_links.link_to_tasks(view, change="newly_overdue") == "/tasks?change=newly_overdue"
    assert list_links.link_to_agencies(view, status=("silent",)) == "/agency?status=silent"
    assert (
        list_links.link_to_findings(view, status=("rejected",), source="a b") == "/findings?status=rejected&source=a+b"
    )
    assert list_links.link_to_sources(view, status=("failed",)) == "/sources?status=failed"


def test_zero_and_what_the_reader_may_not_open_are_no_links() -> None:
    view = build_view()
    assert list_links.render_count(view, 0, "/tasks") == "0"
    assert list_links.render_count(view, 1234, "") == "1.234"
    link = str(list_links.render_count(view, 1234, "/tasks"))
    assert 'href="/tasks"' in link and ">1.234</a>" in link
    assert list_links.render_more(view, 0, 8, "/tasks") is None
    assert "và 35 mục nữa (tất cả 43)" in str(list_links.render_more(view, 35, 43, "/tasks"))
