"""HTML tables: aligned numbers, wrapped words, sticky header; they can be printed and searched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from markupsafe import Markup

from kpis.language import formatting
from kpis.language.messages import Language
from kpis.pack.xlsx.tab import CellValue
from kpis.ui.shared.cell_values import to_cell_value, to_text
from kpis.ui.shared.html import Child, join, render_link, tag
from kpis.ui.shared.phone_rows import fold_rows_on_phone, fold_table_on_phone
from kpis.ui.shared.table_collection import is_collecting
from kpis.ui.shared.table_downloads import TableName, offer_table


@dataclass(frozen=True)
class ColumnHeader:
    """One column. Numbers are right-aligned."""

    title: str
    kind: Literal["text", "number"] = "text"


Direction = Literal["ascending", "descending"]


@dataclass(frozen=True)
class SortableHeader:
    """A column's header as a link that sorts; `direction` if the rows are sorted by it."""

    column: ColumnHeader
    url: str
    direction: Direction | None = None


@dataclass(frozen=True)
class GroupHeading:
    """A heading line above the rows that follow."""

    title: Child


BodyRow = Sequence[Child] | GroupHeading

_TAG = re.compile(r"<[^>]*>")
_MAX_UNBROKEN_LETTERS = 12
"""Words up to this length are never broken; "15/11/2026" has ten characters."""


def render_table(
    caption: str,
    columns: Sequence[ColumnHeader],
    rows: Iterable[BodyRow],
    *,
    download: TableName | None = None,
    max_rows: int | None = None,
    folded_on_phone: bool = False,
) -> Markup:
    """Return a table whose first column is the row header. On a phone each row is a card with column names.

    Nothing is cut: long words are broken, dates and other short ones are not. `caption` says what it holds. With
    `download` the link to its workbook stands below, which has the rows after `max_rows` too; they are not read else.
    `folded_on_phone`: a phone shows nothing of it before it is opened, since something else of its page comes first.
    """
    link = None
    if download is not None:
        rows = list(rows) if is_collecting() else rows
        lang = download.view.lang
        link = offer_table(
            download,
            [column.title for column in columns],
            lambda: [_build_values(columns, row, lang) for row in rows],
        )
    drawn = list(islice(rows, max_rows))
    table = render_drawn_table(caption, columns, (render_row(columns, row) for row in drawn))
    if download is None:
        return table
    count = sum(not isinstance(row, GroupHeading) for row in drawn)
    if folded_on_phone:
        return fold_table_on_phone(join([table, link]), count, download.view)
    return join([fold_rows_on_phone(table, count, download.view), link])


def _build_values(columns: Sequence[ColumnHeader], row: BodyRow, lang: Language) -> list[CellValue]:
    """Return a row as the cells of a workbook; a heading fills the first of them."""
    if isinstance(row, GroupHeading):
        return [to_text(row.title), *[None] * (len(columns) - 1)]
    return [to_cell_value(cell, column.kind, lang) for column, cell in zip(columns, row, strict=True)]


def render_drawn_table(
    caption: Child, headers: Sequence[ColumnHeader | SortableHeader], drawn_rows: Iterable[Markup]
) -> Markup:
    """Return a table of rows that `render_row` has drawn."""
    return tag(
        "table",
        tag("caption", caption) if caption else None,
        tag("thead", tag("tr", *map(_render_header, headers))),
        tag("tbody", join(drawn_rows)),
        class_="kpis-table kpis-stack",
    )


def _render_header(header: ColumnHeader | SortableHeader) -> Markup:
    if isinstance(header, ColumnHeader):
        return tag("th", header.title, scope="col", class_=_choose_css_class(header.kind))
    return tag(
        "th",
        render_link(header.url, header.column.title, class_="kpis-sort"),
        scope="col",
        aria_sort=header.direction,
        class_=_choose_css_class(header.column.kind),
    )


def render_row(columns: Sequence[ColumnHeader], row: BodyRow) -> Markup:
    """Return one row, or a heading line over all columns."""
    if isinstance(row, GroupHeading):
        return tag("tr", tag("th", row.title, colspan=len(columns), scope="rowgroup"), class_="kpis-group")
    cells = [tag("th", row[0], scope="row", class_=_choose_css_class(columns[0].kind, row[0]))]
    for column, value in zip(columns[1:], row[1:], strict=True):
        cells.append(tag("td", value, class_=_choose_css_class(column.kind, value), data_label=column.title))
    return tag("tr", *cells)


def _choose_css_class(kind: str, value: Child = None) -> str | None:
    if value == formatting.NO_VALUE:
        return "kpis-number kpis-valueless" if kind == "number" else "kpis-valueless"
    if kind == "number":
        return "kpis-number"
    if not isinstance(value, str):
        return None
    words = _TAG.sub(" ", str(value)).split()
    return "kpis-whole" if all(len(word) <= _MAX_UNBROKEN_LETTERS for word in words) else None


def render_hidden_table(caption: str, columns: Sequence[ColumnHeader], rows: Iterable[BodyRow]) -> Markup:
    """Return the figures behind a chart, for screen readers only."""
    return tag("div", render_table(caption, columns, rows), class_="kpis-hidden")
