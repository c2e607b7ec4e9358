"""What cannot be written into the audit is not done: files, readings, losses, editions."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn, cast

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from kpis.access.enforcement import get_access_paths
from kpis.access.errors import AuditError
from kpis.access.identities import OPEN_VIEWER
from kpis.settings import Settings, load_settings
from kpis.ui.pack import edition_buttons
from kpis.ui.server import list_downloads, server
from kpis.ui.shared.downloads import OFFERS, Offer
from kpis.ui.sources import loss_buttons, read_now
from tests.ui.handmade_rows import build_view

RIGHTS = 'address = "https://kpi.example.vn"\n[[person]]\nemail = "a@x.vn"\nrole = "administrator"\n'


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation with rights whose audit cannot be written, and pages that let everybody do everything."""
    (tmp_path / "sources.toml").write_text("", encoding="utf-8")
    (tmp_path / "access.toml").write_text(RIGHTS, encoding="utf-8")
    monkeypatch.setenv("KPIS_DATABASE", str(tmp_path / "kpis.json"))
    monkeypatch.setenv("KPIS_SOURCES", str(tmp_path / "sources.toml"))
    loaded = load_settings(
        {"KPIS_DATABASE": str(tmp_path / "kpis.json"), "KPIS_SOURCES": str(tmp_path / "sources.toml")}
    )
    get_access_paths(loaded).files.audit.write_text("a file in the way", encoding="utf-8")
    for module in (edition_buttons, loss_buttons, read_now):
        monkeypatch.setattr(module, "require_right", lambda *_args: OPEN_VIEWER)
    for module in (loss_buttons, read_now):
        monkeypatch.setattr(module, "refresh", fail_if_called)
    return loaded


def fail_if_called(*_args: object, **_more: object) -> NoReturn:
    raise AssertionError("it was done")


def test_no_file_is_sent(settings: Settings, sample_pointer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (server, list_downloads):
        monkeypatch.setattr(module, "find_request_viewer", lambda _request: OPEN_VIEWER)
    client = TestClient(Starlette(routes=server.build_routes()))
    path = OFFERS.add(Offer(fail_if_called, "x.pdf", "application/pdf", "", lambda _viewer: True))
    assert client.get(path).status_code == 503
    monkeypatch.setattr(list_downloads, "load_settings", lambda *_args, **_more: settings)
    monkeypatch.setenv("KPIS_DATABASE", str(sample_pointer))
    answer = client.get("/tai-bang/tasks.xlsx")
    assert (answer.status_code, answer.content) == (503, b"")


def test_no_reading_and_no_loss_is_accepted(settings: Settings) -> None:
    with pytest.raises(AuditError):
        read_now.read_sources(lambda *_args: None)
    status = cast(Any, SimpleNamespace(id="ha-noi", plan="ha-noi"))
    assert "was not done" in loss_buttons.accept_loss(status, {}, build_view(lang="en"))


def test_no_edition_is_sealed(settings: Settings) -> None:
    with pytest.raises(AuditError):
        edition_buttons._record_sealing(
            cast(Any, SimpleNamespace(name="x", plan=None, scope="all", figures_sha256="0"))
        )
