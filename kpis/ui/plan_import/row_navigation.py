"""What is undecided, counted at the top, and the way to each row."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from kpis.plan_import.review.draft.model import ROW_KINDS, Draft, DraftRow, RowKind
from kpis.ui.plan_import import session
from kpis.ui.plan_import.row_titles import KIND_LABELS, count_undecided, format_kind, format_row, list_shown_rows
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView


def render_navigation(draft: Draft, view: PageView) -> DraftRow:
    """Draw counts, the buttons and select boxes that lead to a row; return the row to show."""
    kinds = [kind for kind in ROW_KINDS if list_shown_rows(draft, kind)]
    if st.session_state.get(session.KIND_KEY) not in kinds:
        st.session_state[session.KIND_KEY] = "header"
    html.show_markup(_render_counts(draft, view))
    chosen = st.segmented_control(
        view.t("Part of the proposal"),
        kinds,
        format_func=lambda kind: format_kind(kind, draft, view),
        key=session.KIND_KEY,
        required=True,
        label_visibility="collapsed",
    )
    kind: RowKind = chosen or "header"
    rows = {row.id: row for row in list_shown_rows(draft, kind)}
    key = session.get_row_key(kind)
    if st.session_state.get(key) not in rows:
        undecided = (row.id for row in rows.values() if row.needs_decision and row.decision is None)
        st.session_state[key] = next(undecided, next(iter(rows)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        row_id = st.selectbox(
            view.t("Row"),
            list(rows),
            format_func=lambda row_id: format_row(rows[row_id], view),
            key=key,
            label_visibility="collapsed",
        )
        row = rows[row_id]
        following = find_next_undecided(draft, row)
        st.button(
            view.t("Next undecided row"),
            key="kpis_import_next",
            disabled=following is None,
            on_click=session.show_row,
            args=(following or row,),
        )
    return row


def find_next_undecided(draft: Draft, row: DraftRow) -> DraftRow | None:
    """Return the next row that needs a decision, after the last one from the beginning; None if there is no other."""
    position = next((number for number, other in enumerate(draft.rows) if other.id == row.id), 0)
    others = (*draft.rows[position + 1 :], *draft.rows[:position])
    return next((other for other in others if other.needs_decision and other.decision is None), None)


def _render_counts(draft: Draft, view: PageView) -> Markup:
    counts = count_undecided(draft)
    revision = view.t("revision {revision}", revision=draft.revision)
    if not counts:
        sentence = view.t("Every row is decided.")
    else:
        parts = ", ".join(f"{view.t(KIND_LABELS[kind])} {count}" for kind, count in counts.items())
        sentence = view.t("{n} rows are not decided yet: {parts}.", n=sum(counts.values()), parts=parts)
    return tag("p", tag("strong", sentence), f" ({revision})", class_="kpis", data_testid="kpis-undecided")
