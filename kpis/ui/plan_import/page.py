"""The page Nhập kế hoạch: uploads, the open drafts, the text of a draft beside the proposal, accepting."""

from __future__ import annotations

import os

import streamlit as st

from kpis import settings
from kpis.errors import KpisError
from kpis.plan_import.review.draft.model import Draft
from kpis.ui.plan_import import session
from kpis.ui.plan_import.acceptance_section import render_acceptance
from kpis.ui.plan_import.bulk_section import render_bulk
from kpis.ui.plan_import.correction_section import render_corrections
from kpis.ui.plan_import.discard_section import render_discard
from kpis.ui.plan_import.document_text import render_document_text
from kpis.ui.plan_import.open_drafts import OpenDrafts, find_open_drafts
from kpis.ui.plan_import.paper_draft import render_paper_draft
from kpis.ui.plan_import.row_form import render_row_form
from kpis.ui.plan_import.row_navigation import render_navigation
from kpis.ui.plan_import.upload_form import render_upload_form
from kpis.ui.plan_import.workbook_section import render_workbook
from kpis.ui.shared import html, states
from kpis.ui.shared.first_steps import find_setup_state, render_first_steps
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import get_viewer
from kpis.ui.shared.viewer_errors import explain_to_viewer

_WIDTHS = (11, 9)
"""Of the document's text and the proposal."""


def render_plan_import(view: PageView) -> None:
    """Draw the page. A draft that cannot be read is named, and the others stay usable."""
    register = settings.get_register_folder(os.environ)
    session.show_messages("page")
    open_drafts = find_open_drafts(register, get_viewer())
    damaged = [states.render_notice(explain_to_viewer(error, view)) for error in open_drafts.errors]
    html.show_markup(states.render_notices(damaged))
    draft = _choose_draft(open_drafts, view)
    if draft is not None:
        try:
            _render_draft(draft, open_drafts.corrected.get(draft.plan), view)
        except KpisError as error:
            html.show_markup(states.render_failure(explain_to_viewer(error, view), view.lang))
    html.show_markup(render_paper_draft(draft, view))
    with st.expander(view.t("Import a document"), expanded=draft is None):
        render_upload_form(view, register)
    render_corrections(view, register)
    state = find_setup_state(os.environ, get_viewer())
    if state.needs_steps:
        html.show_markup(render_first_steps(state, view, was_read=False))


def _choose_draft(open_drafts: OpenDrafts, view: PageView) -> Draft | None:
    """Return the chosen draft; None without any, or while none is chosen."""
    if not open_drafts.drafts:
        return None
    ids = list(open_drafts.drafts)
    session.choose_draft(ids)

    def format_option(plan: str) -> str:
        draft = open_drafts.drafts[plan]
        values = {"plan": plan, "place": draft.get_row("header.place").get_value("value"), "file": draft.file_name}
        sentence = view.t("{plan} · {place} · {file}", **values)
        if plan in open_drafts.corrected:
            return f"{sentence} · {view.t('corrects version {number}', number=open_drafts.corrected[plan])}"
        return sentence if draft.mode == "new" else f"{sentence} · {view.t('amendment')}"

    plan = st.selectbox(
        view.t("Drafts under review"), ids, None, format_option, key=session.DRAFT_KEY,
        placeholder=view.t("Choose a draft"),
    )  # fmt: skip
    return open_drafts.drafts.get(plan) if plan is not None else None


def _render_draft(draft: Draft, corrects: int | None, view: PageView) -> None:
    row = render_navigation(draft, view)
    render_bulk(draft, row.kind, view)
    text, proposal = st.columns(_WIDTHS, gap="medium")
    with text:
        html.show_markup(render_document_text(draft, row, view))
    with proposal:
        render_row_form(draft, row, view)
    with st.container(horizontal=False):
        render_workbook(draft, view)
        render_acceptance(draft, corrects, view)
        render_discard(draft, view)
