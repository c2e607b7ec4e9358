"""The button that accepts the plan, with everything that stands in the way."""

from __future__ import annotations

import os

import streamlit as st
from markupsafe import Markup

from kpis.errors import KpisError
from kpis.language import clock
from kpis.plan_import.review.draft.model import Draft
from kpis.plan_import.review.versions.version_sentences import describe_acceptance
from kpis.ui.plan_import import session
from kpis.ui.plan_import.acceptance_choices import render_choices
from kpis.ui.plan_import.accepting import AcceptanceChoices, AcceptedPlan, accept_draft
from kpis.ui.plan_import.register_faults import list_register_faults
from kpis.ui.plan_import.row_form import format_fault, list_fault_lines
from kpis.ui.plan_import.sentences import explain_to_viewer
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import require_right

_MAX_LISTED = 50
_FAULTS_KEY = "kpis_import_faults"


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
    items = [tag("li", line) for line in lines[:_MAX_LISTED]]
    if len(lines) > _MAX_LISTED:
        items.append(tag("li", view.t("… and {n} more.", n=len(lines) - _MAX_LISTED)))
    obstacles = tag("ul", *items, class_="kpis-obstacles")
    return tag("section", heading, tag("p", view.t("In the way:")), obstacles, class_="kpis", lang=view.lang)


def _accept(draft: Draft, view: PageView, choices: AcceptanceChoices) -> None:
    try:
        reviewer = require_right("import_plan", draft.plan).name
        outcome = accept_draft(draft, reviewer, os.environ, clock.get_utc_now(), choices)
    except KpisError as error:
        sentences = [explain_to_viewer(error, view), view.t("Not accepted; the register is as it was.")]
        session.add_messages("acceptance", sentences)
        return
    lines = _list_obstacles(draft, outcome, view)
    if lines:
        st.session_state[_FAULTS_KEY] = (draft.id, draft.revision, lines)
        sentence = view.t("Not accepted: {n} things to settle, listed above. The register is as it was.", n=len(lines))
        session.add_messages("acceptance", [sentence])
        return
    session.add_messages("page", _list_results(outcome, view))


def _list_obstacles(draft: Draft, outcome: AcceptedPlan, view: PageView) -> list[str]:
    """Return what was refused, each with the row that it is about."""
    if outcome.register_error is not None:
        return list_register_faults(outcome.register_error, outcome.rows_by_id, draft, view)
    return [
        format_fault(fault.row, fault.field_name, view.t(fault.text, **fault.values), view) for fault in outcome.faults
    ]


def _list_results(outcome: AcceptedPlan, view: PageView) -> list[str]:
    if outcome.facts is None:
        return []
    carried = [
        view.t(
            "{row} “{title}” is kept in the plan's words and not judged: {reason}.",
            row=row.id, title=row.get_value("title"), reason=view.t(reason),
        )
        for row, reason in outcome.carried
    ]  # fmt: skip
    return [describe_acceptance(outcome.facts, outcome.targets, outcome.tasks, view.lang), *carried]
