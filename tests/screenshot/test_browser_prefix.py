"""Below a path of the host: every link, script, typeface and websocket stays inside it."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page

from kpis.screenshot import capture
from kpis.screenshot.app_server import RunningApp, start_app
from tests.cli.conftest import Project, create_project

pytestmark = pytest.mark.browser

RIGHTS = """
address = "https://kpi.example.vn/so-lieu/kpi"

[[person]]
email = "leader@example.vn"
role = "leader"
plans = "all"
"""
READY = "[data-testid=kpis-ready]"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = create_project(tmp_path_factory.mktemp("prefix"))
    assert project.run_kpis("sync").code == 0
    (project.folder / "access.toml").write_text(RIGHTS, encoding="utf-8")
    return project


def test_everything_stays_below_the_path(project: Project, tmp_path: Path) -> None:
    environ = {"KPIS_DATABASE": str(project.database), "KPIS_SOURCES": str(project.sources)}
    with start_app(environ) as app, capture._open_tab(app, 1366, tmp_path) as page:
        assert app.address.endswith("/so-lieu/kpi")
        urls: list[str] = []
        failed: list[str] = []
        page.on("request", lambda request: urls.append(request.url))
        page.on("websocket", lambda socket: urls.append(socket.url.replace("ws://", "http://")))
        page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
        page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
        page.goto(app.address)
        page.wait_for_selector(READY, state="attached", timeout=60_000)
        assert page.url == app.address + "/"
        links = set(page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"))
        assert len(links) > 8
        assert [link for link in links if not link.startswith(f"{app.address}/")] == []
        workbooks = set(page.eval_on_selector_all("a[download]", "links => links.map(link => link.href)"))
        assert workbooks
        for link in sorted(links - workbooks):
            follow(page, link)
        for link in sorted(workbooks):
            answer = page.request.get(link)
            assert (answer.status, answer.headers["content-disposition"].split(";")[0]) == (200, "attachment"), link
        assert any(url.endswith("/_stcore/stream") for url in urls)
        assert any(url.endswith(".woff") for url in urls)
        assert [url for url in urls if not url.startswith((app.address, "data:"))] == []
        assert failed == []
        check_compression(app, next(url for url in urls if url.endswith(".js")))


def follow(page: Page, link: str) -> None:
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector(READY, state="attached", timeout=60_000)
    assert page.get_attribute(READY, "data-state") == "ok", link


def check_compression(app: RunningApp, url: str) -> None:
    headers = {"Accept-Encoding": "gzip", "Cookie": f"kpis-own={app.token}"}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:  # noqa: S310 - our own address
        assert answer.headers["Content-Encoding"] == "gzip"
