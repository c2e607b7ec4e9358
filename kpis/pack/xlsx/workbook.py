"""An edition's workbook, with numbers, percentages, days and texts each in cells of their own type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO
from zipfile import ZipFile

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kpis.charts import fonts, palette
from kpis.language.messages import translate
from kpis.pack.figures.cancellation import check_cancelled
from kpis.pack.figures.gather import EditionFigures
from kpis.pack.pages.contents import Contents
from kpis.pack.pages.overview_page import MATRIX_KEY
from kpis.pack.pages.row_counts import check_row_count, check_row_counts
from kpis.pack.xlsx.tab import CellValue, Percentage, WorkbookTab
from kpis.pack.xlsx.workbook_tabs import build_tabs

FILE_NAME = "figures.xlsx"
_FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")
_MIN_WIDTH, _MAX_WIDTH = 9, 60  # characters
_PAPER_A4 = 9  # xlsxwriter's number
_CHUNK_SIZE = 1 << 20
_MEASURED_ROWS = 2_000
"""A column's width is measured on so many rows; a longer text further down wraps in its cell."""
_MAX_HEADER_LENGTH = 240  # Excel rejects a print header of more than 255 characters
_MAX_SHEET_NAME_LENGTH = 31  # Excel's own limit


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
    with _close_row_files(xlsxwriter.Workbook(archive, {"constant_memory": True, "tmpdir": str(path.parent)})) as book:
        book.set_properties({"title": contents.title, "author": contents.scope, "created": sealed_at})
        formats = _Formats(book)
        rows = {
            tab.name: _write_tab(book.add_worksheet(_to_sheet_name(tab.name)), tab, formats, contents)
            for tab in build_tabs(figures, contents)
        }
        book.close()
    path.write_bytes(archive.getvalue())
    return rows


@contextmanager
def _close_row_files(book: xlsxwriter.Workbook) -> Iterator[xlsxwriter.Workbook]:
    """Close the temporary files of rows, which the library leaves open if it fails."""
    try:
        yield book
    finally:
        for sheet in book.worksheets():
            with suppress(OSError):
                vars(sheet)["row_data_fh"].close()


class _Formats:
    """The cell formats of a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"font_name": fonts.FAMILY, "font_size": 10, "valign": "top"}
        header = {"bold": True, "text_wrap": True, "bg_color": palette.RAISED_SURFACE.light, "bottom": 1}
        self.header = book.add_format({**base, **header})
        self.text = book.add_format({**base, "text_wrap": True})
        # Stays text even after someone edits the cell, as if typed with a leading apostrophe.
        self.quoted = book.add_format({**base, "text_wrap": True, "quote_prefix": True})
        self.number = book.add_format({**base, "num_format": "#,##0.######"})
        self.integer = book.add_format({**base, "num_format": "#,##0"})
        self.percentage = book.add_format({**base, "num_format": "0.00%"})
        self.day = book.add_format({**base, "num_format": "dd/mm/yyyy", "align": "left"})
        self.moment = book.add_format({**base, "num_format": "hh:mm dd/mm/yyyy", "align": "left"})


def _to_sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:_MAX_SHEET_NAME_LENGTH]


def _write_tab(sheet: Worksheet, tab: WorkbookTab, formats: _Formats, contents: Contents) -> Counter[str]:
    """Write a tab; return table key -> number of its rows on the tab."""
    sample = (contents.sample,) if contents.sample else ()
    titles = (*tab.titles, *([translate(contents.lang, "Kind of figures")] if sample else []))
    widths = [_measure_title(title) for title in titles]
    for _, row in islice(tab.iterate_rows(), _MEASURED_ROWS):
        widths = list(map(max, widths, map(_measure_value, (*row, *sample))))
    for column, (title, width) in enumerate(zip(titles, widths, strict=True)):
        sheet.set_column(column, column, min(max(width + 2, _MIN_WIDTH), _MAX_WIDTH))
        sheet.write_string(0, column, title, formats.header)
    row_counts: Counter[str] = Counter()
    for key, row in tab.iterate_rows():
        check_cancelled()
        row_counts[key] += 1
        for column, value in enumerate((*row, *sample)):
            _write_cell(sheet, row_counts.total(), column, value, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row_counts.total(), 1), len(titles) - 1)
    sheet.set_landscape()
    sheet.set_paper(_PAPER_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    header = " · ".join((contents.title, *contents.footer_lines)).replace("&", "&&")[:_MAX_HEADER_LENGTH]
    sheet.set_header(f"&L{header}")
    sheet.set_footer("&R" + contents.page_number_template.format(page="&P", pages="&N"))
    return row_counts


def _write_cell(sheet: Worksheet, row: int, column: int, value: CellValue, formats: _Formats) -> None:
    if value is None or value == "":
        return
    if isinstance(value, Percentage):
        sheet.write_number(row, column, value.value, formats.percentage)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value, formats.moment)
    elif isinstance(value, date):
        day = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day of the calendar
        sheet.write_datetime(row, column, day, formats.day)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, _choose_number_format(value, formats))
    else:
        # `write` would turn a text that looks like a formula or a link into one.
        sheet.write_string(row, column, value, formats.quoted if _is_formula_like(value) else formats.text)


def _choose_number_format(value: float, formats: _Formats) -> Format:
    return formats.integer if float(value).is_integer() else formats.number


def _is_formula_like(text: str) -> bool:
    return text.lstrip(" ").startswith(_FORMULA_PREFIXES)


def _measure_title(title: str) -> int:
    """Return the length of the longest word: a header wraps between words."""
    return max((len(word) for word in title.split()), default=0)


def _measure_value(value: CellValue) -> int:
    if isinstance(value, str):
        return max((len(line) for line in value.splitlines()), default=0)
    if isinstance(value, datetime):
        return 16
    return 10 if isinstance(value, date) else 7


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
