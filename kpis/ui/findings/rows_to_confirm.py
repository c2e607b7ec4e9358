"""Rows that count but can be read in two ways, with what to write in the sheet to settle each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.attainment import compute_attainment, compute_by_agency
from kpis.measures.rows_to_confirm import RowToConfirm, hide_rows_of_others, list_rows_to_confirm
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.shared import html
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_downloads import TableName
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.wording import doubt_sentences

MAX_VALUE_LENGTH = 120
"""Characters shown of a row's content; the sheet has the rest."""


def load_rows_to_confirm(db: Database, view: PageView) -> list[RowToConfirm]:
    """Return the rows of the chosen plan, or of its chosen agency, on the day and in the year of the view."""
    agency = view.filters.agency
    question = replace(view.question, agency=agency)
    rows = compute_attainment(db, question) if agency is None else compute_by_agency(db, question)
    return hide_for_officer(list_rows_to_confirm(rows, agency), view)


def hide_for_officer(items: list[RowToConfirm], view: PageView) -> list[RowToConfirm]:
    """Return the rows as the viewer may see them: an officer sees no row of another agency."""
    return hide_rows_of_others(items, view.filters.agency or "") if view.has_fixed_agency else items


def render_rows_to_confirm(items: Sequence[RowToConfirm], view: PageView) -> Markup | None:
    """Return the group of rows to confirm; None without any."""
    if not items:
        return None
    columns = [
        ColumnHeader(view.t("Where")),
        ColumnHeader(view.t("Agency")),
        ColumnHeader(view.t("What the row says")),
        ColumnHeader(view.t("What to do")),
    ]
    caption = view.t("Counted, but they can be read in two ways; a target is attained only if it is without them too.")
    number = formatting.format_number(len({item.place for item in items}), view.lang)
    heading = tag("h2", view.t("Rows to confirm"), " ", tag("small", number))
    lines = [_render_row(item, view) for item in items]
    download = TableName(pages.AGENCY, "rows-to-confirm", view.t("Rows to confirm"), view)
    return tag("section", heading, render_table(caption, columns, lines, download=download))


def _render_row(item: RowToConfirm, view: PageView) -> list[Child]:
    row = item.row
    place = tag("small", f"{row['tab']} · {row['source']}", class_="kpis-under")
    agency = view.build_url(pages.AGENCY, plan=item.plan, agency=row["agency"])
    return [
        join([f"{doubt_sentences.DOUBT_SIGN} ", tag("span", view.t("row {row}", row=row["row"]), place)]),
        html.render_link(agency, row["agency"]),
        _render_content(item, view),
        tag("span", doubt_sentences.format_row(item, view.lang), title=item.code),
    ]


def render_confirm_cells(items: Sequence[RowToConfirm], view: PageView) -> tuple[Child, ...]:
    """Return place, agency, content and what to do about each doubt of one sheet row, and no moment."""
    place, agency, content, _ = _render_row(items[0], view)
    sentences = [
        tag("div", tag("span", doubt_sentences.format_row(item, view.lang), title=item.code)) for item in items
    ]
    return place, agency, join([*sentences, tag("small", content, class_="kpis-under")]), formatting.NO_VALUE


def _render_content(item: RowToConfirm, view: PageView) -> Markup:
    row = item.row
    content = row["content"] or ""
    if len(content) > MAX_VALUE_LENGTH:
        content = content[:MAX_VALUE_LENGTH] + "…"
    title = item.title_vi if view.lang == "vi" else item.title_en
    number = formatting.format_number(row["quantity"], view.lang, formatting.EXACT_DECIMALS)
    text = f"{view.format_day(row['occurred_on'])} · {title}: {number}"
    return tag("span", text, tag("small", content, class_="kpis-under") if content else None)
