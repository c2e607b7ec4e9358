"""The search field of a page, and the choice among many leads: a text field with matches as links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st
from markupsafe import Markup

from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.list_links import build_list_url
from kpis.ui.shared.lists.filter_links import MAX_LINKED_CHOICES
from kpis.ui.shared.lists.matching import build_search_text, matches, split_into_words, suggest_names
from kpis.ui.shared.page_view import PageView, show_in_address
from kpis.ui.shared.table_query import TableQuery

MAX_MATCHES = 12
"""Matches shown as links; a longer list asks for another word."""
_SEARCH_KEY, _LEAD_KEY = "kpis_search", "kpis_search_lead"


def show_search(view: PageView, page: str, query: TableQuery, leads: Sequence[str] = ()) -> None:
    """Draw the search field of a page, and one for the lead where there are many."""
    st.session_state[_SEARCH_KEY] = query.q
    st.text_input(
        view.t("Search"),
        key=_SEARCH_KEY,
        placeholder=view.t("Search by code, title, agency or place"),
        label_visibility="collapsed",
        on_change=_search,
        args=(view, query),
    )
    if len(leads) > MAX_LINKED_CHOICES:
        show_choice_field(
            view,
            _LEAD_KEY,
            view.t("Lead agency"),
            leads,
            query.lead or None,
            lambda lead: build_list_url(view, page, replace(query, lead=lead, page=1)),
        )


def show_choice_field(
    view: PageView,
    key: str,
    label: str,
    names: Sequence[str],
    chosen: str | None,
    build_url: Callable[[str], str],
    *,
    offers_all: bool = True,
) -> None:
    """Draw a text field whose matches are links; `build_url("")` is all, if `offers_all`."""
    typed = st.text_input(label, key=key, placeholder=chosen or view.t("All"))
    every = Markup()
    if chosen and offers_all:
        every = tag("p", html.render_link(build_url(""), view.t("All")), class_="kpis kpis-matches")
    html.show_markup(every + render_matches(typed, names, build_url, view))


def _search(view: PageView, query: TableQuery) -> None:
    """Put what was typed into the address; everything else that is asked holds."""
    show_in_address(view, replace(query, q=str(st.session_state[_SEARCH_KEY]).strip(), page=1))


def render_matches(typed: str, names: Sequence[str], build_url: Callable[[str], str], view: PageView) -> Markup:
    """Return the names that match what was typed as links, or the nearest ones; empty for nothing typed."""
    parts = split_into_words(typed)
    if not parts:
        return Markup()
    matching = [name for name in names if matches(build_search_text([name]), parts)]
    chosen = matching[:MAX_MATCHES] or suggest_names(typed, names)
    links = [tag("li", html.render_link(build_url(name), name)) for name in chosen]
    note = None
    if not matching:
        note = view.t("No name matches. Did you mean:") if chosen else view.t("No name matches.")
    elif len(matching) > MAX_MATCHES:
        note = view.t("{n} names match; the first {shown} are shown.", n=len(matching), shown=MAX_MATCHES)
    return tag("div", tag("p", note) if note else None, tag("ul", *links), class_="kpis kpis-matches", lang=view.lang)
