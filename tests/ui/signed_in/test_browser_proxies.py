"""Behind a real web server with TLS, at the root and below a path: sign-in at the provider, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from kpis.language import clock
from tests.deploy import proxies
from tests.programs import require_program
from tests.ui.conftest import READY, OpenedPage
from tests.ui.signed_in.conftest import press_sign_in, watch_console
from tests.ui.signed_in.installation import Site, find_free_port, serve_site

pytestmark = pytest.mark.browser

DEEP_LINK = "/targets?plan=ha-noi&lang=vi"


@contextmanager
def run_nginx(folder: Path, port: int, app_port: int, base: str) -> Iterator[None]:
    require_program("openssl")
    file = proxies.write_nginx_site(folder, port, {proxies.APP_ADDRESS: f"127.0.0.1:{app_port}"}, base)
    with proxies.run_process([require_program("nginx"), "-c", str(file)], port, folder):
        yield


@contextmanager
def run_caddy(folder: Path, port: int, app_port: int, _base: str) -> Iterator[None]:
    file = proxies.write_caddyfile(folder, port, {proxies.APP_ADDRESS: f"127.0.0.1:{app_port}"})
    command = [require_program("caddy"), "run", "--config", str(file), "--adapter", "caddyfile"]
    with proxies.run_process(command, port, folder):
        yield


SITES = {
    "nginx below a path": (run_nginx, "/cong/kpi"),
    "caddy": (run_caddy, ""),
    "caddy below a path": (run_caddy, "/duong-dan"),
}


@pytest.fixture(scope="module", params=SITES)
def secure_site(
    request: pytest.FixtureRequest, provider: str, sample_pointer: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The dashboard behind a web server with TLS."""
    run_web_server, base = SITES[request.param]
    port, app_port = find_free_port(), find_free_port()
    folder, proxy_folder = (tmp_path_factory.mktemp(name) for name in ("kpis", "proxy"))
    with (
        serve_site(folder, sample_pointer, provider, f"https://localhost:{port}{base}", app_port) as site,
        run_web_server(proxy_folder, port, app_port, base),
    ):
        yield site


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(ignore_https_errors=True, locale="vi-VN", viewport={"width": 1366, "height": 768})
    yield opened
    opened.close()


def test_the_deep_link_survives_sign_in_and_the_session_is_the_browsers_alone(
    secure_site: Site, context: BrowserContext
) -> None:
    opened = OpenedPage(context.new_page())
    watch_console(opened, secure_site.address)
    page = opened.page
    page.goto(secure_site.address + DEEP_LINK)
    press_sign_in(page, "account-0")
    page.wait_for_selector(READY, state="attached", timeout=60_000)
    opened.wait_until_ready()
    assert page.url == secure_site.address + DEEP_LINK and opened.get_mark("page") == "targets"
    (cookie,) = [entry for entry in context.cookies() if entry["name"].startswith("__Host-kpis-")]
    assert cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Lax" and cookie["path"] == "/"
    assert all(entry["secure"] for entry in context.cookies(secure_site.address)), "Streamlit's own cookie too"
    page.get_by_role("link", name="Tổng quan").click()
    opened.wait_for_page("overview", "ha-noi")
    for link in page.locator(".kpis a[href]").all():
        href = link.evaluate("link => link.href")
        assert href.startswith((secure_site.address + "/", "https://localhost:1/", "#")), href
    page.get_by_role("link", name="Đăng xuất").click()
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/dang-nhap")
    assert page.url == f"{secure_site.address}/dang-nhap"
    assert [entry for entry in context.cookies() if entry["name"].startswith("__Host-kpis-")] == []
    assert opened.console == []


def test_the_log_of_the_server_has_no_secret(secure_site: Site, context: BrowserContext) -> None:
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(secure_site.address + DEEP_LINK)
    press_sign_in(page, "account-0")
    page.wait_for_selector(READY, state="attached", timeout=60_000)
    codes = [url.partition("code=")[2].partition("&")[0] for url in requests if "code=" in url]
    token = secure_site.state.store.create_invitation("focal@tinh.vn", clock.get_utc_now())
    page.goto(f"{secure_site.address}/moi#{token}")
    page.locator("main button[type=submit]").click()
    page.wait_for_selector(READY, state="attached", timeout=60_000)
    values = [entry["value"] for entry in context.cookies()]
    secrets = {"client-secret", token, *codes, *values}
    assert codes and len(secrets) > 3 and all(len(secret) > 8 for secret in secrets)
    files = [secure_site.log, *secure_site.pointer.parent.glob("audit/*.jsonl"), *secure_site.log.parent.glob("var/*")]
    for file in files:
        if file.is_file() and file.suffix != ".duckdb":
            data = file.read_bytes()
            assert not [secret for secret in secrets if secret.encode() in data], file.name
