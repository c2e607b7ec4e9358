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
from kpis.pack.figures.cancellation import go_on
from kpis.pack.figures.gather import Figures
from kpis.pack.pages.contents import Contents
from kpis.pack.pages.overview_page import MATRIX
from kpis.pack.pages.row_counts import RowsLostError, compare_rows
from kpis.pack.xlsx.tab import Share, Tab, Value
from kpis.pack.xlsx.workbook_tabs import tabs

NAME = "figures.xlsx"
_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NARROWEST, _WIDEST = 9, 60  # characters
_CHUNK = 1 << 20
_LOOKED_AT = 2_000
"""So many rows say how wide a column is; a longer text further down goes on in its cell's next line."""
_LONGEST_HEADER = 240  # Excel refuses a printed header above 255 characters


def write_workbook(figures: Figures, contents: Contents, folder: Path, sealed_at: datetime) -> list[Path]:
    """`figures.xlsx`; a `kpis.pack.edition.writers.Writer`."""
    # Inside the folder, so that what a killed run leaves is swept with it.
    with TemporaryDirectory(prefix=".xlsx-", dir=folder) as place:
        made = Path(place) / NAME
        try:
            rows = _make(made, figures, contents, sealed_at)
        except FileCreateError as error:  # a full disk, in the library's own kind
            raise OSError(*error.args[0].args) from error
        _check(made, rows)
        found = sum(rows.values(), Counter[str]())
        compare_rows(contents, {**found, **_of_targets(contents)}, NAME, one_by_one=True)
        return [made.rename(folder / NAME)]


def _make(path: Path, figures: Figures, contents: Contents, sealed_at: datetime) -> dict[str, Counter[str]]:
    """Writes the workbook; gives how many rows of each tab belong to each table of the pages."""
    # A row is written out before the next one is made; packed, all are small. The library gives its parts
    # one fixed time. (An archive that it fails to write to a full disk, it would leave open.)
    packed = BytesIO()
    with _closed_rows(
        xlsxwriter.Workbook(packed, {"constant_memory": True, "tmpdir": str(path.parent)})
    ) as book:
        book.set_properties({"title": contents.title, "author": contents.scope, "created": sealed_at})
        formats = _Formats(book)
        rows = {
            tab.name: _write(book.add_worksheet(_tab_name(tab.name)), tab, formats, contents)
            for tab in tabs(figures, contents)
        }
        book.close()
    path.write_bytes(packed.getvalue())
    return rows


@contextmanager
def _closed_rows(book: xlsxwriter.Workbook) -> Iterator[xlsxwriter.Workbook]:
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
        ground = {"bold": True, "text_wrap": True, "bg_color": palette.RAISED.light, "bottom": 1}
        self.header = book.add_format({**base, **ground})
        self.text = book.add_format({**base, "text_wrap": True})
        # Shown as text even after somebody edits the cell, as if typed behind an apostrophe.
        self.quoted = book.add_format({**base, "text_wrap": True, "quote_prefix": True})
        self.number = book.add_format({**base, "num_format": "#,##0.##"})
        self.whole = book.add_format({**base, "num_format": "#,##0"})
        self.share = book.add_format({**base, "num_format": "0.00%"})
        self.day = book.add_format({**base, "num_format": "dd/mm/yyyy", "align": "left"})
        self.moment = book.add_format({**base, "num_format": "hh:mm dd/mm/yyyy", "align": "left"})


def _tab_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31]


def _write(sheet: Worksheet, tab: Tab, formats: _Formats, contents: Contents) -> Counter[str]:
    """Writes a tab; gives how many of its rows belong to each table of the pages."""
    last = (contents.sample,) if contents.sample else ()
    titles = (*tab.titles, *([translate(contents.lang, "Kind of figures")] if last else []))
    widths = [_width(title) for title in titles]
    for _, row in islice(tab.rows(), _LOOKED_AT):
        widths = [max(*both) for both in zip(widths, map(_length, (*row, *last)), strict=True)]
    for at, width in enumerate(widths):
        sheet.set_column(at, at, min(max(width + 2, _NARROWEST), _WIDEST))
        sheet.write_string(0, at, titles[at], formats.header)
    keys: Counter[str] = Counter()
    for key, row in tab.rows():
        go_on()
        keys[key] += 1
        for at, value in enumerate((*row, *last)):
            _cell(sheet, keys.total(), at, value, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(keys.total(), 1), len(titles) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    foot = " · ".join((contents.title, *contents.foot)).replace("&", "&&")[:_LONGEST_HEADER]
    sheet.set_header(f"&L{foot}")
    sheet.set_footer("&R" + contents.page_of.format(page="&P", pages="&N"))
    return keys


def _cell(sheet: Worksheet, row: int, column: int, value: Value, formats: _Formats) -> None:
    if value is None or value == "":
        return
    if isinstance(value, Share):
        sheet.write_number(row, column, value.value, formats.share)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value, formats.moment)
    elif isinstance(value, date):
        day = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day of the calendar
        sheet.write_datetime(row, column, day, formats.day)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, _of_number(value, formats))
    else:
        # `write` would make a formula or a link of a text that looks like one.
        sheet.write_string(row, column, value, formats.quoted if _suspicious(value) else formats.text)


def _of_number(value: float, formats: _Formats) -> Format:
    return formats.whole if float(value).is_integer() else formats.number


def _suspicious(text: str) -> bool:
    return text.lstrip(" ").startswith(_LIKE_A_FORMULA)


def _width(title: str) -> int:
    """Characters of the longest word: a header's words may stand below each other."""
    return max((len(word) for word in title.split()), default=0)


def _length(value: Value) -> int:
    if isinstance(value, str):
        return max((len(line) for line in value.splitlines()), default=0)
    if isinstance(value, datetime):
        return 16
    return 10 if isinstance(value, date) else 7


def _check(path: Path, tabs_rows: Mapping[str, Counter[str]]) -> None:
    """The rows that stand in the file against those of each tab."""
    with ZipFile(path) as archive:
        for number, (name, keys) in enumerate(tabs_rows.items(), start=1):
            with archive.open(f"xl/worksheets/sheet{number}.xml") as sheet:
                written = _count(sheet, b"<row ") - 1
            if written != keys.total():
                raise RowsLostError(
                    "{file}: the table “{table}” has {written} rows instead of {rows}. Nothing was sealed.",
                    file=NAME,
                    table=name,
                    written=written,
                    rows=keys.total(),
                )


def _count(text: IO[bytes], word: bytes) -> int:
    """How often a word stands in a text that is too long to be held."""
    number, end = 0, b""
    while part := text.read(_CHUNK):
        number += (end + part).count(word)
        end = (end + part)[1 - len(word) :]
    return number


def _of_targets(contents: Contents) -> dict[str, int]:
    """The matrix is a view of the targets: its figures are those of their tab."""
    return {table.key: len(table.rows) for table in contents.tables if table.key.startswith(MATRIX)}
