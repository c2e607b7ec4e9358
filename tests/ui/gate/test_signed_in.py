"""With a rights file: nothing without a session, nothing with another's, nothing with rights of yesterday."""

import json
from datetime import timedelta

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from kpis.access.connections import WouldWaitError
from kpis.access.identities import IDENTITIES
from kpis.access.store import AccessStore
from kpis.language import clock
from kpis.ui import pages
from tests.ui.gate.asgi import Header, ask
from tests.ui.gate.conftest import LIMITS, RIGHTS, Installation

ORIGIN: Header = ("origin", "https://kpi.example.vn")


def read_identity(installation: Installation) -> str | None:
    values = [value for key, value in installation.app.headers or [] if key == b"x-kpis-identity"]
    assert len(values) <= 1
    return values[0].decode() if values else None


def test_signed_out_pages_lead_to_sign_in_and_nothing_else_is_served(with_rights: Installation) -> None:
    for page in pages.PAGES:
        answer = with_rights.ask(f"/{page.url_path}?plan=ha-noi")
        assert answer.status == 303
        assert (answer.get("location") or "").startswith("/dang-nhap?next=%2F")
    for path, status in {
        "/media/abc": 404, "/_stcore/metrics": 404, "/_stcore/health": 401, "/_stcore/host-config": 401,
        "/static/js/index.js": 401, "/tai-ve/abc": 401, "/x": 401, "/_stcore/agent/mcp": 401, "/%74argets": 401,
        "//targets": 401, "/targets/..": 401, "/targets/": 401, "/_stcore/stream": 401,
    }.items():  # fmt: skip
        assert with_rights.ask(path).status == status, path
    assert with_rights.ask("/_stcore/stream", ORIGIN, is_websocket=True).status == 403
    assert with_rights.ask("/_stcore/upload_file/a/b", ORIGIN, method="PUT").status == 401
    assert with_rights.app.headers is None, "the app never saw a request"
    assert with_rights.ask("/font/400.woff").status == 200
    assert with_rights.ask("/dang-nhap").status == 200
    assert json.loads(with_rights.ask("/phien").body) == {"signed_in": False}


def test_a_session_opens_the_pages_as_one_person(with_rights: Installation) -> None:
    cookie = with_rights.sign_in("leader@example.vn")
    for path in ("/", "/targets", "/static/js/index.js", "/_stcore/health"):
        assert with_rights.ask(path, cookie).status == 200
        viewer = IDENTITIES.find(read_identity(with_rights))
        assert viewer is not None and viewer.name == "leader@example.vn"
    assert with_rights.ask("/x", cookie).status == 404
    assert with_rights.ask("/media/abc", cookie).status == 404
    assert with_rights.ask("/_stcore/stream", cookie, ORIGIN, is_websocket=True).status == 101
    assert json.loads(with_rights.ask("/phien", cookie).body) == {"signed_in": True}


@pytest.mark.parametrize("name", ["X-Kpis-Identity", "x_kpis_identity", "X-KPIS_IDENTITY"])
def test_a_forged_identity_has_no_effect(with_rights: Installation, name: str) -> None:
    other = with_rights.sign_in("focal@example.vn")
    with_rights.ask("/", other)
    stolen = read_identity(with_rights)
    assert stolen
    cookie = with_rights.sign_in("leader@example.vn")
    with_rights.ask("/", cookie, (name, stolen))
    viewer = IDENTITIES.find(read_identity(with_rights))
    assert viewer is not None and viewer.name == "leader@example.vn"
    assert with_rights.ask("/", (name, stolen)).status == 303


def test_other_hosts_and_origins_are_refused(with_rights: Installation) -> None:
    cookie = with_rights.sign_in("leader@example.vn")
    assert with_rights.ask("/", cookie, host="evil.example").status == 403
    assert with_rights.ask("/", cookie, host="kpi.example.vn:444").status == 403
    assert with_rights.ask("/", cookie, ("origin", "https://evil.example")).status == 403
    for headers in (
        (),
        (("origin", "https://a.example.vn"),),
        (("origin", "http://kpi.example.vn"),),
        (("origin", "null"),),
    ):
        assert with_rights.ask("/_stcore/stream", cookie, *headers, is_websocket=True).status == 403
        assert with_rights.ask("/dang-xuat", cookie, *headers, method="POST").status == 403


def test_a_header_of_a_proxy_is_not_believed(with_rights: Installation) -> None:
    cookie = with_rights.sign_in("leader@example.vn")
    headers = [
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-user", "focal@example.vn"),
    ]
    answer = with_rights.ask("/", cookie, *headers, peer="10.0.0.9")
    assert answer.status == 200
    assert "secure" in (answer.get("set-cookie") or "").lower()
    assert answer.get("strict-transport-security") == "max-age=31536000"
    assert with_rights.ask("/", *headers).status == 303
    every = [("host", "kpi.example.vn"), *headers, ("x-forwarded-for", "127.0.0.1")]
    for app in (with_rights.gate, ProxyHeadersMiddleware(with_rights.gate, "127.0.0.1")):  # type: ignore[arg-type]
        served, refused = (ask(app, "/", headers=[*every, *more]) for more in ([cookie], []))
        assert (served.status, refused.status, refused.get("location")) == (200, 303, "/dang-nhap?next=%2F")
        assert served.get("strict-transport-security") == "max-age=31536000"


def test_sign_out_ends_the_session_and_a_replayed_cookie_is_refused(with_rights: Installation) -> None:
    cookie = with_rights.sign_in("leader@example.vn")
    assert with_rights.ask("/dang-xuat", cookie).status == 200, "a GET only asks"
    assert with_rights.ask("/", cookie).status == 200
    answer = with_rights.ask("/dang-xuat", cookie, ORIGIN, method="POST")
    assert (answer.status, answer.get("location")) == (303, "/dang-nhap")
    assert with_rights.ask("/", cookie).status == 303
    assert with_rights.ask("/_stcore/health", cookie).status == 401
    assert [line.action for line in with_rights.state.audit.read()] == ["sign_out"]


def test_a_person_taken_out_of_the_file_is_refused_at_the_next_click(with_rights: Installation) -> None:
    cookie = with_rights.sign_in("leader@example.vn")
    assert with_rights.ask("/", cookie).status == 200
    with_rights.write_rights(RIGHTS.replace("leader@example.vn", "successor@example.vn"))
    answer = with_rights.ask("/", cookie)
    assert answer.status == 403 and "leader@example.vn" in answer.body.decode()
    assert with_rights.ask("/", cookie).status == 303, "the session has ended"
    assert [line.action for line in with_rights.state.audit.read()] == ["unknown_person"]


def test_other_rights_are_another_identity(with_rights: Installation) -> None:
    cookie = with_rights.sign_in("leader@example.vn")
    with_rights.ask("/", cookie)
    first = read_identity(with_rights)
    with_rights.write_rights(
        RIGHTS.replace('role = "leader"\nplans = ["ha-noi"]', 'role = "leader"\nplans = ["dong-thap"]')
    )
    with_rights.ask("/", cookie)
    assert read_identity(with_rights) not in (first, None)
    with_rights.ask("/", with_rights.sign_in("leader@example.vn"))
    assert read_identity(with_rights) != first, "another sign-in is another identity too"


def test_a_page_that_a_person_does_not_have_leads_to_the_start_page(with_rights: Installation) -> None:
    cookie = with_rights.sign_in("leader@example.vn")
    for query, location in {
        "": "/",
        "?plan=ha-noi": "/?plan=ha-noi",
        "?lang=en&as_of=2026-10-31&q=x&page=2": "/?lang=en&as_of=2026-10-31",
        "?plan=dong-thap&agency=S%E1%BB%9F%20Y%20t%E1%BA%BF&lang=en&year=2026": "/?lang=en&year=2026",
        "?lang=%0d%0ax:1&plan=//evil": "/?lang=%0D%0Ax%3A1",
    }.items():
        answer = with_rights.ask(f"/plan-import{query}", cookie)
        assert (answer.status, answer.get("location")) == (303, location)
    assert with_rights.ask("/plan-import", with_rights.sign_in("focal@example.vn")).status == 200


OFFICER = """
[[person]]
email = "officer@example.vn"
role = "officer"
plans = ["ha-noi"]
agencies = ["Sở Y tế"]

[[person]]
email = "leader@example.vn"
role = "officer"
plans = ["dong-thap"]
agencies = ["Sở Y tế"]
"""
"""An officer, and a leader who is an officer of another plan."""


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/", "/agency"),
        ("/overview", "/agency"),
        ("/?lang=en&as_of=2026-10-31", "/agency?lang=en&as_of=2026-10-31"),
        ("/?plan=khac&agency=S%E1%BB%9F%20Y%20t%E1%BA%BF", "/agency?plan=khac&agency=S%E1%BB%9F%20Y%20t%E1%BA%BF"),
        ("/?next=//evil.example/%0d%0ax:1", "/agency?next=//evil.example/%0d%0ax:1"),
        ("/agency?plan=ha-noi", None),
        ("/tasks", None),
        ("/sources", "/agency"),
        ("/sources?lang=en&plan=khac&status=stale", "/agency?lang=en"),
        ("/province?plan=ha-noi&lang=en", "/agency?plan=ha-noi&lang=en"),
    ],
)
def test_the_start_page_leads_an_officer_to_the_own_agency(
    with_rights: Installation, path: str, location: str | None
) -> None:
    with_rights.write_rights(RIGHTS + OFFICER)
    cookie = with_rights.sign_in("officer@example.vn")
    answer = with_rights.ask(path, cookie)
    assert (answer.status, answer.get("location")) == ((200, None) if location is None else (303, location))


def test_a_leader_who_is_an_officer_elsewhere_starts_where_the_plan_of_the_address_is_seen(
    with_rights: Installation,
) -> None:
    with_rights.write_rights(RIGHTS + OFFICER)
    cookie = with_rights.sign_in("leader@example.vn")
    for path in ("/", "/?plan=ha-noi", "/?plan=khac", "/agency?plan=dong-thap", "/sources?plan=dong-thap"):
        assert with_rights.ask(path, cookie).status == 200, path
    answer = with_rights.ask("/?plan=dong-thap&lang=en", cookie)
    assert (answer.status, answer.get("location")) == (303, "/agency?plan=dong-thap&lang=en")
    assert with_rights.ask("/?plan=dong-thap&plan=ha-noi", cookie).status == 200


def test_a_refused_officer_is_led_nowhere(with_rights: Installation) -> None:
    with_rights.write_rights(RIGHTS + OFFICER)
    cookie = with_rights.sign_in("officer@example.vn")
    assert with_rights.ask("/", cookie).get("location") == "/agency"
    with_rights.write_rights(RIGHTS)
    assert with_rights.ask("/", cookie).status == 403
    assert (with_rights.ask("/").get("location") or "").startswith("/dang-nhap")


@pytest.mark.parametrize("damage", ["missing", "broken", "folder"])
def test_a_rights_file_that_cannot_be_used_refuses_everything_by_name(with_rights: Installation, damage: str) -> None:
    cookie = with_rights.sign_in("leader@example.vn")
    with_rights.ask("/", cookie)
    with_rights.paths.rights_file.unlink()
    if damage == "broken":
        with_rights.write_rights("[[person]]\n")
    elif damage == "folder":
        with_rights.paths.rights_file.mkdir()
    answer = with_rights.ask("/", cookie)
    assert answer.status == 503 and "access.toml" in answer.body.decode()
    assert with_rights.ask("/dang-nhap").status == 503
    assert with_rights.ask("/static/js/index.js", cookie).status == 503
    assert with_rights.ask("/_stcore/stream", cookie, ORIGIN, is_websocket=True).status == 403
    assert with_rights.ask("/font/400.woff").status == 200
    assert with_rights.ask("/", host="127.0.0.1:8501").status == 503, "this machine is no exception"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/targets?plan=ha-noi", "/targets?plan=ha-noi"), ("//evil.example", "/"), ("https://evil.example", "/"),
        ("/\\evil.example", "/"), ("/moi", "/"), ("/targets#x", "/"), ("/targets\r\nx", "/"),
        ("javascript:alert(1)", "/"),
        ("/%2f/evil", "/"), ("", "/"), ("/agency?agency=S%E1%BB%9F", "/agency?agency=S%E1%BB%9F"),
    ],
)  # fmt: skip
def test_sign_in_leads_only_to_pages_of_ours(with_rights: Installation, text: str, path: str) -> None:
    from urllib.parse import quote

    body = with_rights.ask(f"/dang-nhap?next={quote(text, safe='')}").body.decode()
    assert f'name="next" value="{path}"' in body.replace("&amp;", "&")


def test_an_invitation_is_used_by_its_button_alone(with_rights: Installation) -> None:
    store, now = with_rights.state.store, clock.get_utc_now()
    token = store.create_invitation("leader@example.vn", now)
    page = with_rights.ask("/moi")
    assert page.status == 200 and "script-src 'self' 'wasm-unsafe-eval' 'sha256-" in (
        page.get("content-security-policy") or ""
    )
    body = f"token={token}".encode()
    assert with_rights.ask("/moi", method="POST", body=body).status == 403, "without an Origin"
    answer = with_rights.ask("/moi", ORIGIN, method="POST", body=body)
    assert (answer.status, answer.get("location")) == (303, "/")
    cookie = next(value for value in answer.get_all("set-cookie") if "-sign-in" not in value)
    assert cookie.startswith("__Host-kpis-") and all(
        part in cookie for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/")
    )
    assert with_rights.ask("/", ("cookie", cookie.partition(";")[0])).status == 200
    assert with_rights.ask("/moi", ORIGIN, method="POST", body=body).status == 403
    assert with_rights.ask("/moi", ORIGIN, method="POST", body=b"token=invented").status == 403


def test_an_invitation_of_somebody_taken_out_or_bound_is_refused_and_stays_open(with_rights: Installation) -> None:
    store, now = with_rights.state.store, clock.get_utc_now()
    gone, bound = store.create_invitation("gone@example.vn", now), store.create_invitation("leader@example.vn", now)
    store.bind("leader@example.vn", "https://accounts.example.vn", "1", now)
    for token in (gone, bound):
        assert with_rights.ask("/moi", ORIGIN, method="POST", body=f"token={token}".encode()).status == 403
        assert store.find_invited(token, now)


def test_a_large_form_is_refused_before_it_is_read(with_rights: Installation) -> None:
    assert with_rights.ask("/moi", ORIGIN, method="POST", body=b"token=" + b"x" * 9000).status == 413


def test_a_provider_that_does_not_answer_is_named_and_lets_nobody_in(with_rights: Installation) -> None:
    text = RIGHTS.replace("https://accounts.example.vn", "http://127.0.0.1:9")
    with_rights.write_rights(text)
    answer = with_rights.ask("/dang-nhap/bat-dau", ORIGIN, method="POST", body=b"next=/")
    assert answer.status == 403 and not answer.get_all("set-cookie")


def test_a_return_that_was_not_started_here_is_refused(with_rights: Installation) -> None:
    assert with_rights.ask("/dang-nhap/xong?code=x&state=y").status == 403
    cookie_name = with_rights.state.get_rights().address.cookie_name + "-sign-in"
    token = with_rights.state.store.start_sign_in({"state": "s", "next": "/", "lang": "vi"}, clock.get_utc_now())
    answer = with_rights.ask("/dang-nhap/xong?code=x&state=y", ("cookie", f"{cookie_name}={token}"))
    assert answer.status == 403 and not answer.get_all("set-cookie")


def test_methods_that_change_nothing_of_ours_are_refused(with_rights: Installation) -> None:
    cookie = with_rights.sign_in("leader@example.vn")
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert with_rights.ask("/targets", cookie, ORIGIN, method=method).status == 405
    assert with_rights.ask("/dang-nhap/bat-dau", ORIGIN).status == 405


def test_an_idle_session_is_refused(with_rights: Installation) -> None:
    old = clock.get_utc_now() - timedelta(hours=9)
    token = with_rights.state.store.open_session("leader@example.vn", "provider", LIMITS, old)
    name = with_rights.state.get_rights().address.cookie_name
    assert with_rights.ask("/", ("cookie", f"{name}={token}")).status == 303
    assert with_rights.ask("/", ("cookie", f"{name}={token}; {name}=x")).status == 303


def test_a_file_that_makes_wait_is_asked_in_a_thread(
    with_rights: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = with_rights.sign_in("leader@example.vn")

    def wait(*_args: object, **_more: object) -> None:
        raise WouldWaitError

    monkeypatch.setattr(with_rights.state.store, "find_session_at_once", wait)
    assert with_rights.ask("/", cookie).status == 200
    assert with_rights.ask("/_stcore/stream", cookie, ORIGIN, is_websocket=True).status == 101
    with_rights.state.store.end_sessions_of("leader@example.vn")
    assert with_rights.ask("/", cookie).status == 303


def test_a_file_of_sessions_that_cannot_be_used_lets_nobody_in(with_rights: Installation) -> None:
    cookie = with_rights.sign_in("leader@example.vn")
    with_rights.ask("/", cookie)
    for file in with_rights.paths.store.parent.glob(f"{with_rights.paths.store.name}*"):
        file.unlink()
    with_rights.paths.store.write_bytes(b"no database" * 500)
    with_rights.app.headers = None
    for path in ("/", "/static/js/index.js", "/_stcore/health"):
        assert with_rights.ask(path, cookie).status == 503, path
    assert with_rights.ask("/_stcore/stream", cookie, ORIGIN, is_websocket=True).status == 403
    assert with_rights.ask("/dang-nhap").status == 200, "whoever has no session is led to sign-in as ever"
    assert with_rights.app.headers is None


@pytest.mark.parametrize("can_write", [True, False])
def test_who_signs_out_while_sessions_cannot_be_asked_for_is_signed_out_for_good(
    with_rights: Installation, monkeypatch: pytest.MonkeyPatch, can_write: bool
) -> None:
    monkeypatch.setattr(AccessStore, "deliver_later", lambda _store: None)
    cookie = with_rights.sign_in("leader@example.vn")
    file, aside = with_rights.paths.store, with_rights.folder / "aside"
    file.rename(aside)
    file.mkdir()
    if not can_write:
        file.with_suffix(".ended").mkdir()
    answer = with_rights.ask("/dang-xuat", cookie, ORIGIN, method="POST")
    assert (answer.status, answer.get("location")) == (303, "/dang-nhap")
    assert "Max-Age=0" in (answer.get("set-cookie") or "")
    file.rmdir()
    aside.rename(file)
    assert with_rights.ask("/", cookie).status == 303, "a copied cookie opens nothing either"


def test_who_signs_out_while_the_rights_file_is_broken_is_signed_out(with_rights: Installation) -> None:
    cookie, other = with_rights.sign_in("leader@example.vn"), with_rights.sign_in("focal@example.vn")
    with_rights.write_rights("[[person]\n")
    assert with_rights.ask("/dang-xuat", cookie, ORIGIN, method="POST").status == 503
    with_rights.write_rights()
    assert with_rights.ask("/", cookie).status == 303
    assert with_rights.ask("/", other).status == 200
