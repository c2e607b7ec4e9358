"""The access token on each request: asked for when there is none, and why it was not given.

google-auth signs the request for it; sending is our own, so that repeats keep to the deadline, and address,
status and body of a refusal are known. Its AuthorizedSession is not used either: that also asks for the
account's regions, in a thread of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from google.auth.exceptions import GoogleAuthError
from google.oauth2.service_account import Credentials
from requests import PreparedRequest
from requests.auth import AuthBase


class TokenError(Exception):
    """No token: `host` answered with `status` and `body`, or not at all; then the cause says why."""

    def __init__(self, host: str, status: int = 0, body: bytes = b"") -> None:
        self.host, self.status, self.body = host, status, body
        super().__init__(host)


class BearerAuth(AuthBase):
    """Puts the access token on each request, fetching one where there is none; TokenError if it is not given.

    `timeouts` are seconds to connect, and of silence while the token comes.
    """

    def __init__(
        self, credentials: Credentials, session: requests.Session, timeouts: tuple[float, float]
    ) -> None:
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
        """The token was refused: the next request fetches another."""
        self._is_rejected = True

    def _fetch_token(self) -> None:
        asking = _TokenRequest(self.session, self._timeouts)
        try:
            self._credentials.refresh(asking)
        except (GoogleAuthError, TypeError, KeyError, ValueError, AttributeError):
            # google-auth takes every 200 for a token: an empty answer, a sign-in page or a list trips it.
            raise TokenError(asking.host, asking.status) from None


@dataclass
class _TokenResponse:
    """What google-auth wants to know of an answer."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class _TokenRequest:
    """The way by which google-auth sends its one request; a refusal is raised here, so it repeats nothing."""

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
            # A redirect would carry the signed request to whoever answers in Google's place.
            answer = self._session.request(
                method, url, data=body, headers=headers, timeout=self._timeouts, allow_redirects=False
            )
        except requests.RequestException as error:
            raise TokenError(self.host) from error
        self.status = answer.status_code
        if self.status != 200:
            raise TokenError(self.host, self.status, answer.content)
        return _TokenResponse(self.status, answer.headers, answer.content)
