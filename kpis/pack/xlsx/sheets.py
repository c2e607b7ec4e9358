"""The sheet of a workbook: numbers, percentages, days and texts each in cells of their own type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from itertools import islice

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kpis.charts import fonts, palette
from kpis.pack.xlsx.tab import CellValue, Percentage

_FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")
_MIN_WIDTH, _MAX_WIDTH = 9, 60  # characters
_PAPER_A4 = 9  # xlsxwriter's number
_MEASURED_ROWS = 2_000
"""A column's width is measured on so many rows; a longer text further down wraps in its cell."""
_MAX_SHEET_NAME_LENGTH = 31  # Excel's own limit


@contextmanager
def close_row_files(book: xlsxwriter.Workbook) -> Iterator[xlsxwriter.Workbook]:
    """Close the temporary files of rows, which the library leaves open if it fails."""
    try:
        yield book
    finally:
        for sheet in book.worksheets():
            with suppress(OSError):
                vars(sheet)["row_data_fh"].close()


class CellFormats:
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


def to_sheet_name(name: str) -> str:
    """Return a name that Excel accepts for a sheet."""
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:_MAX_SHEET_NAME_LENGTH]


def write_header(
    sheet: Worksheet, titles: Sequence[str], rows: Iterable[Sequence[CellValue]], formats: CellFormats
) -> None:
    """Write the titles into the first row; the columns are as wide as the titles and the first of `rows` need."""
    widths = [_measure_title(title) for title in titles]
    for row in islice(rows, _MEASURED_ROWS):
        widths = list(map(max, widths, map(_measure_value, row)))
    for column, (title, width) in enumerate(zip(titles, widths, strict=True)):
        sheet.set_column(column, column, min(max(width + 2, _MIN_WIDTH), _MAX_WIDTH))
        sheet.write_string(0, column, title, formats.header)


def finish_sheet(sheet: Worksheet, row_count: int, column_count: int) -> None:
    """Freeze and filter the header; print on A4, one page wide, with the header on each page."""
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row_count, 1), column_count - 1)
    sheet.set_landscape()
    sheet.set_paper(_PAPER_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def write_cell(sheet: Worksheet, row: int, column: int, value: CellValue, formats: CellFormats) -> None:
    """Write a number, a day or a moment as what it is, a text as a string cell as it stands: never as a formula."""
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


def _choose_number_format(value: float, formats: CellFormats) -> Format:
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
