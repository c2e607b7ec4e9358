"""Who sends reminders: of the machines of a lake one at a time, and only while PostgreSQL says that it still does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kpis.errors import StoreError
from kpis.settings import Settings
from kpis.store.lake.leader_lock import try_lead
from kpis.store.opening import find_lake


@contextmanager
def hold_sending_turn(settings: Settings) -> Iterator[Callable[[], bool]]:
    """Yield what tells whether this process may still send; without a lake it always may.

    StoreError if another machine sends, or PostgreSQL does not answer: nobody is reminded twice.
    """
    address = find_lake(settings)
    if address is None:
        yield lambda: True
        return
    with try_lead(address, duty="sender") as lock:
        if lock is None:
            raise StoreError("Another machine is sending reminders now, so this one sends none.")
        yield lock.is_held
