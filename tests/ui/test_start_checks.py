"""What is refused before the server starts, and what its log says of a server without rights; so does the screen."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest
from streamlit import config

from kpis.access.enforcement import get_access_paths, is_enforced
from kpis.access.identities import OPEN_VIEWER, Viewer
from kpis.access.rights import Entry, Person
from kpis.errors import UsageError
from kpis.settings import load_settings
from kpis.ui.server.start_checks import check_start, exit_if_not_allowed
from kpis.ui.sources import read_now
from tests.ui.handmade_rows import build_view

OPTION = "server.trustedUserHeaders"
RIGHTS = 'address = "https://kpi.example.vn{path}"\n[[person]]\nemail = "a@x.vn"\nrole = "administrator"\n'


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "sources.toml").write_text("", encoding="utf-8")
    return {"KPIS_DATABASE": str(tmp_path / "kpis.json"), "KPIS_SOURCES": str(tmp_path / "sources.toml")}


def write_rights(environ: dict[str, str], path: str = "", text: str = RIGHTS) -> Path:
    file = Path(environ["KPIS_SOURCES"]).with_name("access.toml")
    file.write_text(text.format(path=path), encoding="utf-8")
    return file


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_without_rights_this_machine_is_served(environ: dict[str, str], address: str) -> None:
    check_start(environ, address, "")
    assert not is_enforced(get_access_paths(load_settings(environ, read_only=True)))


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "10.0.0.9", "kpi.example.vn", "localhost.vn"])  # noqa: S104
def test_without_rights_nothing_else_is(environ: dict[str, str], address: str | None) -> None:
    with pytest.raises(UsageError, match=r"--server\.address 127\.0\.0\.1"):
        check_start(environ, address, "")
    write_rights(environ)
    check_start(environ, address, "")


def test_a_rights_file_that_is_gone_or_broken_lets_the_server_start_and_refuse(environ: dict[str, str]) -> None:
    file = write_rights(environ)
    check_start(environ, "0.0.0.0", "")  # noqa: S104
    file.unlink()
    check_start(environ, "0.0.0.0", "")  # noqa: S104 - every request is refused by name
    write_rights(environ, text="[[person]\n")
    check_start(environ, "127.0.0.1", "")


def test_the_path_of_the_address_has_to_be_that_of_the_server(environ: dict[str, str]) -> None:
    write_rights(environ, "/kpi")
    check_start(environ, "127.0.0.1", "/kpi")
    for base in ("", "/other"):
        with pytest.raises(UsageError, match=r"--server\.baseUrlPath kpi"):
            check_start(environ, "127.0.0.1", base)


@pytest.mark.parametrize(
    "mapping", [{}, {"X-Other": "kpis"}, {"X-Kpis-Identity": "name"}, {"X-Kpis-Identity": "kpis", "X-Mail": "email"}]
)
def test_pages_that_would_not_know_who_looks_are_not_served(environ: dict[str, str], mapping: dict[str, str]) -> None:
    known_mapping = config.get_option(OPTION)
    config._set_option(OPTION, mapping, "a test")
    try:
        check_start(environ, "127.0.0.1", "")
        write_rights(environ)
        with pytest.raises(UsageError, match=OPTION):
            check_start(environ, "127.0.0.1", "")
    finally:
        config._set_option(OPTION, known_mapping, "a test")
    check_start(environ, "127.0.0.1", "")


def test_the_page_of_the_sources_says_how_it_is_protected(monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person("a@x.vn", frozenset({Entry("a@x.vn", "administrator", None)}))
    for viewer, is_said in ((OPEN_VIEWER, True), (Viewer(person), False)):
        monkeypatch.setattr(read_now, "get_viewer", lambda viewer=viewer: viewer)
        assert ("chỉ trả lời chính máy này" in read_now.render_protection(build_view())) == is_said


def test_a_refused_start_ends_the_process_and_an_open_one_says_how_it_is_protected(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def leave(code: int) -> NoReturn:
        raise SystemExit(code)

    monkeypatch.setattr(os, "_exit", leave)
    exit_if_not_allowed(environ, "127.0.0.1", "")
    assert "chỉ trả lời" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        exit_if_not_allowed(environ, "0.0.0.0", "")  # noqa: S104
    assert ended.value.code == 2 and "access.toml" in capsys.readouterr().err
    write_rights(environ)
    exit_if_not_allowed(environ, "127.0.0.1", "")
    assert capsys.readouterr().err == ""
