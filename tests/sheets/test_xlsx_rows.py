"""The quick way of reading a tab and the thorough one say the same of any workbook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from importlib import import_module
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.sheets.xlsx_package import open_package
from kpis.sheets.xlsx_rows import plainly, thoroughly

OPENPYXL: Any = import_module("openpyxl")  # it has no types
SHOWN = st.characters(min_codepoint=32, max_codepoint=0x1EFF, exclude_categories=["Cs", "Cc", "Cn"])
VALUES = (
    st.none()
    | st.integers(-(10**9), 10**9)
    | st.floats(-1e9, 1e9, allow_nan=False)
    | st.booleans()
    | st.dates(date(1999, 1, 1), date(2100, 1, 1)).map(lambda day: datetime(day.year, day.month, day.day, 9))
    | st.text(SHOWN, max_size=20)
    | st.sampled_from(
        ["=1+1", '=A1&"<x>"', "a & b", "a\r\n b\rc", "&amp;", '<c r="A1">', "  ", "_x000D_", "Tin bài\n2"]
    )
)
GRID = st.lists(st.lists(VALUES, max_size=6), max_size=8)


def _by_openpyxl(grid: list[list[object]]) -> bytes:
    book = OPENPYXL.Workbook()
    for number, row in enumerate(grid, 1):
        for column, value in enumerate(row, 1):
            book.active.cell(number, column).value = value
    if len(grid) > 2:
        book.active.merge_cells("A2:B3")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _by_xlsxwriter(grid: list[list[object]]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy", "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(grid):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    return out.getvalue()


@settings(max_examples=80, deadline=None)
@given(GRID, st.sampled_from([_by_openpyxl, _by_xlsxwriter]))
def test_the_quick_reading_equals_the_thorough_one(
    grid: list[list[object]], write: Callable[[list[list[object]]], bytes]
) -> None:
    with ZipFile(BytesIO(write(grid))) as archive:
        package = open_package(archive)
        ((_, part),) = package.tabs
        if b"<sheetData/>" in archive.read(part):
            return
        assert plainly(package, part) == thoroughly(package, part)
