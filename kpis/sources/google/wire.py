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

LONGEST_PAUSE = 32.0
"""Seconds that one pause between two tries lasts at most, unless Google asks for more."""
REPEATED_STATUS = frozenset({408, 429, 500, 502, 503, 504})


class Deadline:
    """A moment by which a source must have been read whole; `stopped` while we wait for our own turn."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds
        self._left: float | None = None

    def remaining(self) -> float:
        """Seconds left, 0 when it has passed."""
        return max(0.0, self._end - self._clock()) if self._left is None else self._left

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Time that passes inside does not count."""
        self._left = self.remaining()
        try:
            yield
        finally:
            self._end, self._left = self._clock() + self._left, None


@dataclass
class Exchange:
    """One request on its way, with its repeats: until when, whose turn, and the socket that it waits on."""

    deadline: Deadline
    turn: Callable[[], object]
    sleep: Callable[[float], object]
    waits_on: socket.socket | None = None
    cut: bool = False

    def take_turn(self) -> None:
        """Waits for the limiter; that time does not count against the deadline."""
        with self.deadline.stopped():
            self.turn()

    def pause(self, seconds: float) -> None:
        """Waits before a repeat, then for the limiter.

        By chance up to half as long again, so that many clients do not come back together.
        """
        jitter = random.uniform(0, seconds / 2)  # noqa: S311 (no secret)
        self.sleep(min(seconds + jitter, self.deadline.remaining()))
        self.take_turn()

    def wait_on(self, sock: socket.socket) -> None:
        """Says which socket the answer comes from; too late, and it is shut at once."""
        self.waits_on = sock
        if self.cut:
            self.end()

    def end(self) -> None:
        """Shuts the socket down, so that whoever reads from it stops."""
        self.cut = True
        if self.waits_on is not None:
            # The plain socket's method: an SSLSocket's own would take the TLS object from under the reader.
            with suppress(OSError):
                socket.socket.shutdown(self.waits_on, socket.SHUT_RDWR)


_current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


@contextmanager
def watched(exchange: Exchange) -> Iterator[Exchange]:
    """Makes `exchange` the one this thread's requests belong to, and ends it when its deadline passes."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(max(0.01, exchange.deadline.remaining())):
            if not exchange.deadline.remaining():  # it may have been stopped meanwhile
                exchange.end()
                return

    watchdog = threading.Thread(target=watch, name="google-deadline", daemon=True)
    before = _current.set(exchange)
    watchdog.start()
    try:
        yield exchange
    finally:
        over.set()
        _current.reset(before)
        watchdog.join()


class PatientRetry(Retry):
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
        exchange = _current.get()
        if exchange and _pool and (exchange.cut or retry.wait(response) >= exchange.deadline.remaining()):
            raise MaxRetryError(_pool, url or "", error or ResponseError("no time for another try"))
        return retry

    def wait(self, response: BaseHTTPResponse | None = None) -> float:
        """Seconds until the next try: what Google asks for, else 1, 2, 4, … before jitter."""
        with suppress(InvalidHeader):  # a date nobody can read is no wish
            asked = self.get_retry_after(response) if response is not None else None
            if asked:
                return asked
        return doubling(len(self.history))

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Waits before the next try."""
        seconds = self.wait(response)
        exchange = _current.get()
        if exchange:
            exchange.pause(seconds)
        else:
            time.sleep(seconds)


def doubling(tries: int) -> float:
    """Seconds to wait after so many failed tries: 1, 2, 4, … 32."""
    return float(min(LONGEST_PAUSE, 2.0 ** (tries - 1)))


def repeats_of_get(times: int = 6) -> PatientRetry:
    """A GET is repeated after no answer, a broken connection, 408, 429 and 5xx.

    A POST goes out twice only when the first connection was never made. Three such tries are enough: a
    network that is down seldom comes back while somebody waits.
    """
    return _repeats("GET", times)


def repeats_of_token(times: int = 6) -> PatientRetry:
    """Asking for a token is repeated as a GET is: twice is harmless."""
    return _repeats("POST", times)


def _repeats(method: str, times: int) -> PatientRetry:
    return PatientRetry(
        total=times,
        connect=3,
        allowed_methods=frozenset({method}),
        status_forcelist=REPEATED_STATUS,
        raise_on_status=False,
    )


class _Connection(HTTPConnection):
    """A connection that tells the exchange which socket it waits on."""

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        exchange = _current.get()
        if exchange:
            exchange.wait_on(sock)
        return sock

    def request(self, *args: Any, **kwargs: Any) -> None:
        exchange = _current.get()
        if exchange and self.sock is not None:  # kept from the last request, or wrapped in TLS since
            exchange.wait_on(self.sock)
        super().request(*args, **kwargs)


class _SecureConnection(_Connection, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class WatchedAdapter(HTTPAdapter):
    """An adapter of `requests` whose connections can be ended by their deadline, through a proxy too."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _use_watched_pools(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:  # urllib3's ProxyManager
        manager = super().proxy_manager_for(*args, **kwargs)
        _use_watched_pools(manager)
        return manager


def _use_watched_pools(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
