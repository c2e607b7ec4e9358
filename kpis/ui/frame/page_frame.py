"""What stands around every page: style, title, freshness, shared filters, language, "Số liệu minh họa"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st
from markupsafe import Markup
from streamlit.navigation.page import Page as StreamlitPage

from kpis.language.messages import Language, translate
from kpis.store import versions
from kpis.ui import pages
from kpis.ui.frame.caveats import caveats
from kpis.ui.frame.freshness import Freshness, freshness
from kpis.ui.frame.startup import Opened
from kpis.ui.shared import data, filters, html
from kpis.ui.shared import page_view as views
from kpis.ui.shared.filter_options import scope
from kpis.ui.shared.filters import Scope
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import View
from kpis.ui.shared.product import PRODUCT
from kpis.ui.shared.states import notice, notices

T = TypeVar("T")

_LAST = "kpis_last"
_WIDGET = "kpis_filter_"
_OF_AN_AGENCY = (pages.AGENCY, pages.TASKS, pages.FINDINGS)  # the others show the whole plan all the same


def language() -> Language:
    """The language that the URL asks for, or the session last spoke."""
    return views.last_language()


def begin() -> tuple[pages.Entry, StreamlitPage]:
    """Navigation (at the top; in the side menu on a phone) and page config; gives the page asked for."""
    lang = language()
    html.reset_charts()
    known = {
        entry.slug: st.Page(
            entry.file,
            title=translate(lang, entry.title),
            url_path=entry.slug,
            default=entry is pages.PAGES[0],
        )
        for entry in pages.PAGES
    }
    asked = st.navigation(list(known.values()), position="top")
    entry = next(entry for entry in pages.PAGES if known[entry.slug] == asked)
    name = f"{translate(lang, entry.title)} · {translate(lang, PRODUCT)}"
    st.set_page_config(page_title=name, layout="wide", initial_sidebar_state="collapsed")
    return entry, asked


def view(entry: pages.Entry, opened: Opened) -> tuple[View, Scope]:
    """What this reader asks, kept for the page that is about to run, and what could be asked."""
    data.use(opened.database)
    asked = query(entry.slug)
    offered = data.per_version(scope)(opened.today, asked.get("plan"))
    chosen = filters.read(asked, offered)
    look = "dark" if st.context.theme.type == "dark" else "light"
    made = View(chosen, offered.find(chosen.plan), opened.today, opened.sample, look)
    views.keep(made)
    return made, offered


def query(page: str) -> dict[str, str]:
    """The filters that the URL asks for; a page switch clears them, so they are put back then."""
    asked = {name: st.query_params[name] for name in filters.NAMES if name in st.query_params}
    last_page, last = st.session_state.get(_LAST, (page, {}))
    if not asked and last and last_page != page:
        st.query_params.from_dict(last)
        asked = dict(last)
    st.session_state[_LAST] = (page, asked)
    return asked


def head(view: View, offered: Scope, entry: pages.Entry) -> None:
    """The ribbon, the title, what is asked about, how fresh the figures are, and the filters beside them."""
    with st.container(gap="small"):
        if view.sample:
            html.show(_sample(view))
        with st.container(horizontal=True, vertical_alignment="top", gap="small"):
            html.show(_title(view, entry, _freshness(view)))
            _filters(view, offered)
            _language(view)
        told = [notice(sentence) for sentence in (*_lost(view), *view.filters.notices)]
        html.show(notices([*told, *caveats(view, offered, entry.slug)]))


def _lost(view: View) -> list[str]:
    """What is to be said where the newest version would not open, so that an older one is shown."""
    database = data.in_use()
    if not versions.fell_back(database.pointer):
        return []
    return [
        view.t(
            "Look out: the newest figures could not be opened; those of version {version} are shown. Run "
            "python -m kpis sync to read the sheets again.",
            version=database.version,
        )
    ]


def _sample(view: View) -> Markup:
    return tag(
        "div",
        tag("strong", view.t("Sample figures")),
        tag("span", view.t("Made up to show the dashboard at work; no province's real results.")),
        class_="kpis kpis-sample",
    )


def _freshness(view: View) -> Freshness:
    return data.per_reading(freshness)(view.today, view.filters.plan)


def _title(view: View, entry: pages.Entry, fresh: Freshness) -> Markup:
    asked = [view.t("As of {day}", day=view.day(view.as_of))]
    if view.filters.year != view.as_of.year:
        asked.append(view.t("targets of {year}", year=view.filters.year))
    asked.append(view.plan.name if view.plan else view.t("all plans"))
    if view.filters.agency and entry.slug in _OF_AN_AGENCY:
        asked.append(view.filters.agency)
    return tag(
        "header",
        tag("p", view.t(PRODUCT), class_="kpis-product"),
        tag("h1", view.t(entry.title)),
        html.hidden(
            view.t(entry.help)
        ),  # as the navigation's tooltips it would cost a tenth of the page's time
        tag("p", tag("strong", " · ".join(asked))),
        tag("p", *fresh.line(view.lang), class_="kpis-fresh"),
        class_="kpis kpis-head",
        lang=view.lang,
    )


def _filters(view: View, offered: Scope) -> None:
    with st.popover(view.t("Filters"), width="content"):
        _keep("as_of", view.as_of)
        st.date_input(
            view.t("As of"),
            format="DD/MM/YYYY",
            min_value=f"{offered.years[0]}-01-01",
            max_value=f"{offered.years[-1]}-12-31",
            key=_WIDGET + "as_of",
            on_change=_changed,
            args=("as_of", view),
        )
        _choose(view, "year", view.t("Targets of the year"), offered.years, view.filters.year, str)
        plans = [None, *(choice.plan for choice in offered.plans)]
        names = {choice.plan: choice.name for choice in offered.plans}
        _choose(view, "plan", view.t("Province or ward"), plans, view.filters.plan, names.__getitem__)
        if view.plan:
            agencies = [None, *offered.agencies]
            _choose(view, "agency", view.t("Agency"), agencies, view.filters.agency, str)


def _choose(
    view: View,
    name: str,
    label: str,
    options: Sequence[T | None],
    chosen: T | None,
    named: Callable[[T], str],
) -> None:
    def shown(option: T | None) -> str:
        return view.t("All") if option is None else named(option)

    _keep(name, chosen)
    st.selectbox(
        label,
        options,
        format_func=shown,
        key=_WIDGET + name,
        on_change=_changed,
        args=(name, view),
        placeholder=view.t("All"),
    )


def _keep(name: str, value: object) -> None:
    st.session_state[_WIDGET + name] = value


def _changed(name: str, view: View) -> None:
    value = st.session_state[_WIDGET + name]
    if name == "as_of" and value is None:
        return
    changes: dict[str, object] = {name: value}
    if name == "plan":
        changes["agency"] = None
    if name == "as_of" and view.filters.year == view.as_of.year:
        changes["year"] = value.year
    _ask(view, **changes)


def _language(view: View) -> None:
    other: Language = "en" if view.lang == "vi" else "vi"
    label = "English" if other == "en" else "Tiếng Việt"
    st.button(
        label, type="tertiary", key="kpis_language", on_click=_ask, args=(view,), kwargs={"lang": other}
    )


def _ask(view: View, **changes: Any) -> None:
    asked = replace(view.filters, notices=(), **changes).params(view.today)
    st.query_params.from_dict(asked)
