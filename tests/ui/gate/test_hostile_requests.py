"""Requests that somebody wrote by hand: forms, methods, parameters and moments that no browser of ours sends."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from kpis.access.audit import AuditLog
from kpis.access.identities import IDENTITIES, OPEN_VIEWER, Viewer
from kpis.access.rights import Entry, Person, Role
from kpis.language import clock
from kpis.ui.server import list_downloads, server
from kpis.ui.server.gate.signed_in import IDENTITY_HEADER
from tests.paths import ROOT
from tests.ui.gate.asgi import Header
from tests.ui.gate.conftest import Installation

ORIGIN: Header = ("origin", "https://kpi.example.vn")
FORMS = (
    b"a=1&" * 50, b"&" * 500, b"token", b"token=", b"=", b"%", b"token=%", b"token=%ff%fe",
    b"token=\x00", b"\xff" * 100,
    b"token=" + "Ắ".encode() * 500, b"token=a;token=b", b"lang[]=vi&next[]=/", b"{}", b"token=%ed%a0%80",
    b"next=%0d%0aSet-Cookie:x=1&lang=%0d", b"lang=en&lang=xx&next=//evil",
)  # fmt: skip
METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "")
HOSTILE = (
    "0001-01-01", "9999-12-31", "-1", "0", "", " ", "2026-02-30", "2026-13-01", "x" * 3_000, "\x00",
    "\ud7ff", "\uff11\uff12",
    "2026-11-21T24:00", "0001-01-01T00:00", "9999-12-31T23:59:59.999999", "2026-11-21T00:00+99:00", "NaN", "1e999",
    "'; drop table entries; --", "../../access.toml", "{plan}", "%s", "%(lang)s", "<script>", "ha-noi\n",
)  # fmt: skip
NAMES = (
    "as_of",
    "known_at",
    "year",
    "plan",
    "province",
    "by",
    "lang",
    "agency",
    "q",
    "status",
    "sort",
    "page",
    "target",
)


@pytest.mark.parametrize("path", ["/moi", "/dang-nhap/bat-dau", "/dang-xuat"])
@pytest.mark.parametrize("body", FORMS)
def test_a_form_of_any_bytes_is_answered(with_rights: Installation, path: str, body: bytes) -> None:
    """Nobody has signed in yet: an unexpected error would be a long line of the log for every request."""
    with_rights.write_rights(with_rights.paths.rights_file.read_text(encoding="utf-8").split("[provider]")[0] + PERSON)
    answer = with_rights.ask(path, ORIGIN, method="POST", body=body)
    assert answer.status in {200, 303, 400, 403, 413}
    assert not [value for value in answer.get_all("set-cookie") if "x=1" in value]
    location = answer.get("location") or "/"
    assert location.startswith("/") and not location.startswith("//")


PERSON = '[[person]]\nemail = "leader@example.vn"\nrole = "leader"\nplans = ["ha-noi"]\n'


@pytest.mark.parametrize("method", METHODS)
def test_no_method_but_ours_is_answered(with_rights: Installation, method: str) -> None:
    cookie = with_rights.sign_in("leader@example.vn")
    with_rights.app.headers = None
    for path in ("/", "/targets", "/phien", "/health", "/api/attainment", "/tai-bang/tasks.xlsx", "/tai-ve/x", "/x"):
        assert with_rights.ask(path, cookie, ORIGIN, method=method).status in {401, 403, 404, 405}, path
        assert with_rights.ask(path, ORIGIN, method=method).status in {401, 403, 404, 405}, path
    assert with_rights.app.headers is None
    assert with_rights.state.store.find_session(cookie[1].partition("=")[2], clock.get_utc_now())


def test_an_address_in_absolute_form_or_with_parameters_is_no_other_page(with_rights: Installation) -> None:
    cookie = with_rights.sign_in("leader@example.vn")
    with_rights.app.headers = None
    for path in (
        "https://kpi.example.vn/targets",
        "//kpi.example.vn/targets",
        "/targets;jsessionid=1",
        "*",
        "/targets#x",
    ):
        assert with_rights.ask(path, cookie).status in {403, 404}, path
    assert with_rights.app.headers is None


@pytest.mark.parametrize(
    "name", ["a\x85b@x.vn", "a\u2028b@x.vn", "a\r\nb", '","person":"other', "a\\", "\ufeff", "Ắ" * 900]
)
def test_no_name_breaks_a_line_of_the_audit(with_rights: Installation, name: str) -> None:
    log, now = with_rights.state.audit, clock.get_utc_now()
    for action in ("unknown_person", name):
        log.append(action, name, now, **{"file": name})
    lines = list(log.read())
    assert [line.person for line in lines] == [name, name] and lines[1].action == name
    assert log.list_faults() == []


@pytest.mark.parametrize("change", ["cut", "swap", "edit", "remove", "insert", "hash"])
def test_the_audit_finds_every_change_but_at_its_end(with_rights: Installation, change: str) -> None:
    log, now = with_rights.state.audit, clock.get_utc_now()
    for number in range(6):
        log.append("download", f"p{number}@x.vn", now, file="f")
    [file] = log.folder.glob("*.jsonl")
    lines = file.read_bytes().splitlines(keepends=True)
    record = json.loads(lines[2])
    changed = {
        "cut": [*lines[:2], lines[2][:-20], *lines[3:]],
        "swap": [lines[0], lines[2], lines[1], *lines[3:]],
        "edit": [*lines[:2], lines[2].replace(b"p2@", b"p9@"), *lines[3:]],
        "remove": [*lines[:2], *lines[3:]],
        "insert": [*lines[:2], lines[1], *lines[2:]],
        "hash": [*lines[:2], json.dumps({**record, "previous": "0" * 64}).encode() + b"\n", *lines[3:]],
    }[change]
    file.write_bytes(b"".join(changed))
    assert AuditLog(with_rights.paths.pointer).list_faults()


@pytest.fixture
def client(sample_pointer: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The routes behind the gate, where an error that nobody expected is raised."""
    monkeypatch.setenv("KPIS_DATABASE", str(sample_pointer))
    return TestClient(Starlette(routes=server.build_routes()))


def build_viewer(role: Role, plan: str, *agencies: str) -> Viewer:
    return Viewer(
        Person("a@x.vn", frozenset({Entry("a@x.vn", role, frozenset({plan}), frozenset(agencies))})), "session"
    )


@pytest.mark.parametrize("name", NAMES[:7])
def test_figures_for_programs_answer_any_parameter(client: TestClient, name: str) -> None:
    IDENTITIES.add("hostile-leader", build_viewer("leader", "ha-noi"))
    for value in HOSTILE:
        answer = client.get(
            f"/api/attainment?{name}={quote(value)}", headers={IDENTITY_HEADER.decode(): "hostile-leader"}
        )
        assert answer.status_code in {200, 400}, (name, value)
        assert "dong-thap" not in answer.text and "Đồng Tháp" not in answer.text and str(ROOT) not in answer.text


@pytest.mark.parametrize("name", NAMES)
def test_a_list_as_a_workbook_answers_any_parameter(client: TestClient, name: str) -> None:
    IDENTITIES.add("hostile-officer", build_viewer("officer", "ha-noi", "Sở Y tế"))
    header = {IDENTITY_HEADER.decode(): "hostile-officer"}
    for value in HOSTILE[::4]:
        for entry in ("tasks", "entries"):
            answer = client.get(f"/tai-bang/{entry}.xlsx?{name}={quote(value)}", headers=header)
            assert answer.status_code == 200, (name, value)
    for entry in ("agencies", "all-agencies", "sources", "plans%2f..%2fsources", "..%2f..%2faccess"):
        assert client.get(f"/tai-bang/{entry}.xlsx?plan=ha-noi", headers=header).status_code in {200, 404}
        if entry in list_downloads.LISTS_OF_AGENCIES | {"sources"}:
            assert client.get(f"/tai-bang/{entry}.xlsx", headers=header).status_code == 404, entry


def test_an_identity_that_was_never_let_in_opens_nothing(client: TestClient) -> None:
    for path in ("/api/attainment", "/tai-bang/tasks.xlsx", "/tai-ve/" + "0" * 43):
        for value in ("", "x", "0" * 32 + "." + "0" * 64):
            assert client.get(path, headers={IDENTITY_HEADER.decode(): value}).status_code in {401, 404}
    assert OPEN_VIEWER.person is None
