"""HTTP below gspread: retries of GET with jitter, and a deadline that also ends a response that trickles in.

A timeout of `requests` limits the pause between two bytes, not the whole response. So each request has a
watchdog that shuts the socket down at its deadline; reading from that socket then fails at once.
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
"""The longest pause between two attempts, unless Google requests more (Retry-After)."""
RETRYABLE_STATUSES = frozenset({408, 429, 500, 502, 503, 504})


class Deadline:
    """The time by which a source must have been read; paused while we wait for the rate limiter."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds
        self._paused_remaining: float | None = None

    def get_remaining(self) -> float:
        """Return the seconds left, 0 after the deadline."""
        return max(0.0, self._end - self._clock()) if self._paused_remaining is None else self._paused_remaining

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Stop the time inside the block."""
        self._paused_remaining = self.get_remaining()
        try:
            yield
        finally:
            self._end, self._paused_remaining = self._clock() + self._paused_remaining, None


@dataclass
class Exchange:
    """One request in progress with its retries: its deadline, rate limiter and current socket."""

    deadline: Deadline
    acquire_slot: Callable[[], object]
    sleep: Callable[[float], object]
    active_socket: socket.socket | None = None
    timed_out: bool = False

    def wait_for_slot(self) -> None:
        """Wait for the rate limiter; that time does not count against the deadline."""
        with self.deadline.pause():
            self.acquire_slot()

    def pause_before_retry(self, seconds: float) -> None:
        """Wait before a retry, then for the rate limiter.

        Adds a random half of `seconds` at most, so that clients do not retry at the same moment.
        """
        jitter = random.uniform(0, seconds / 2)  # noqa: S311 (no secret)
        self.sleep(min(seconds + jitter, self.deadline.get_remaining()))
        self.wait_for_slot()

    def track_socket(self, sock: socket.socket) -> None:
        """Record the socket of the response; shut it at once if the deadline has passed."""
        self.active_socket = sock
        if self.timed_out:
            self.abort()

    def abort(self) -> None:
        """Shut the socket down, so that reading from it fails."""
        self.timed_out = True
        if self.active_socket is not None:
            # Not SSLSocket.shutdown, which would remove the TLS object while another thread reads.
            with suppress(OSError):
                socket.socket.shutdown(self.active_socket, socket.SHUT_RDWR)


_current_exchange: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


@contextmanager
def enforce_deadline(exchange: Exchange) -> Iterator[Exchange]:
    """Make `exchange` the current one of this thread's requests, and abort it at its deadline."""
    finished = threading.Event()

    def watch() -> None:
        while not finished.wait(max(0.01, exchange.deadline.get_remaining())):
            if not exchange.deadline.get_remaining():  # it may have been paused meanwhile
                exchange.abort()
                return

    watchdog = threading.Thread(target=watch, name="google-deadline", daemon=True)
    token = _current_exchange.set(exchange)
    watchdog.start()
    try:
        yield exchange
    finally:
        finished.set()
        _current_exchange.reset(token)
        watchdog.join()


class DeadlineRetry(Retry):
    """urllib3's Retry with doubling pauses and jitter, Retry-After, and never past the deadline."""

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Return the policy after one more failure; MaxRetryError ends the retries."""
        retry = super().increment(method, url, response, error, _pool, _stacktrace)
        exchange = _current_exchange.get()
        if (
            exchange
            and _pool
            and (exchange.timed_out or retry.compute_wait(response) >= exchange.deadline.get_remaining())
        ):
            raise MaxRetryError(_pool, url or "", error or ResponseError("no time for another attempt"))
        return retry

    def compute_wait(self, response: BaseHTTPResponse | None = None) -> float:
        """Return the seconds until the next attempt: Retry-After, else 1, 2, 4, … before jitter."""
        with suppress(InvalidHeader):  # ignore a Retry-After that cannot be read
            retry_after = self.get_retry_after(response) if response is not None else None
            if retry_after:
                return retry_after
        return compute_backoff(len(self.history))

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Wait before the next attempt."""
        seconds = self.compute_wait(response)
        exchange = _current_exchange.get()
        if exchange:
            exchange.pause_before_retry(seconds)
        else:
            time.sleep(seconds)


def compute_backoff(attempts: int) -> float:
    """Return the seconds to wait after so many failed attempts: 1, 2, 4, … `MAX_PAUSE_SECONDS`."""
    return float(min(MAX_PAUSE_SECONDS, 2.0 ** (attempts - 1)))


def create_get_retry(attempts: int = 6) -> DeadlineRetry:
    """Return the policy for API requests: GET is retried without a response and after 408, 429 and 5xx.

    POST is retried only if no connection was made. At most three retries without a connection: a network
    that is down seldom returns while somebody waits.
    """
    return _create_retry("GET", attempts)


def create_token_retry(attempts: int = 6) -> DeadlineRetry:
    """Return the policy for token requests, retried like a GET because a second token is harmless."""
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
    """A connection that gives its socket to the current exchange."""

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        exchange = _current_exchange.get()
        if exchange:
            exchange.track_socket(sock)
        return sock

    def request(self, *args: Any, **kwargs: Any) -> None:
        exchange = _current_exchange.get()
        if exchange and self.sock is not None:  # reused from the last request, or wrapped in TLS since
            exchange.track_socket(self.sock)
        super().request(*args, **kwargs)


class _SecureDeadlineConnection(_DeadlineConnection, HTTPSConnection):
    """The same over TLS."""


class _DeadlinePool(HTTPConnectionPool):
    ConnectionCls = _DeadlineConnection


class _SecureDeadlinePool(HTTPSConnectionPool):
    ConnectionCls = _SecureDeadlineConnection


class DeadlineAdapter(HTTPAdapter):
    """An adapter of `requests` whose connections end at their deadline, also through a proxy."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _use_deadline_pools(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:  # urllib3's ProxyManager
        manager = super().proxy_manager_for(*args, **kwargs)
        _use_deadline_pools(manager)
        return manager


def _use_deadline_pools(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _DeadlinePool, "https": _SecureDeadlinePool}
