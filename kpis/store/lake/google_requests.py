"""Requests to Google of all machines of a lake, counted for each service account by PostgreSQL's clock."""

from __future__ import annotations

import threading
import time

from kpis.errors import StoreError
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.leader_lock import SILENCE_SECONDS
from kpis.store.lake.postgres_session import open_session

RETRY_SECONDS = 30.0
"""After no answer PostgreSQL is asked again after this time: each question may take seconds."""


class SharedRequests:
    """The requests of one kind ("read", "write") of one account. Threads and processes may share it."""

    def __init__(self, address: LakeAddress, account: str, metric: str) -> None:
        self._address = address
        self._key = {"account": account, "metric": metric}
        self._lock = threading.Lock()
        self._failure: tuple[float, StoreError] | None = None

    def register(self, per_minute: int) -> float:
        """Count one more request if it is allowed now; else return the seconds until then.

        StoreError if PostgreSQL does not answer, or did not a moment ago: nothing is counted then.
        """
        with self._lock:
            if self._failure is not None and time.monotonic() < self._failure[0]:
                raise self._failure[1]
            try:
                pause = self._count(per_minute)
            except StoreError as error:
                self._failure = time.monotonic() + RETRY_SECONDS, error
                raise
            self._failure = None
            return pause

    def _count(self, per_minute: int) -> float:
        with open_session(self._address, name="kpis", silence_seconds=SILENCE_SECONDS) as session:
            with session.transaction():
                session.fetch_rows("lock_google_requests", **self._key)
                ((pause,),) = session.fetch_rows("count_google_request", limit=per_minute, **self._key)
            return float(str(pause))
