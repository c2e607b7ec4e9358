"""Two editions side by side: every target and task that they say different things about."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from kpis.language import formatting as written
from kpis.language.messages import explain
from kpis.pack.edition.comparison import Pair, Side
from kpis.pack.edition.comparison import compare as pairs_of
from kpis.pack.edition.folders import Edition, EditionError
from kpis.ui.pack.edition_table import known
from kpis.ui.pack.selection import Chosen
from kpis.ui.shared import html, states
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import View
from kpis.ui.shared.tables import Column, table


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
    html.show(told(view, left, right))


def told(view: View, left: Edition, right: Edition) -> Markup:
    """What the two say differently; where the figures of one are lost, that sentence alone."""
    try:
        pairs = pairs_of(left, right, view.lang)
    except EditionError as error:
        return states.notices([states.notice(explain(error, view.lang))])
    names = left.name, right.name
    said = view.t("{n} of {all} targets differ.", **_counts(view, pairs.targets))
    shown = [_table(view, said, view.t("Target"), names, pairs.targets)]
    if pairs.tasks:
        said = view.t("{n} of {all} tasks differ.", **_counts(view, pairs.tasks))
        shown.append(_table(view, said, view.t("Task"), names, pairs.tasks))
    return tag("div", *shown, class_="kpis", lang=view.lang)


def _counts(view: View, pairs: list[Pair]) -> dict[str, str]:
    return {
        "n": written.number(sum(pair.differs for pair in pairs), view.lang),
        "all": written.number(len(pairs), view.lang),
    }


def _table(view: View, said: str, what: str, names: tuple[str, str], pairs: list[Pair]) -> Markup:
    columns = [Column(view.t("Province or ward")), Column(what), *map(Column, names)]
    rows = [[pair.place, pair.title, _side(pair.first), _side(pair.second)] for pair in pairs if pair.differs]
    return table(said, columns, rows)


def _side(side: Side | None) -> Child:
    if side is None:
        return written.NOTHING
    shown = html.status(side.status, side.word)
    return join([side.done, shown], " · ") if side.done else shown
