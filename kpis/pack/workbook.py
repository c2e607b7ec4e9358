"""An edition's workbook: numbers as numbers, shares with their percent, days as days, texts as text."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kpis.charts import fonts, palette
from kpis.language.messages import translate
from kpis.pack.contents import Contents
from kpis.pack.figures import Figures
from kpis.pack.stopping import go_on
from kpis.pack.tab import Share, Tab, Value
from kpis.pack.tabs import tabs
from kpis.pack.view_overview import MATRIX
from kpis.pack.writers import RowsLostError, compare_rows
from kpis.pack.zips import write_fixed

NAME = "figures.xlsx"
_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NARROWEST, _WIDEST = 9, 60  # characters
_LONGEST_HEADER = 240  # Excel refuses a printed header above 255 characters


def write_workbook(figures: Figures, contents: Contents, folder: Path, sealed_at: datetime) -> list[Path]:
    """`figures.xlsx`; a `kpis.pack.writers.Writer`."""
    made = tabs(figures, contents)
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": contents.title, "author": contents.scope, "created": sealed_at})
        formats = _Formats(book)
        for tab in made:
            go_on()
            _write(book.add_worksheet(_tab_name(tab.name)), tab, formats, contents)
    _check(buffer.getvalue(), made, contents)
    path = folder / NAME
    write_fixed(buffer.getvalue(), path)
    return [path]


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


def _write(sheet: Worksheet, tab: Tab, formats: _Formats, contents: Contents) -> None:
    said = (translate(contents.lang, "Kind of figures"),) if contents.sample else ()
    titles = (*tab.titles, *said)
    rows = [(*row, contents.sample) if contents.sample else row for row in tab.rows]
    for at, title in enumerate(titles):
        sheet.write_string(0, at, title, formats.header)
        sheet.set_column(at, at, _width(title, [row[at] for row in rows]))
    for number, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            _cell(sheet, number, at, value, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(titles) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    foot = " · ".join((contents.title, *contents.foot)).replace("&", "&&")[:_LONGEST_HEADER]
    sheet.set_header(f"&L{foot}")
    sheet.set_footer("&R" + contents.page_of.format(page="&P", pages="&N"))


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


def _width(title: str, values: list[Value]) -> int:
    longest = max((_length(value) for value in values), default=0)
    needed = max(longest, max(len(word) for word in (title or " ").split() or [""])) + 2
    return min(max(needed, _NARROWEST), _WIDEST)


def _length(value: Value) -> int:
    if isinstance(value, str):
        return max((len(line) for line in value.splitlines()), default=0)
    if isinstance(value, datetime):
        return 16
    return 10 if isinstance(value, date) else 7


def _check(made: bytes, written: tuple[Tab, ...], contents: Contents) -> None:
    """The rows that stand in the file against those of the pages."""
    found = Counter(key for tab in written for key in tab.keys)
    with ZipFile(BytesIO(made)) as archive:
        for number, tab in enumerate(written, start=1):
            rows = archive.read(f"xl/worksheets/sheet{number}.xml").count(b"<row ") - 1
            if rows != len(tab.rows):
                raise RowsLostError(
                    "{file}: the table “{table}” has {written} rows instead of {rows}. Nothing was sealed.",
                    file=NAME,
                    table=tab.name,
                    written=rows,
                    rows=len(tab.rows),
                )
    compare_rows(contents, {**found, **_of_targets(contents)}, NAME)


def _of_targets(contents: Contents) -> dict[str, int]:
    """The matrix is a view of the targets: its figures are those of their tab."""
    return {table.key: len(table.rows) for table in contents.tables if table.key.startswith(MATRIX)}
