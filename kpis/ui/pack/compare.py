"""Two editions side by side: every target that they say different things about."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from kpis.language import format as written
from kpis.pack.side_by_side import Pair, Side
from kpis.pack.side_by_side import compare as pairs_of
from kpis.ui import html
from kpis.ui.html import Child, join, tag
from kpis.ui.pack.choose import Chosen
from kpis.ui.pack.editions import known
from kpis.ui.tables import Column, table
from kpis.ui.view import View


def compare(view: View, chosen: Chosen) -> None:
    """Two select boxes and a table; nothing while there are not two editions of the scope."""
    found = known(chosen)
    if len(found) < 2:
        return
    html.show(tag("div", tag("h2", view.t("Compare two editions")), class_="kpis"))
    names = [one.name for one in found]
    with st.container(horizontal=True):
        first = st.selectbox(view.t("Edition"), names, index=1, key=f"kpis_pack_first_{chosen.plan}")
        second = st.selectbox(
            view.t("Against edition"), names, index=0, key=f"kpis_pack_second_{chosen.plan}"
        )
    left, right = found[names.index(first)], found[names.index(second)]
    html.show(_table(view, (left.name, right.name), pairs_of(left, right, view.lang)))


def _table(view: View, names: tuple[str, str], pairs: list[Pair]) -> Markup:
    differ = [pair for pair in pairs if pair.differs]
    caption = view.t(
        "{n} of {all} targets differ.",
        n=written.number(len(differ), view.lang),
        all=written.number(len(pairs), view.lang),
    )
    columns = [Column(view.t("Province or ward")), Column(view.t("Target")), *map(Column, names)]
    rows = [[pair.place, pair.title, _side(pair.first), _side(pair.second)] for pair in differ]
    return tag("div", table(caption, columns, rows), class_="kpis", lang=view.lang)


def _side(side: Side | None) -> Child:
    if side is None:
        return written.NOTHING
    return join([side.done, html.status(side.status, side.word)], " · ")
