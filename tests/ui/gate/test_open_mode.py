"""Without a rights file: this machine alone, whatever a proxy, a name server or a foreign page tries."""

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from kpis.ui import pages
from tests.ui.gate.asgi import HOST, Header, ask
from tests.ui.gate.conftest import Installation

LOCAL = "http://127.0.0.1:8501"


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "[::1]:8501"])
@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_answered(installation: Installation, host: str, peer: str) -> None:
    for page in pages.PAGES:
        assert ask(installation.gate, f"/{page.url_path}", headers=[("host", host)], peer=peer).status == 200
    assert not installation.paths.record.exists(), "nothing is written without a rights file"


@pytest.mark.parametrize(
    "header",
    [
        ("Forwarded", "for=1.2.3.4"), ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Proto", "https"),
        ("X_Forwarded_For", "127.0.0.1"), ("X-Forwarded-Host", "localhost"), ("X-Real-IP", "127.0.0.1"),
        ("Via", "1.1 x"),
        ("Origin", "http://evil.example"), ("Origin", "null"), ("Origin", "http://127.0.0.1:8502"),
    ],
)  # fmt: skip
def test_a_forwarded_request_or_foreign_page_is_refused(installation: Installation, header: Header) -> None:
    assert ask(installation.gate, "/", headers=[("host", HOST), header]).status == 403


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "10.0.0.9"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.9", "", "x"])
def test_what_uvicorn_makes_of_forwarded_headers_lets_nobody_in(
    installation: Installation, peer: str, address: str
) -> None:
    """Streamlit starts uvicorn with its default: it believes who comes from this machine about address and scheme."""
    server = ProxyHeadersMiddleware(installation.gate, "127.0.0.1,::1")  # type: ignore[arg-type]
    for headers in ([("X-Forwarded-For", address)], [("X-Forwarded-For", address), ("X-Forwarded-Proto", "https")]):
        assert ask(server, "/", headers=[("host", HOST), *headers], peer=peer).status == 403
        stream = [("host", HOST), ("origin", LOCAL), *headers]
        assert ask(server, "/_stcore/stream", headers=stream, peer=peer, is_websocket=True).status == 403
    assert installation.app.headers is None
    status = 403 if peer == "10.0.0.9" else 200
    assert ask(server, "/", headers=[("host", HOST)], peer=peer).status == status


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8501", "127.0.0.1", "127.0.0.1:8502", "localhost.evil.vn:8501", "", "0.0.0.0:8501"],
)
def test_another_host_name_is_refused(installation: Installation, host: str) -> None:
    assert ask(installation.gate, "/", headers=[("host", host)]).status == 403
    origin = f"http://{host}"
    headers = [("host", host), ("origin", origin)]
    assert ask(installation.gate, "/_stcore/stream", headers=headers, is_websocket=True).status == 403


def test_a_missing_or_repeated_host_is_refused(installation: Installation) -> None:
    assert ask(installation.gate, "/", headers=[]).status == 403
    assert ask(installation.gate, "/", headers=[("host", HOST), ("host", HOST)]).status == 403


def test_old_http_and_other_machines_are_refused(installation: Installation) -> None:
    assert ask(installation.gate, "/", http_version="1.0").status == 403
    assert ask(installation.gate, "/", peer="192.168.1.7").status == 403
    assert ask(installation.gate, "/", peer="::ffff:10.0.0.1").status == 403


def test_a_websocket_needs_an_origin_of_ours(installation: Installation) -> None:
    def open_socket(*more: Header) -> int:
        return ask(installation.gate, "/_stcore/stream", headers=[("host", HOST), *more], is_websocket=True).status

    assert open_socket() == 403
    assert open_socket(("origin", "http://evil.example")) == 403
    assert open_socket(("origin", LOCAL)) == 101
    assert open_socket(("origin", LOCAL), ("origin", LOCAL)) == 403


def test_uploads_need_an_origin_and_reading_methods_nothing(installation: Installation) -> None:
    path = "/_stcore/upload_file/session/file"
    for method, headers, status in (
        ("PUT", [], 403),
        ("PUT", [("origin", LOCAL)], 200),
        ("DELETE", [("origin", LOCAL)], 200),
        ("GET", [], 405),
        ("POST", [("origin", LOCAL)], 405),
    ):
        assert ask(installation.gate, path, method=method, headers=[("host", HOST), *headers]).status == status


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics", "/media/abc.png", "/_stcore/agent/mcp", "/dang-nhap", "/moi", "/x", "/targets/",
        "//targets",
        "/%74argets", "/./targets", "/a/../targets", "/static/..%2f..%2fx.js", "/static/../app.py", "/targets%00",
        "/_stcore/upload_file/a/b/c", "/static//x.js", "/static/.hidden", "/auth/login", "/component/x/y",
    ],
)  # fmt: skip
def test_what_is_not_listed_does_not_exist(installation: Installation, path: str) -> None:
    assert ask(installation.gate, path, headers=[("host", HOST)]).status == 404
    assert installation.app.headers is None, "it never reached the app"


def test_an_identity_header_never_reaches_the_page(installation: Installation) -> None:
    for name in ("X-Kpis-Identity", "x_kpis_identity", "X-KPIS_Identity"):
        assert ask(installation.gate, "/", headers=[("host", HOST), (name, "forged")]).status == 200
        assert installation.app.headers == [(b"host", HOST.encode())]


def test_every_answer_has_the_security_headers(installation: Installation) -> None:
    for path, status in (("/", 200), ("/x", 404), ("/font/400.woff", 200)):
        answer = ask(installation.gate, path, headers=[("host", HOST)])
        assert answer.status == status
        assert answer.get("content-security-policy") == "default-src 'none'"
        assert answer.get("x-content-type-options") == "nosniff"
        assert answer.get("cross-origin-resource-policy") == "same-origin"
        assert answer.get("referrer-policy") == "same-origin"
    assert ask(installation.gate, "/", headers=[("host", HOST)]).get("cache-control") == "no-store"


def test_the_page_may_ask_whether_it_is_signed_in(installation: Installation) -> None:
    answer = ask(installation.gate, "/phien", headers=[("host", HOST)])
    assert (answer.status, answer.body) == (200, b'{"signed_in":true}')
