"""Behind nginx and Caddy with the files of deploy/: deep link, cookies, websocket; without rights: refused."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from kpis.language import clock
from kpis.screenshot.app_server import find_free_port
from tests.deploy import proxies
from tests.deploy.proxies import get_headers, run_process, send, serve
from tests.programs import require_program
from tests.ui.gate.conftest import Installation

DEEP_LINK = "/targets?plan=ha-noi&as_of=2026-11-20"


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    folder = tmp_path / "kpis"
    folder.mkdir()
    return Installation(folder)


def write_rights(installation: Installation, port: int) -> None:
    installation.write_rights(
        f'address = "https://localhost:{port}"\n[[person]]\nemail = "leader@example.vn"\nrole = "leader"\n'
        'plans = ["ha-noi"]\n'
    )


def check_dashboard(installation: Installation, port: int) -> None:
    """Check what a person does: open a deep link signed out, sign in, and get the page and its websocket."""
    host, origin = f"Host: localhost:{port}", f"Origin: https://localhost:{port}"
    status, headers = send(port, [f"GET {DEEP_LINK} HTTP/1.1", host])
    assert (status, get_headers(headers, "location")) == (303, [f"/dang-nhap?next={quote(DEEP_LINK, safe='')}"])
    assert get_headers(headers, "strict-transport-security") == ["max-age=31536000"]
    token = installation.state.store.create_invitation("leader@example.vn", clock.get_utc_now())
    body = urlencode({"token": token, "next": DEEP_LINK})
    form = [f"Content-Length: {len(body)}", "Content-Type: application/x-www-form-urlencoded"]
    assert send(port, ["POST /moi HTTP/1.1", host, "Origin: https://evil.example", *form], body)[0] == 403
    status, headers = send(port, ["POST /moi HTTP/1.1", host, origin, *form], body)
    assert (status, get_headers(headers, "location")) == (303, [DEEP_LINK])
    session = next(value for value in get_headers(headers, "set-cookie") if "Max-Age=0" not in value)
    assert session.startswith("__Host-kpis-")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in session.split(";")}
    cookie = f"Cookie: {session.split(';')[0]}"
    status, headers = send(port, [f"GET {DEEP_LINK} HTTP/1.1", host, cookie])
    assert status == 200
    assert all("secure" in value.lower() for value in get_headers(headers, "set-cookie"))
    upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
    upgrade.append("Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==")
    assert send(port, ["GET /_stcore/stream HTTP/1.1", host, origin, cookie, *upgrade])[0] == 101
    assert send(port, ["GET /_stcore/stream HTTP/1.1", host, origin, *upgrade])[0] == 403
    assert send(port, ["GET /health/live HTTP/1.1", host])[0] == 200


def test_behind_nginx_the_deep_link_survives_sign_in(installation: Installation, tmp_path: Path) -> None:
    nginx = require_program("nginx")
    require_program("openssl")
    port = find_free_port()
    write_rights(installation, port)
    with serve(installation.gate) as app_port:
        file = proxies.write_nginx_site(tmp_path, port, {proxies.APP_ADDRESS: f"127.0.0.1:{app_port}"})
        with run_process([nginx, "-c", str(file)], port, tmp_path):
            check_dashboard(installation, port)
            host = f"Host: localhost:{port}"
            statuses = [send(port, ["GET /dang-nhap HTTP/1.1", host])[0] for _ in range(40)]
            assert statuses[0] == 200 and statuses[-1] == 429, "sign-ins are limited"
            assert send(port, ["GET /targets HTTP/1.1", host])[0] == 303, "pages are not"


def test_behind_caddy_the_deep_link_survives_sign_in(installation: Installation, tmp_path: Path) -> None:
    caddy = require_program("caddy")
    port = find_free_port()
    write_rights(installation, port)
    with serve(installation.gate) as app_port:
        file = proxies.write_caddyfile(tmp_path, port, {proxies.APP_ADDRESS: f"127.0.0.1:{app_port}"})
        with run_process([caddy, "run", "--config", str(file), "--adapter", "caddyfile"], port, tmp_path):
            check_dashboard(installation, port)


@pytest.mark.parametrize(
    "lines",
    ["", "proxy_set_header Host $http_host;", "proxy_http_version 1.1; proxy_set_header X-Real-IP $remote_addr;"],
)
def test_behind_a_default_nginx_without_rights_everything_is_refused(
    installation: Installation, tmp_path: Path, lines: str
) -> None:
    nginx = require_program("nginx")
    port = find_free_port()
    with serve(installation.gate) as app_port:
        site = f"server {{ listen 127.0.0.1:{port}; location / {{ {lines} proxy_pass http://127.0.0.1:{app_port}; }} }}"
        with run_process([nginx, "-c", str(proxies.write_nginx(tmp_path, site))], port, tmp_path):
            for path in ("/", "/targets", "/health", "/font/400.woff"):
                assert send(port, [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{app_port}"], is_secure=False)[0] == 403
        own_host = [f"Host: 127.0.0.1:{app_port}"]
        assert send(app_port, ["GET / HTTP/1.1", *own_host], is_secure=False)[0] == 200, (
            "this machine itself is answered"
        )
