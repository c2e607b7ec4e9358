"""The rows of the table of orders."""

from __future__ import annotations

from datetime import datetime

from kpis.store.lake.postgres_session import PostgresSession
from kpis.store.orders import LONGEST_WAIT, Order


def list_orders(session: PostgresSession) -> list[Order]:
    """Return every order that is kept, the oldest first."""
    rows = session.fetch_rows("list_orders", longest_wait=LONGEST_WAIT.total_seconds())
    return [_build_order(row) for row in rows]


def _build_order(row: tuple[object, ...]) -> Order:
    order_id, action, subject, person, details, ordered_at, answered_at, answer, is_too_old = row
    if not isinstance(ordered_at, datetime):
        raise TypeError(f"an order of {ordered_at!r}")
    return Order(
        str(order_id), str(action), str(subject), str(person), str(details), ordered_at,
        answered_at if isinstance(answered_at, datetime) else None,
        None if answer is None else str(answer),
        is_too_old=bool(is_too_old),
    )  # fmt: skip
