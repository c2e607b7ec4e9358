""" "Đọc lại ngay": reads every source now, with its progress, as `python -m kpis sync` does."""

from __future__ import annotations

import os

import streamlit as st

from kpis.errors import KpisError
from kpis.language import clock
from kpis.language.messages import explain
from kpis.services.refresh import refresh
from kpis.settings import settings
from kpis.sync import sync
from kpis.sync.result import SyncResult
from kpis.ui.shared import html, states
from kpis.ui.shared.page_view import View

_SAID = "kpis_read_again"


def button(view: View) -> None:
    """The button, the bar while it reads, and afterwards one sentence on what came of it."""
    if st.button(view.t("Read again now"), key="kpis_read", type="primary"):
        bar = st.progress(0.0, text=view.t("Reading the sources…"))

        def told(done: int, whole: int, _source: str) -> None:
            said = view.t("Reading source {n} of {all}…", n=min(done + 1, whole), all=whole)
            bar.progress(done / whole if whole else 1.0, text=said)

        st.session_state[_SAID] = _read(told, view)
        st.rerun()
    said = st.session_state.pop(_SAID, None)
    if said:
        html.show(states.notices([states.notice(said)]))


def _read(told: sync.Progress, view: View) -> str:
    try:
        return outcome(read_again(told), view)
    except KpisError as error:
        return explain(error, view.lang)


def read_again(told: sync.Progress) -> SyncResult:
    """One sync of the sources that the settings name."""
    return refresh(settings(os.environ, to_read=True), os.environ, clock.utc_now(), progress=told)


def outcome(result: SyncResult, view: View) -> str:
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
