"""Two editions side by side: every target and task that differs between them."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from kpis.language import formatting
from kpis.pack.edition.comparison import ComparedItem, ComparedState, compare_editions
from kpis.pack.edition.folders import Edition, EditionError
from kpis.ui.pack.edition_table import list_selected_editions
from kpis.ui.pack.selection import PackSelection
from kpis.ui.shared import html, states
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.ui.shared.viewer_errors import explain_to_viewer


def render_edition_comparison(view: PageView, selection: PackSelection) -> None:
    """Draw two select boxes and the table; nothing if the scope has fewer than two editions."""
    editions = list_selected_editions(selection)
    if len(editions) < 2:
        return
    html.show_markup(tag("div", tag("h2", view.t("Compare two editions")), class_="kpis"))
    names = [edition.name for edition in editions]
    with st.container(horizontal=True):
        first = st.selectbox(view.t("Edition"), names, index=1, key=f"kpis_pack_first_{selection.plan}")
        second = st.selectbox(view.t("Compared with edition"), names, index=0, key=f"kpis_pack_second_{selection.plan}")
    left, right = (editions[names.index(name)] for name in (first, second))
    html.show_markup(render_comparison(view, left, right))


def render_comparison(view: PageView, left: Edition, right: Edition) -> Markup:
    """Return what differs between two editions; if the figures of one are lost, only that message."""
    try:
        compared = compare_editions(left, right, view.lang)
    except EditionError as error:
        return states.render_notices([states.render_notice(explain_to_viewer(error, view))])
    names = left.name, right.name
    caption = view.t("{n} of {all} targets differ.", **_format_counts(view, compared.targets))
    tables = [_render_table(view, caption, view.t("Target"), names, compared.targets)]
    if compared.tasks:
        caption = view.t("{n} of {all} tasks differ.", **_format_counts(view, compared.tasks))
        tables.append(_render_table(view, caption, view.t("Task"), names, compared.tasks))
    return tag("div", *tables, class_="kpis", lang=view.lang)


def _format_counts(view: PageView, pairs: list[ComparedItem]) -> dict[str, str]:
    return {
        "n": formatting.format_number(sum(pair.differs for pair in pairs), view.lang),
        "all": formatting.format_number(len(pairs), view.lang),
    }


def _render_table(
    view: PageView, caption: str, subject: str, names: tuple[str, str], pairs: list[ComparedItem]
) -> Markup:
    columns = [ColumnHeader(view.t("Province or ward")), ColumnHeader(subject), *map(ColumnHeader, names)]
    rows = [
        [pair.place, pair.title, _render_side(pair.first), _render_side(pair.second)] for pair in pairs if pair.differs
    ]
    return render_table(caption, columns, rows)


def _render_side(side: ComparedState | None) -> Child:
    if side is None:
        return formatting.NO_VALUE
    status = html.render_status(side.status, side.label)
    return join([side.fraction, status], " · ") if side.fraction else status
