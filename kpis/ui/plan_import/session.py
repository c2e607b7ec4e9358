"""What one reader's visit keeps of a review: the draft and row shown, sentences for the next run."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from kpis.plan_import.review.draft.model import Draft, DraftRow

DRAFT_KEY = "kpis_import_draft"
KIND_KEY = "kpis_import_kind"
_MESSAGES_KEY = "kpis_import_messages"
_PENDING_KEY = "kpis_import_pending"
_UPLOADS_KEY = "kpis_import_uploads"


def get_row_key(kind: str) -> str:
    """Return the key of the select box of the rows of a kind."""
    return f"kpis_import_row_{kind}"


def show_row(row: DraftRow) -> None:
    """Show a row in the next run; only for callbacks, which run before the widgets are drawn."""
    st.session_state[KIND_KEY] = row.kind
    st.session_state[get_row_key(row.kind)] = row.id


def open_draft(plan: str) -> None:
    """Show the draft of a plan in the next run."""
    st.session_state[_PENDING_KEY] = plan


def choose_draft(plans: list[str]) -> None:
    """Set the select box of drafts, before it is drawn, to the draft to show: the first one without a choice."""
    wanted = st.session_state.pop(_PENDING_KEY, st.session_state.get(DRAFT_KEY))
    st.session_state[DRAFT_KEY] = wanted if wanted in plans else plans[0]


def add_messages(messages: Iterable[str]) -> None:
    """Keep sentences for the top of the page of the next run."""
    st.session_state[_MESSAGES_KEY] = [*st.session_state.get(_MESSAGES_KEY, ()), *messages]


def take_messages() -> list[str]:
    """Return the sentences to show, each once."""
    return list(st.session_state.pop(_MESSAGES_KEY, ()))


def get_upload_key(name: str) -> str:
    """Return the key of an upload; it changes once a file was used, so that the server frees the file."""
    return f"kpis_import_{name}_{st.session_state.get(_UPLOADS_KEY, 0)}"


def release_uploads() -> None:
    """Let go of every uploaded file."""
    st.session_state[_UPLOADS_KEY] = st.session_state.get(_UPLOADS_KEY, 0) + 1


def get_widget_key(draft: Draft, row: DraftRow, name: str) -> str:
    """Return the key of a field's widget: once somebody has decided on the row, it starts with those values."""
    return f"kpis_import_field_{draft.id}_{row.id}_{row.revision}_{name}"
