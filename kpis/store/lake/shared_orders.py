"""The orders of pages in a lake: asked for by any machine, carried out and answered by the leader alone."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from kpis.errors import StoreError
from kpis.store.lake import shared_state
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.leader_lock import SILENCE_SECONDS
from kpis.store.lake.postgres_session import PostgresSession, open_session
from kpis.store.orders import OrderAction
from kpis.store.paths import DatabasePaths

MAX_WAITING = 100
MAX_ANSWERED = 200
"""So many orders may wait, and so many answers are kept: the table is read as a whole by every machine."""


def place_order(
    address: LakeAddress, paths: DatabasePaths, action: OrderAction, subject: str, person: str, details: str
) -> str:
    """Ask the leader for something and bring the orders to this machine; return the id of the order.

    What is asked for and waits already is not asked for again: its id is returned. StoreError without an answer, or
    if too many orders wait.
    """
    key = {"action": action, "subject": subject}
    with open_session(address, name="kpis pages", silence_seconds=SILENCE_SECONDS) as session:
        with session.transaction():
            shared_state.raise_counter(session, shared_state.ORDERS)
            session.fetch_row(
                "place_order", id=uuid.uuid4().hex, person=person, details=details, limit=MAX_WAITING, **key
            )
            row = session.fetch_row("find_waiting_order", **key)
        shared_state.bring_over(session, paths)
    if row is None:
        raise StoreError("Too many orders wait for the machine that reads the sheets. See whether one does.")
    return str(row[0])


def answer_orders(session: PostgresSession, answers: Mapping[str, str]) -> None:
    """Answer orders by id, over the session that holds the leader's lock; those that are answered stay as they are."""
    with session.transaction():
        shared_state.raise_counter(session, shared_state.ORDERS)
        session.execute_many("answer_order", [{"id": order, "answer": answer} for order, answer in answers.items()])
        session.fetch_rows("forget_orders", limit=MAX_ANSWERED)
