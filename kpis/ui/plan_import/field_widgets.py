"""The widget of each field of a row, filled with the value so far, and what was typed as canonical texts."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpis.errors import UsageError
from kpis.plan_import.review.draft.decisions import is_needed
from kpis.plan_import.review.draft.fields import DraftField, list_fields
from kpis.plan_import.review.draft.model import CLEARED, Draft, DraftRow, ReviewError
from kpis.plan_import.review.draft.values import MAX_VALUE_LENGTH, format_value, parse_text
from kpis.ui.plan_import.deciding import FieldError
from kpis.ui.plan_import.session import get_widget_key
from kpis.ui.shared import html
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView

_LONG_FIELDS = frozenset(("title", "output", "clause", "reason"))
_LONG_TEXT_HEIGHT = 90
Raw = str | list[str] | None


def render_field(draft: Draft, row: DraftRow, item: DraftField, offered: Sequence[str], view: PageView) -> None:
    """Draw one field; below a changed value stands what was proposed.

    Every widget gets its start value as its default: a value that is only in the session state is not sent to the
    browser when a row is opened a second time, and its fields would be empty.
    """
    key = get_widget_key(draft, row, item.name)
    start = _get_start(row, item)
    label = view.t(item.label) + (" *" if item.is_required or is_needed(row, item) else "")
    match item.type:
        case "choice":
            codes = [None, *item.choices]
            st.selectbox(
                label, codes, _find_index(codes, start), format_func=lambda code: _name_choice(item, code, view),
                key=key, placeholder="–",
            )  # fmt: skip
        case "agency":
            names = [None, *dict.fromkeys([*([str(start)] if start else []), *offered])]
            st.selectbox(
                label, names, _find_index(names, start), key=key, format_func=lambda name: name or "–",
                accept_new_options=True, placeholder="–",
            )  # fmt: skip
        case "agencies":
            names = list(dict.fromkeys([*(start or ()), *offered]))
            st.multiselect(label, names, start, key=key, accept_new_options=True, placeholder="–")
        case "members":
            codes = list(dict.fromkeys([*item.choices, *(start or ()), *offered]))
            st.multiselect(
                label, codes, start, key=key, accept_new_options=True, placeholder="–",
                format_func=lambda code: _name_choice(item, code, view),
            )  # fmt: skip
        case "row" if item.name == "amends":
            entries = {entry.id: entry for entry in draft.list_rows(row.kind) if entry.role == "in_force"}
            names = [None, *dict.fromkeys([*([str(start)] if start else []), *entries])]
            st.selectbox(
                label, names, _find_index(names, start), key=key,
                format_func=lambda code: _name_entry(entries.get(code or ""), code), placeholder="–",
            )  # fmt: skip
        case "text" if item.name in _LONG_FIELDS:
            st.text_area(label, str(start or ""), key=key, height=_LONG_TEXT_HEIGHT, max_chars=_limit(start))
        case _:
            st.text_input(label, str(start or ""), key=key, max_chars=_limit(start))
    proposed = row.proposed.get(item.name, "")
    if item.role != "reviewer" and row.entered.get(item.name) and proposed:
        note = view.t("Proposed: {value}", value=format_value(item, proposed, view.lang))
        html.show_markup(tag("p", note, class_="kpis kpis-under"))


def read_entered(draft: Draft, row: DraftRow, view: PageView) -> dict[str, str]:  # noqa: ARG001
    """Return what differs from the proposal, by field; CLEARED for a value that was emptied. Raises ReviewError."""
    entered = {}
    for item in list_fields(row):
        key = get_widget_key(draft, row, item.name)
        if item.role == "shown" or key not in st.session_state:
            continue
        raw: Raw = st.session_state[key]
        if raw == _get_start(row, item):
            entered[item.name] = row.entered.get(item.name, "")
            continue
        proposed = row.proposed.get(item.name, "")
        value = _parse(item, raw)
        if value == proposed:
            value = ""
        elif not value and proposed:
            value = CLEARED
        entered[item.name] = value
    return {name: text for name, text in entered.items() if text}


def _get_start(row: DraftRow, item: DraftField) -> Raw:
    """Return the value of a field so far as its widget holds it."""
    value = row.get_value(item.name)
    match item.type:
        case "choice" | "agency":
            return value or None
        case "row" if item.name == "amends":
            return value or None
        case "agencies" | "members":
            return [part for part in value.split("; ") if part]
        case _:
            return format_value(item, value, "vi")


def _find_index(options: Sequence[str | None], start: Raw) -> int:
    """Return where the value so far stands among the options; the empty one comes first."""
    return options.index(start) if isinstance(start, str) and start in options else 0


def _parse(item: DraftField, raw: Raw) -> str:
    text = "; ".join(raw) if isinstance(raw, list) else raw or ""
    try:
        return parse_text(item, text)
    except ReviewError as error:
        raise FieldError(item.label, UsageError(error.text, **error.values)) from error


def _name_choice(item: DraftField, code: str | None, view: PageView) -> str:
    if code is None:
        return "–"
    return view.t(item.choices[code]) if code in item.choices else code


def _name_entry(entry: DraftRow | None, code: str | None) -> str:
    return f"{entry.id} · {entry.get_value('title')}" if entry else code or "–"


def _limit(start: Raw) -> int:
    """Return how long a value may be; a proposal that is longer may stay as it is."""
    return max(MAX_VALUE_LENGTH, len(start or ""))
