"""Requests to Google with one deadline, a turn for each, repeats where they are harmless, and a sentence for
every failure."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from google.oauth2.service_account import Credentials
from requests import Response
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ReadTimeoutError

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
from kpis.sources.google.rate_limiter import RateLimiter, get_process_limiter, get_shared_limiter

TIMEOUTS = (5.0, 60.0)
"""Seconds to connect, and of silence while an answer comes."""
DEADLINE_SECONDS = 90.0
"""Seconds in which one source must have been read whole: a minute's quota refills within it."""
MAX_BODY_BYTES = 64 * 2**20
"""Bytes of an answer, unpacked: some hundred thousand full rows."""
PARTIAL_READ_RETRIES = 3
SHEETS_HOST = "https://sheets.googleapis.com"
HOSTS = (SHEETS_HOST, "https://www.googleapis.com")


@dataclass(frozen=True)
class RequestPolicy:
    """How long to wait and how often to ask: one deadline per source, turns per minute, and their clock."""

    deadline_seconds: float = DEADLINE_SECONDS
    timeouts: tuple[float, float] = TIMEOUTS
    read_limiter: RateLimiter | None = None
    write_limiter: RateLimiter | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep

    @classmethod
    def create_shared(cls, pointer: Path) -> Self:
        """As ever, its turns shared with all other processes of the database behind `pointer`."""
        return cls(
            read_limiter=get_shared_limiter("read", pointer),
            write_limiter=get_shared_limiter("write", pointer),
        )


class RetryableError(Exception):
    """A failure after which another try may help; `token`: with a new token, and at once."""

    def __init__(self, failure: GoogleError, needs_new_token: bool = False) -> None:
        self.failure, self.needs_new_token = failure, needs_new_token
        super().__init__(failure.kind)


class RequestSender:
    """Sends requests for one account. `base` stands in for Google's addresses; empty is Google itself."""

    def __init__(self, credentials: Credentials, account: str, base_url: str, policy: RequestPolicy) -> None:
        self.account, self.credentials = account, credentials
        self.session = _create_session(create_get_retry(), trust_environment=not base_url)
        asking = _create_session(create_token_retry(), trust_environment=not base_url)
        self._auth = BearerAuth(credentials, asking, policy.timeouts)
        self.session.auth = self._auth
        self._base_url, self._policy = base_url, policy
        self._deadline: Deadline | None = None

    @contextmanager
    def share_deadline(self) -> Iterator[None]:
        """All requests inside share one deadline."""
        self._deadline = Deadline(self._policy.deadline_seconds, self._policy.clock)
        try:
            yield
        finally:
            self._deadline = None

    def close(self) -> None:
        """Closes the connections, the token endpoint's too."""
        self.session.close()
        self._auth.session.close()

    def send(self, method: str, url: str, **options: Any) -> Response:
        """One request and its whole answer: HTTP 200 and a JSON object. GoogleError otherwise.

        A GET is repeated when it is throttled or arrives broken. A POST is repeated only when its token was
        refused or its connection was never made: then Google has done nothing yet.
        """
        reading = method.upper() == "GET"
        exchange = self._create_exchange(url, reading)
        exchange.wait_for_slot()
        tries, refreshed = 0, False
        with enforce_deadline(exchange):
            while True:
                try:
                    return self._send_once(exchange, method, url, options)
                except RetryableError as again:
                    if again.needs_new_token and not refreshed:
                        refreshed = True
                        self._auth.reject_token()
                        continue
                    tries += 1
                    pause = compute_backoff(tries)
                    spent = tries > PARTIAL_READ_RETRIES or pause >= exchange.deadline.get_remaining()
                    if again.needs_new_token or not reading or spent:
                        raise again.failure from None
                exchange.pause_before_retry(pause)

    def _create_exchange(self, url: str, is_read: bool) -> Exchange:
        patience = self._policy
        if not url.startswith(SHEETS_HOST):  # Drive's limit is hundreds of times that of Sheets
            limiter = None
        elif is_read:
            limiter = patience.read_limiter or get_process_limiter("read")
        else:
            limiter = patience.write_limiter or get_process_limiter("write")
        deadline = self._deadline or Deadline(patience.deadline_seconds, patience.clock)
        return Exchange(deadline, limiter.acquire if limiter else lambda: None, patience.sleep)

    def _send_once(self, exchange: Exchange, method: str, url: str, options: dict[str, Any]) -> Response:
        """One request, with urllib3's repeats below it; RepeatError for what those do not see."""
        left = exchange.deadline.get_remaining()
        if not left:
            raise self._build_deadline_failure(exchange)
        connect, silence = self._policy.timeouts
        timeout = (min(connect, left), min(silence, left))
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
                # As `requests` itself keeps an answer that was not streamed.
                response._content = _read_body(response)
        except requests.RequestException:  # cut off in the middle, or packed wrongly
            broken = RetryableError(GoogleError("broken"))
            raise (self._build_deadline_failure(exchange) if exchange.timed_out else broken) from None
        if exchange.timed_out:  # headers that were cut off read as an answer without a body
            raise self._build_deadline_failure(exchange)
        return self._check_response(response, host, is_write=method.upper() != "GET")

    def _check_response(self, response: Response, host: str, is_write: bool) -> Response:
        status = response.status_code
        if status == 200:
            with suppress(ValueError):
                if isinstance(response.json(), dict):
                    return response
            raise RetryableError(GoogleError("unreadable", status=status, host=host))
        failure = failures.classify_http_error(
            status, response.content, account=self.account, host=host, is_write=is_write
        )
        if status == 401:
            raise RetryableError(failure, needs_new_token=True)
        if status == 403 and failure.kind == "quota":  # Drive's way of saying 429
            raise RetryableError(failure)
        raise failure

    def _build_token_failure(self, exchange: Exchange, error: TokenError) -> GoogleError | RetryableError:
        """The failure behind a token that did not come. Without one no sheet can be asked for."""
        cause = error.__cause__
        if exchange.timed_out:  # what had come by then may read as a whole answer
            failure = self._build_deadline_failure(exchange)
        elif isinstance(cause, requests.RequestException):
            failure = self._build_connection_failure(exchange, cause, error.host)
        else:
            failure = failures.classify_token_error(
                error.status, error.body, account=self.account, host=error.host
            )
        failure.is_global = True
        garbled = error.status == 200 or isinstance(cause, requests.exceptions.ChunkedEncodingError)
        return RetryableError(failure) if garbled and not exchange.timed_out else failure

    def _build_connection_failure(
        self, exchange: Exchange, error: requests.RequestException, host: str
    ) -> GoogleError:
        """The failure behind a request that got no answer."""
        inner = error.args[0] if error.args else error
        reason = getattr(inner, "reason", inner)
        if exchange.timed_out or isinstance(reason, ReadTimeoutError):
            return self._build_deadline_failure(exchange)
        if isinstance(error, requests.exceptions.SSLError):
            return failures.classify_certificate_error(str(error), host=host)
        unreached = (ConnectTimeoutError, NewConnectionError)
        if isinstance(reason, unreached) or isinstance(error, requests.exceptions.ProxyError):
            return GoogleError("network", host=host)
        return GoogleError("broken")

    def _build_deadline_failure(self, exchange: Exchange) -> GoogleError:
        return GoogleError("deadline", seconds=round(exchange.deadline.seconds))

    def _resolve_url(self, url: str) -> str:
        for host in HOSTS:
            if self._base_url and url.startswith(host):
                return self._base_url + url.removeprefix(host)
        return url


def _create_session(retry: DeadlineRetry, trust_environment: bool) -> requests.Session:
    """A session whose requests end with their deadline. The environment's proxies are for Google alone."""
    # Each repeat would be a line, with the sheet's address in it, among what the administrator reads.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
    session = requests.Session()
    session.trust_env = trust_environment
    session.headers["User-Agent"] = "kpis (gzip)"  # Google packs answers for clients that also say so here
    session.mount("https://", DeadlineAdapter(max_retries=retry))
    session.mount("http://", DeadlineAdapter(max_retries=retry))
    return session


def _read_body(response: Response) -> bytes:
    """The whole body, unpacked; GoogleError past the largest."""
    body = bytearray()
    for part in response.iter_content(1 << 16):
        body += part
        if len(body) > MAX_BODY_BYTES:
            raise GoogleError("too_large", megabytes=MAX_BODY_BYTES >> 20)
    return bytes(body)
