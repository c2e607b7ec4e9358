"""Troubles on the wire: each ends soon, with its own failure, and no write is sent twice."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import time as real_time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kpis.language.messages import explain
from kpis.sources.google.client import GoogleClient, open_client
from kpis.sources.google.column_tags import FEEDBACK_TAG_KEY, build_tag_request
from kpis.sources.google.credentials import ServiceAccountKey
from kpis.sources.google.failures import FailureKind, GoogleError
from kpis.sources.google.poll import GooglePass
from kpis.sources.google.sheet_reader import read_google_sheet
from kpis.sources.google.transport import RequestPolicy
from tests.google_stand_in import Spreadsheet, StandIn, faults
from tests.google_stand_in.fixtures import NOW, build_source
from tests.google_stand_in.spreadsheet import ColumnMetadata
from tests.sources.google.raw_server import Answer, RawServer, build_answer

GET, BATCH = "sheets.spreadsheets.get", "sheets.spreadsheets.batchUpdate"
WRITE = "sheets.spreadsheets.values.batchUpdateByDataFilter"
MakeFile = Callable[..., Spreadsheet]
GOOD = json.dumps(
    {
        "properties": {"title": "Bảng"},
        "sheets": [{"properties": {"sheetId": 0, "title": "Tiến độ"}, "data": [{}]}],
    }
).encode()


def catch_failure(call: Callable[[], object]) -> GoogleError:
    with pytest.raises(GoogleError) as caught:
        call()
    assert explain(caught.value, "vi") and "{" not in explain(caught.value, "vi")
    return caught.value


def chunk(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)


def reset(connection: socket.socket) -> None:
    """Close with a reset instead of an end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def send_then_reset(data: bytes) -> Answer:
    def run(connection: socket.socket) -> None:
        connection.sendall(data)
        real_time.sleep(0.02)
        reset(connection)

    return run


def deflate_bomb() -> bytes:
    return gzip.compress(b"[" + b" " * (80 << 20) + b"]", 9)


CHUNKED = "Transfer-Encoding: chunked"
TROUBLES: dict[str, tuple[Answer, set[FailureKind]]] = {
    "no answer": (b"", {"broken"}),
    "a reset": (reset, {"broken"}),
    "a reset in the status line": (send_then_reset(b"HTTP/1.1 2"), {"broken"}),
    "a reset in the headers": (send_then_reset(b"HTTP/1.1 200 OK\r\nContent-Le"), {"broken"}),
    "a reset in the body": (send_then_reset(build_answer(GOOD[:40], length=len(GOOD))), {"broken"}),
    "a body cut short": (build_answer(GOOD[:40], length=len(GOOD)), {"broken"}),
    "a body cut short without a length": (build_answer(GOOD[:40], length=-1), {"broken"}),
    "headers without a body": (build_answer(b"", length=len(GOOD)), {"broken"}),
    "an empty body": (build_answer(b""), {"unreadable"}),
    "a body longer than its length": (build_answer(GOOD, length=len(GOOD) - 5), {"broken"}),
    "a chunk without an end": (build_answer(chunk(GOOD), CHUNKED, length=-1), {"broken"}),
    "a chunk of another length": (
        build_answer(b"5\r\n" + GOOD + b"\r\n0\r\n\r\n", CHUNKED, length=-1),
        {"broken"},
    ),
    "a chunk with no length": (build_answer(b"xyz\r\n" + GOOD, CHUNKED, length=-1), {"broken"}),
    "two lengths": (build_answer(GOOD, "Content-Length: 5"), {"broken", "malformed"}),
    "gzip that is none": (build_answer(GOOD, "Content-Encoding: gzip"), {"broken"}),
    "gzip cut short": (build_answer(gzip.compress(GOOD)[:30], "Content-Encoding: gzip"), {"broken"}),
    "a gzip bomb": (build_answer(deflate_bomb(), "Content-Encoding: gzip"), {"too_large"}),
    "an unknown encoding": (build_answer(GOOD[::-1], "Content-Encoding: x"), {"unreadable"}),
    "a hundred and more headers": (
        build_answer(GOOD, *(f"X-{number}: 1" for number in range(200))),
        {"broken"},
    ),
    "a huge header": (build_answer(GOOD, "X-Big: " + "x" * 100_000), {"broken"}),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n", {"broken"}),
    "an invalid status": (b"HTTP/1.1 abc OK\r\n\r\n", {"broken"}),
    "HTML instead of JSON": (build_answer(b"<html>x</html>", "Content-Type: text/html"), {"unreadable"}),
    "HTML called JSON": (build_answer(b"<html>x</html>"), {"unreadable"}),
    "a list": (build_answer(b"[]"), {"unreadable"}),
    "a number": (build_answer(b"5"), {"unreadable"}),
    "null": (build_answer(b"null"), {"unreadable"}),
    "nothing but an object": (build_answer(b"{}"), {"malformed"}),
    "an error with status 200": (build_answer(b'{"error": {"code": 500}}'), {"malformed"}),
    "sheets: null": (build_answer(b'{"sheets": null}'), {"malformed"}),
    "no sheets": (build_answer(b'{"sheets": []}'), {"malformed"}),
    "a key twice": (build_answer(GOOD[:-1] + b', "sheets": []}'), {"malformed"}),
    "NaN": (build_answer(b'{"sheets": NaN}'), {"malformed"}),
    "a huge number": (build_answer(b'{"sheets": ' + b"9" * 10_000 + b"}"), {"malformed"}),
    "deep lists": (build_answer(b'{"sheets": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"), {"malformed"}),
    "deep objects": (
        build_answer(b'{"sheets": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001),
        {"malformed"},
    ),
    "depth in an unknown field": (
        build_answer(b'{"x": ' + b"[" * 900 + b"]" * 900 + b"," + GOOD[1:]),
        {"malformed"},
    ),
    "invalid UTF-8": (build_answer(GOOD.replace(b"Ti", b"\xff\xfe")), {"malformed"}),
    "text in Windows' encoding": (
        build_answer('{"sheets": [{"properties": {"title": "é"}}]}'.encode("cp1252")),
        {"malformed"},
    ),
    "half a character in a title": (
        build_answer(b'{"sheets": [{"properties": {"title": "\\ud800"}}]}'),
        {"malformed"},
    ),
    "a redirect": (build_answer(b"", "Location: http://127.0.0.1:9/", status="302 Found"), {"unreadable"}),
    "a redirect without an address": (build_answer(b"", status="302 Found"), {"unreadable"}),
    "a redirect to nonsense": (
        build_answer(b"", "Location: http://[", status="301 Moved Permanently"),
        {"unreadable"},
    ),
    "a redirect with a bomb": (
        build_answer(deflate_bomb(), "Location: /", "Content-Encoding: gzip", status="307 Temporary Redirect"),
        {"unreadable"},
    ),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", {"unreadable"}),
    "206": (build_answer(GOOD[:40], status="206 Partial Content"), {"unreadable"}),
    "304": (b"HTTP/1.1 304 Not Modified\r\n\r\n", {"unreadable"}),
    "a refusal with a bomb": (
        build_answer(deflate_bomb(), "Content-Encoding: gzip", status="403 Forbidden"),
        {"unreadable"},
    ),
    "a refusal cut short": (
        build_answer(b'{"err', status="403 Forbidden", length=90),
        {"unreadable", "broken"},
    ),
    "a deep refusal": (
        build_answer(b'{"error": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", status="403 Forbidden"),
        {"unreadable"},
    ),
    "a refusal with other types": (
        build_answer(b'{"error": {"code": 403, "status": [], "details": [5], "message": {}}}', status="403 No"),
        {"not_shared"},
    ),
}


@pytest.fixture
def connect(google: StandIn, key: ServiceAccountKey, policy: RequestPolicy) -> Callable[[RawServer], GoogleClient]:
    """Return a function that makes a client whose token is in order and whose requests go to a raw server."""
    return lambda server: open_client(key, write=True, base_url=server.base_url, policy=policy)


Connect = Callable[[RawServer], GoogleClient]


@pytest.mark.parametrize("name", TROUBLES)
def test_a_read_ends_with_its_own_failure(connect: Connect, name: str) -> None:
    answer, kinds = TROUBLES[name]
    start = real_time.monotonic()
    with RawServer(answer) as server, closing(connect(server)) as client:
        failure = catch_failure(lambda: client.get_spreadsheet("1" * 44))
        assert failure.kind in kinds and not failure.is_global
        assert 1 <= len(server.requests) <= 28
    assert real_time.monotonic() - start < 10


@pytest.mark.parametrize("name", TROUBLES)
def test_a_write_is_sent_once_and_ends_with_a_failure(connect: Connect, name: str) -> None:
    answer, kinds = TROUBLES[name]
    requests: list[Callable[[GoogleClient], object]] = [
        lambda client: client.update_columns("1" * 44, {5: {2: "x"}}),
        lambda client: client.batch_update("1" * 44, [build_tag_request(0, 6)]),
    ]
    for request in requests:
        with RawServer(answer) as server, closing(connect(server)) as client:
            try:
                request(client)
            except GoogleError as failure:
                assert failure.kind in kinds | {"read_only"}
            assert len(server.requests) == 1


@pytest.mark.parametrize("name", [name for name in TROUBLES if name not in {"a gzip bomb", "a redirect with a bomb"}])
def test_a_read_succeeds_after_the_trouble_or_says_why(connect: Connect, name: str) -> None:
    answer, kinds = TROUBLES[name]
    with RawServer(answer, build_answer(GOOD)) as server, closing(connect(server)) as client:
        try:
            assert client.get_spreadsheet("1" * 44)["properties"]["title"] == "Bảng"
        except GoogleError as failure:
            assert failure.kind in kinds  # what no repetition mends


def test_a_kept_connection_that_was_closed_costs_no_read_and_no_second_write(
    google: StandIn, client: GoogleClient, make_file: MakeFile
) -> None:
    file = make_file()
    file.get_sheet("Tiến độ").column_metadata = [ColumnMetadata(5, FEEDBACK_TAG_KEY, 6)]
    client.get_spreadsheet(file.id)
    real_time.sleep(0.7)  # the stand-in ends idle connections after half a second
    assert client.update_columns(file.id, {5: {2: "x"}}) == 1
    real_time.sleep(0.7)
    client.get_spreadsheet(file.id)
    assert google.count_calls(WRITE) == 1


@pytest.mark.parametrize("stage", ["before the answer", "in the headers", "in the body"])
@pytest.mark.parametrize("verb", ["read", "write"])
def test_a_silent_server_ends_at_the_deadline(key: ServiceAccountKey, stage: str, verb: str) -> None:
    data = {
        "before the answer": b"",
        "in the headers": b"HTTP/1.1 200 OK\r\nX",
        "in the body": build_answer(GOOD)[:-9],
    }

    def fall_silent(connection: socket.socket) -> None:
        connection.sendall(data[stage])
        connection.settimeout(3)
        connection.recv(1)

    policy = RequestPolicy(deadline_seconds=0.4, timeouts=(0.3, 0.3))
    start = real_time.monotonic()
    with RawServer(fall_silent) as server, closing(open_client(key, True, server.base_url, policy)) as client:
        failure = catch_failure(
            lambda: (
                client.get_spreadsheet("1" * 44) if verb == "read" else client.update_columns("1" * 44, {5: {2: "x"}})
            )
        )
        assert failure.kind in {"deadline", "broken"} and real_time.monotonic() - start < 2
        assert verb == "read" or len(server.requests) == 1


def test_endless_interim_answers_end_at_the_deadline(key: ServiceAccountKey) -> None:
    def flood(connection: socket.socket) -> None:
        for _ in range(3000):
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            real_time.sleep(0.001)

    policy = RequestPolicy(deadline_seconds=0.4, timeouts=(0.3, 0.3))
    start = real_time.monotonic()
    with RawServer(flood) as server, closing(open_client(key, True, server.base_url, policy)) as client:
        catch_failure(lambda: client.get_spreadsheet("1" * 44))
    assert real_time.monotonic() - start < 5


def get_expected_kind(status: int, is_json: bool, is_write: bool) -> FailureKind:
    if status == 429:
        return "quota"
    if status == 408 or status >= 500:
        return "unavailable"
    if not is_json:
        return "unreadable"
    special: dict[int, FailureKind] = {
        401: "key_refused",
        403: "read_only" if is_write else "not_shared",
        404: "missing",
    }
    return special.get(status, "refused")


@pytest.mark.parametrize("is_json", [True, False])
@pytest.mark.parametrize("first", range(400, 600, 20))
def test_every_status_has_its_kind_and_no_write_is_repeated(
    google: StandIn, client: GoogleClient, make_file: MakeFile, first: int, is_json: bool
) -> None:
    file = make_file()
    for status in range(first, first + 20):
        body: Any = {"error": {"code": status, "message": "x"}} if is_json else "<html>x</html>"
        for method, send in (
            (GET, lambda: client.get_spreadsheet(file.id)),
            (WRITE, lambda: client.update_columns(file.id, {5: {2: "x"}})),
            (BATCH, lambda: client.batch_update(file.id, [build_tag_request(0, 6)])),
        ):
            google.faults.clear()
            google.calls.clear()
            google.faults.add_fault(method, faults.respond_with_status(status, body), times=50)
            failure = catch_failure(send)
            assert failure.kind == get_expected_kind(status, is_json, method != GET), status
            allowed = 2 if status == 401 else 1 if method != GET else 7
            assert 1 <= google.count_calls(method) <= allowed, status


@pytest.mark.parametrize(
    "token",
    [
        {"access_token": "t\r\nX: y", "expires_in": 3600},
        {"access_token": "đ", "expires_in": 3600},
        {"access_token": ["t"], "expires_in": 3600},
        {"access_token": None, "expires_in": 3600},
        {"access_token": "", "expires_in": 3600},
        {"access_token": "t" * 100_000, "expires_in": 3600},
        {"access_token": "t", "expires_in": 10**30},
        {"access_token": "t", "expires_in": -1},
        {"access_token": "t", "expires_in": None},
        {"access_token": "t"},
        '{"access_token": ' + "[" * 50_000 + "]" * 50_000 + "}",
        "x" * 10_000_000,
        '{"access_token": "t", "access_token": "u", "expires_in": 3600}',
    ],
    ids=range(13),
)
def test_a_token_that_cannot_be_one_is_refused(google: StandIn, client: GoogleClient, token: Any) -> None:
    google.faults.add_fault("token", faults.respond_with_status(200, token), times=50)
    failure = catch_failure(client.list_modified_times)
    assert failure.kind == "unreadable" and failure.is_global


def test_a_listing_whose_pages_never_end_is_malformed(google: StandIn, client: GoogleClient) -> None:
    page = {"files": [{"id": "x", "modifiedTime": "y"}], "nextPageToken": "again"}
    google.faults.add_fault("drive.files.list", faults.respond_with_status(200, page), times=1000)
    assert catch_failure(client.list_modified_times).kind == "malformed"


def test_a_good_version_survives_a_damaged_read(
    google: StandIn, client: GoogleClient, make_file: MakeFile, tmp_path: Path
) -> None:
    file = make_file()
    source = build_source(file)
    for body in ({"sheets": None}, {}, "[" * 100_000):
        google_pass = GooglePass(client, tmp_path / "kpis-google.json", NOW)
        google_pass.begin([source])
        google.faults.add_fault(GET, faults.respond_with_status(200, body), times=4)
        assert catch_failure(lambda run=google_pass: run.read(source)).kind in {"malformed", "unreadable"}  # type: ignore[misc]
        google.faults.clear()
    assert read_google_sheet(source, client, NOW).sheet.tabs
