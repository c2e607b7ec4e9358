"""A list as a workbook: all rows that its filters leave, in its order."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter

from kpis.pack.xlsx.sheets import CellFormats, close_row_files, finish_sheet, to_sheet_name, write_cell, write_header
from kpis.ui.shared.lists.model import ListTable
from kpis.ui.shared.lists.selecting import select_rows
from kpis.ui.shared.table_query import TableQuery

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def build_workbook(table: ListTable, query: TableQuery, title: str) -> bytes:
    """Return the file; `title` says what it holds, in its properties and above each printed page."""
    rows = [row.values for row in select_rows(table, query).rows]
    archive = BytesIO()
    with close_row_files(xlsxwriter.Workbook(archive, {"constant_memory": True})) as book:
        book.set_properties({"title": title})
        formats = CellFormats(book)
        sheet = book.add_worksheet(to_sheet_name(table.title))
        write_header(sheet, table.value_titles, rows, formats)
        for number, values in enumerate(rows, start=1):
            for column, value in enumerate(values):
                write_cell(sheet, number, column, value, formats)
        finish_sheet(sheet, len(rows), len(table.value_titles))
        sheet.set_header("&L" + title.replace("&", "&&")[:240])
        book.close()
    return archive.getvalue()
