"""The frame before anything was read: pages without figures work; the others show the way to the first figures."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kpis.access.identities import Viewer
from kpis.language import clock
from kpis.settings import load_settings
from kpis.ui import pages
from kpis.ui.frame import page_title
from kpis.ui.frame.page_frame import read_filter_parameters, render_reader_buttons
from kpis.ui.frame.watcher_notice import list_watcher_notices
from kpis.ui.shared import filters, html, page_view, states
from kpis.ui.shared.filters import FilterOptions
from kpis.ui.shared.first_steps import find_setup_state, render_first_steps
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.streamlit_internals import StreamlitPage
from kpis.ui.shared.viewer import list_page_slugs, runs_server
from kpis.ui.sources.read_now import render_read_button


def render_without_figures(
    environ: Mapping[str, str], definition: pages.PageDefinition, page: StreamlitPage, viewer: Viewer
) -> None:  # fmt: skip
    """Draw the title, what is wrong with reading, then the page or the steps to the first figures."""
    view = _build_view(viewer)
    page_view.store_view(view)
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        html.show_markup(page_title.render_title(view, definition))
        render_reader_buttons(view, viewer)
    pointer = load_settings(environ, read_only=True).pointer
    sentences = list_watcher_notices(pointer, view.lang, with_folders=view.sees_folders)
    html.show_markup(states.render_notices([states.render_notice(sentence) for sentence in sentences]))
    if definition.slug in pages.PAGES_WITHOUT_FIGURES:
        page.run()
        return
    html.show_markup(states.render_no_data_yet(view.lang))
    if pages.PLAN_IMPORT in list_page_slugs(viewer):
        html.show_markup(render_first_steps(find_setup_state(environ, viewer), view, was_read=False))
        render_read_button(view)


def _build_view(viewer: Viewer) -> PageView:
    """Return a view of today and no plan, in the language of the address."""
    today = clock.to_local_day(clock.get_utc_now())
    query = {name: text for name, text in read_filter_parameters().items() if name == "lang"}
    selected = filters.parse_filters(query, FilterOptions(today))
    return PageView(selected, None, today, sample=False, sees_folders=runs_server(viewer))
