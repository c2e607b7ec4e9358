"""At nine tenths of the open files a new websocket is refused; the limit is raised at the start."""

from __future__ import annotations

import resource
from pathlib import Path

from kpis.ui.server.gate.gate import Gate
from kpis.ui.server.open_files import FileCounter, raise_file_limit, read_file_limit
from tests.deploy.proxies import send, serve
from tests.ui.gate.asgi import HOST, Header, ask
from tests.ui.gate.conftest import Installation

ORIGIN: Header = ("origin", f"http://{HOST}")


def count_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_a_websocket_is_refused_at_nine_tenths_while_pages_are_served(installation: Installation) -> None:
    for limit, status in ((count_files(), 503), (1_000_000, 101)):
        gate = Gate(
            installation.app, installation.gate.table, "default-src 'none'", lambda: installation.state,
            FileCounter(limit),
        )  # fmt: skip
        headers: list[Header] = [("host", HOST), ORIGIN]
        answer = ask(gate, "/_stcore/stream", headers=headers, is_websocket=True, can_answer_websocket=True)
        assert answer.status == status
        assert ask(gate, "/targets").status == 200


def test_the_web_server_sends_that_status(installation: Installation) -> None:
    gate = Gate(
        installation.app, installation.gate.table, "default-src 'none'", lambda: installation.state, FileCounter(1)
    )  # fmt: skip
    with serve(gate) as port:
        host = f"127.0.0.1:{port}"
        upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
        upgrade += ["Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==", f"Origin: http://{host}", f"Host: {host}"]
        assert send(port, ["GET /_stcore/stream HTTP/1.1", *upgrade], is_secure=False)[0] == 503
        assert send(port, ["GET / HTTP/1.1", f"Host: {host}"], is_secure=False)[0] == 200


def test_websockets_between_two_counts_are_counted_too() -> None:
    counter = FileCounter(2 * (count_files() + 200))
    accepted = sum(counter.take_websocket() for _ in range(1_000))
    assert 0 < accepted < 200


def test_the_soft_limit_is_raised_to_the_hard_one() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
        assert raise_file_limit() == hard
        assert read_file_limit() in (hard, None)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
