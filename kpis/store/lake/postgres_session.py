"""One session of PostgreSQL that answers within a time limit or ends (docs/decisions/lake-leader.md)."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import RLock, Timer
from typing import TYPE_CHECKING

from kpis.errors import StoreError
from kpis.store import sql
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.extensions import MISSING_MESSAGE

if TYPE_CHECKING:
    import psycopg

MINIMUM_VERSION = 140_000
"""The first release that ends a session whose client is silent (`idle_session_timeout`)."""

CONNECT_SECONDS = 10
KEEPALIVE_COUNT = 3
NO_ANSWER_MESSAGE = "PostgreSQL at {address} does not answer: {reason}"


class PostgresSession:
    """A session of its own, no transaction left open behind a block; after any error it is closed for good.

    The server ends it, with all its locks, when it hears nothing from here for `silence_seconds`; a question that is
    not answered within a quarter of them ends it from this side. Threads may share it.
    """

    def __init__(
        self, address: LakeAddress, *, name: str, silence_seconds: float, answer_seconds: float | None = None
    ) -> None:
        """Open it. `answer_seconds`: how long to wait for an answer, instead of a quarter of the silence."""
        self.address = address
        self._answer_seconds = silence_seconds / 4 if answer_seconds is None else answer_seconds
        self._mutex = RLock()
        self._connection = _connect(address, name, silence_seconds, answer_seconds or CONNECT_SECONDS)
        self.process_id = self._connection.info.backend_pid
        """The process of the server that this session had at its beginning."""
        # A copy of the handle: it can be shut down at any time without hitting a newer file of the same number.
        self._socket = socket.fromfd(self._connection.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._check_server()
            self._set_silence(silence_seconds)
        except BaseException:
            self.close()
            raise

    def fetch_row(self, query: str, /, **values: object) -> tuple[object, ...] | None:
        """Return the first row of a query in `kpis/store/lake/sql`; StoreError and the end if none comes in time."""
        rows = self.fetch_rows(query, **values)
        return rows[0] if rows else None

    def fetch_rows(self, query: str, /, **values: object) -> list[tuple[object, ...]]:
        """Return every row of a statement, none where it has no rows; as `fetch_row` otherwise."""
        cursor = self.run(_load(query), values)
        return cursor.fetchall() if cursor.description else []

    def run(self, statement: bytes, values: Mapping[str, object]) -> psycopg.Cursor[tuple[object, ...]]:
        """Execute a statement with parameters like %(name)s; as `fetch_row` otherwise."""
        with self._mutex, self._limit_time(), self._end_after_errors():
            return self._connection.execute(statement, values)

    def is_open(self) -> bool:
        """True unless the session has ended; it may yet be that the server does not answer. Nothing is asked."""
        return not self._connection.closed and not self._has_word()

    def execute_many(self, query: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Execute a statement for each row; as `fetch_row` otherwise."""
        with self._mutex, self._limit_time(), self._end_after_errors():
            self._connection.cursor().executemany(_load(query), rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what the block does as a whole, or nothing of it. Other threads wait meanwhile."""
        with self._mutex:
            self.fetch_rows("begin_transaction")
            try:
                yield
            except BaseException:
                with suppress(StoreError):  # the session has ended, and with it the transaction
                    self.fetch_rows("roll_back")
                raise
            self.fetch_rows("commit")

    def close(self) -> None:
        """End the session; its locks are free when the server notices, which is at once while it answers."""
        with self._mutex:
            self._connection.close()
            self._shut_down()
            self._socket.close()

    @contextmanager
    def _limit_time(self) -> Iterator[None]:
        watchdog = Timer(self._answer_seconds, self._shut_down)
        watchdog.daemon = True
        watchdog.start()
        try:
            yield
        finally:
            watchdog.cancel()

    @contextmanager
    def _end_after_errors(self) -> Iterator[None]:
        import psycopg

        try:
            yield
        except psycopg.Error as error:
            self.close()
            raise _build_error(self.address, error) from None
        except BaseException:
            self.close()
            raise

    def _has_word(self) -> bool:
        """True if there is something to read while nothing was asked: the server says that it ends the session."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            return bool(selector.select(0))

    def _shut_down(self) -> None:
        with suppress(OSError):  # closed on either side already
            self._socket.shutdown(socket.SHUT_RDWR)

    def _check_server(self) -> None:
        if self._connection.info.server_version < MINIMUM_VERSION:
            text = "PostgreSQL at {address} is too old: release {release} or newer is needed."
            raise StoreError(text, address=self.address.describe(), release=MINIMUM_VERSION // 10_000)
        # A pooler gives its own number for the session, and another process for each transaction.
        if {self.fetch_row("read_process_id") for _ in range(2)} != {(self.process_id,)}:
            text = "There is a connection pooler at {address}. The lake needs PostgreSQL itself: give its own port."
            raise StoreError(text, address=self.address.describe())

    def _set_silence(self, seconds: float) -> None:
        keepalive = str(_get_keepalive_seconds(seconds))
        self.fetch_row(
            "set_silence",
            silence_ms=str(round(seconds * 1000)), keepalive_s=keepalive, keepalive_count=str(KEEPALIVE_COUNT),
        )  # fmt: skip


@contextmanager
def open_session(address: LakeAddress, *, name: str, silence_seconds: float) -> Iterator[PostgresSession]:
    """Open a session that ends with the block."""
    session = PostgresSession(address, name=name, silence_seconds=silence_seconds)
    try:
        yield session
    finally:
        session.close()


def _load(query: str) -> bytes:
    return sql.load("kpis.store.lake", query).encode()


def _connect(
    address: LakeAddress, name: str, silence_seconds: float, connect_seconds: float
) -> psycopg.Connection[tuple[object, ...]]:
    try:
        import psycopg
    except ImportError as error:
        raise StoreError(MISSING_MESSAGE, package="psycopg") from error
    keepalive = _get_keepalive_seconds(silence_seconds)
    try:
        return psycopg.connect(
            address.conninfo,
            autocommit=True,
            prepare_threshold=None,
            application_name=name,
            connect_timeout=round(connect_seconds),
            tcp_user_timeout=round(silence_seconds * 1000),
            keepalives=1, keepalives_idle=keepalive, keepalives_interval=keepalive, keepalives_count=KEEPALIVE_COUNT,
        )  # fmt: skip
    except psycopg.Error as error:
        raise _build_error(address, error) from None


def _get_keepalive_seconds(silence_seconds: float) -> int:
    """Return idle time and interval of keepalives, so that the last one is unanswered before the silence is over."""
    return max(1, int(silence_seconds / (KEEPALIVE_COUNT + 1)))


def _build_error(address: LakeAddress, error: psycopg.Error) -> StoreError:
    reason = str(error).strip().partition("\n")[0] or type(error).__name__
    return StoreError(NO_ANSWER_MESSAGE, address=address.describe(), reason=reason)
