"""Adds the access token to each request, fetching one if needed, and reports why none was granted.

google-auth signs the token request; we send it ourselves, so that retries respect the deadline and the
address, status and body of a refusal are known. Its AuthorizedSession is not used, because it also looks up
the account's regions in a separate thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from google.auth.exceptions import GoogleAuthError
from google.oauth2.service_account import Credentials
from requests import PreparedRequest
from requests.auth import AuthBase

from kpis.sources.google.strict_json import parse_json

_MAX_TOKEN_BYTES = 2**16
_MAX_TOKEN_SECONDS = 7 * 24 * 3600


class TokenError(Exception):
    """No token: `host` answered with `status` and `body`, or not at all (status 0; see `__cause__`)."""

    def __init__(self, host: str, status: int = 0, body: bytes = b"") -> None:
        self.host, self.status, self.body = host, status, body
        super().__init__(host)


class BearerAuth(AuthBase):
    """Adds the access token to each request, fetching one if needed; raises TokenError if none is granted.

    `timeouts` are the seconds to connect and the seconds without data while the token is received.
    """

    def __init__(self, credentials: Credentials, session: requests.Session, timeouts: tuple[float, float]) -> None:
        self.session = session
        self._credentials, self._timeouts = credentials, timeouts
        self._is_rejected = False

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if self._is_rejected or not self._credentials.valid:
            self._fetch_token()
            self._is_rejected = False
        request.headers["Authorization"] = f"Bearer {self._credentials.token}"
        return request

    def reject_token(self) -> None:
        """Record that the token was refused, so that the next request fetches another."""
        self._is_rejected = True

    def _fetch_token(self) -> None:
        token_request = _TokenRequest(self.session, self._timeouts)
        try:
            self._credentials.refresh(token_request)
        except (GoogleAuthError, TypeError, KeyError, ValueError, AttributeError, OverflowError):
            # What google-auth does with an answer that it does not expect.
            raise TokenError(token_request.host, token_request.status) from None


@dataclass
class _TokenResponse:
    """The parts of a response that google-auth reads."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class _TokenRequest:
    """Sends google-auth's token request; raises on a refusal, so that google-auth does not retry."""

    def __init__(self, session: requests.Session, timeouts: tuple[float, float]) -> None:
        self.host, self.status = "", 0
        self._session, self._timeouts = session, timeouts

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> _TokenResponse:
        self.host, self.status = urlsplit(url).netloc, 0
        try:
            # A redirect could send the signed request to another server.
            with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            ) as response:
                self.status = response.status_code
                content = _read_start(response)
        except requests.RequestException as error:
            raise TokenError(self.host) from error
        if self.status != 200 or not _contains_token(content):
            raise TokenError(self.host, self.status, content)
        return _TokenResponse(self.status, response.headers, content)


def _read_start(response: requests.Response) -> bytes:
    """Return the body, at most a little more than `_MAX_TOKEN_BYTES`."""
    body = bytearray()
    for part in response.iter_content(1 << 14):
        body += part
        if len(body) > _MAX_TOKEN_BYTES:
            break
    return bytes(body)


def _contains_token(body: bytes) -> bool:
    """True if an answer holds a token that can stand in a header, and its lifetime in seconds."""
    try:
        content = parse_json(body)
    except ValueError:
        return False
    if not isinstance(content, dict):
        return False
    token, lifetime = content.get("access_token"), content.get("expires_in")
    is_token = isinstance(token, str) and re.fullmatch(r"[!-~]{1,5000}", token) is not None
    return is_token and isinstance(lifetime, int) and 0 < lifetime <= _MAX_TOKEN_SECONDS
