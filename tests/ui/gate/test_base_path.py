"""Below a path of the host: what the gate serves there, and where it leads."""

from __future__ import annotations

import pytest

from kpis.ui import pages
from kpis.ui.server.gate.gate import Gate
from kpis.ui.server.gate.routes import RouteTable
from tests.ui.gate.asgi import HOST, Header, ask
from tests.ui.gate.conftest import RIGHTS, Installation

BASE = "/duong-dan"
ORIGIN: Header = ("origin", "https://kpi.example.vn")


@pytest.fixture
def below(installation: Installation) -> Installation:
    installation.write_rights(RIGHTS.replace("kpi.example.vn", f"kpi.example.vn{BASE}"))
    table = RouteTable(BASE, [page.url_path for page in pages.PAGES])
    installation.gate = Gate(installation.app, table, "default-src 'none'", lambda: installation.state)
    return installation


def test_signed_out_a_page_leads_to_sign_in_below_the_path(below: Installation) -> None:
    answer = below.ask(f"{BASE}/targets?plan=ha-noi")
    assert (answer.status, answer.get("location")) == (303, f"{BASE}/dang-nhap?next=%2Ftargets%3Fplan%3Dha-noi")
    sign_in = below.ask(f"{BASE}/dang-nhap")
    assert sign_in.status == 200
    text = sign_in.body.decode()
    assert f'action="{BASE}/dang-nhap/bat-dau"' in text and f"url({BASE}/font/400.woff)" in text
    assert below.ask("/targets").status == 401
    assert below.ask("/dang-nhap").status == 401
    assert below.ask(f"{BASE}x/").status == 401


def test_the_path_without_its_slash_leads_to_the_first_page(below: Installation) -> None:
    answer = below.ask(f"{BASE}?plan=ha-noi")
    assert (answer.status, answer.get("location")) == (303, f"{BASE}/?plan=ha-noi")
    assert below.ask(BASE, ORIGIN, method="POST").status == 401
    assert below.ask(BASE, host="evil.example").status == 403


def test_the_start_page_leads_an_officer_to_the_own_agency_below_the_path(below: Installation) -> None:
    officer = 'email = "o@example.vn"\nrole = "officer"\nplans = ["ha-noi"]\nagencies = ["Sở Y tế"]\n'
    below.write_rights(RIGHTS.replace("kpi.example.vn", f"kpi.example.vn{BASE}") + f"[[person]]\n{officer}")
    answer = below.ask(f"{BASE}/?lang=en", below.sign_in("o@example.vn"))
    assert (answer.status, answer.get("location")) == (303, f"{BASE}/agency?lang=en")


def test_signed_in_only_the_path_is_served(below: Installation) -> None:
    cookie = below.sign_in("leader@example.vn")
    assert below.ask(f"{BASE}/", cookie).status == 200
    assert below.ask(f"{BASE}/_stcore/stream", cookie, ORIGIN, is_websocket=True).status == 101
    assert below.ask("/", cookie).status == 404
    assert below.ask("/_stcore/stream", cookie, ORIGIN, is_websocket=True).status == 403
    answer = below.ask(f"{BASE}/dang-xuat", cookie, ORIGIN, method="POST")
    assert (answer.status, answer.get("location")) == (303, f"{BASE}/dang-nhap")


def test_without_a_rights_file_too(installation: Installation) -> None:
    gate = Gate(installation.app, RouteTable(BASE, [""]), "default-src 'none'", lambda: installation.state)
    answer = ask(gate, BASE, headers=[("host", HOST)])
    assert (answer.status, answer.get("location")) == (303, f"{BASE}/")
    assert ask(gate, f"{BASE}/", headers=[("host", HOST)]).status == 200
    assert ask(gate, BASE, headers=[("host", "evil.example")]).status == 403
