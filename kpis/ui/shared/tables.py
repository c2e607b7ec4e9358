"""Tables of text: aligned numbers, wrapped words, sticky header; they print, and can be searched whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from kpis.ui.shared.html import Child, join, tag


@dataclass(frozen=True)
class ColumnHeader:
    """One column. Numbers stand at the right, figure under figure."""

    title: str
    kind: Literal["text", "number"] = "text"


@dataclass(frozen=True)
class GroupHeading:
    """A line over the rows that follow."""

    title: Child


BodyRow = Sequence[Child] | GroupHeading

_MAX_UNBROKEN_LETTERS = 12
"""Letters: a word of so many is never broken; "15/11/2026" has ten."""


def render_table(caption: str, columns: Sequence[ColumnHeader], rows: Iterable[BodyRow]) -> Markup:
    """A table whose first column heads its rows. On a phone each row is a card that names its columns.

    Nothing is cut: long words wrap, days and other short ones stay whole. `caption` tells a screen reader,
    and the reader, what it holds.
    """
    head = tag(
        "tr",
        *(tag("th", column.title, scope="col", class_=_choose_css_class(column.kind)) for column in columns),
    )
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", head),
        tag("tbody", join(_render_row(columns, row) for row in rows)),
        class_="kpis-table kpis-stack",
    )


def _render_row(columns: Sequence[ColumnHeader], row: BodyRow) -> Markup:
    if isinstance(row, GroupHeading):
        return tag("tr", tag("th", row.title, colspan=len(columns), scope="rowgroup"), class_="kpis-group")
    cells = [tag("th", row[0], scope="row", class_=_choose_css_class(columns[0].kind, row[0]))]
    for column, value in zip(columns[1:], row[1:], strict=True):
        cells.append(tag("td", value, class_=_choose_css_class(column.kind, value), data_label=column.title))
    return tag("tr", *cells)


def _choose_css_class(kind: str, value: Child = None) -> str | None:
    if kind == "number":
        return "kpis-number"
    if not isinstance(value, str) or isinstance(value, Markup):
        return None
    return "kpis-whole" if all(len(word) <= _MAX_UNBROKEN_LETTERS for word in value.split()) else None


def render_hidden_table(caption: str, columns: Sequence[ColumnHeader], rows: Iterable[BodyRow]) -> Markup:
    """The figures behind a chart, for screen readers alone."""
    return tag("div", render_table(caption, columns, rows), class_="kpis-hidden")
