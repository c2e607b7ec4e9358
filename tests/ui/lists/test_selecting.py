"""What a reader asks of a list: filters, search, order, and which part of it stands open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.ui.shared.lists.model import OPEN_ROWS, PART_ROWS, ListRow
from kpis.ui.shared.lists.selecting import DUE_CHOICES, select_rows
from kpis.ui.shared.table_query import TableQuery
from tests.ui.handmade_rows import TODAY
from tests.ui.lists.handmade_list import build_list

TABLE = build_list(60)


def name(row: ListRow) -> str:
    return str(row.values[0])


def test_nothing_asked_leaves_every_row_in_its_order() -> None:
    assert select_rows(TABLE, TableQuery()).rows == list(TABLE.rows)


@pytest.mark.parametrize("key", ["title", "due", "number"])
def test_a_column_sorts_both_ways_and_what_is_empty_stands_last(key: str) -> None:
    index = [column.key for column in TABLE.columns].index(key)
    for sort in (key, f"-{key}"):
        rows = select_rows(TABLE, TableQuery(sort=sort)).rows
        orders = [row.cells[index].order for row in rows]
        filled = [order for order in orders if order is not None]
        assert orders == filled + [None] * (len(orders) - len(filled))
        assert filled == sorted(filled, reverse=sort.startswith("-"))  # type: ignore[type-var]
        assert sorted(map(name, rows)) == sorted(map(name, TABLE.rows))


def test_names_are_sorted_by_the_vietnamese_alphabet() -> None:
    rows = select_rows(build_list(6), TableQuery(sort="title")).rows
    assert [name(row) for row in rows] == ["Án phí 4", "Ăn uống 3", "Công thương 5", "Dân cư 1", "Điện 2", "Đường sá 0"]


def test_an_unknown_column_changes_nothing() -> None:
    assert select_rows(TABLE, TableQuery(sort="-password")).rows == list(TABLE.rows)


def test_equal_rows_stay_in_their_order() -> None:
    for sort in ("number", "-number"):
        rows = select_rows(TABLE, TableQuery(sort=sort)).rows
        for value in range(4):
            positions = [TABLE.rows.index(row) for row in rows if row.values[2] == value]
            assert positions == sorted(positions)


queries = st.builds(
    TableQuery,
    q=st.sampled_from(["", "du", "1", "cong thuong", "zzz"]),
    sort=st.sampled_from(["", "title", "-due", "number"]),
    status=st.sampled_from([(), ("overdue",), ("done",), ("overdue", "done"), ("unknown",)]),
    due=st.sampled_from(["", *DUE_CHOICES, "2026-12-01", "hôm qua"]),
    lead=st.sampled_from(["", "Công an", "Sở X"]),
    source=st.sampled_from(["", "a"]),
    only=st.sampled_from([(), ("read",), ("provinces", "read")]),
    change=st.sampled_from(["", "newly_met"]),
)


@given(queries)
@settings(max_examples=200)
def test_every_filter_only_leaves_rows_out_and_the_counts_say_how_many(query: TableQuery) -> None:
    selection = select_rows(TABLE, query)
    assert len({id(row) for row in selection.rows}) == len(selection.rows)
    for row in selection.rows:
        assert "unknown" in query.status or not query.status or set(row.statuses) & set(query.status)
        assert not query.lead or query.lead in row.leads
        assert not query.source or row.source == query.source
        assert row.flags.issuperset(query.only)
        assert not query.change
    for status in TABLE.statuses:
        other_query = TableQuery(**{**vars(query), "status": (status,)})
        assert selection.status_counts[status] == len(select_rows(TABLE, other_query).rows)
    for choice in DUE_CHOICES:
        other_query = TableQuery(**{**vars(query), "due": choice})
        assert selection.due_counts[choice] == len(select_rows(TABLE, other_query).rows)


@pytest.mark.parametrize(
    ("due", "first", "last"),
    [
        ("past", date.min, TODAY - timedelta(days=1)),
        ("7", TODAY, TODAY + timedelta(days=7)),
        ("30", TODAY, TODAY + timedelta(days=30)),
        ("2026-11-25", date.min, date(2026, 11, 25)),
    ],
)
def test_due_days_are_counted_from_the_day_asked(due: str, first: date, last: date) -> None:
    rows = select_rows(TABLE, TableQuery(due=due)).rows
    assert rows == [row for row in TABLE.rows if row.due_on and first <= row.due_on <= last]
    assert rows


def test_only_a_search_that_matches_nothing_offers_names() -> None:
    assert select_rows(TABLE, TableQuery(q="duong")).suggestions == []
    selection = select_rows(TABLE, TableQuery(q="cong thuongg 5"))
    assert selection.rows == [] and selection.suggestions[0] == "Công thương 5"
    assert select_rows(TABLE, TableQuery(q="duong", status=("done",), due="past", lead="Sở X")).suggestions == []


def test_a_short_list_is_shown_as_it_stands_and_a_long_one_begins_with_what_is_open() -> None:
    short = select_rows(build_list(OPEN_ROWS), TableQuery())
    assert short.part_rows == list(short.table.rows) and short.open_count == OPEN_ROWS
    long = select_rows(build_list(OPEN_ROWS + 4), TableQuery())
    assert all(row.is_open for row in long.part_rows[: long.open_count])
    assert not any(row.is_open for row in long.part_rows[long.open_count :])
    closed = select_rows(build_list(OPEN_ROWS + 4, is_open=False), TableQuery())
    assert closed.open_count == OPEN_ROWS
    sorted_list = select_rows(build_list(OPEN_ROWS + 4), TableQuery(sort="title"))
    assert sorted_list.open_count == OPEN_ROWS and sorted_list.part_rows == sorted_list.rows


def test_parts_hold_every_row_once() -> None:
    table = build_list(2 * PART_ROWS + 1)
    selections = [select_rows(table, TableQuery(page=page)) for page in (1, 2, 3)]
    assert [len(selection.part_rows) for selection in selections] == [PART_ROWS, PART_ROWS, 1]
    part_ids = [id(row) for selection in selections for row in selection.part_rows]
    assert sorted(part_ids) == sorted(map(id, table.rows))
    assert select_rows(table, TableQuery(page=999)).part == 3


def test_a_long_list_begins_with_the_lowest_rank_of_what_is_open() -> None:
    table = build_list(40)
    rows = tuple(replace(row, rank=-number) for number, row in enumerate(table.rows))
    selection = select_rows(replace(table, rows=rows, open_rows=5), TableQuery())
    assert [row.rank for row in selection.part_rows[:5]] == [-39, -37, -35, -33, -31]
    assert selection.open_count == 5
    assert [row.rank for row in selection.part_rows[20:22]] == [0, -2]
