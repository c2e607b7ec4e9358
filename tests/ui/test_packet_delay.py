"""Connections of the server send small packets at once, over a socket that was opened as Streamlit opens it."""

import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from kpis.access.enforcement import AccessPaths, AccessState
from kpis.ui.server.gate.gate import Gate
from kpis.ui.server.gate.routes import RouteTable
from kpis.ui.server.packet_delay import send_packets_at_once

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class NotingApp:
    """Notes for each connection whether packets go out at once, before and after the call."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, bool, bool]] = []

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return
        connection = receive.__self__.transport.get_extra_info("socket")  # type: ignore[attr-defined]

        def sends_at_once() -> bool:
            return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

        is_set_before = sends_at_once()
        send_packets_at_once(receive)
        self.noted.append((scope["type"], is_set_before, sends_at_once()))
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x"})


@contextmanager
def serve(app: NotingApp | Gate) -> Iterator[str]:
    """Serve an app on a socket opened as Streamlit opens its own; yields "host:port"."""
    listener = socket.socket(socket.AF_INET)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = uvicorn.Server(uvicorn.Config(app, ws="websockets-sansio", log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def test_requests_and_websockets_send_packets_at_once_which_they_would_not_by_themselves() -> None:
    app = NotingApp()
    with serve(app) as host:
        assert httpx2.get(f"http://{host}/").text == "x"
        with suppress(InvalidStatus), connect(f"ws://{host}/", proxy=None):
            pass
    assert app.noted == [("http", False, True), ("websocket", False, True)]


def test_the_gate_does_it_before_anything_is_sent(tmp_path: Path) -> None:
    app = NotingApp()
    state = AccessState(AccessPaths(tmp_path / "access.toml", tmp_path / "kpis.json"), {})
    with serve(Gate(app, RouteTable("", [""]), "", lambda: state)) as host:
        assert httpx2.get(f"http://{host}/").text == "x"
    assert app.noted == [("http", True, True)]


def test_a_server_that_does_not_show_its_connection_is_left_alone() -> None:
    async def receive() -> MutableMapping[str, Any]:
        return {}

    send_packets_at_once(receive)
