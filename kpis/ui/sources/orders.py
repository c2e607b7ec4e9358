"""What was asked of the leader of a lake on this or another machine, and its answers."""

from __future__ import annotations

import os
from datetime import timedelta

from markupsafe import Markup

from kpis.errors import StoreError
from kpis.language import clock, formatting
from kpis.settings import load_settings
from kpis.store.orders import Order, read_orders
from kpis.ui.shared import states
from kpis.ui.shared.order_answers import format_answer, format_wait
from kpis.ui.shared.page_view import PageView

_SHOWN_FOR = timedelta(hours=1)
_NAMES = {
    "read_again": "Read the sources again",
    "accept_shrink": "Accept the loss of “{subject}”",
    "accept_plan": "Accept the plan “{subject}”",
    "discard_draft": "Discard the draft of “{subject}”",
}


def render_orders(view: PageView) -> Markup:
    """Return what waits and what was answered a short while ago, for who runs the server; nothing without a lake."""
    if not view.sees_folders:
        return Markup()
    try:
        orders = read_orders(load_settings(os.environ, read_only=True).pointer)
    except StoreError:  # the state of the server says it
        return Markup()
    since = clock.get_utc_now() - _SHOWN_FOR
    recent = [order for order in orders if order.answered_at is None or order.answered_at >= since]
    return states.render_notices([states.render_notice(_describe(order, view)) for order in recent])


def _describe(order: Order, view: PageView) -> str:
    return view.t(
        "{what} ({person}, {moment}): {answer}",
        what=view.t(_NAMES.get(order.action, order.action), subject=order.subject),
        person=order.person,
        moment=formatting.format_moment(order.ordered_at, view.lang),
        answer=format_wait(view) if order.is_waiting else format_answer(order, view),
    )
