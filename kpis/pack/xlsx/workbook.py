"""An edition's workbook, with numbers, percentages, days and texts each in cells of their own type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO
from zipfile import ZipFile

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from kpis.language.messages import translate
from kpis.pack.figures.cancellation import check_cancelled
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.pages.contents import Contents
from kpis.pack.pages.overview_page import MATRIX_KEY
from kpis.pack.pages.row_counts import check_row_count, check_row_counts
from kpis.pack.xlsx.sheets import CellFormats, close_row_files, finish_sheet, to_sheet_name, write_cell, write_header
from kpis.pack.xlsx.tab import WorkbookTab
from kpis.pack.xlsx.workbook_tabs import build_tabs

FILE_NAME = "figures.xlsx"
_CHUNK_SIZE = 1 << 20
_MAX_HEADER_LENGTH = 240  # Excel rejects a print header of more than 255 characters


def write_workbook(figures: EditionFigures, contents: Contents, folder: Path, sealed_at: datetime) -> list[Path]:
    """Write `figures.xlsx`; a `kpis.pack.edition.writers.Writer`."""
    # Inside the folder, so that it is removed with it if the process is killed.
    with TemporaryDirectory(prefix=".xlsx-", dir=folder) as work_folder:
        path = Path(work_folder) / FILE_NAME
        try:
            rows_by_tab = _write_file(path, figures, contents, sealed_at)
        except FileCreateError as error:  # xlsxwriter's error for a full disk
            raise OSError(*error.args[0].args) from error
        _check_rows(path, rows_by_tab)
        row_counts = sum(rows_by_tab.values(), Counter[str]())
        check_row_counts(contents, {**row_counts, **_count_matrix_rows(contents)}, FILE_NAME, by_record=True)
        return [path.rename(folder / FILE_NAME)]


def _write_file(
    path: Path, figures: EditionFigures, contents: Contents, sealed_at: datetime
) -> dict[str, Counter[str]]:
    """Write the workbook; return tab name -> table key -> number of its rows on that tab."""
    # Rows go to temporary files, so that few are in memory. The archive is written to memory first: on a full
    # disk the library would leave its file open.
    archive = BytesIO()
    with close_row_files(xlsxwriter.Workbook(archive, {"constant_memory": True, "tmpdir": str(path.parent)})) as book:
        book.set_properties({"title": contents.title, "author": contents.scope, "created": sealed_at})
        formats = CellFormats(book)
        rows = {
            tab.name: _write_tab(book.add_worksheet(to_sheet_name(tab.name)), tab, formats, contents)
            for tab in build_tabs(figures, contents)
        }
        book.close()
    path.write_bytes(archive.getvalue())
    return rows


def _write_tab(sheet: Worksheet, tab: WorkbookTab, formats: CellFormats, contents: Contents) -> Counter[str]:
    """Write a tab; return table key -> number of its rows on the tab."""
    sample = (contents.sample,) if contents.sample else ()
    titles = (*tab.titles, *([translate(contents.lang, "Kind of figures")] if sample else []))
    write_header(sheet, titles, ((*row, *sample) for _, row in tab.iterate_rows()), formats)
    row_counts: Counter[str] = Counter()
    for key, row in tab.iterate_rows():
        check_cancelled()
        row_counts[key] += 1
        for column, value in enumerate((*row, *sample)):
            write_cell(sheet, row_counts.total(), column, value, formats)
    finish_sheet(sheet, row_counts.total(), len(titles))
    header = " · ".join((contents.title, *contents.footer_lines)).replace("&", "&&")[:_MAX_HEADER_LENGTH]
    sheet.set_header(f"&L{header}")
    sheet.set_footer("&R" + contents.page_number_template.format(page="&P", pages="&N"))
    return row_counts


def _check_rows(path: Path, rows_by_tab: Mapping[str, Counter[str]]) -> None:
    """Raise RowsLostError if a sheet of the file has another number of rows than was written to its tab."""
    with ZipFile(path) as archive:
        for number, (name, row_counts) in enumerate(rows_by_tab.items(), start=1):
            with archive.open(f"xl/worksheets/sheet{number}.xml") as sheet:
                written = _count_occurrences(sheet, b"<row ") - 1
            check_row_count(FILE_NAME, name, written, row_counts.total())


def _count_occurrences(text: IO[bytes], word: bytes) -> int:
    """Count a word in a stream, chunk by chunk."""
    count, end = 0, b""
    while chunk := text.read(_CHUNK_SIZE):
        count += (end + chunk).count(word)
        end = (end + chunk)[1 - len(word) :]
    return count


def _count_matrix_rows(contents: Contents) -> dict[str, int]:
    """Return the row counts of the matrix, which has no tab of its own: its figures are those of targets."""
    return {table.key: len(table.rows) for table in contents.tables if table.key.startswith(MATRIX_KEY)}
