"""Waiting for the answer of the leader of a lake to what a page asked for."""

from __future__ import annotations

import os
import time

from kpis.services.lake_state import read_lake_state
from kpis.settings import load_settings
from kpis.store.orders import Order, read_orders
from kpis.sync.result import Message
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.progress_bars import show_progress

WAIT_SECONDS = 45.0
"""A page waits so long; the answer stands on the page of sources when it comes later."""
_PAUSE_SECONDS = 0.5


def wait_for_answer(order_id: str | None, view: PageView) -> str:
    """Return the answer to an order, or that it waits."""
    pointer = load_settings(os.environ, read_only=True).pointer
    end = time.monotonic() + WAIT_SECONDS
    with show_progress(view.t("Waiting for the machine that reads the sheets…")):
        while True:
            order = next((each for each in read_orders(pointer) if each.id == order_id), None)
            if order is not None and not order.is_waiting:
                return format_answer(order, view)
            if time.monotonic() >= end:
                return format_wait(view)
            time.sleep(_PAUSE_SECONDS)


def format_answer(order: Order, view: PageView) -> str:
    """Return the answer of the leader; without folders for a viewer elsewhere."""
    message = Message.from_json(order.read_answer())
    return (message if view.sees_folders else message.hide_folders()).to_text(view.lang)


def format_wait(view: PageView) -> str:
    """Return that an order waits, and whether any machine reads the sheets."""
    state = read_lake_state(load_settings(os.environ, read_only=True).pointer)
    if state is not None and state.failing_since is None and state.reader is None:
        text = "It waits: no machine reads the sheets now. It is carried out by the next reading within a day."
        return view.t(text)
    return view.t("It waits for the machine that reads the sheets; its answer appears here.")
