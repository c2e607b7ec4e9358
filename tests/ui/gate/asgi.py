"""Requests to an ASGI app without a server: what a proxy, a browser or an attacker may send, byte by byte."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

HOST = "127.0.0.1:8501"

Header = tuple[str, str]


@dataclass
class Answer:
    """What came back. `status` of a websocket: 101 if it was accepted, 403 if refused."""

    status: int = 0
    headers: list[Header] = field(default_factory=list)
    body: bytes = b""
    seen_headers: list[tuple[bytes, bytes]] | None = None

    def get_all(self, name: str) -> list[str]:
        """Return every value of a header."""
        return [value for key, value in self.headers if key == name]

    def get(self, name: str) -> str | None:
        """Return the value of a header; None without one."""
        return next(iter(self.get_all(name)), None)


class RecordingApp:
    """The app behind the gate: says "app", and remembers the headers that reached it."""

    def __init__(self) -> None:
        self.headers: list[tuple[bytes, bytes]] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request or accept one websocket, and end it."""
        self.headers = list(scope["headers"])
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 1000})
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"set-cookie", b"x=1; Path=/")]})
        await send({"type": "http.response.body", "body": b"app"})


def ask(
    app: Any,
    path: str,
    *,
    method: str = "GET",
    headers: Sequence[Header] = (("host", HOST),),
    body: bytes = b"",
    peer: str = "127.0.0.1",
    http_version: str = "1.1",
    is_websocket: bool = False,
    can_answer_websocket: bool = False,
) -> Answer:
    """Send one request; `path` as it stands in the request line, percent signs and query included."""
    return asyncio.run(_ask(app, path, method, headers, body, peer, http_version, is_websocket, can_answer_websocket))


async def _ask(
    app: Any,
    target: str,
    method: str,
    headers: Sequence[Header],
    body: bytes,
    peer: str,
    http_version: str,
    is_websocket: bool,
    can_answer_websocket: bool,
) -> Answer:
    from urllib.parse import unquote

    raw_path, _, query = target.partition("?")
    scope: dict[str, Any] = {
        "type": "websocket" if is_websocket else "http",
        "http_version": http_version,
        "path": unquote(raw_path),
        "raw_path": raw_path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "headers": [(key.lower().encode("latin-1"), value.encode("latin-1")) for key, value in headers],
        "client": (peer, 50_000),
        "server": ("127.0.0.1", 8501),
        "scheme": "ws" if is_websocket else "http",
        "root_path": "",
        "extensions": {"websocket.http.response": {}} if can_answer_websocket else {},
    }
    if not is_websocket:
        scope["method"] = method
    answer = Answer()
    messages = [{"type": "websocket.connect"}] if is_websocket else [{"type": "http.request", "body": body}]

    async def receive() -> Any:
        if messages:
            return messages.pop(0)
        await asyncio.sleep(3600)
        return None

    async def send(message: Any) -> None:
        if message["type"] in {"http.response.start", "websocket.http.response.start"}:
            answer.status = message["status"]
            answer.headers = [(k.decode().lower(), v.decode("latin-1")) for k, v in message["headers"]]
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")
        elif message["type"] == "websocket.accept":
            answer.status = 101
        elif message["type"] == "websocket.close" and not answer.status:
            answer.status = 403

    await asyncio.wait_for(app(scope, receive, send), 20)
    return answer
