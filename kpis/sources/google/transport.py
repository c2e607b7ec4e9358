"""Sends requests to Google: one deadline per source, a rate limit, harmless retries, classified failures."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import requests
from google.oauth2.service_account import Credentials
from requests import Response
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ReadTimeoutError

from kpis.sources.bounds import MAX_RESPONSE_BYTES
from kpis.sources.google import failures
from kpis.sources.google.bearer_auth import BearerAuth, TokenError
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.http_adapter import (
    Deadline,
    DeadlineAdapter,
    DeadlineRetry,
    Exchange,
    compute_backoff,
    create_get_retry,
    create_token_retry,
    enforce_deadline,
)
from kpis.sources.google.rate_limiter import (
    RateLimiter,
    get_lake_limiter,
    get_process_limiter,
    get_shared_limiter,
)
from kpis.sources.google.strict_json import parse_json

if TYPE_CHECKING:
    from kpis.store.lake.address import LakeAddress

TIMEOUTS = (5.0, 60.0)
"""Seconds to connect, and seconds without data during a response."""
DEADLINE_SECONDS = 90.0
"""Seconds in which one source must be read completely; longer than the minute of Google's quota."""
MAX_BODY_BYTES = MAX_RESPONSE_BYTES
"""The most bytes of a response, unpacked: some hundred thousand full rows."""
MAX_REFUSAL_BYTES = 2**20
PARTIAL_READ_RETRIES = 3
SHEETS_HOST = "https://sheets.googleapis.com"
HOSTS = (SHEETS_HOST, "https://www.googleapis.com")


@dataclass(frozen=True)
class RequestPolicy:
    """Timeouts, deadline per source, rate limiters (None: those of this process), clock and sleep.

    `may_write` is asked right before each request that changes anything: whether this process still leads.
    """

    deadline_seconds: float = DEADLINE_SECONDS
    timeouts: tuple[float, float] = TIMEOUTS
    read_limiter: RateLimiter | None = None
    write_limiter: RateLimiter | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    may_write: Callable[[], bool] = lambda: True

    @classmethod
    def create_shared(cls, pointer: Path, account: str, lake: LakeAddress | None = None) -> Self:
        """Return the default policy with rate limiters shared by all processes of a database.

        With a lake they are shared by all machines that use the service account `account`.
        """
        if lake is not None:
            return cls(
                read_limiter=get_lake_limiter("read", lake, account),
                write_limiter=get_lake_limiter("write", lake, account),
            )
        return cls(
            read_limiter=get_shared_limiter("read", pointer),
            write_limiter=get_shared_limiter("write", pointer),
        )


class RetryableError(Exception):
    """A failure after which a retry may help; `needs_new_token`: at once, with a new token."""

    def __init__(self, failure: GoogleError, needs_new_token: bool = False) -> None:
        self.failure, self.needs_new_token = failure, needs_new_token
        super().__init__(failure.kind)


class RequestSender:
    """Sends requests for one account. `base_url` replaces Google's addresses; empty for Google itself."""

    def __init__(self, credentials: Credentials, account: str, base_url: str, policy: RequestPolicy) -> None:
        self.account, self.credentials = account, credentials
        self.session = _create_session(create_get_retry(), trust_environment=not base_url)
        token_session = _create_session(create_token_retry(), trust_environment=not base_url)
        self._auth = BearerAuth(credentials, token_session, policy.timeouts)
        self.session.auth = self._auth
        self._base_url, self._policy = base_url, policy
        self._deadline: Deadline | None = None

    @contextmanager
    def share_deadline(self) -> Iterator[None]:
        """Give all requests inside one common deadline."""
        self._deadline = Deadline(self._policy.deadline_seconds, self._policy.clock)
        try:
            yield
        finally:
            self._deadline = None

    def close(self) -> None:
        """Close the connections to the APIs and the token endpoint."""
        self.session.close()
        self._auth.session.close()

    def send(self, method: str, url: str, **options: Any) -> Response:
        """Send one request; return its complete response with status 200 and a JSON object, else GoogleError.

        A GET is retried if it is throttled or arrives incomplete. A POST is retried only if its token was
        refused or no connection was made: in both cases Google has done nothing yet.
        """
        is_read = method.upper() == "GET"
        exchange = self._create_exchange(url, is_read)
        exchange.wait_for_slot()
        if not is_read and not self._policy.may_write():
            raise GoogleError("superseded")
        attempts, has_new_token = 0, False
        with enforce_deadline(exchange):
            while True:
                try:
                    return self._send_once(exchange, method, url, options)
                except RetryableError as error:
                    if error.needs_new_token and not has_new_token:
                        has_new_token = True
                        self._auth.reject_token()
                        continue
                    attempts += 1
                    pause = compute_backoff(attempts)
                    is_last = attempts > PARTIAL_READ_RETRIES or pause >= exchange.deadline.get_remaining()
                    if error.needs_new_token or not is_read or is_last:
                        raise error.failure from None
                exchange.pause_before_retry(pause)

    def _create_exchange(self, url: str, is_read: bool) -> Exchange:
        policy = self._policy
        if not url.startswith(SHEETS_HOST):  # Drive's limit is hundreds of times that of Sheets
            limiter = None
        elif is_read:
            limiter = policy.read_limiter or get_process_limiter("read")
        else:
            limiter = policy.write_limiter or get_process_limiter("write")
        deadline = self._deadline or Deadline(policy.deadline_seconds, policy.clock)
        return Exchange(deadline, limiter.acquire if limiter else lambda: None, policy.sleep)

    def _send_once(self, exchange: Exchange, method: str, url: str, options: dict[str, Any]) -> Response:
        """Send once, with urllib3's retries; RetryableError for failures that urllib3 does not retry."""
        remaining = exchange.deadline.get_remaining()
        if not remaining:
            raise self._build_deadline_failure(exchange)
        connect_seconds, read_seconds = self._policy.timeouts
        timeout = (min(connect_seconds, remaining), min(read_seconds, remaining))
        address = self._resolve_url(url)
        host = urlsplit(address).netloc
        try:
            response = self.session.request(
                method, address, timeout=timeout, allow_redirects=False, stream=True, **options
            )
        except TokenError as error:
            raise self._build_token_failure(exchange, error) from None
        except requests.RequestException as error:
            raise self._build_connection_failure(exchange, error, host) from None
        try:
            with response:
                body = _read_body(response)
        except requests.RequestException:  # cut off, or compressed incorrectly
            broken = RetryableError(GoogleError("broken"))
            raise (self._build_deadline_failure(exchange) if exchange.timed_out else broken) from None
        if exchange.timed_out:  # cut-off headers look like a response without a body
            raise self._build_deadline_failure(exchange)
        return self._check_response(response, body, host, is_write=method.upper() != "GET")

    def _check_response(self, response: Response, body: bytes, host: str, is_write: bool) -> Response:
        status = response.status_code
        if status == 200:
            with suppress(ValueError):
                content = parse_json(body)
                if isinstance(content, dict):
                    return ParsedResponse(response, content)
            is_cut = body.startswith(b"{") and not body.rstrip().endswith(b"}")
            failure = GoogleError("broken") if is_cut else _build_unreadable(body, status, host)
            raise RetryableError(failure)
        failure = failures.classify_http_error(status, body, account=self.account, host=host, is_write=is_write)
        if status == 401:
            raise RetryableError(failure, needs_new_token=True)
        if status == 403 and failure.kind == "quota":  # Drive's equivalent of 429
            raise RetryableError(failure)
        raise failure

    def _build_token_failure(self, exchange: Exchange, error: TokenError) -> GoogleError | RetryableError:
        """Return the failure for a missing token; it is global, because no request works without one."""
        cause = error.__cause__
        if exchange.timed_out:  # a cut-off response may look complete
            failure = self._build_deadline_failure(exchange)
        elif isinstance(cause, requests.RequestException):
            failure = self._build_connection_failure(exchange, cause, error.host)
        else:
            failure = failures.classify_token_error(error.status, error.body, account=self.account, host=error.host)
        failure.is_global = True
        is_garbled = error.status == 200 or isinstance(cause, requests.exceptions.ChunkedEncodingError)
        return RetryableError(failure) if is_garbled and not exchange.timed_out else failure

    def _build_connection_failure(self, exchange: Exchange, error: requests.RequestException, host: str) -> GoogleError:
        """Return the failure for a request without a response."""
        inner = error.args[0] if error.args else error
        reason = getattr(inner, "reason", inner)
        if exchange.timed_out or isinstance(reason, ReadTimeoutError):
            return self._build_deadline_failure(exchange)
        if isinstance(error, requests.exceptions.SSLError):
            return failures.classify_certificate_error(str(error), host=host)
        connection_errors = (ConnectTimeoutError, NewConnectionError)
        if isinstance(reason, connection_errors) or isinstance(error, requests.exceptions.ProxyError):
            return GoogleError("network", host=host)
        return GoogleError("broken")

    def _build_deadline_failure(self, exchange: Exchange) -> GoogleError:
        return GoogleError("deadline", seconds=round(exchange.deadline.seconds))

    def _resolve_url(self, url: str) -> str:
        for host in HOSTS:
            if self._base_url and url.startswith(host):
                return self._base_url + url.removeprefix(host)
        return url


class ParsedResponse(Response):
    """A response whose body has been parsed; `json` returns the content."""

    def __init__(self, response: Response, content: dict[str, Any]) -> None:
        super().__init__()
        self.status_code, self.headers = response.status_code, response.headers
        self._parsed = content

    def json(self, **_: Any) -> Any:
        """Return the parsed body."""
        return self._parsed


class _Session(requests.Session):
    """A session that never looks at where a redirect leads: `requests` would, even without following it."""

    def get_redirect_target(self, resp: Response) -> None:
        """Return None: no response is a redirect."""


def _build_unreadable(body: bytes, status: int, host: str) -> GoogleError:
    """Return the failure for a body that is no acceptable JSON: Google's, or not Google's at all."""
    if body.startswith(b"{"):
        return GoogleError("malformed", place="JSON")
    return GoogleError("unreadable", status=status, host=host)


def _create_session(retry: DeadlineRetry, trust_environment: bool) -> requests.Session:
    """Return a session whose requests end at their deadline; proxies of the environment only for Google."""
    # urllib3 would log each retry with the sheet's address.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
    session = _Session()
    session.trust_env = trust_environment
    session.headers["User-Agent"] = "kpis (gzip)"  # Google compresses only if this says gzip too
    session.mount("https://", DeadlineAdapter(max_retries=retry))
    session.mount("http://", DeadlineAdapter(max_retries=retry))
    return session


def _read_body(response: Response) -> bytes:
    """Return the body, unpacked; GoogleError if it exceeds `MAX_BODY_BYTES`.

    Of a refusal only the first `MAX_REFUSAL_BYTES` are read: its status says enough.
    """
    body = bytearray()
    for part in response.iter_content(1 << 16):
        body += part
        if response.status_code != 200 and len(body) > MAX_REFUSAL_BYTES:
            break
        if len(body) > MAX_BODY_BYTES:
            raise GoogleError("too_large", megabytes=MAX_BODY_BYTES >> 20)
    return bytes(body)
