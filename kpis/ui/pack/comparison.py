"""Two editions side by side: every target and task that differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st
from markupsafe import Markup

from kpis.language import formatting
from kpis.pack.edition.comparison import ComparedItem, ComparedState, compare_editions
from kpis.pack.edition.folders import Edition, EditionError
from kpis.ui import pages
from kpis.ui.pack.edition_table import list_selected_editions
from kpis.ui.pack.selection import PackSelection, choose_in_address, show_refused_choices
from kpis.ui.shared import html, states
from kpis.ui.shared.html import Child, join, tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_downloads import TableName
from kpis.ui.shared.table_query import NOTHING_ASKED, TableQuery
from kpis.ui.shared.tables import ColumnHeader, render_table
from kpis.ui.shared.viewer_errors import explain_to_viewer


@dataclass(frozen=True)
class ComparedPair:
    """Two editions of a scope: at first the one before the latest, and the latest."""

    first: Edition
    second: Edition


def find_pair(editions: Sequence[Edition], query: TableQuery) -> ComparedPair | None:
    """Return the editions that an address compares, of `editions`, latest first; None for fewer than two."""
    if len(editions) < 2:
        return None
    by_name = {edition.name: edition for edition in reversed(editions)}
    return ComparedPair(by_name.get(query.first, editions[1]), by_name.get(query.second, editions[0]))


def render_edition_comparison(view: PageView, selection: PackSelection, query: TableQuery) -> None:
    """Draw two select boxes and the table; nothing if the scope has fewer than two editions."""
    editions = list_selected_editions(selection)
    pair = find_pair(editions, query)
    if pair is None:
        return
    html.show_markup(tag("div", tag("h2", view.t("Compare two editions")), class_="kpis"))
    names = [edition.name for edition in editions]

    def build_first_query(name: str) -> TableQuery:
        return replace(query, first="" if name == names[1] else name)

    def build_second_query(name: str) -> TableQuery:
        return replace(query, second="" if name == names[0] else name)

    with st.container(horizontal=True):
        choose_in_address(
            view, view.t("Edition"), names, pair.first.name, str, build_first_query, key="kpis_pack_first"
        )
        choose_in_address(
            view,
            view.t("Compared with edition"),
            names,
            pair.second.name,
            str,
            build_second_query,
            key="kpis_pack_second",
        )
    show_refused_choices(view, [(query.first, pair.first.name), (query.second, pair.second.name)])
    html.show_markup(render_comparison(view, pair.first, pair.second, query))


def render_comparison(view: PageView, left: Edition, right: Edition, query: TableQuery = NOTHING_ASKED) -> Markup:
    """Return what differs between two editions; if the figures of one are lost, only that message."""
    try:
        compared = compare_editions(left, right, view.lang)
    except EditionError as error:
        return states.render_notices([states.render_notice(explain_to_viewer(error, view))])
    names = left.name, right.name
    caption = view.t("{n} of {all} targets differ.", **_format_counts(view, compared.targets))
    name = TableName(pages.PACK, "compared-targets", _format_title(view, view.t("Targets"), names), view, query)
    tables = [_render_table(name, caption, view.t("Target"), names, compared.targets)]
    if compared.tasks:
        caption = view.t("{n} of {all} tasks differ.", **_format_counts(view, compared.tasks))
        name = TableName(pages.PACK, "compared-tasks", _format_title(view, view.t("Tasks"), names), view, query)
        tables.append(_render_table(name, caption, view.t("Task"), names, compared.tasks))
    return tag("div", *(tag("section", table) for table in tables), class_="kpis", lang=view.lang)


def _format_title(view: PageView, subject: str, names: tuple[str, str]) -> str:
    return f"{subject}: {view.t('Edition')} {names[0]} – {names[1]}"


def _format_counts(view: PageView, pairs: list[ComparedItem]) -> dict[str, str]:
    return {
        "n": formatting.format_number(sum(pair.differs for pair in pairs), view.lang),
        "all": formatting.format_number(len(pairs), view.lang),
    }


def _render_table(
    name: TableName, caption: str, subject: str, editions: tuple[str, str], pairs: list[ComparedItem]
) -> Markup:
    columns = [ColumnHeader(name.view.t("Province or ward")), ColumnHeader(subject), *map(ColumnHeader, editions)]
    rows = [
        [pair.place, pair.title, _render_side(pair.first), _render_side(pair.second)] for pair in pairs if pair.differs
    ]
    return render_table(caption, columns, rows, download=name if rows else None)


def _render_side(side: ComparedState | None) -> Child:
    if side is None:
        return formatting.NO_VALUE
    status = html.render_status(side.status, side.label)
    return join([side.fraction, status], " · ") if side.fraction else status
