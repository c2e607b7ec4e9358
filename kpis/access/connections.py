"""A connection to the file of sessions that stays open: opening one for each request makes others wait for the file."""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from kpis.errors import StoreError

if TYPE_CHECKING:
    from kpis.store.lake.shared_statements import Rows

_BUSY_SECONDS = 5.0


class WouldWaitError(Exception):
    """The file cannot be asked without waiting for another thread, another process or a repair."""


class SharedConnection:
    """One connection for every thread of the process, one transaction at a time.

    It is opened again where the file is another one than before, and after every error.
    """

    def __init__(self, path: Path, busy_seconds: float | None = None) -> None:
        self.path, self._busy_seconds = path, busy_seconds
        self._lock = threading.Lock()
        self._con: sqlite3.Connection | None = None
        self._finalizer: weakref.finalize[[], SharedConnection] | None = None
        self._stamp: tuple[int, int] | None = None

    @contextmanager
    def begin(self, transaction: Literal["immediate", "deferred"]) -> Iterator[sqlite3.Connection]:
        """Run one transaction: committed at its end, rolled back by an error. sqlite3.Error, OSError."""
        with self._lock:
            con = self._get()
            try:
                con.execute(f"begin {transaction}")
                with con:
                    yield con
            except sqlite3.Error:
                self._close()
                raise

    def find_row(self, sql: str, params: Mapping[str, object]) -> tuple[Any, ...] | None:
        """Return the first row of a statement that reads, as last committed; WouldWaitError for a wait or an error.

        For the event loop: to ask takes less than to change the thread. `busy_seconds` has to be 0.
        """
        if not self._lock.acquire(blocking=False):
            raise WouldWaitError
        try:
            rows: list[tuple[Any, ...]] = self._get().execute(sql, params).fetchall()
        except (sqlite3.Error, OSError) as error:
            self._close()
            raise WouldWaitError from error
        finally:
            self._lock.release()
        return rows[0] if rows else None

    def _get(self) -> sqlite3.Connection:
        try:
            status = self.path.stat()
        except FileNotFoundError:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            status = self.path.stat()
        stamp = status.st_dev, status.st_ino
        if self._con is None or stamp != self._stamp:
            self._close()
            timeout = _BUSY_SECONDS if self._busy_seconds is None else self._busy_seconds
            con = sqlite3.connect(self.path, timeout=timeout, isolation_level=None, check_same_thread=False)
            try:
                _create_tables(con, self.path)
            except BaseException:
                con.close()
                raise
            self._con, self._stamp = con, stamp
            self._finalizer = weakref.finalize(self, con.close)
        return self._con

    def _close(self) -> None:
        if self._con is not None and self._finalizer is not None:
            self._finalizer()  # which closes it
            self._con = None


def _create_tables(con: sqlite3.Connection, path: Path) -> None:
    if con.execute("pragma user_version").fetchone()[0] == 0:
        con.execute("pragma journal_mode = wal")
        con.executescript(load_sql("schema"))
        path.chmod(0o600)


class Statements(Protocol):
    """What runs statements within a transaction."""

    def execute(self, statement: str, values: Mapping[str, object] = ..., /) -> Rows:
        """Execute a statement with parameters like :name."""

    def executemany(self, statement: str, rows: Iterable[Mapping[str, object]], /) -> object:
        """Execute a statement for each row."""


class AccessTables(Protocol):
    """Where the tables are: a file, or the shared tables of a lake."""

    def begin(self, transaction: Literal["immediate", "deferred"]) -> AbstractContextManager[Statements]:
        """Run one transaction, "deferred" for a single statement that reads. StoreError if it cannot be."""


class AccessFile:
    """The tables of access in one SQLite file: reading waits for no writing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader, self._writer = SharedConnection(path), SharedConnection(path)
        self._prompt_reader = SharedConnection(path, busy_seconds=0.0)

    def find_row(self, statement: str, values: Mapping[str, object]) -> tuple[Any, ...] | None:
        """Return the first row of a statement that reads, at once, or WouldWaitError."""
        return self._prompt_reader.find_row(statement, values)

    @contextmanager
    def begin(self, transaction: Literal["immediate", "deferred"]) -> Iterator[sqlite3.Connection]:
        """Run one transaction. StoreError if the file cannot be used."""
        connection = self._writer if transaction == "immediate" else self._reader
        try:
            with connection.begin(transaction) as con:
                yield con
        except (sqlite3.Error, OSError) as error:
            text = "{path} could not be used: {reason}. Nobody is let in until it can be."
            raise StoreError(text, path=self._path.name, reason=str(error)) from error


@cache
def load_sql(name: str) -> str:
    """Return a statement of the file of sessions."""
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
