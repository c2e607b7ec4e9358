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
from kpis.sources.google.bearer import Bearer, TokenError
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.limiter import Limiter, process_limiter, shared_limiter
from kpis.sources.google.wire import (
    Deadline,
    Exchange,
    PatientRetry,
    WatchedAdapter,
    doubling,
    repeats_of_get,
    repeats_of_token,
    watched,
)

TIMEOUTS = (5.0, 60.0)
"""Seconds to connect, and of silence while an answer comes."""
DEADLINE = 90.0
"""Seconds in which one source must have been read whole: a minute's quota refills within it."""
LARGEST = 64 * 2**20
"""Bytes of an answer, unpacked: some hundred thousand full rows."""
HALF_READ_REPEATS = 3
SHEETS_HOST = "https://sheets.googleapis.com"
HOSTS = (SHEETS_HOST, "https://www.googleapis.com")


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to ask: one deadline per source, turns per minute, and their clock."""

    deadline: float = DEADLINE
    timeouts: tuple[float, float] = TIMEOUTS
    reads: Limiter | None = None
    writes: Limiter | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep

    @classmethod
    def beside(cls, pointer: Path) -> Self:
        """As ever, its turns shared with all other processes of the database behind `pointer`."""
        return cls(reads=shared_limiter("read", pointer), writes=shared_limiter("write", pointer))


class RepeatError(Exception):
    """A failure after which another try may help; `token`: with a new token, and at once."""

    def __init__(self, failure: GoogleError, token: bool = False) -> None:
        self.failure, self.token = failure, token
        super().__init__(failure.kind)


class Sender:
    """Sends requests for one account. `base` stands in for Google's addresses; empty is Google itself."""

    def __init__(self, credentials: Credentials, account: str, base: str, patience: Patience) -> None:
        self.account, self.credentials = account, credentials
        self.session = _session(repeats_of_get(), trust_environment=not base)
        asking = _session(repeats_of_token(), trust_environment=not base)
        self._bearer = Bearer(credentials, asking, patience.timeouts)
        self.session.auth = self._bearer
        self._base, self._patience = base, patience
        self._deadline: Deadline | None = None

    @contextmanager
    def one_deadline(self) -> Iterator[None]:
        """All requests inside share one deadline."""
        self._deadline = Deadline(self._patience.deadline, self._patience.clock)
        try:
            yield
        finally:
            self._deadline = None

    def close(self) -> None:
        """Closes the connections, the token endpoint's too."""
        self.session.close()
        self._bearer.session.close()

    def send(self, method: str, url: str, **sent: Any) -> Response:
        """One request and its whole answer: HTTP 200 and a JSON object. GoogleError otherwise.

        A GET is repeated when it is throttled or arrives broken. A POST is repeated only when its token was
        refused or its connection was never made: then Google has done nothing yet.
        """
        reading = method.upper() == "GET"
        exchange = self._exchange(url, reading)
        exchange.take_turn()
        tries, refreshed = 0, False
        with watched(exchange):
            while True:
                try:
                    return self._once(exchange, method, url, sent)
                except RepeatError as again:
                    if again.token and not refreshed:
                        refreshed = True
                        self._bearer.refused()
                        continue
                    tries += 1
                    pause = doubling(tries)
                    spent = tries > HALF_READ_REPEATS or pause >= exchange.deadline.remaining()
                    if again.token or not reading or spent:
                        raise again.failure from None
                exchange.pause(pause)

    def _exchange(self, url: str, reading: bool) -> Exchange:
        patience = self._patience
        if not url.startswith(SHEETS_HOST):  # Drive's limit is hundreds of times that of Sheets
            limiter = None
        elif reading:
            limiter = patience.reads or process_limiter("read")
        else:
            limiter = patience.writes or process_limiter("write")
        deadline = self._deadline or Deadline(patience.deadline, patience.clock)
        return Exchange(deadline, limiter.turn if limiter else lambda: None, patience.sleep)

    def _once(self, exchange: Exchange, method: str, url: str, sent: dict[str, Any]) -> Response:
        """One request, with urllib3's repeats below it; RepeatError for what those do not see."""
        left = exchange.deadline.remaining()
        if not left:
            raise self._too_late(exchange)
        connect, silence = self._patience.timeouts
        timeout = (min(connect, left), min(silence, left))
        address = self._address(url)
        host = urlsplit(address).netloc
        try:
            response = self.session.request(
                method, address, timeout=timeout, allow_redirects=False, stream=True, **sent
            )
        except TokenError as error:
            raise self._without_token(exchange, error) from None
        except requests.RequestException as error:
            raise self._unanswered(exchange, error, host) from None
        try:
            with response:
                # As `requests` itself keeps an answer that was not streamed.
                response._content = _whole(response)
        except requests.RequestException:  # cut off in the middle, or packed wrongly
            broken = RepeatError(GoogleError("broken"))
            raise (self._too_late(exchange) if exchange.cut else broken) from None
        if exchange.cut:  # headers that were cut off read as an answer without a body
            raise self._too_late(exchange)
        return self._judged(response, host, writing=method.upper() != "GET")

    def _judged(self, response: Response, host: str, writing: bool) -> Response:
        status = response.status_code
        if status == 200:
            with suppress(ValueError):
                if isinstance(response.json(), dict):
                    return response
            raise RepeatError(GoogleError("unreadable", status=status, host=host))
        failure = failures.refusal(status, response.content, account=self.account, host=host, writing=writing)
        if status == 401:
            raise RepeatError(failure, token=True)
        if status == 403 and failure.kind == "quota":  # Drive's way of saying 429
            raise RepeatError(failure)
        raise failure

    def _without_token(self, exchange: Exchange, error: TokenError) -> GoogleError | RepeatError:
        """The failure behind a token that did not come. Without one no sheet can be asked for."""
        cause = error.__cause__
        if exchange.cut:  # what had come by then may read as a whole answer
            failure = self._too_late(exchange)
        elif isinstance(cause, requests.RequestException):
            failure = self._unanswered(exchange, cause, error.host)
        else:
            failure = failures.token_refusal(error.status, error.body, account=self.account, host=error.host)
        failure.everywhere = True
        garbled = error.status == 200 or isinstance(cause, requests.exceptions.ChunkedEncodingError)
        return RepeatError(failure) if garbled and not exchange.cut else failure

    def _unanswered(self, exchange: Exchange, error: requests.RequestException, host: str) -> GoogleError:
        """The failure behind a request that got no answer."""
        inner = error.args[0] if error.args else error
        reason = getattr(inner, "reason", inner)
        if exchange.cut or isinstance(reason, ReadTimeoutError):
            return self._too_late(exchange)
        if isinstance(error, requests.exceptions.SSLError):
            return failures.certificate_refusal(str(error), host=host)
        unreached = (ConnectTimeoutError, NewConnectionError)
        if isinstance(reason, unreached) or isinstance(error, requests.exceptions.ProxyError):
            return GoogleError("network", host=host)
        return GoogleError("broken")

    def _too_late(self, exchange: Exchange) -> GoogleError:
        return GoogleError("deadline", seconds=round(exchange.deadline.seconds))

    def _address(self, url: str) -> str:
        for host in HOSTS:
            if self._base and url.startswith(host):
                return self._base + url.removeprefix(host)
        return url


def _session(repeats: PatientRetry, trust_environment: bool) -> requests.Session:
    """A session whose requests end with their deadline. The environment's proxies are for Google alone."""
    # Each repeat would be a line, with the sheet's address in it, among what the administrator reads.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
    session = requests.Session()
    session.trust_env = trust_environment
    session.headers["User-Agent"] = "kpis (gzip)"  # Google packs answers for clients that also say so here
    session.mount("https://", WatchedAdapter(max_retries=repeats))
    session.mount("http://", WatchedAdapter(max_retries=repeats))
    return session


def _whole(response: Response) -> bytes:
    """The whole body, unpacked; GoogleError past the largest."""
    body = bytearray()
    for part in response.iter_content(1 << 16):
        body += part
        if len(body) > LARGEST:
            raise GoogleError("too_large", megabytes=LARGEST >> 20)
    return bytes(body)
