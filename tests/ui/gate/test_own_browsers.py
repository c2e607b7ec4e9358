"""Browsers that a command of ours starts: a secret of the process opens its own loopback address, nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from kpis.access.identities import IDENTITIES, Viewer
from kpis.access.own_sessions import COOKIE_NAME, KIND, end_own_session, set_own_session
from kpis.access.rights import SessionLimits
from kpis.language import clock
from tests.ui.gate.asgi import HOST, Header
from tests.ui.gate.conftest import Installation

SECRET_COOKIE: Header = ("cookie", f"{COOKIE_NAME}=secret")
ORIGIN: Header = ("origin", f"http://{HOST}")


@pytest.fixture(autouse=True)
def _end_session() -> Iterator[None]:
    yield
    end_own_session()


def find_viewer(installation: Installation) -> Viewer:
    values = [value for key, value in installation.app.headers or [] if key == b"x-kpis-identity"]
    assert len(values) == 1
    viewer = IDENTITIES.find(values[0].decode())
    assert viewer is not None
    return viewer


def test_the_secret_of_the_process_sees_everything_and_may_do_nothing(with_rights: Installation) -> None:
    assert with_rights.ask("/", SECRET_COOKIE, host=HOST).status == 403
    set_own_session("secret", None)
    for path in ("/", "/targets", "/static/js/index.js", "/_stcore/host-config"):
        assert with_rights.ask(path, SECRET_COOKIE, host=HOST).status == 200
    viewer = find_viewer(with_rights)
    assert viewer.person is not None and viewer.person.sees_all_plans and not viewer.may_sign_out
    assert not any(viewer.may(action) for action in ("seal", "read_again", "accept_shrink", "import_plan"))
    assert with_rights.ask("/_stcore/stream", SECRET_COOKIE, ORIGIN, host=HOST, is_websocket=True).status == 101
    assert json.loads(with_rights.ask("/phien", SECRET_COOKIE, host=HOST).body) == {"signed_in": True}
    assert with_rights.ask("/media/abc", SECRET_COOKIE, host=HOST).status == 404
    assert with_rights.ask("/dang-xuat", SECRET_COOKIE, host=HOST).status == 404


def test_the_secret_opens_no_other_address(with_rights: Installation) -> None:
    set_own_session("secret", None)
    assert with_rights.ask("/", SECRET_COOKIE).status == 303, "the public address asks for a session of its own"
    name = with_rights.state.get_rights().address.cookie_name
    assert with_rights.ask("/", ("cookie", f"{name}=secret")).status == 303
    assert with_rights.ask("/", SECRET_COOKIE, host="127.0.0.1:9999").status == 403
    assert with_rights.ask("/", SECRET_COOKIE, host=HOST, peer="10.0.0.9").status == 403
    assert with_rights.ask("/", SECRET_COOKIE, ("x-forwarded-for", "10.0.0.9"), host=HOST).status == 403
    assert with_rights.ask("/", SECRET_COOKIE, ("origin", "https://evil.example"), host=HOST).status == 403
    assert with_rights.ask("/", ("cookie", f"{COOKIE_NAME}=other"), host=HOST).status == 403
    assert with_rights.ask("/_stcore/stream", SECRET_COOKIE, host=HOST, is_websocket=True).status == 403


def test_as_a_person_it_sees_what_the_person_sees(with_rights: Installation) -> None:
    set_own_session("secret", "leader@example.vn")
    assert with_rights.ask("/", SECRET_COOKIE, host=HOST).status == 200
    person = find_viewer(with_rights).person
    assert person is not None and person.full_plans == {"ha-noi"} and not person.sees_all_plans
    set_own_session("secret", "nobody@example.vn")
    assert with_rights.ask("/", SECRET_COOKIE, host=HOST).status == 403


def test_a_session_of_a_running_dashboard_ends(with_rights: Installation) -> None:
    limits, store = SessionLimits(timedelta(hours=1), timedelta(hours=1)), with_rights.state.store
    token = store.open_session("leader@example.vn", KIND, limits, clock.get_utc_now())
    session_cookie: Header = ("cookie", f"{COOKIE_NAME}={token}")
    assert with_rights.ask("/", session_cookie, host=HOST).status == 200
    name = with_rights.state.get_rights().address.cookie_name
    assert with_rights.ask("/", ("cookie", f"{name}={token}")).status == 303, "for this machine alone"
    signed_in = with_rights.sign_in("leader@example.vn")[1].partition("=")[2]
    assert with_rights.ask("/", ("cookie", f"{COOKIE_NAME}={signed_in}"), host=HOST).status == 403
    store.end_session(token)
    assert with_rights.ask("/", session_cookie, host=HOST).status == 403
