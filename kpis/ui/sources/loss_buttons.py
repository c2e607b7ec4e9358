"""The button under a source that is held back: accept that most of its rows are gone, for this one reading."""

from __future__ import annotations

import os
from collections.abc import Mapping

import streamlit as st

from kpis.access.recording import record_action
from kpis.errors import KpisError
from kpis.language import clock
from kpis.services.orders import ask_leader, describe_loss
from kpis.services.reading_outcome import describe_acceptance
from kpis.services.refresh import refresh
from kpis.settings import load_settings
from kpis.store.database import Database
from kpis.store.opening import find_lake
from kpis.sync.state import SourceState, read_states
from kpis.sync.status import SourceStatus, list_source_statuses
from kpis.ui.shared import guarded_buttons, html, states
from kpis.ui.shared.order_answers import wait_for_answer
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.progress_bars import show_progress
from kpis.ui.shared.viewer import get_viewer, require_right
from kpis.ui.shared.viewer_errors import explain_to_viewer

_RESULT_KEY = "kpis_loss_result"


def render_loss_buttons(db: Database, view: PageView) -> None:
    """Draw a button for each source that is held back and whose loss the viewer may accept, and the last result."""
    sources = [status for status in list_held_sources(db, view) if get_viewer().may("accept_shrink", status.plan)]
    for status in sources:
        label = view.t("Accept the loss of “{subject}”", subject=status.id)
        if st.button(label, key=f"{guarded_buttons.LOSS_PREFIX}{status.id}"):
            st.session_state[_RESULT_KEY] = accept_loss(status, read_states(db), view)
            st.rerun()
    if message := st.session_state.pop(_RESULT_KEY, None):
        html.show_markup(states.render_notices([states.render_notice(message)]))


def list_held_sources(db: Database, view: PageView) -> list[SourceStatus]:
    """Return the sources of the view that the last reading held back."""
    statuses = list_source_statuses(db, db.pointer, clock.get_end_of_day(view.today))
    return [
        status
        for status in statuses
        if view.filters.plan in (None, status.plan)
        and status.configured
        and status.last_attempt is not None
        and status.last_attempt.result.outcome == "held"
    ]


def accept_loss(status: SourceStatus, states_seen: Mapping[str, SourceState], view: PageView) -> str:
    """Accept what a source lost, and return one sentence about it; `states_seen` are those that the page shows."""
    try:
        viewer = require_right("accept_shrink", status.plan)
        settings, now = load_settings(os.environ, read_only=True), clock.get_utc_now()
        record_action(settings, "accept_shrink", viewer.name, now, source=status.id, plan=status.plan)
        if find_lake(settings) is not None:
            details = describe_loss(states_seen.get(status.id))
            return wait_for_answer(ask_leader(settings, "accept_shrink", status.id, viewer.name, **details), view)
        with show_progress(view.t("Reading the sources…")):
            # Reading takes a while, in which the right may have been taken away.
            result = refresh(
                settings, os.environ, now,
                accept_shrink={status.id: viewer.name},
                check_right=lambda: require_right("accept_shrink", status.plan),
            )  # fmt: skip
        return describe_acceptance(result, status.id).to_text(view.lang)
    except KpisError as error:
        return explain_to_viewer(error, view)
