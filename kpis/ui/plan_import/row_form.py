"""One row of a draft: its clause, the proposed values in fields to change, and the buttons that decide."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import streamlit as st
from markupsafe import Markup

from kpis import settings
from kpis.errors import KpisError
from kpis.plan_import.review.draft.decisions import find_faults
from kpis.plan_import.review.draft.fields import list_fields
from kpis.plan_import.review.draft.model import Decision, Draft, DraftRow, ReviewError
from kpis.plan_import.review.draft.offered import list_offered_agencies
from kpis.plan_import.review.draft.outdated import OutdatedError
from kpis.plan_import.review.draft.values import format_value
from kpis.ui.plan_import import session
from kpis.ui.plan_import.deciding import decide, name_decision
from kpis.ui.plan_import.field_widgets import read_entered, render_field
from kpis.ui.plan_import.places import format_place
from kpis.ui.plan_import.row_effect import render_effect
from kpis.ui.plan_import.row_navigation import find_next_undecided
from kpis.ui.plan_import.row_titles import DECISION_LABELS, format_row, name_row
from kpis.ui.shared import html, states
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import require_right
from kpis.ui.shared.viewer_errors import explain_to_viewer

_BUTTONS: Mapping[Decision, str] = {"accept": "Accept", "change": "Save the change", "drop": "Drop"}
_BUTTONS_IN_FORCE: Mapping[Decision, str] = {"accept": "Keep it", "change": "Save the change", "drop": "End it"}


def render_row_form(draft: Draft, row: DraftRow, view: PageView) -> None:
    """Draw a row with its fields and buttons."""
    html.show_markup(_render_clause(row, view))
    html.show_markup(render_effect(draft, row, view))
    html.show_markup(_render_faults(draft, row, view))
    offered = list_offered_agencies(draft)
    with st.form(key=f"kpis_import_form_{draft.id}_{row.id}_{row.revision}", border=True):
        fields = [item for item in list_fields(row) if item.role != "shown"]
        columns = st.columns(2) if len(fields) > 1 else [st.container()]
        for position, item in enumerate(fields):
            with columns[position % len(columns)]:
                render_field(draft, row, item, offered, view)
        with st.container(horizontal=True, key="kpis_import_buttons"):
            for decision, label in (_BUTTONS_IN_FORCE if row.role == "in_force" else _BUTTONS).items():
                if decision == "accept" and not _has_proposal(row):
                    continue
                st.form_submit_button(
                    view.t(label),
                    key=f"kpis_import_{decision}",
                    type="primary" if decision == "accept" else "secondary",
                    on_click=_decide,
                    args=(draft, row, decision, view),
                )
            if row.decision is not None:
                st.form_submit_button(
                    view.t("Undo the decision"),
                    key="kpis_import_undo",
                    type="tertiary",
                    on_click=_decide,
                    args=(draft, row, None, view),
                )
    session.show_messages("row")


def _has_proposal(row: DraftRow) -> bool:
    """True if there is something to accept; a number left over, an added row and what simply stays propose nothing."""
    is_unchanged = row.role == "in_force" and not row.needs_decision
    return row.kind != "number" and not row.is_added and bool(row.proposed) and not is_unchanged


def _decide(draft: Draft, row: DraftRow, decision: Decision | None, view: PageView) -> None:
    """Store a decision; whatever stands against it becomes a sentence, and the fields keep what was typed."""
    try:
        require_right("import_plan", draft.plan)
        entered = read_entered(draft, row, view) if decision is not None else {}
        decision = name_decision(row, decision, entered)
        new = decide(settings.get_register_folder(os.environ), draft, row.id, decision, entered)
    except OutdatedError as error:
        session.add_messages("row", [explain_to_viewer(error, view), *_list_typed(draft, row, decision, view)])
    except KpisError as error:
        session.add_messages("row", [f"{name_row(row, view)}: {explain_to_viewer(error, view)}"])
    else:
        stored = new.get_row(row.id)
        word = view.t(DECISION_LABELS[decision]) if decision else view.t("not decided")
        session.add_messages("row", [view.t("{row}: {decision}.", row=format_row(stored, view), decision=word)])
        following = find_next_undecided(new, stored)
        if decision is not None and following is not None:
            session.show_row(following)


def _list_typed(draft: Draft, row: DraftRow, decision: Decision | None, view: PageView) -> list[str]:
    """Return what the reviewer wanted, so that nothing typed is lost with the refusal."""
    try:
        entered = read_entered(draft, row, view)
    except ReviewError:
        entered = {}
    labels = {item.name: item for item in list_fields(row)}
    values = [
        f"{view.t(labels[name].label)}: {format_value(labels[name], text, view.lang)}"
        for name, text in entered.items()
        if text
    ]
    word = view.t(DECISION_LABELS[decision]) if decision else view.t("not decided")
    sentence = view.t("Your decision was not stored: {row}: {decision}.", row=name_row(row, view), decision=word)
    return [" ".join([sentence, *(f"{value};" for value in values)]).rstrip(";")]


def _render_clause(row: DraftRow, view: PageView) -> Markup:
    place = format_place(row.place, view.lang)
    heading = format_row(row, view) if row.kind == "header" else row.id
    parts = [tag("h2", heading)]
    if row.decision is not None:
        word = view.t("Decision so far: {decision}", decision=view.t(DECISION_LABELS[row.decision]))
        parts.append(tag("p", word, class_="kpis-small"))
    if row.kind == "header":
        parts.append(
            tag("p", view.t("From the head of the document, or for the reviewer to say."), class_="kpis-under")
        )
    elif row.quote:
        parts.append(tag("blockquote", row.quote, class_="kpis-clause", lang="vi"))
        parts.append(tag("p", place, class_="kpis-under"))
    else:
        sentence = view.t("Nothing is proposed here: fill in the fields, and copy the clause from the text.")
        parts.append(tag("p", sentence, class_="kpis-under"))
    read_only = [
        tag("p", f"{view.t(item.label)}: {row.proposed[item.name]}", class_="kpis-small")
        for item in list_fields(row)
        if item.role == "shown" and row.proposed.get(item.name)
    ]
    return tag("section", *parts, *read_only, class_="kpis", lang=view.lang)


def _render_faults(draft: Draft, row: DraftRow, view: PageView) -> Markup:
    """Return what still stands in the way of a row that is decided."""
    if row.decision is None:
        return Markup()
    return states.render_notices(
        [
            states.render_notice(line)
            for line in list_fault_lines(draft, view)
            if line.startswith(f"{name_row(row, view)} ")
        ]
    )


def list_fault_lines(draft: Draft, view: PageView) -> Sequence[str]:
    """Return every fault of a draft but those of undecided rows, which are counted: row, field, reason."""
    lines = []
    for fault in find_faults(draft):
        if fault.row.needs_decision and fault.row.decision is None:
            continue
        lines.append(format_fault(fault.row, fault.field_name, view.t(fault.text, **fault.values), view))
    return lines


def format_fault(row: DraftRow, field_name: str | None, reason: str, view: PageView) -> str:
    """Return a fault as a sentence: "CT003 · Cơ quan chủ trì: đang trống"."""
    label = next((view.t(item.label) for item in list_fields(row) if item.name == field_name), "")
    name = name_row(row, view)
    return f"{name} {f'· {label} ' if label not in {'', name} else ''}– {reason}"
