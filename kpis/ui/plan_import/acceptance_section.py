"""The button that accepts the plan, with everything that stands in the way."""

from __future__ import annotations

import os
from functools import partial

import streamlit as st
from markupsafe import Markup

from kpis.errors import KpisError
from kpis.language import clock
from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.versions.carried import describe_carried, list_carried
from kpis.plan_import.review.versions.closed_entries import describe_closed
from kpis.plan_import.review.versions.version_sentences import describe_acceptance
from kpis.services.plan_acceptance import AcceptanceChoices, AcceptedPlan, accept_draft, check_draft
from kpis.services.plan_orders import order_acceptance
from kpis.settings import load_settings
from kpis.store.opening import find_lake
from kpis.ui.plan_import import session
from kpis.ui.plan_import.acceptance_choices import render_choices
from kpis.ui.plan_import.acceptance_lists import render_acceptance_list
from kpis.ui.plan_import.register_faults import list_register_faults
from kpis.ui.plan_import.row_form import format_fault, list_fault_lines
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.order_answers import wait_for_answer
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import require_right
from kpis.ui.shared.viewer_errors import explain_to_viewer

_FAULTS_KEY = "kpis_import_faults"
_MAX_RESULTS = 8
"""What was listed before the acceptance is repeated up to so many lines."""


def render_acceptance(draft: Draft, corrects: int | None, view: PageView) -> None:
    """Draw what stands in the way, and the button; it asks for the draft as it is shown.

    `corrects`: the version whose review was opened again.
    """
    undecided = draft.count_undecided()
    lines = [*list_fault_lines(draft, view)]
    stored = st.session_state.get(_FAULTS_KEY)
    if stored and stored[:2] == (draft.id, draft.revision):
        lines += [line for line in stored[2] if line not in lines]
    if undecided:
        lines.insert(0, view.t("{n} rows are not decided yet.", n=undecided))
    html.show_markup(_render_obstacles(lines, view))
    html.show_markup(_render_carried(draft, view))
    choices = render_choices(draft, corrects, view)
    session.show_messages("acceptance")
    label = "Accept the plan" if draft.mode == "new" and corrects is None else "Accept as the next version"
    if st.button(view.t(label), type="primary", key="kpis_import_accept_plan"):
        _accept(draft, view, choices)
        st.rerun()


def _render_obstacles(lines: list[str], view: PageView) -> Markup:
    heading = tag("h2", view.t("Acceptance"))
    if not lines:
        sentence = view.t("Nothing stands in the way of accepting the plan.")
        return tag("section", heading, tag("p", sentence), class_="kpis", lang=view.lang)
    obstacles = render_acceptance_list(view.t("In the way:"), lines, view)
    return tag("section", heading, obstacles, class_="kpis", lang=view.lang)


def _render_carried(draft: Draft, view: PageView) -> Markup:
    """Return what would not be judged, with what to change; nothing if every decided target is judged."""
    sentences = [describe_carried(target, view.lang) for target in list_carried(draft)]
    return render_acceptance_list(view.t("As decided so far, these would not be judged:"), sentences, view)


def _accept(draft: Draft, view: PageView, choices: AcceptanceChoices) -> None:
    try:
        reviewer = require_right("import_plan", draft.plan).name
        settings, now = load_settings(os.environ, read_only=True), clock.get_utc_now()
        if find_lake(settings) is None:
            require_still = partial(require_right, "import_plan", draft.plan)
            outcome = accept_draft(draft, reviewer, os.environ, now, choices, require_still)
        else:
            outcome = check_draft(draft, reviewer, os.environ, now, choices)
        lines = _list_obstacles(draft, outcome, view)
        answers = []
        if find_lake(settings) is not None and not lines:
            answers.append(wait_for_answer(order_acceptance(settings, draft, reviewer, choices), view))
    except KpisError as error:
        sentences = [explain_to_viewer(error, view), view.t("Not accepted; the register is as it was.")]
        session.add_messages("acceptance", sentences)
        return
    if lines:
        st.session_state[_FAULTS_KEY] = (draft.id, draft.revision, lines)
        sentence = view.t("Not accepted: {n} things to settle, listed above. The register is as it was.", n=len(lines))
        session.add_messages("acceptance", [sentence])
        return
    session.add_messages("page", [*answers, *_list_results(outcome, view)])


def _list_obstacles(draft: Draft, outcome: AcceptedPlan, view: PageView) -> list[str]:
    """Return what was refused, each with the row that it is about."""
    if outcome.register_error is not None:
        return list_register_faults(outcome.register_error, outcome.rows_by_id, draft, view)
    return [
        format_fault(fault.row, fault.field_name, view.t(fault.text, **fault.values), view) for fault in outcome.faults
    ]


def _list_results(outcome: AcceptedPlan, view: PageView) -> list[str]:
    lines = [
        *(describe_carried(target, view.lang) for target in outcome.carried),
        *(describe_closed(entry, view.lang) for entry in outcome.closed),
    ]
    more = [view.t("… and {n} more.", n=len(lines) - _MAX_RESULTS)] if len(lines) > _MAX_RESULTS else []
    facts = outcome.facts
    accepted = [] if facts is None else [describe_acceptance(facts, outcome.targets, outcome.tasks, view.lang)]
    return [*accepted, *lines[:_MAX_RESULTS], *more]
