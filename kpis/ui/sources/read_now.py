""" "Đọc lại ngay": reads every source now, with its progress, as `python -m kpis sync` does."""

from __future__ import annotations

import os

import streamlit as st

from kpis.errors import KpisError
from kpis.language import clock
from kpis.language.messages import explain
from kpis.services.refresh import refresh
from kpis.settings import load_settings
from kpis.sync import sync
from kpis.sync.result import SyncResult
from kpis.ui.shared import html, states
from kpis.ui.shared.page_view import PageView

_RESULT_KEY = "kpis_read_again"


def render_read_button(view: PageView) -> None:
    """The button, the bar while it reads, and afterwards one sentence on what came of it."""
    if st.button(view.t("Read again now"), key="kpis_read", type="primary"):
        bar = st.progress(0.0, text=view.t("Reading the sources…"))

        def report_progress(done: int, total: int, _source: str) -> None:
            said = view.t("Reading source {n} of {all}…", n=min(done + 1, total), all=total)
            bar.progress(done / total if total else 1.0, text=said)

        st.session_state[_RESULT_KEY] = _read_and_summarize(report_progress, view)
        st.rerun()
    said = st.session_state.pop(_RESULT_KEY, None)
    if said:
        html.show_markup(states.render_notices([states.render_notice(said)]))


def _read_and_summarize(report_progress: sync.SyncProgress, view: PageView) -> str:
    try:
        return format_outcome(read_sources(report_progress), view)
    except KpisError as error:
        return explain(error, view.lang)


def read_sources(report_progress: sync.SyncProgress) -> SyncResult:
    """One sync of the sources that the settings name."""
    return refresh(
        load_settings(os.environ, read_only=True), os.environ, clock.get_utc_now(), progress=report_progress
    )


def format_outcome(result: SyncResult, view: PageView) -> str:
    """One sentence on what came of a reading."""
    if result.running:
        return view.t("Another reading is under way; its figures appear here by themselves.")
    bad = sum(source.outcome in ("failed", "held") for source in result.sources)
    if bad:
        return view.t(
            "{n} of {all} sources could not be taken; figures taken of them before, if any, stay. "
            "See below what to do.",
            n=bad,
            all=len(result.sources),
        )
    if not result.published:
        return view.t("All sources were read; nothing has changed.")
    return view.t("All sources were read; the figures are new.")
