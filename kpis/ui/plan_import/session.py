"""What one reader's visit keeps of a review: the draft and row shown, sentences for the next run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import streamlit as st

from kpis.plan_import.review.draft.model import Draft, DraftRow
from kpis.ui.shared import html, states
from kpis.ui.shared.html import tag

MessageSpot = Literal["page", "row", "acceptance"]

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
    """Set the select box of drafts, before it is drawn, to the draft to show: at first the first one.

    Once the shown draft is accepted or discarded no other takes its place until the reader chooses one.
    """
    wanted = st.session_state.pop(_PENDING_KEY, st.session_state.get(DRAFT_KEY, plans[0]))
    st.session_state[DRAFT_KEY] = wanted if wanted in plans else None


def add_messages(spot: MessageSpot, messages: Iterable[str]) -> None:
    """Keep sentences for the next run, to be shown where the reader looks."""
    by_spot = st.session_state.setdefault(_MESSAGES_KEY, {})
    by_spot[spot] = [*by_spot.get(spot, ()), *messages]


def show_messages(spot: MessageSpot) -> None:
    """Show the sentences of a spot, once; they are plain text. The page scrolls to those at its top."""
    messages = st.session_state.get(_MESSAGES_KEY, {}).pop(spot, ())
    notices = states.render_notices([states.render_notice(message) for message in messages])
    html.show_markup(tag("div", notices, class_="kpis-outcome") if notices and spot == "page" else notices)


def get_upload_key(name: str) -> str:
    """Return the key of an upload; it changes once a file was used, so that the server frees the file."""
    return f"kpis_import_{name}_{st.session_state.get(_UPLOADS_KEY, 0)}"


def release_uploads() -> None:
    """Let go of every uploaded file."""
    st.session_state[_UPLOADS_KEY] = st.session_state.get(_UPLOADS_KEY, 0) + 1


def get_widget_key(draft: Draft, row: DraftRow, name: str) -> str:
    """Return the key of a field's widget: once somebody has decided on the row, it starts with those values."""
    return f"kpis_import_field_{draft.id}_{row.id}_{row.revision}_{name}"
