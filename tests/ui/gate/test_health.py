"""`/health` and `/health/live`: two words, for this machine and for the address, signed in or not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from kpis.services.health import Health, HealthProblem
from kpis.ui import pages
from kpis.ui.server import health, server
from kpis.ui.server.gate.gate import Gate
from kpis.ui.server.gate.routes import RouteTable
from tests.ui.gate.asgi import HOST, Answer, Header
from tests.ui.gate.conftest import Installation

CONTENT_HEADERS = ("content-type", "content-length")


@pytest.fixture
def served(installation: Installation) -> Installation:
    """The gate in front of the product's own routes."""
    table = RouteTable("", [page.url_path for page in pages.PAGES])
    app = Starlette(routes=server.build_routes())
    installation.gate = Gate(app, table, "default-src 'none'", lambda: installation.state)
    return installation


@pytest.fixture(autouse=True)
def _forget_latest() -> Iterator[None]:
    yield
    health._LATEST.health = None


def set_health(*problems: HealthProblem) -> None:
    health._LATEST.health = Health(problems, None, 1, 0)
    health._LATEST.looked_at = time.monotonic()


def read(answer: Answer) -> tuple[int, bytes]:
    return answer.status, answer.body


def test_health_says_ok_or_not_ok_and_nothing_else(served: Installation) -> None:
    served.write_rights()
    for host in (HOST, "localhost:8501", "kpi.example.vn"):
        set_health()
        assert read(served.ask("/health", host=host)) == (200, b"ok")
        set_health("old_figures", "disk")
        assert read(served.ask("/health", host=host)) == (503, b"not ok")
        assert read(served.ask("/health/live", host=host)) == (200, b"ok")


def test_health_has_no_value_before_the_first_look_and_after_the_last(served: Installation) -> None:
    served.write_rights()
    assert served.ask("/health").status == 503
    set_health()
    health._LATEST.looked_at -= 61
    assert served.ask("/health").status == 503
    assert served.ask("/health/live").status == 200


def test_health_is_for_our_hosts_and_for_reading(served: Installation) -> None:
    served.write_rights()
    set_health()
    origin: Header = ("origin", "https://kpi.example.vn")
    for path in ("/health", "/health/live"):
        assert served.ask(path, host="evil.example").status == 403
        assert served.ask(path, host="127.0.0.1:9999").status == 403
        assert served.ask(path, origin, method="POST").status == 405
        assert served.ask(path, method="HEAD").status == 200
        assert served.ask(path, origin, is_websocket=True).status == 403
    assert served.ask("/health/live/x").status == 401
    assert served.ask("/health/").status == 401


def test_health_is_answered_where_the_rights_file_is_broken(served: Installation) -> None:
    served.write_rights("address = 1")
    set_health("rights")
    assert served.ask("/health", host=HOST).status == 503
    assert served.ask("/health/live", host=HOST).status == 200
    assert served.ask("/", host=HOST).status == 503


def test_without_a_rights_file_only_this_machine_is_answered(served: Installation) -> None:
    set_health()
    assert served.ask("/health", host=HOST).status == 200
    assert served.ask("/health", host="kpi.example.vn").status == 403
    assert served.ask("/health", host=HOST, peer="10.0.0.9").status == 403


def test_a_thread_renews_the_value(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    environ = {"KPIS_DATABASE": str(tmp_path / "kpis.json"), "KPIS_SOURCES": str(tmp_path / "sources.toml")}
    with health.run_health_checks(environ, 0.01):
        for _ in range(500):
            if health._LATEST.health is not None:
                break
            time.sleep(0.01)
        assert not health.is_well()
        first = health._LATEST.looked_at
        time.sleep(0.2)
        assert health._LATEST.looked_at > first
    assert health._LATEST.health is None
    assert [record.getMessage() for record in caplog.records] == ["health: no_figures"], "once, not at every look"
