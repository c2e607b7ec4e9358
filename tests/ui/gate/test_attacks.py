"""Attacks on the gate: spellings of paths, headers of others, tokens used at once, sign-out in the middle."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.language import clock
from kpis.ui import pages
from kpis.ui.server.gate.websockets import GuardedSocket
from tests.ui.gate import asgi
from tests.ui.gate.asgi import Answer, Header
from tests.ui.gate.conftest import RIGHTS, Installation

ORIGIN: Header = ("origin", "https://kpi.example.vn")
TARGETS = [f"/{page.url_path}" for page in pages.PAGES] + [
    "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/media/abc", "/static/js/index.js", "/tai-ve/abc",
    "/tai-bang/tasks.xlsx", "/api/attainment",
]  # fmt: skip


def respell(path: str, position: int, way: str) -> str:
    """Return another spelling of a path, which a careless server would take for it."""
    index = position % (len(path) or 1)
    letter = path[index : index + 1] or "/"
    return {
        "percent": path[:index] + "".join(f"%{byte:02x}" for byte in letter.encode()) + path[index + 1 :],
        "twice": path[:index] + "".join(f"%25{byte:02x}" for byte in letter.encode()) + path[index + 1 :],
        "doubled": "/" + path,
        "dots": f"/./{path.lstrip('/')}",
        "up": f"/x/..{path}",
        "up encoded": f"/x/%2e%2e{path}",
        "backslash": path.replace("/", "\\"),
        "trailing": path + "/",
        "semicolon": path + ";x=1",
        "null": path + "%00",
        "space": path + "%20",
        "case": path.upper() if path.upper() != path else path + "X",
        "wide": path[:index] + quote("／") + path[index:],
    }[way]


WAYS = (
    "percent", "twice", "doubled", "dots", "up", "up encoded", "backslash", "trailing", "semicolon", "null", "space",
    "case", "wide",
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(path=st.sampled_from(TARGETS), position=st.integers(0, 40), way=st.sampled_from(WAYS), signed=st.booleans())
def test_another_spelling_reaches_no_page(
    with_rights: Installation, path: str, position: int, way: str, signed: bool
) -> None:
    spelled = respell(path, position, way)
    cookies = [with_rights.sign_in("leader@example.vn")] if signed else []
    with_rights.app.headers = None
    answer = with_rights.ask(spelled, *cookies)
    assert answer.status in {303, 401, 404}, spelled
    if spelled not in TARGETS:
        assert answer.status == (404 if signed else 401) or spelled == "/", spelled
        assert with_rights.app.headers is None, spelled


@pytest.mark.parametrize(
    "headers",
    [
        [("x-kpis-identity", "x"), ("X_KPIS-IDENTITY", "x")],
        [("x-forwarded-user", "admin@example.vn"), ("x-forwarded-email", "admin@example.vn")],
        [("remote-user", "admin@example.vn"), ("x-remote-user", "admin@example.vn"), ("authorization", "Basic YTpi")],
        [("forwarded", "for=127.0.0.1;host=localhost:8501;proto=http"), ("x-real-ip", "127.0.0.1")],
        [("x-original-url", "/static/js/index.js"), ("x-rewrite-url", "/dang-nhap")],
        [("x-http-method-override", "GET"), ("x-forwarded-prefix", "/dang-nhap")],
        [("upgrade", "h2c"), ("connection", "Upgrade, HTTP2-Settings")],
    ],
)
def test_no_header_lets_anybody_in(with_rights: Installation, headers: list[Header]) -> None:
    for path in ("/", "/targets", "/_stcore/health", "/api/attainment"):
        assert with_rights.ask(path, *headers).status in {303, 401}
    assert with_rights.ask("/_stcore/stream", *headers, ORIGIN, is_websocket=True).status == 403
    assert with_rights.app.headers is None


@pytest.mark.parametrize(
    "cookie",
    ["", "{name}=", "{name}={token}x", "{name}=x; {name}={token}", "{name}={token}; {name}=x", "x{name}={token}"],
)
def test_a_cookie_counts_only_when_it_stands_there_once_and_whole(with_rights: Installation, cookie: str) -> None:
    name, _, token = with_rights.sign_in("leader@example.vn")[1].partition("=")
    assert with_rights.ask("/", ("cookie", cookie.format(name=name, token=token))).status == 303


def ask_at_once(installation: Installation, count: int, path: str, headers: list[Header], body: bytes) -> list[Answer]:
    async def ask_all() -> list[Answer]:
        every = [("host", "kpi.example.vn"), ORIGIN, *headers]
        gate = installation.gate
        asks = [asgi._ask(gate, path, "POST", every, body, "127.0.0.1", "1.1", False, False) for _ in range(count)]
        return list(await asyncio.gather(*asks))

    return asyncio.run(ask_all())


def test_of_ten_posts_of_one_invitation_at_once_one_signs_in(with_rights: Installation) -> None:
    token = with_rights.state.store.create_invitation("leader@example.vn", clock.get_utc_now())
    answers = ask_at_once(with_rights, 10, "/moi", [], f"token={token}".encode())
    assert sorted(answer.status for answer in answers) == [303, *[403] * 9]
    assert [line.action for line in with_rights.state.audit.read()] == ["sign_in"]


def test_a_sign_in_that_is_returned_to_twice_at_once_is_taken_once(with_rights: Installation) -> None:
    store, now = with_rights.state.store, clock.get_utc_now()
    token = store.start_sign_in({"state": "s", "next": "/", "lang": "vi"}, now)
    assert token is not None

    async def take_all() -> list[object]:
        return list(await asyncio.gather(*(asyncio.to_thread(store.take_sign_in, token, now) for _ in range(10))))

    results = asyncio.run(take_all())
    assert sum(data is not None for data in results) == 1


def test_sign_outs_at_once_end_the_session_and_are_one_line(with_rights: Installation) -> None:
    cookie = with_rights.sign_in("leader@example.vn")
    answers = ask_at_once(with_rights, 5, "/dang-xuat", [cookie], b"")
    assert {answer.status for answer in answers} == {303}
    assert with_rights.ask("/_stcore/health", cookie).status == 401
    assert 1 <= len(list(with_rights.state.audit.read())) <= 5


def test_what_was_sent_before_sign_out_and_read_after_it_does_nothing(with_rights: Installation) -> None:
    """A message that waits in the socket when the session ends never reaches the page."""
    cookie = with_rights.sign_in("leader@example.vn")
    token = cookie[1].partition("=")[2]
    reached: list[object] = []

    async def page(_scope: Any, receive: Any, _send: Any) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            reached.append(message["bytes"])

    async def run() -> None:
        messages: asyncio.Queue[Any] = asyncio.Queue()
        for number in range(3):
            messages.put_nowait({"type": "websocket.receive", "bytes": bytes([number])})
        store = with_rights.state.store

        async def is_allowed(_is_activity: bool) -> bool:
            allowed = store.find_session(token, clock.get_utc_now()) is not None
            if not reached:
                store.end_session(token)  # between the first message and the second
            return allowed

        async def send(_message: Any) -> None:
            return

        await asyncio.wait_for(GuardedSocket(page, is_allowed).serve({}, messages.get, send), 20)

    asyncio.run(run())
    assert reached == [b"\x00"]


def test_a_question_that_fails_closes_the_socket(caplog: pytest.LogCaptureFixture) -> None:
    sent: list[Any] = []

    async def page(_scope: Any, receive: Any, _send: Any) -> None:
        while (await receive())["type"] != "websocket.disconnect":
            raise AssertionError("a message passed")

    async def fail(_is_activity: bool) -> bool:
        raise RuntimeError("no answer")

    async def receive() -> Any:
        return {"type": "websocket.receive", "bytes": b"x"}

    async def send(message: Any) -> None:
        sent.append(message)

    with caplog.at_level(logging.CRITICAL):
        asyncio.run(asyncio.wait_for(GuardedSocket(page, fail).serve({}, receive, send), 20))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_refusals_write_neither_paths_nor_headers_and_one_line_each(
    with_rights: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(50):
        with_rights.ask(f"/secret-path-{number}", ("cookie", "a=secret-cookie"), host="evil.example")
        with_rights.ask("/_stcore/stream", ("origin", "https://evil.example"), is_websocket=True)
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2
    assert not any("secret" in line or "evil" in line for line in lines)


def test_rights_broken_while_running_close_what_is_open_and_come_back(with_rights: Installation) -> None:
    cookie = with_rights.sign_in("leader@example.vn")
    for text, status in ((RIGHTS, 200), ("[[person]\n", 503), ("", 503), (RIGHTS, 200), (RIGHTS + "\nx = 1\n", 503)):
        with_rights.write_rights(text)
        assert with_rights.ask("/", cookie).status == status
        stream = with_rights.ask("/_stcore/stream", cookie, ORIGIN, is_websocket=True).status
        assert stream == (101 if status == 200 else 403)
