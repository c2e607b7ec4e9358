"""What a leader or the focal department does with a request: extend, withdraw, return, accept, write it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from kpis.errors import KpisError
from kpis.measures.explanations import Explanation, find_open_ids
from kpis.requests import asking
from kpis.requests.asking import Asker, IsOpen
from kpis.requests.model import LedgerRequest
from kpis.ui.explanations.asker import require_asker
from kpis.ui.explanations.explanation_list import get_title, list_explanations
from kpis.ui.shared import data, guarded_buttons, html, states
from kpis.ui.shared.choice_fields import choose_option
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import get_viewer
from kpis.ui.shared.viewer_errors import explain_to_viewer
from kpis.wording import explanation_sentences as sentences

_RESULT_KEY = "kpis_request_changed"
_KEY = guarded_buttons.REQUEST_PREFIX

Change = Callable[[Asker, IsOpen], LedgerRequest]


def show_request_actions(view: PageView) -> None:
    """Draw the actions for who may, and the result of the last one; nothing while there is no request."""
    if not get_viewer().may("request", view.filters.plan):
        return
    if message := st.session_state.pop(_RESULT_KEY, None):
        html.show_markup(states.render_notices([states.render_notice(message)]))
    items = [item for item in data.call_cached_by_ledger(data.get_row_database(), list_explanations, view)
             if item.origin == "ledger" and item.state in ("late", "open", "answered")]  # fmt: skip
    if items:
        with st.expander(view.t("Extend, withdraw, return or accept")):
            _render_actions(items, view)


@st.fragment
def _render_actions(items: list[Explanation], view: PageView) -> None:
    number = choose_option(
        view, view.t("Request"), range(len(items)), lambda at: _format_choice(items[at], view), key=f"{_KEY}which"
    )
    item = items[number or 0]
    reason = st.text_input(view.t("Reason"), key=f"{_KEY}reason", max_chars=500)
    due_on = st.date_input(
        view.t("To be answered by"), value=max(item.due_on or view.today, view.today), min_value=view.today,
        format="DD/MM/YYYY", key=f"{_KEY}until_{item.id}",
    )  # fmt: skip
    day = due_on if isinstance(due_on, date) else view.today
    changes: list[tuple[str, str, Change]] = []
    if item.is_open:
        changes.append(("extend", "Extend", lambda asker, is_open: asking.extend(asker, item.id, day, is_open)))
    elif item.accepted_on is None:
        changes.append(("accept", "Accept the answer", lambda asker, is_open: asking.accept(asker, item.id, is_open)))
    if not item.is_open:
        changes.append(
            ("return", "Return the answer",
             lambda asker, is_open: asking.return_answer(asker, item.id, reason, day, is_open))
        )  # fmt: skip
    if item.accepted_on is None:
        changes.append(("withdraw", "Withdraw", lambda asker, _: asking.withdraw(asker, item.id, reason)))
    if item.is_open and item.sheet_state == "deleted":
        changes.append(("again", "Write it again", lambda asker, _: asking.write_again(asker, item.id)))
    with st.container(horizontal=True):
        pressed = [change for name, label, change in changes if st.button(view.t(label), key=f"{_KEY}{name}")]
    if pressed:
        st.session_state[_RESULT_KEY] = _apply(pressed[0], item, view)
        st.rerun()


def _format_choice(item: Explanation, view: PageView) -> str:
    parts = (item.id, item.agency, get_title(item, view), sentences.format_state(item, view.lang))
    return " · ".join(parts)


def _apply(change: Change, item: Explanation, view: PageView) -> str:
    """Do it, and return what became of it as a sentence."""
    try:
        asker = require_asker(view, item.plan)
        open_ids = find_open_ids(data.get_current_database(), view.today)
        change(asker, lambda request: request.id in open_ids)
    except KpisError as error:
        return explain_to_viewer(error, view)
    return view.t("{id}: done.", id=item.id)
