"""The button that discards the shown draft; it has to be confirmed."""

from __future__ import annotations

import os

import streamlit as st

from kpis import settings
from kpis.errors import KpisError
from kpis.language import clock
from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.versions.discarding import discard_draft
from kpis.services.plan_orders import order_discarding
from kpis.ui.plan_import import session
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.order_answers import wait_for_answer
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import require_right
from kpis.ui.shared.viewer_errors import explain_to_viewer


def render_discard(draft: Draft, view: PageView) -> None:
    """Draw what discarding means for this draft, the confirmation and the button."""
    with st.expander(view.t("Discard this draft")):
        decided = sum(row.decision is not None for row in draft.rows)
        sentence = view.t(
            "The review of {file} ends without a plan; {n} decided rows are lost for it. No plan that is in force "
            "changes, and the document can be imported again.",
            file=draft.file_name, n=decided,
        )  # fmt: skip
        html.show_markup(tag("p", sentence, class_="kpis kpis-small", lang=view.lang))
        # Of one revision: a decision made in the meantime asks once more.
        key = f"kpis_import_discard_sure_{draft.id}_{draft.revision}"
        is_sure = st.checkbox(view.t("Yes, discard the draft of “{plan}”", plan=draft.plan), key=key)
        if st.button(view.t("Discard the draft"), key="kpis_import_discard", disabled=not is_sure):
            _discard(draft, view)
            st.rerun()


def _discard(draft: Draft, view: PageView) -> None:
    try:
        person = require_right("import_plan", draft.plan).name
        run_settings = settings.load_settings(os.environ, read_only=True)
        register = settings.get_register_folder(os.environ)
        order = order_discarding(run_settings, draft, person)
        if order is None:
            discard_draft(register, draft, run_settings, person, clock.get_utc_now())
    except KpisError as error:
        session.add_messages("page", [explain_to_viewer(error, view), view.t("The draft was not discarded.")])
        return
    if order is not None:
        session.add_messages("page", [wait_for_answer(order, view)])
        return
    text = "The draft of “{plan}” from {file} is discarded. No plan was changed."
    session.add_messages("page", [view.t(text, plan=draft.plan, file=draft.file_name)])
