"""The button that accepts all undecided rows of a part in which nothing is missing and nothing is doubtful."""

from __future__ import annotations

import os

import streamlit as st

from kpis import settings
from kpis.errors import KpisError
from kpis.plan_import.review.draft.acceptable import list_acceptable
from kpis.plan_import.review.draft.fields import list_fields
from kpis.plan_import.review.draft.model import Draft, DraftRow, RowKind
from kpis.plan_import.review.draft.offered import list_offered_agencies
from kpis.ui.plan_import import session
from kpis.ui.plan_import.deciding import accept_rows
from kpis.ui.plan_import.row_titles import KIND_LABELS, name_row
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import require_right
from kpis.ui.shared.viewer_errors import explain_to_viewer

_MAX_LISTED = 12


def render_bulk(draft: Draft, kind: RowKind, view: PageView) -> None:
    """Draw the button with how many rows it accepts, of promises with the lead for those that lack one."""
    undecided = [row for row in draft.list_rows(kind) if row.needs_decision and row.decision is None]
    if len(undecided) < 2 or kind == "number":
        return
    with st.expander(view.t("Accept several rows at once")):
        lead = _render_lead(draft, view) if _has_lead(undecided[0]) else ""
        count = len(list_acceptable(draft, kind, lead))
        part = view.t(KIND_LABELS[kind])
        st.button(
            view.t("Accept {n} of {all} undecided rows: {part}", n=count, all=len(undecided), part=part),
            key="kpis_import_bulk",
            disabled=not count,
            on_click=_accept_all,
            args=(draft, kind, lead, view),
        )
        note = view.t("Rows in which something is missing or doubtful stay for you to decide one by one.")
        html.show_markup(tag("p", note, class_="kpis kpis-under", lang=view.lang))


def _has_lead(row: DraftRow) -> bool:
    return any(item.name == "lead" for item in list_fields(row))


def _render_lead(draft: Draft, view: PageView) -> str:
    key = f"kpis_import_bulk_lead_{draft.id}"
    label = view.t("Lead agency of the rows that have none")
    chosen: str | None = st.selectbox(label, list_offered_agencies(draft), index=None, key=key, placeholder="–")
    return chosen or ""


def _accept_all(draft: Draft, kind: RowKind, lead: str, view: PageView) -> None:
    try:
        require_right("import_plan", draft.plan)
        rows = accept_rows(settings.get_register_folder(os.environ), draft, kind, lead)
    except KpisError as error:
        session.add_messages("page", [explain_to_viewer(error, view)])
        return
    codes = ", ".join(name_row(row, view) for row in rows[:_MAX_LISTED]) + (" …" if len(rows) > _MAX_LISTED else "")
    text = "{n} rows are taken as proposed: {rows}. To undo one, open it and decide again."
    session.add_messages("page", [view.t(text, n=len(rows), rows=codes)])
