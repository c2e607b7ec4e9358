"""Which of several watches reads the sources: each its own, and of a lake's whoever holds the watchers' lock."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Self

from kpis.errors import StoreError
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.leader_lock import LeaderLock, try_lead


class ReadingDuty:
    """Held from one turn to the next; when its holder ends or falls silent, the next watch that asks gets it."""

    def __init__(self, address: LakeAddress | None) -> None:
        self._address = address
        self._lock: LeaderLock | None = None
        self._stack = ExitStack()

    def is_ours(self) -> bool:
        """Return whether this watch reads now; False if another one does or PostgreSQL does not answer."""
        if self._address is None or (self._lock is not None and self._lock.is_held()):
            return True
        self._stack.close()
        try:
            self._lock = self._stack.enter_context(try_lead(self._address, duty="watcher"))
        except StoreError:  # whoever follows the lake says so
            self._lock = None
        return self._lock is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
