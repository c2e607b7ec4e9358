"""Uploads: for who may import, for a page of the same sign-in, one at a time, bounded in all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kpis.language import clock
from kpis.ui.server.gate import uploads
from kpis.ui.server.gate.uploads import MAX_FILE_BYTES, MAX_STORED_BYTES, Uploads, serve_upload
from kpis.ui.shared import streamlit_internals
from tests.ui.gate.asgi import HOST, Header, ask
from tests.ui.gate.conftest import Installation

ORIGIN: Header = ("origin", "https://kpi.example.vn")
PATH = "/_stcore/upload_file/page/file"


def open_page(installation: Installation, cookie: Header, page: str) -> None:
    """Make a page of Streamlit belong to the sign-in of a cookie, as the page's websocket does."""
    token = cookie[1].partition("=")[2]
    session = installation.state.store.find_session(token, clock.get_utc_now())
    assert session is not None
    installation.ask("/", cookie)
    installation.gate._uploads.note_page(page, session.id)


def test_uploads_are_for_who_may_import_and_for_a_page_of_theirs(with_rights: Installation) -> None:
    leader, focal, other = map(with_rights.sign_in, ("leader@example.vn", "focal@example.vn", "focal@example.vn"))
    for cookie, page in ((leader, "of-leader"), (focal, "page"), (other, "of-other")):
        open_page(with_rights, cookie, page)
    for cookie, path, status in (
        (leader, "/_stcore/upload_file/of-leader/file", 404),
        (leader, PATH, 404),
        (focal, PATH, 200),
        (focal, "/_stcore/upload_file/of-other/file", 404),
        (focal, "/_stcore/upload_file/invented/file", 404),
        (other, PATH, 404),
    ):
        for method in ("PUT", "DELETE"):
            assert with_rights.ask(path, cookie, ORIGIN, method=method).status == status, (path, method)
    for method in ("GET", "HEAD", "POST", "OPTIONS"):
        assert with_rights.ask(PATH, focal, ORIGIN, method=method).status == 405


def test_a_socket_tells_the_gate_which_page_it_has() -> None:
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    message = ForwardMsg()
    message.new_session.main_script_path = "/srv/kpis/app.py"
    message.new_session.initialize.session_id = "page-1"
    seen: list[str] = []
    data = streamlit_internals.hide_server_details(message.SerializeToString(), seen.append)
    assert seen == ["page-1"] and b"/srv" not in data


async def _upload_at_once(owners: list[str], size: int, holder: Uploads) -> list[int]:
    """Begin uploads one after the other, none of which ends before all have begun; return their statuses."""
    statuses: list[int] = []
    have_all_begun = asyncio.Event()

    async def receive(_scope: Any, _receive: Any, send: Any) -> None:
        await have_all_begun.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})

    async def upload(owner: str) -> None:
        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        scope = {"type": "http", "method": "PUT", "headers": [(b"content-length", str(size).encode())]}
        await serve_upload(receive, holder, scope, None, send, owner)  # type: ignore[arg-type]

    async with asyncio.TaskGroup() as group:
        for owner in owners:
            group.create_task(upload(owner))
        await asyncio.sleep(0.01)
        have_all_begun.set()
    return sorted(statuses)


def test_uploads_are_bounded_for_each_person_and_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asyncio.run(_upload_at_once(["a", "a", "b"], 1, Uploads())) == [204, 204, 503]
    assert asyncio.run(_upload_at_once(list("abcdef"), MAX_FILE_BYTES, Uploads())) == [204] * 4 + [503] * 2
    holder = Uploads()
    monkeypatch.setattr(streamlit_internals, "count_uploaded_bytes", lambda: MAX_STORED_BYTES - 10)
    assert asyncio.run(_upload_at_once(["a"], 11, holder)) == [503]
    assert asyncio.run(_upload_at_once(["a"], 10, holder)) == [204]
    assert asyncio.run(_upload_at_once(["a"], 10, holder)) == [204], "what has ended arrives no more"


def test_an_upload_that_does_not_say_its_size_counts_as_the_largest() -> None:
    for headers in ([], [(b"content-length", b"x")], [(b"content-length", b"1"), (b"content-length", b"2")]):
        assert uploads._read_size({"type": "http", "headers": headers}) == MAX_FILE_BYTES


def test_the_limit_of_one_file_is_that_of_the_configuration() -> None:
    from streamlit import config

    assert config.get_option("server.maxUploadSize") << 20 == MAX_FILE_BYTES


def test_without_a_rights_file_a_full_server_refuses_too(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers: list[Header] = [("host", HOST), ("origin", f"http://{HOST}")]
    assert ask(installation.gate, PATH, method="PUT", headers=headers).status == 200
    monkeypatch.setattr(streamlit_internals, "count_uploaded_bytes", lambda: MAX_STORED_BYTES)
    assert ask(installation.gate, PATH, method="PUT", headers=headers).status == 503
    assert ask(installation.gate, PATH, method="DELETE", headers=headers).status == 200
