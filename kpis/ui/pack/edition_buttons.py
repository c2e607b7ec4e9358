"""The buttons that preview and seal the chosen week, with their progress and result."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from kpis.access.recording import record_action
from kpis.errors import KpisError
from kpis.language import clock
from kpis.pack.edition.claims import open_claims
from kpis.pack.edition.folders import Edition
from kpis.pack.edition.preview import render_preview
from kpis.pack.edition.progress_messages import OUTCOME_MESSAGES, STEP_MESSAGES
from kpis.pack.edition.sealing import EditionRequest, ProgressCallback, seal
from kpis.settings import load_settings
from kpis.store.shared_files import find_files
from kpis.ui.pack.selection import PackSelection
from kpis.ui.shared import data, guarded_buttons, html, states
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.progress_bars import show_progress
from kpis.ui.shared.viewer import get_viewer, require_right
from kpis.ui.shared.viewer_errors import explain_to_viewer

T = TypeVar("T")

_MESSAGE_KEY, _PREVIEW_KEY = "kpis_pack_message", "kpis_pack_preview_pages"


@dataclass(frozen=True)
class PackPreview:
    """A preview of a selection from one database version: its pages as PNG images."""

    selection: PackSelection
    version: int
    pages: tuple[bytes, ...]


def render_buttons(view: PageView, selection: PackSelection) -> None:
    """Draw the buttons where the viewer may seal. Sealing again changes nothing unless the figures changed."""
    if not get_viewer().may("seal", selection.plan):
        return
    with st.container(horizontal=True):
        preview_pressed = st.button(view.t("Preview"), key=guarded_buttons.PREVIEW)
        seal_pressed = st.button(view.t("Seal this edition"), key=guarded_buttons.SEAL, type="primary")
        if get_preview(selection):
            st.button(view.t("Close the preview"), key="kpis_pack_close", type="tertiary", on_click=_close_preview)
    if preview_pressed or seal_pressed:
        _close_preview()
        st.session_state[_MESSAGE_KEY] = _run_with_progress(
            view, _seal_edition if seal_pressed else _draw_preview, selection
        )
        st.rerun()
    if message := st.session_state.pop(_MESSAGE_KEY, None):
        html.show_markup(states.render_notices([states.render_notice(message)]))


def get_preview(selection: PackSelection) -> PackPreview | None:
    """Return this visitor's preview of this selection; None if there is none of the current version."""
    preview = st.session_state.get(_PREVIEW_KEY)
    version = data.get_current_database().version
    if isinstance(preview, PackPreview) and (preview.selection, preview.version) == (selection, version):
        return preview
    return None


def _close_preview() -> None:
    st.session_state.pop(_PREVIEW_KEY, None)


def _run_with_progress(
    view: PageView,
    action: Callable[[PageView, PackSelection, ProgressCallback], str],
    selection: PackSelection,
) -> str:
    """Run `action` with a progress bar; return its message, or that of its error."""
    with show_progress(view.t(STEP_MESSAGES["figures"])) as bar:

        def report_progress(done: int, total: int, step: str) -> None:
            bar.progress(done / total, text=view.t(STEP_MESSAGES.get(step, step)) if step else "")

        try:
            find_files(load_settings(os.environ, read_only=True)).require()
            return action(view, selection, report_progress)
        except KpisError as error:
            return explain_to_viewer(error, view)


def _build_order(view: PageView, selection: PackSelection) -> EditionRequest:
    person = get_viewer().name
    return EditionRequest(selection.week, selection.plan, selection.lang, clock.get_utc_now(), view.today, person)


def _draw_preview(view: PageView, selection: PackSelection, report_progress: ProgressCallback) -> str:
    require_right("preview", selection.plan)
    db = data.get_current_database().unscoped
    pages = render_preview(
        db, selection.pointer, _build_order(view, selection), selection.editions_folder, report_progress
    )
    st.session_state[_PREVIEW_KEY] = PackPreview(selection, db.version, pages)
    return ""


def _seal_edition(view: PageView, selection: PackSelection, report_progress: ProgressCallback) -> str:
    require_right("seal", selection.plan)
    sealed = seal(
        data.get_current_database().unscoped,
        selection.pointer,
        _build_order(view, selection),
        selection.editions_folder,
        report_progress,
        _record_sealing,
        open_claims(load_settings(os.environ, read_only=True), selection.editions_folder),
    )
    return view.t(OUTCOME_MESSAGES[sealed.outcome], edition=sealed.edition.name)


def _record_sealing(edition: Edition) -> None:
    viewer = require_right("seal", edition.plan)  # the right may have been taken away while it was drawn
    details = {"edition": edition.name, "scope": edition.scope, "fingerprint": edition.figures_sha256}
    record_action(load_settings(os.environ, read_only=True), "seal", viewer.name, clock.get_utc_now(), **details)
