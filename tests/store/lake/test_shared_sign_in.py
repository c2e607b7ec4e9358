"""Two machines of a lake with the gate before their pages: one sign-in, one sign-out, a while without PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpis.store.lake import shared_statements
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.shared_tables import create_shared_tables
from tests.postgres_server import PostgresServer
from tests.ui.gate.conftest import Installation
from tests.ui.gate.test_signed_in import ORIGIN

STREAM = "/_stcore/stream"


@pytest.fixture
def machines(lake_address: LakeAddress, page_address: LakeAddress, tmp_path: Path) -> list[Installation]:
    """Two installations of the same lake."""
    create_shared_tables(lake_address)
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    installations = [Installation(folder, lake=page_address) for folder in folders]
    for installation in installations:
        installation.write_rights()
    return installations


def test_who_signs_in_on_one_machine_is_signed_in_on_the_other_until_signing_out_on_either(
    machines: list[Installation],
) -> None:
    first, other = machines
    cookie = first.sign_in("leader@example.vn")
    for machine in machines:
        assert machine.ask("/", cookie).status == 200
        assert machine.ask(STREAM, cookie, ORIGIN, is_websocket=True).status == 101
    assert other.ask("/dang-xuat", cookie, ORIGIN, method="POST").status == 303
    for machine in machines:
        assert machine.ask("/", cookie).status == 303
        assert machine.ask(STREAM, cookie, ORIGIN, is_websocket=True).status == 403


def test_while_postgresql_is_away_pages_are_served_to_who_was_there_and_to_nobody_else(
    machines: list[Installation], postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_statements, "RETRY_SECONDS", 0)
    monkeypatch.setattr("kpis.access.store.DELIVERY_SECONDS", 0.2)
    first, other = machines
    cookies = [first.sign_in(name) for name in ("leader@example.vn", "focal@example.vn")]
    assert [first.ask("/", cookie).status for cookie in cookies] == [200, 200]
    postgres.stop("immediate")
    try:
        assert first.ask("/", cookies[0]).status == 200
        assert first.ask(STREAM, cookies[0], ORIGIN, is_websocket=True).status == 101
        assert other.ask("/", cookies[0]).status == 303
        refused = first.ask("/moi", ORIGIN, method="POST", body=b"token=x")
        assert refused.status == 403
        assert "cùng dùng".encode() in refused.body
        assert b"127.0.0.1" not in refused.body
        assert first.ask("/dang-xuat", cookies[1], ORIGIN, method="POST").status == 303
        assert first.ask("/", cookies[1]).status == 303
    finally:
        postgres.start()
    assert [first.ask("/", cookie).status for cookie in cookies] == [200, 303]
    first.state.store.deliver_waiting()
    assert [other.ask("/", cookie).status for cookie in cookies] == [200, 303]
