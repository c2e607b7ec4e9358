"""Refused requests: a bare status, and one line a minute in the log; and where the base path leads."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, RedirectResponse

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

_log = logging.getLogger("kpis")
_LOG_SECONDS = 60
_POLICY_VIOLATION = 1008


class RefusalLog:
    """Writes one line a minute for each kind of refusal: whoever is refused must not fill the disk."""

    def __init__(self) -> None:
        self._written: dict[str, float] = {}

    def write(self, kind: str) -> None:
        """Log a refusal unless one of its kind was logged within a minute."""
        now = time.monotonic()
        if now - self._written.get(kind, -_LOG_SECONDS) >= _LOG_SECONDS:
            self._written[kind] = now
            _log.warning("refused: %s", kind)


async def refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    """Answer a request with a status alone; a websocket is refused (403) before it opens."""
    if scope["type"] == "websocket":
        await receive()  # the request to connect
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
    else:
        await PlainTextResponse("", status)(scope, receive, send)


async def lead_to_root(base: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Lead a request for the base path without its slash to the first page, query included."""
    query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
    await RedirectResponse(f"{base}/{query}", 303)(scope, receive, send)


async def refuse_for_now(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 503 to a websocket that asks to open; 403 where the server cannot answer it with another status."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await refuse(scope, receive, send, 503)
        return
    await receive()  # the request to connect
    await send({"type": "websocket.http.response.start", "status": 503, "headers": []})
    await send({"type": "websocket.http.response.body", "body": b""})
