"""Which of several watches reads the sources: each its own, and of a lake's whoever holds the watchers' lock.

Who holds it looks at release and configuration every ten seconds and records them, and gives it up where it may not.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from kpis.errors import StoreError
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.configuration_record import LOOK_SECONDS, claim_configuration
from kpis.store.lake.leader_lock import LeaderLock, try_lead
from kpis.store.lake.shared_tables import upgrade_shared_tables
from kpis.store.replica import ReplicaSight

_log = logging.getLogger("kpis.services.lake")


class ReadingDuty:
    """Held from one turn to the next; when its holder ends or falls silent, the next watch that asks gets it."""

    def __init__(self, address: LakeAddress | None, look: Callable[[], ReplicaSight] | None = None) -> None:
        """`look` returns what this machine sees of what all have to have; without it that is not compared."""
        self._address, self._look = address, look
        self._lock: LeaderLock | None = None
        self._last_reason = ""
        self._stack = ExitStack()
        self._mutex = threading.Lock()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name="kpis-configuration", daemon=True)

    def is_ours(self) -> bool:
        """Return whether this watch reads now; False if another one does or PostgreSQL does not answer."""
        if self._address is None:
            return True
        with self._mutex:
            if self._lock is not None and self._lock.is_held():
                return True
            self._give_up()
            try:
                self._lock = self._stack.enter_context(try_lead(self._address, duty="watcher"))
                if self._lock is not None and self._look is not None:
                    upgrade_shared_tables(self._lock.session)
            except StoreError:  # whoever follows the lake says so
                self._give_up()
            return self._record()

    def look(self) -> None:
        """Record what this machine sees, if it reads; if it may not read with that, another one may."""
        with self._mutex:
            self._record()

    def _record(self) -> bool:
        """Return whether the duty is ours afterwards."""
        if self._lock is None or self._look is None:
            return self._lock is not None
        try:
            claim_configuration(self._lock.session, self._look(), is_reader=True)
        except StoreError as error:  # also where the configuration cannot be read
            if str(error) != self._last_reason:
                _log.warning("this machine does not read the sheets now: %s", error)
            self._last_reason = str(error)
            self._give_up()
        else:
            self._last_reason = ""
        return self._lock is not None

    def _give_up(self) -> None:
        self._lock = None
        self._stack.close()

    def _keep_looking(self) -> None:
        while not self._is_over.wait(LOOK_SECONDS):
            self.look()

    def __enter__(self) -> Self:
        if self._look is not None:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()
        with self._mutex:
            self._give_up()
