"""The button "Đọc lại ngay": read every source now, as `python -m kpis sync` does."""

from __future__ import annotations

import os

import streamlit as st
from markupsafe import Markup

from kpis.access.enforcement import OPEN_MODE
from kpis.access.recording import record_action
from kpis.errors import KpisError
from kpis.language import clock
from kpis.services.orders import ask_leader
from kpis.services.reading_outcome import describe_outcome
from kpis.services.refresh import refresh
from kpis.settings import Settings, load_settings
from kpis.store.opening import find_lake
from kpis.sync import sync
from kpis.sync.result import SyncResult
from kpis.ui.shared import guarded_buttons, html, states
from kpis.ui.shared.html import tag
from kpis.ui.shared.order_answers import wait_for_answer
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.progress_bars import show_progress
from kpis.ui.shared.viewer import get_viewer, require_right
from kpis.ui.shared.viewer_errors import explain_to_viewer

_RESULT_KEY = "kpis_read_result"


def render_read_button(view: PageView) -> None:
    """Draw the button for who may press it, its progress bar, and afterwards one sentence with the result."""
    if not get_viewer().may("read_again"):
        return
    if st.button(view.t("Read again now"), key=guarded_buttons.READ_AGAIN, type="primary"):
        st.session_state[_RESULT_KEY] = _read_and_summarize(view)
        st.rerun()
    if message := st.session_state.pop(_RESULT_KEY, None):
        html.show_markup(states.render_notices([states.render_notice(message)]))


def render_protection(view: PageView) -> Markup:
    """Return the line that says how a dashboard without a rights file is protected; empty where people sign in."""
    return tag("p", view.t(OPEN_MODE), class_="kpis kpis-quiet kpis-small") if get_viewer().person is None else Markup()


def _read_and_summarize(view: PageView) -> str:
    try:
        settings = load_settings(os.environ, read_only=True)
        if find_lake(settings) is not None:
            return wait_for_answer(_order_reading(settings), view)
        with show_progress(view.t("Reading the sources…")) as bar:

            def report_progress(done: int, total: int, _source: str) -> None:
                text = view.t("Reading source {n} of {all}…", n=min(done + 1, total), all=total)
                bar.progress(done / total if total else 1.0, text=text)

            return format_outcome(read_sources(report_progress), view)
    except KpisError as error:
        return explain_to_viewer(error, view)


def _order_reading(settings: Settings) -> str | None:
    """Ask the leader of the lake to read; return the id of the order."""
    viewer = require_right("read_again")
    record_action(settings, "read_again", viewer.name, clock.get_utc_now())
    return ask_leader(settings, "read_again", "", viewer.name)


def read_sources(report_progress: sync.SyncProgress) -> SyncResult:
    """Run one sync of the sources that the settings name."""
    viewer = require_right("read_again")
    settings = load_settings(os.environ, read_only=True)
    record_action(settings, "read_again", viewer.name, clock.get_utc_now())
    return refresh(settings, os.environ, clock.get_utc_now(), progress=report_progress)


def format_outcome(result: SyncResult, view: PageView) -> str:
    """Return one sentence with the result of a sync."""
    return describe_outcome(result).to_text(view.lang)
