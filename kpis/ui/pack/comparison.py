"""Two editions side by side: every target and task that they say different things about."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from kpis.language import formatting as written
from kpis.language.messages import explain
from kpis.pack.edition.comparison import ComparedItem, ComparedState
from kpis.pack.edition.comparison import compare_editions as pairs_of
from kpis.pack.edition.folders import Edition, EditionError
from kpis.ui.pack.edition_table import list_selected_editions
from kpis.ui.pack.selection import PackSelection
from kpis.ui.shared import html, states
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.tables import ColumnHeader, render_table


def compare_editions(view: PageView, selection: PackSelection) -> None:
    """Two select boxes and a table; nothing while there are not two editions of the scope."""
    found = list_selected_editions(selection)
    if len(found) < 2:
        return
    html.show_markup(tag("div", tag("h2", view.t("Compare two editions")), class_="kpis"))
    names = [one.name for one in found]
    with st.container(horizontal=True):
        first = st.selectbox(view.t("Edition"), names, index=1, key=f"kpis_pack_first_{selection.plan}")
        second = st.selectbox(
            view.t("Compared with edition"), names, index=0, key=f"kpis_pack_second_{selection.plan}"
        )
    left, right = found[names.index(first)], found[names.index(second)]
    html.show_markup(render_comparison(view, left, right))


def render_comparison(view: PageView, left: Edition, right: Edition) -> Markup:
    """What the two say differently; where the figures of one are lost, that sentence alone."""
    try:
        pairs = pairs_of(left, right, view.lang)
    except EditionError as error:
        return states.render_notices([states.render_notice(explain(error, view.lang))])
    names = left.name, right.name
    said = view.t("{n} of {all} targets differ.", **_format_counts(view, pairs.targets))
    shown = [_render_table(view, said, view.t("Target"), names, pairs.targets)]
    if pairs.tasks:
        said = view.t("{n} of {all} tasks differ.", **_format_counts(view, pairs.tasks))
        shown.append(_render_table(view, said, view.t("Task"), names, pairs.tasks))
    return tag("div", *shown, class_="kpis", lang=view.lang)


def _format_counts(view: PageView, pairs: list[ComparedItem]) -> dict[str, str]:
    return {
        "n": written.format_number(sum(pair.differs for pair in pairs), view.lang),
        "all": written.format_number(len(pairs), view.lang),
    }


def _render_table(
    view: PageView, caption: str, subject: str, names: tuple[str, str], pairs: list[ComparedItem]
) -> Markup:
    columns = [ColumnHeader(view.t("Province or ward")), ColumnHeader(subject), *map(ColumnHeader, names)]
    rows = [
        [pair.place, pair.title, _render_side(pair.first), _render_side(pair.second)]
        for pair in pairs
        if pair.differs
    ]
    return render_table(caption, columns, rows)


def _render_side(side: ComparedState | None) -> Child:
    if side is None:
        return written.NO_VALUE
    shown = html.render_status(side.status, side.label)
    return join([side.fraction, shown], " · ") if side.fraction else shown
