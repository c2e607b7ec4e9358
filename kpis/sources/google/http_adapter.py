"""The wire below gspread: repeats of GET with jitter, and one deadline that holds even against a slow drip.

A timeout of `requests` bounds the silence between two bytes, not the answer. So each request has a watchdog
that shuts the socket down when its deadline passes; whatever waits on that socket then fails at once.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import InvalidHeader, MaxRetryError, ResponseError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry

MAX_PAUSE_SECONDS = 32.0
"""Seconds that one pause between two tries lasts at most, unless Google asks for more."""
RETRYABLE_STATUSES = frozenset({408, 429, 500, 502, 503, 504})


class Deadline:
    """A moment by which a source must have been read whole; `stopped` while we wait for our own turn."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds
        self._paused_remaining: float | None = None

    def get_remaining(self) -> float:
        """Seconds left, 0 when it has passed."""
        return (
            max(0.0, self._end - self._clock()) if self._paused_remaining is None else self._paused_remaining
        )

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Time that passes inside does not count."""
        self._paused_remaining = self.get_remaining()
        try:
            yield
        finally:
            self._end, self._paused_remaining = self._clock() + self._paused_remaining, None


@dataclass
class Exchange:
    """One request on its way, with its repeats: until when, whose turn, and the socket that it waits on."""

    deadline: Deadline
    acquire_slot: Callable[[], object]
    sleep: Callable[[float], object]
    active_socket: socket.socket | None = None
    timed_out: bool = False

    def wait_for_slot(self) -> None:
        """Waits for the limiter; that time does not count against the deadline."""
        with self.deadline.pause():
            self.acquire_slot()

    def pause_before_retry(self, seconds: float) -> None:
        """Waits before a repeat, then for the limiter.

        By chance up to half as long again, so that many clients do not come back together.
        """
        jitter = random.uniform(0, seconds / 2)  # noqa: S311 (no secret)
        self.sleep(min(seconds + jitter, self.deadline.get_remaining()))
        self.wait_for_slot()

    def track_socket(self, sock: socket.socket) -> None:
        """Says which socket the answer comes from; too late, and it is shut at once."""
        self.active_socket = sock
        if self.timed_out:
            self.abort()

    def abort(self) -> None:
        """Shuts the socket down, so that whoever reads from it stops."""
        self.timed_out = True
        if self.active_socket is not None:
            # The plain socket's method: an SSLSocket's own would take the TLS object from under the reader.
            with suppress(OSError):
                socket.socket.shutdown(self.active_socket, socket.SHUT_RDWR)


_current_exchange: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


@contextmanager
def enforce_deadline(exchange: Exchange) -> Iterator[Exchange]:
    """Makes `exchange` the one this thread's requests belong to, and ends it when its deadline passes."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(max(0.01, exchange.deadline.get_remaining())):
            if not exchange.deadline.get_remaining():  # it may have been stopped meanwhile
                exchange.abort()
                return

    watchdog = threading.Thread(target=watch, name="google-deadline", daemon=True)
    before = _current_exchange.set(exchange)
    watchdog.start()
    try:
        yield exchange
    finally:
        over.set()
        _current_exchange.reset(before)
        watchdog.join()


class DeadlineRetry(Retry):
    """urllib3's Retry for GET: jittered doubling pauses, Retry-After honoured, never past the deadline."""

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """The policy after one more failure; MaxRetryError ends the tries, and the last answer stands."""
        retry = super().increment(method, url, response, error, _pool, _stacktrace)
        exchange = _current_exchange.get()
        if (
            exchange
            and _pool
            and (exchange.timed_out or retry.compute_wait(response) >= exchange.deadline.get_remaining())
        ):
            raise MaxRetryError(_pool, url or "", error or ResponseError("no time for another try"))
        return retry

    def compute_wait(self, response: BaseHTTPResponse | None = None) -> float:
        """Seconds until the next try: what Google asks for, else 1, 2, 4, … before jitter."""
        with suppress(InvalidHeader):  # a date nobody can read is no wish
            asked = self.get_retry_after(response) if response is not None else None
            if asked:
                return asked
        return compute_backoff(len(self.history))

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Waits before the next try."""
        seconds = self.compute_wait(response)
        exchange = _current_exchange.get()
        if exchange:
            exchange.pause_before_retry(seconds)
        else:
            time.sleep(seconds)


def compute_backoff(attempts: int) -> float:
    """Seconds to wait after so many failed tries: 1, 2, 4, … 32."""
    return float(min(MAX_PAUSE_SECONDS, 2.0 ** (attempts - 1)))


def create_get_retry(attempts: int = 6) -> DeadlineRetry:
    """A GET is repeated after no answer, a broken connection, 408, 429 and 5xx.

    A POST goes out twice only when the first connection was never made. Three such tries are enough: a
    network that is down seldom comes back while somebody waits.
    """
    return _create_retry("GET", attempts)


def create_token_retry(attempts: int = 6) -> DeadlineRetry:
    """Asking for a token is repeated as a GET is: twice is harmless."""
    return _create_retry("POST", attempts)


def _create_retry(method: str, attempts: int) -> DeadlineRetry:
    return DeadlineRetry(
        total=attempts,
        connect=3,
        allowed_methods=frozenset({method}),
        status_forcelist=RETRYABLE_STATUSES,
        raise_on_status=False,
    )


class _DeadlineConnection(HTTPConnection):
    """A connection that tells the exchange which socket it waits on."""

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        exchange = _current_exchange.get()
        if exchange:
            exchange.track_socket(sock)
        return sock

    def request(self, *args: Any, **kwargs: Any) -> None:
        exchange = _current_exchange.get()
        if exchange and self.sock is not None:  # kept from the last request, or wrapped in TLS since
            exchange.track_socket(self.sock)
        super().request(*args, **kwargs)


class _SecureDeadlineConnection(_DeadlineConnection, HTTPSConnection):
    """The same over TLS."""


class _DeadlinePool(HTTPConnectionPool):
    ConnectionCls = _DeadlineConnection


class _SecureDeadlinePool(HTTPSConnectionPool):
    ConnectionCls = _SecureDeadlineConnection


class DeadlineAdapter(HTTPAdapter):
    """An adapter of `requests` whose connections can be ended by their deadline, through a proxy too."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _use_deadline_pools(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:  # urllib3's ProxyManager
        manager = super().proxy_manager_for(*args, **kwargs)
        _use_deadline_pools(manager)
        return manager


def _use_deadline_pools(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _DeadlinePool, "https": _SecureDeadlinePool}
