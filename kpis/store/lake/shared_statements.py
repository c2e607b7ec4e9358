"""Statements of another package on the shared tables: the SQL of a file's body, over one session that stays open."""

from __future__ import annotations

import logging
import re
import threading
import time
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal, Protocol

from kpis.errors import StoreError
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.postgres_session import PostgresSession

ANSWER_SECONDS = 4.0
"""How long a page waits for PostgreSQL."""
RETRY_SECONDS = 5.0
"""After no answer it is asked again after this time: everybody would wait for each question."""
AWAY_MESSAGE = "What the machines share cannot be reached now, so nobody can sign in. Try again in a few minutes."
"""For visitors: where PostgreSQL is, and why it does not answer, is in the log."""
_SILENCE_SECONDS = 600.0
_log = logging.getLogger("kpis.store.lake")
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")


class Rows(Protocol):
    """What a statement returned."""

    @property
    def rowcount(self) -> int:
        """The number of rows that it returned or changed."""

    def fetchone(self) -> Any:
        """Return the next row; None where there is none."""

    def fetchall(self) -> list[Any]:
        """Return all further rows."""


class SharedStatements:
    """Runs statements whose parameters are written as `:name`, on the tables of the shared schema. Thread-safe."""

    def __init__(self, address: LakeAddress) -> None:
        self._address = address
        self._lock = threading.RLock()
        self._session: PostgresSession | None = None
        self._finalizer: weakref.finalize[[], SharedStatements] | None = None
        self._failure: tuple[float, StoreError] | None = None

    @contextmanager
    def begin(self, transaction: Literal["immediate", "deferred"]) -> Iterator[SharedStatements]:
        """Run statements as one transaction; "deferred" for a single one that reads. StoreError without an answer."""
        with self._lock:
            if self._failure is not None and time.monotonic() < self._failure[0] + RETRY_SECONDS:
                raise self._failure[1]
            try:
                session = self._open()
                if transaction == "deferred":
                    yield self
                else:
                    with session.transaction():
                        yield self
            except StoreError as error:
                _log.warning("the shared tables cannot be used", exc_info=error)
                self._failure = time.monotonic(), StoreError(AWAY_MESSAGE)
                self._close()
                raise self._failure[1] from error
            self._failure = None

    def execute(self, statement: str, values: Mapping[str, object] | None = None) -> Rows:
        """Execute a statement within `begin`."""
        return self._get().run(_convert(statement), values or {})

    def executemany(self, statement: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Execute a statement for each row, within `begin`."""
        for values in rows:
            self.execute(statement, values)

    def _open(self) -> PostgresSession:
        """Return the session; another one where PostgreSQL has ended the last one, as after a long silence."""
        if self._session is not None and self._session.is_open():
            return self._session
        self._close()
        self._session = PostgresSession(
            self._address, name="kpis pages", silence_seconds=_SILENCE_SECONDS, answer_seconds=ANSWER_SECONDS
        )
        self._finalizer = weakref.finalize(self, self._session.close)
        self._session.fetch_row("use_shared_schema")
        return self._session

    def _get(self) -> PostgresSession:
        if self._session is None:
            raise TypeError("a statement outside a transaction")
        return self._session

    def _close(self) -> None:
        if self._session is not None and self._finalizer is not None:
            self._finalizer()  # which closes it
            self._session = None


@cache
def _convert(statement: str) -> bytes:
    """Return a statement with parameters as psycopg writes them."""
    return _PARAMETER.sub(r"%(\1)s", statement.replace("%", "%%")).encode()
