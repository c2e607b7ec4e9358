"""A list or a table as a workbook: all rows that its filters leave, in its order."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from kpis.pack.xlsx.sheets import CellFormats, close_row_files, finish_sheet, to_sheet_name, write_cell, write_header
from kpis.pack.xlsx.tab import CellValue
from kpis.ui.shared.lists.model import ListTable
from kpis.ui.shared.lists.selecting import select_rows
from kpis.ui.shared.table_collection import CollectedTable
from kpis.ui.shared.table_query import TableQuery

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def build_list_workbook(table: ListTable, query: TableQuery, title: str) -> bytes:
    """Return the file of a list; `title` says what it holds, in its properties and above each printed page."""
    rows = [row.values for row in select_rows(table, query).rows]
    return _build_workbook(table.title, table.value_titles, rows, title)


def build_table_workbook(table: CollectedTable, title: str) -> bytes:
    """Return the file of a table of a page."""
    return _build_workbook(table.title, table.titles, table.rows, title)


def _build_workbook(name: str, value_titles: Sequence[str], rows: Sequence[Sequence[CellValue]], title: str) -> bytes:
    archive = BytesIO()
    with close_row_files(xlsxwriter.Workbook(archive, {"constant_memory": True})) as book:
        book.set_properties({"title": title})
        formats = CellFormats(book)
        sheet = book.add_worksheet(to_sheet_name(name))
        write_header(sheet, value_titles, rows, formats)
        for number, values in enumerate(rows, start=1):
            for column, value in enumerate(values):
                write_cell(sheet, number, column, value, formats)
        finish_sheet(sheet, len(rows), len(value_titles))
        sheet.set_header("&L" + title.replace("&", "&&")[:240])
        book.close()
    return archive.getvalue()
