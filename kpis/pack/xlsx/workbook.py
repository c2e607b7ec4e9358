"""An edition's workbook: numbers as numbers, shares with their percent, days as days, texts as text."""

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
from kpis.pack.pages.row_counts import RowsLostError, check_row_counts
from kpis.pack.xlsx.tab import CellValue, Percentage, WorkbookTab
from kpis.pack.xlsx.workbook_tabs import build_tabs

FILE_NAME = "figures.xlsx"
_FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")
_MIN_WIDTH, _MAX_WIDTH = 9, 60  # characters
_CHUNK_SIZE = 1 << 20
_MEASURED_ROWS = 2_000
"""So many rows say how wide a column is; a longer text further down goes on in its cell's next line."""
_MAX_HEADER_LENGTH = 240  # Excel refuses a printed header above 255 characters


def write_workbook(
    figures: EditionFigures, contents: Contents, folder: Path, sealed_at: datetime
) -> list[Path]:
    """`figures.xlsx`; a `kpis.pack.edition.writers.Writer`."""
    # Inside the folder, so that what a killed run leaves is swept with it.
    with TemporaryDirectory(prefix=".xlsx-", dir=folder) as place:
        made = Path(place) / FILE_NAME
        try:
            rows = _write_file(made, figures, contents, sealed_at)
        except FileCreateError as error:  # a full disk, in the library's own kind
            raise OSError(*error.args[0].args) from error
        _check_rows(made, rows)
        found = sum(rows.values(), Counter[str]())
        check_row_counts(contents, {**found, **_count_matrix_rows(contents)}, FILE_NAME, by_record=True)
        return [made.rename(folder / FILE_NAME)]


def _write_file(
    path: Path, figures: EditionFigures, contents: Contents, sealed_at: datetime
) -> dict[str, Counter[str]]:
    """Writes the workbook; gives how many rows of each tab belong to each table of the pages."""
    # A row is written out before the next one is made; packed, all are small. The library gives its parts
    # one fixed time. (An archive that it fails to write to a full disk, it would leave open.)
    packed = BytesIO()
    with _close_row_files(
        xlsxwriter.Workbook(packed, {"constant_memory": True, "tmpdir": str(path.parent)})
    ) as book:
        book.set_properties({"title": contents.title, "author": contents.scope, "created": sealed_at})
        formats = _Formats(book)
        rows = {
            tab.name: _write_tab(book.add_worksheet(_to_sheet_name(tab.name)), tab, formats, contents)
            for tab in build_tabs(figures, contents)
        }
        book.close()
    path.write_bytes(packed.getvalue())
    return rows


@contextmanager
def _close_row_files(book: xlsxwriter.Workbook) -> Iterator[xlsxwriter.Workbook]:
    """Closes the files of rows set aside, which the library leaves open where it fails."""
    try:
        yield book
    finally:
        for sheet in book.worksheets():
            with suppress(OSError):
                vars(sheet)["row_data_fh"].close()


class _Formats:
    """The formats of the workbook, made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"font_name": fonts.FAMILY, "font_size": 10, "valign": "top"}
        ground = {"bold": True, "text_wrap": True, "bg_color": palette.RAISED_SURFACE.light, "bottom": 1}
        self.header = book.add_format({**base, **ground})
        self.text = book.add_format({**base, "text_wrap": True})
        # Shown as text even after somebody edits the cell, as if typed behind an apostrophe.
        self.quoted = book.add_format({**base, "text_wrap": True, "quote_prefix": True})
        self.number = book.add_format({**base, "num_format": "#,##0.##"})
        self.integer = book.add_format({**base, "num_format": "#,##0"})
        self.percentage = book.add_format({**base, "num_format": "0.00%"})
        self.day = book.add_format({**base, "num_format": "dd/mm/yyyy", "align": "left"})
        self.moment = book.add_format({**base, "num_format": "hh:mm dd/mm/yyyy", "align": "left"})


def _to_sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31]


def _write_tab(sheet: Worksheet, tab: WorkbookTab, formats: _Formats, contents: Contents) -> Counter[str]:
    """Writes a tab; gives how many of its rows belong to each table of the pages."""
    last = (contents.sample,) if contents.sample else ()
    titles = (*tab.titles, *([translate(contents.lang, "Kind of figures")] if last else []))
    widths = [_measure_title(title) for title in titles]
    for _, row in islice(tab.iterate_rows(), _MEASURED_ROWS):
        widths = [max(*both) for both in zip(widths, map(_measure_value, (*row, *last)), strict=True)]
    for at, width in enumerate(widths):
        sheet.set_column(at, at, min(max(width + 2, _MIN_WIDTH), _MAX_WIDTH))
        sheet.write_string(0, at, titles[at], formats.header)
    keys: Counter[str] = Counter()
    for key, row in tab.iterate_rows():
        check_cancelled()
        keys[key] += 1
        for at, value in enumerate((*row, *last)):
            _write_cell(sheet, keys.total(), at, value, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(keys.total(), 1), len(titles) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    foot = " · ".join((contents.title, *contents.footer_lines)).replace("&", "&&")[:_MAX_HEADER_LENGTH]
    sheet.set_header(f"&L{foot}")
    sheet.set_footer("&R" + contents.page_number_template.format(page="&P", pages="&N"))
    return keys


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
        # `write` would make a formula or a link of a text that looks like one.
        sheet.write_string(row, column, value, formats.quoted if _is_formula_like(value) else formats.text)


def _choose_number_format(value: float, formats: _Formats) -> Format:
    return formats.integer if float(value).is_integer() else formats.number


def _is_formula_like(text: str) -> bool:
    return text.lstrip(" ").startswith(_FORMULA_PREFIXES)


def _measure_title(title: str) -> int:
    """Characters of the longest word: a header's words may stand below each other."""
    return max((len(word) for word in title.split()), default=0)


def _measure_value(value: CellValue) -> int:
    if isinstance(value, str):
        return max((len(line) for line in value.splitlines()), default=0)
    if isinstance(value, datetime):
        return 16
    return 10 if isinstance(value, date) else 7


def _check_rows(path: Path, rows_by_tab: Mapping[str, Counter[str]]) -> None:
    """The rows that stand in the file against those of each tab."""
    with ZipFile(path) as archive:
        for number, (name, keys) in enumerate(rows_by_tab.items(), start=1):
            with archive.open(f"xl/worksheets/sheet{number}.xml") as sheet:
                written = _count_occurrences(sheet, b"<row ") - 1
            if written != keys.total():
                raise RowsLostError(
                    "{file}: the table “{table}” has {written} rows instead of {rows}. Nothing was sealed.",
                    file=FILE_NAME,
                    table=name,
                    written=written,
                    rows=keys.total(),
                )


def _count_occurrences(text: IO[bytes], word: bytes) -> int:
    """How often a word stands in a text that is too long to be held."""
    number, end = 0, b""
    while part := text.read(_CHUNK_SIZE):
        number += (end + part).count(word)
        end = (end + part)[1 - len(word) :]
    return number


def _count_matrix_rows(contents: Contents) -> dict[str, int]:
    """The matrix is a view of the targets: its figures are those of their tab."""
    return {table.key: len(table.rows) for table in contents.tables if table.key.startswith(MATRIX_KEY)}
