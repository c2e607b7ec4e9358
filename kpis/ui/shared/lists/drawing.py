"""A list as HTML: its number, filters as links, the rows, the rest of a long list folded, parts, the download."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from markupsafe import Markup

from kpis.language import formatting
from kpis.ui.shared import html
from kpis.ui.shared.html import join, tag
from kpis.ui.shared.list_links import build_list_url
from kpis.ui.shared.lists.filter_links import render_filters
from kpis.ui.shared.lists.model import ListRow, ListTable
from kpis.ui.shared.lists.selecting import Selection, select_rows
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.phone_rows import fold_rows_on_phone, fold_table_on_phone
from kpis.ui.shared.table_downloads import render_download_link
from kpis.ui.shared.table_query import TableQuery
from kpis.ui.shared.tables import Direction, GroupHeading, SortableHeader, render_drawn_table, render_row

SIDE_ROWS = 10
"""Rows of a list beside the main one that stand open."""
TOTAL_CLASS = "kpis-total"
"""CSS class of the number in a list's heading, which a count elsewhere repeats."""


def render_list(
    table: ListTable,
    view: PageView,
    query: TableQuery,
    *,
    note: Markup | None = None,
    has_tiles: bool = False,
) -> Markup:
    """Return a list with what its reader asks of it. `note` stands under its heading.

    `has_tiles`: tiles above it lead to its statuses already.
    """
    selection = select_rows(table, query)
    number = tag("small", formatting.format_number(selection.total, view.lang), class_=TOTAL_CLASS)
    return tag(
        "section",
        tag("h2", table.title, " ", number),
        note,
        _render_cut(selection, view),
        render_filters(selection, view, has_tiles=has_tiles),
        *(_render_part(selection, view) if selection.rows else ()),
        _render_parts(selection, view),
        render_download(table, view, query) if selection.rows else None,
        class_="kpis-list",
    )


def render_side_list(table: ListTable, view: PageView, query: TableQuery) -> Markup | None:
    """Return a list beside the main one of a page: it is sorted by its own columns, and nothing else is asked of it."""
    selection = select_rows(table, TableQuery(sort=query.sort))
    selection = replace(selection, query=replace(query, page=1), max_open_rows=SIDE_ROWS)
    if not selection.rows:
        return None
    link = render_download(table, view, TableQuery(sort=query.sort))
    return tag(
        "section",
        tag("h2", table.title),
        fold_table_on_phone(join([*_render_part(selection, view), link]), len(selection.rows), view),
        class_="kpis-list",
    )


def _render_cut(selection: Selection, view: PageView) -> Markup | None:
    """Return how many things the list holds, where there are more; None if it has all."""
    table = selection.table
    if table.total is None or table.total <= len(table.rows):
        return None
    counts = {
        "n": formatting.format_number(len(table.rows), view.lang),
        "all": formatting.format_number(table.total, view.lang),
    }
    key = "The latest {n} of {all} are listed, searched and sorted here; the download has all."
    return tag("p", view.t(key, **counts), class_="kpis-quiet")


def _render_part(selection: Selection, view: PageView) -> Iterator[Markup]:
    """Yield the rows that stand open, then the others of the part, folded."""
    headers = list(_build_headers(selection, view))
    rows, count = selection.part_rows, selection.open_count
    table = render_drawn_table(selection.table.caption, headers, _draw_rows(selection, rows[:count]))
    yield fold_rows_on_phone(table, len(rows), view)
    if rest := rows[count:]:
        number = formatting.format_number(len(rest), view.lang)
        yield tag(
            "details",
            tag("summary", view.t("Rows that follow: {n}", n=number)),
            render_drawn_table(None, headers, _draw_rows(selection, rest)),
            class_="kpis-details kpis-rest",
        )


def _build_headers(selection: Selection, view: PageView) -> Iterator[SortableHeader]:
    """Yield the headers; a link sorts upwards, then downwards, then returns to the list's own order."""
    table, query = selection.table, selection.query
    for column in table.columns:
        is_sorted = selection.sorted_by == column.key
        sort = column.key
        if is_sorted:
            sort = "" if selection.is_descending else f"-{column.key}"
        url = build_list_url(view, table.page, replace(query, sort=sort, page=1))
        direction: Direction = "descending" if selection.is_descending else "ascending"
        yield SortableHeader(column.header, url, direction if is_sorted else None)


def _draw_rows(selection: Selection, rows: Sequence[ListRow]) -> Iterator[Markup]:
    table = selection.table
    last_group = ""
    for row in rows:
        if row.group != last_group and not selection.sorted_by:
            last_group = row.group
            yield render_row(table.headers, GroupHeading(row.group))
        yield table.render_row(row)


def _render_parts(selection: Selection, view: PageView) -> Markup | None:
    """Return the links between the parts of a long list; None for one part."""
    if selection.part_count == 1:
        return None
    links, size = [], selection.table.part_rows
    for part in range(1, selection.part_count + 1):
        first, last = (part - 1) * size + 1, min(part * size, len(selection.rows))
        text = "–".join(formatting.format_number(row, view.lang) for row in (first, last))
        url = build_list_url(view, selection.table.page, replace(selection.query, page=part))
        is_shown = part == selection.part
        links.append(tag("li", tag("strong", text, aria_current="page") if is_shown else html.render_link(url, text)))
    return tag("nav", tag("ul", *links), class_="kpis-parts", aria_label=view.t("Parts of the list"))


def render_download(table: ListTable, view: PageView, query: TableQuery) -> Markup | None:
    """Return the link to all rows that the filters leave, as a workbook."""
    return render_download_link(table.name, table.page, view, query)
