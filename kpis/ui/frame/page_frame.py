"""The frame around every page: navigation, title, freshness, shared filters, language, sample ribbon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

import streamlit as st
from markupsafe import Markup

from kpis.access.identities import Viewer
from kpis.language.messages import Language, translate
from kpis.store import versions
from kpis.ui import pages
from kpis.ui.frame import page_title, plan_switch
from kpis.ui.frame.caveats import render_caveats
from kpis.ui.frame.startup import OpenVersion
from kpis.ui.frame.view_resolution import resolve_view
from kpis.ui.frame.watcher_notice import list_watcher_notices
from kpis.ui.shared import data, filters, html, page_view
from kpis.ui.shared.filters import FilterOptions
from kpis.ui.shared.html import tag
from kpis.ui.shared.lists.filter_links import MAX_LINKED_CHOICES
from kpis.ui.shared.lists.search_fields import show_choice_field
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.product import PRODUCT_NAME
from kpis.ui.shared.states import render_notice, render_notices
from kpis.ui.shared.streamlit_internals import StreamlitPage
from kpis.ui.shared.table_query import get_table_query, parse_table_query, store_table_query
from kpis.ui.shared.viewer import has_audit, list_page_slugs

T = TypeVar("T")

_WIDGET_PREFIX = "kpis_filter_"


def get_language() -> Language:
    """Return the language of the session's last view, or of the URL before there is one."""
    return page_view.get_session_language()


def set_up_page(viewer: Viewer) -> tuple[pages.PageDefinition, StreamlitPage]:
    """Set up the navigation (top bar; side menu on a phone) and return the requested page.

    It has the pages that the viewer may open; an officer's first one leads to the own agency. About a plan in which
    the viewer is an officer it names an officer's pages alone, and the others lead there.
    """
    lang = get_language()
    slugs = list_page_slugs(viewer, st.query_params.get("plan"))
    entries = [entry for entry in pages.PAGES if entry is pages.PAGES[0] or entry.slug in list_page_slugs(viewer)]
    html.reset_chart_count()
    hidden = _list_hidden_slugs(viewer, slugs)
    # A copy each time: the page that runs is marked in its object.
    streamlit_pages = {
        entry.slug: copy(_build_streamlit_page(entry, lang, is_hidden=entry.slug in hidden)) for entry in entries
    }
    selected = st.navigation(list(streamlit_pages.values()), position="top")
    entry = next(entry for entry in entries if streamlit_pages[entry.slug] == selected)
    if entry.slug not in slugs:
        st.switch_page(streamlit_pages[slugs[0]], query_params=read_filter_parameters())
    name = f"{translate(lang, entry.title)} · {translate(lang, PRODUCT_NAME)}"
    st.set_page_config(page_title=name, layout="wide", initial_sidebar_state="collapsed")
    return entry, selected


@cache
def _build_streamlit_page(entry: pages.PageDefinition, lang: Language, *, is_hidden: bool) -> StreamlitPage:
    return st.Page(
        entry.script,
        title=translate(lang, entry.title),
        url_path=entry.slug,
        default=entry is pages.PAGES[0],
        visibility="hidden" if is_hidden else "visible",
    )


def _list_hidden_slugs(viewer: Viewer, slugs: Sequence[str]) -> set[str]:
    """Return the pages that the navigation does not name; the first one leads an officer to the own agency."""
    closed = {entry.slug for entry in pages.PAGES[1:] if entry.slug not in slugs}
    return {*pages.HIDDEN_PAGES, *closed, *(() if has_audit(viewer) else (pages.AUDIT,))}


def build_view(version: OpenVersion, viewer: Viewer, page: pages.PageDefinition) -> tuple[PageView, FilterOptions]:
    """Return the reader's view, stored for the page that runs next, and the filter options.

    The address alone says what is shown (design.md §8): a click in the navigation takes the filters along in it.
    """
    # A dictionary, since each look into Streamlit's own is a walk through what it guards.
    params = st.query_params.to_dict()
    store_table_query(parse_table_query(params))
    resolved = resolve_view(_select_filters(params), version, viewer, page.slug)
    data.use_database(resolved.database, resolved.row_database)
    page_view.store_view(resolved.view)
    return resolved.view, resolved.options


def read_filter_parameters() -> dict[str, str]:
    """Return the filters in the address."""
    return _select_filters(st.query_params.to_dict())


def _select_filters(params: Mapping[str, str]) -> dict[str, str]:
    return {name: params[name] for name in filters.QUERY_PARAMETERS if name in params}


def render_header(view: PageView, options: FilterOptions, page: pages.PageDefinition, viewer: Viewer) -> None:
    """Draw the sample ribbon, the title with filters and freshness, the filter box and the notices."""
    with st.container(gap="small"):
        if view.sample:
            html.show_markup(_render_sample_ribbon(view, may_start=pages.PLAN_IMPORT in list_page_slugs(viewer)))
        with st.container(horizontal=True, vertical_alignment="top", gap="small"):
            if page.slug in pages.PAGES_WITHOUT_FIGURES:
                html.show_markup(page_title.render_title(view, page))
            else:
                html.show_markup(page_title.render_title(view, page, *page_title.describe_figures(view, page)))
                _render_filters(view, options, page)
            render_reader_buttons(view, viewer)
        html.show_markup(plan_switch.render_plan_switch(data.get_current_database().unscoped, view, viewer))
        has_figures = page.slug not in pages.PAGES_WITHOUT_FIGURES
        sentences = (
            *_list_watcher_notices(view),
            *_list_fallback_warnings(view),
            *(view.filters.notices if has_figures else ()),
        )
        notices = [render_notice(sentence) for sentence in sentences]
        html.show_markup(render_notices([*notices, *render_caveats(view, options, page.slug)]))


def render_reader_buttons(view: PageView, viewer: Viewer) -> None:
    """Draw the switch of the language and, for who signed in, the link to sign out."""
    _render_language_switch(view)
    if viewer.may_sign_out:
        html.show_markup(_render_sign_out(viewer, view), width="content")


def _render_sign_out(viewer: Viewer, view: PageView) -> Markup:
    link = html.render_link("/dang-xuat", view.t("Sign out"), title=viewer.name)
    return tag("p", tag("span", viewer.name, class_="kpis-quiet"), link, class_="kpis kpis-account", lang=view.lang)


def watch_notices(view: PageView) -> tuple[list[str], Callable[[], list[str]]]:
    """Return the notices about reading that this page shows, and a function that returns those of then."""
    pointer = data.get_current_database().pointer

    def list_current() -> list[str]:
        return [] if view.sample else list_watcher_notices(pointer, view.lang, with_folders=view.sees_folders)

    return list_current(), list_current


def _list_watcher_notices(view: PageView) -> list[str]:
    """Return what is wrong with reading the sheets again; the sample is never read again."""
    if view.sample:
        return []
    return list_watcher_notices(data.get_current_database().pointer, view.lang, with_folders=view.sees_folders)


def _list_fallback_warnings(view: PageView) -> list[str]:
    """Return a warning if the newest version could not be opened and an older one is shown."""
    database = data.get_current_database()
    if not versions.has_fallen_back(database.pointer):
        return []
    return [
        view.t(
            "Warning: the newest figures could not be opened; those of version {version} are shown. Run "
            "python -m kpis sync to read the sheets again.",
            version=database.version,
        )
    ]


def _render_sample_ribbon(view: PageView, *, may_start: bool) -> Markup:
    return tag(
        "div",
        tag("strong", view.t("Sample figures")),
        tag("span", view.t("Invented to demonstrate the dashboard; not the real results of any province.")),
        html.render_link(view.build_url(pages.PLAN_IMPORT), view.t("Start with your own plan")) if may_start else None,
        class_="kpis kpis-sample",
    )


def _render_filters(view: PageView, options: FilterOptions, page: pages.PageDefinition) -> None:
    # Its fields are sent only once it is opened: they are a quarter of what a run sends.
    box = st.popover(view.t("Filters"), width="content", key="kpis_filters", on_change="rerun")
    if not box.open:
        return
    with box:
        _set_widget_value("as_of", view.as_of)
        st.date_input(
            view.t("As of"),
            format="DD/MM/YYYY",
            min_value=f"{options.years[0]}-01-01",
            max_value=f"{options.years[-1]}-12-31",
            key=_WIDGET_PREFIX + "as_of",
            on_change=_apply_filter_change,
            args=("as_of", view),
        )
        _render_select(view, "year", view.t("Targets of the year"), options.years, view.filters.year, str)
        # An officer's page is about one agency; others may be about all. The only plan is always the chosen one.
        every: list[None] = [] if view.has_fixed_agency else [None]
        every_plan = every if len(options.plans) != 1 or view.plan is None else []
        plans = [*every_plan, *(choice.plan for choice in options.plans)]
        names = {choice.plan: choice.name for choice in options.plans}
        _render_choice(
            view, page, "plan", view.t("Province or ward"), plans, view.filters.plan, names.__getitem__, agency=None
        )
        if view.plan:
            agencies = [*every, *options.list_agencies(view.as_of, view.filters.agency)]
            _render_choice(view, page, "agency", view.t("Agency"), agencies, view.filters.agency, str)


def _render_choice(
    view: PageView,
    page: pages.PageDefinition,
    name: str,
    label: str,
    options: Sequence[str | None],
    selected: str | None,
    format_value: Callable[[str], str],
    **changes: object,
) -> None:
    """Draw a select box; for many options a text field with matches as links. `changes`: other filters that change."""
    if len(options) <= MAX_LINKED_CHOICES:
        _render_select(view, name, label, options, selected, format_value)
        return
    names = {format_value(option): option for option in options if option is not None}

    def build_url(chosen: str) -> str:
        changed = {name: names.get(chosen), **changes}
        return view.build_url(page.slug, get_table_query().for_changed_filters(changed), **changed)

    chosen = None if selected is None else format_value(selected)
    show_choice_field(view, _WIDGET_PREFIX + name + "_text", label, list(names), chosen, build_url)


def _render_select(
    view: PageView,
    name: str,
    label: str,
    options: Sequence[T | None],
    selected: T | None,
    format_value: Callable[[T], str],
) -> None:
    def format_option(option: T | None) -> str:
        return view.t("All") if option is None else format_value(option)

    _set_widget_value(name, selected)
    st.selectbox(
        label,
        options,
        format_func=format_option,
        key=_WIDGET_PREFIX + name,
        on_change=_apply_filter_change,
        args=(name, view),
        placeholder=view.t("All"),
    )


def _set_widget_value(name: str, value: object) -> None:
    st.session_state[_WIDGET_PREFIX + name] = value


def _apply_filter_change(name: str, view: PageView) -> None:
    value = st.session_state[_WIDGET_PREFIX + name]
    if name == "as_of" and value is None:
        return
    changes: dict[str, object] = {name: value}
    if name == "plan":
        changes["agency"] = None
    if name == "as_of" and view.filters.year == view.as_of.year:
        changes["year"] = value.year
    _update_query(view, **changes)


def _render_language_switch(view: PageView) -> None:
    other: Language = "en" if view.lang == "vi" else "vi"
    label = "English" if other == "en" else "Tiếng Việt"
    st.button(
        label,
        type="tertiary",
        key="kpis_language",
        on_click=_update_query,
        args=(view,),
        kwargs={"lang": other},
    )


def _update_query(view: PageView, **changes: Any) -> None:
    selected = replace(view.filters, notices=(), **changes)
    # The navigation of the next run is drawn before its view is built, in the language of the stored one.
    page_view.store_view(replace(view, filters=selected))
    page_view.show_in_address(replace(view, filters=selected), get_table_query().for_changed_filters(changes))
