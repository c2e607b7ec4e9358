"""What pages have asked the leader of a lake for, as this machine last saw it: pages change no lake themselves.

The file `<stem>-orders.json` is brought over like the journal. It may be lost: the lake has the orders.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from kpis.store.files import as_store_error, write_atomic
from kpis.store.paths import DatabasePaths

OrderAction = Literal["read_again", "accept_shrink", "accept_plan", "discard_draft"]
PLAN_ACTIONS: frozenset[OrderAction] = frozenset({"accept_plan", "discard_draft"})
"""What is done to plans and drafts before the sheets are read."""

LONGEST_WAIT = timedelta(days=1)
"""An older order is not carried out any more: nobody would expect it."""


@dataclass(frozen=True)
class Order:
    """One order. `subject`: the source or plan that it is about, empty for all. Moments are naive UTC.

    `details` and `answer` are JSON of who asks and who answers; `answered_at` and `answer` are None while it waits.
    `is_too_old`: it has waited for longer than the leader accepts.
    """

    id: str
    action: str
    subject: str
    person: str
    details: str
    ordered_at: datetime
    answered_at: datetime | None = None
    answer: str | None = None
    is_too_old: bool = False

    @property
    def is_waiting(self) -> bool:
        """True while the leader has not answered."""
        return self.answered_at is None

    def read_details(self) -> Mapping[str, Any]:
        """Return the details; none for a text that is not ours."""
        return _parse_object(self.details)

    def read_answer(self) -> Mapping[str, Any]:
        """Return the answer; nothing while it waits."""
        return _parse_object(self.answer or "")


def _parse_object(text: str) -> Mapping[str, Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def read_orders(pointer: Path) -> list[Order]:
    """Return the orders that were last brought to this machine, the oldest first; none without a lake."""
    path = DatabasePaths(pointer).orders
    with as_store_error(path):
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            return []
    try:
        return [_parse_order(record) for record in json.loads(text)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []  # not written by us: they come over again with the next change


def write_orders(pointer: Path, orders: Iterable[Order]) -> None:
    """Replace the orders of this machine. StoreError for the disk."""
    records = [asdict(order) for order in orders]
    content = json.dumps(records, ensure_ascii=False, default=datetime.isoformat)
    write_atomic(DatabasePaths(pointer).orders, content.encode(errors="replace"))


def _parse_order(record: Mapping[str, Any]) -> Order:
    moments = {
        name: None if record[name] is None else datetime.fromisoformat(record[name])
        for name in ("ordered_at", "answered_at")
    }
    return Order(**{**record, **moments})
