"""A list as a workbook: all rows that the filters leave, numbers as numbers, texts as they stand."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from io import BytesIO
from typing import Any

from kpis.ui.shared.lists.model import ListTable
from kpis.ui.shared.lists.workbook import build_list_workbook
from kpis.ui.shared.table_query import TableQuery
from tests.ui.handmade_rows import TODAY
from tests.ui.lists.handmade_list import build_list

OPENPYXL: Any = import_module("openpyxl")  # it has no types
INJECTIONS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "https://x.vn/", "internal:A1", "{=1}", "007", "1,5")


def read(table: ListTable, query: TableQuery) -> list[tuple[object, ...]]:
    book = OPENPYXL.load_workbook(BytesIO(build_list_workbook(table, query, "Bảng & 'chú thích'")))
    [sheet] = book.worksheets
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def test_every_row_that_the_filters_leave_is_there_in_its_order() -> None:
    table = build_list(2_500)
    rows = read(table, TableQuery(status=("done",), sort="-title", page=2))
    assert rows[0] == ("Tên", "Hạn", "Số")
    assert len(rows) == 1 + 1_250
    assert len(read(table, TableQuery())) == 2_501
    assert [row[0] for row in read(build_list(6), TableQuery(sort="title"))[1:3]] == ["Án phí 4", "Ăn uống 3"]


def test_numbers_and_days_are_cells_of_their_own_type() -> None:
    row = read(build_list(4), TableQuery())[1]
    assert row == ("Đường sá 0", datetime(2026, 11, TODAY.day - 5), 0)


def test_a_text_is_a_string_cell_as_it_stands() -> None:
    table = build_list(1)
    for text in INJECTIONS:
        [_, row] = read(build_list(1, values=(text, None, 1.5)), TableQuery())
        assert row == (text, None, 1.5)
    content = build_list_workbook(build_list(1, values=INJECTIONS[:3]), TableQuery(), "x")
    sheet = OPENPYXL.load_workbook(BytesIO(content)).worksheets[0]
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "s"]
    assert table.rows[0].values[2] == 0
