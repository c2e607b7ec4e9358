"""What pages ask the leader of a lake for: carried out once, answered on every machine, and never piling up."""

from __future__ import annotations

import json
import threading
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from kpis.errors import StoreError
from kpis.language import clock
from kpis.services import orders as order_services
from kpis.services import refresh as refreshing
from kpis.services.orders import SyncOrders, ask_leader, describe_loss
from kpis.services.watch import _wait_for_turn
from kpis.settings import Settings, load_settings
from kpis.store import journal
from kpis.store.database import Database
from kpis.store.lake import shared_orders
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.shared_state import bring_shared_state
from kpis.store.opening import open_store
from kpis.store.orders import Order, read_orders, write_orders
from kpis.store.paths import DatabasePaths
from kpis.sync import sync
from kpis.sync.result import Message, SyncResult
from kpis.sync.state import SourceState, read_states
from kpis.ui.shared import order_answers
from tests.cli.command_runner import NOW
from tests.cli.conftest import VALID_ROWS
from tests.postgres_server import PAGE, PostgresServer
from tests.store.lake.test_commands import LakeProject, lake_project  # noqa: F401 - a fixture
from tests.ui.handmade_rows import build_view

PERSON = "an@example.vn"


@pytest.fixture
def lake(lake_project: LakeProject) -> LakeProject:  # noqa: F811
    """A lake with one version."""
    lake_project.project.write_workbook(VALID_ROWS)
    lake_project.run("store", "create", "--data", str(lake_project.data))
    assert lake_project.run("sync").code == 0
    return lake_project


@pytest.fixture
def page(lake: LakeProject, page_address: LakeAddress, tmp_path: Path) -> Settings:
    """The settings of a page on another machine, whose role may not change the lake."""
    folder = tmp_path / "page"
    folder.mkdir()
    address = f"ducklake:postgres:{page_address.conninfo}"
    return load_settings({**lake.environ, "KPIS_DATABASE": address, "KPIS_LOCAL": str(folder)})


def read_lake(lake: LakeProject) -> SyncResult:
    return refreshing.refresh(load_settings(lake.environ), lake.environ, NOW)


def get_answer(page: Settings, page_address: LakeAddress, order_id: str | None) -> str | None:
    """Return the answer to an order as another machine shows it; None while it waits."""
    bring_shared_state(page_address, DatabasePaths(page.pointer))
    order = next(order for order in read_orders(page.pointer) if order.id == order_id)
    return None if order.is_waiting else Message.from_json(order.read_answer()).to_text("en")


def get_state(lake: LakeProject) -> SourceState:
    database = Database.open(load_settings(lake.environ).pointer)
    assert database is not None
    with closing(database):
        return read_states(database)["dong-thap"]


def test_the_leader_reads_when_a_page_asks_and_every_machine_shows_its_answer(
    lake: LakeProject, page: Settings, page_address: LakeAddress, postgres: PostgresServer, lake_database: str
) -> None:
    first = ask_leader(page, "read_again", "", PERSON)
    assert ask_leader(page, "read_again", "", "binh@example.vn") == first
    assert get_answer(page, page_address, first) is None
    read_lake(lake)
    assert get_answer(page, page_address, first) == "All sources were read; nothing has changed."
    (order,) = read_orders(page.pointer)
    assert (order.person, order.action) == (PERSON, "read_again")
    assert abs(order.ordered_at - clock.get_utc_now()).total_seconds() < 600
    second = ask_leader(page, "read_again", "", PERSON)
    assert second != first
    lake.project.write_workbook(())  # held back: not what anybody waits for
    read_lake(lake)
    assert "1 of 1 sources could not be read" in str(get_answer(page, page_address, second))
    with closing(postgres.connect(lake_database, PAGE)) as connection:
        for statement in ("update kpis_shared.orders set answer = null", "delete from kpis_shared.orders"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_loss_is_accepted_once_even_when_the_leader_dies_in_the_middle(
    lake: LakeProject, page: Settings, page_address: LakeAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_state = get_state(lake)
    lake.project.write_workbook(VALID_ROWS[:0], [("dong-thap.III.6", None, "SCT", "Hoàn thành", datetime(2026, 6, 2))])
    assert read_lake(lake).sources[0].outcome == "held"
    order = ask_leader(page, "accept_shrink", "dong-thap", PERSON, **describe_loss(held_state))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SyncOrders, "answer", die)
        with pytest.raises(KeyboardInterrupt):
            read_lake(lake)
    assert get_state(lake).accepted == 1
    assert get_answer(page, page_address, order) is None
    lake.project.write_workbook(())  # what is left is lost too, which nobody has accepted
    assert read_lake(lake).sources[0].outcome == "held"
    assert "have been replaced since" in str(get_answer(page, page_address, order))
    assert get_state(lake).accepted == 1
    order = ask_leader(page, "accept_shrink", "dong-thap", PERSON, **describe_loss(get_state(lake)))
    assert read_lake(lake).sources[0].outcome == "changed"
    assert get_answer(page, page_address, order) == "The loss of “dong-thap” is accepted; the figures are updated."
    sources = journal.read(DatabasePaths(page.pointer).journal)[-1]["sources"]
    assert isinstance(sources, list)
    assert [source["accepted_by"] for source in sources] == [PERSON]


def test_what_cannot_be_done_is_answered_and_nothing_piles_up(
    lake: LakeProject, page: Settings, page_address: LakeAddress, postgres: PostgresServer, lake_database: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(shared_orders, "MAX_WAITING", 3)
    monkeypatch.setattr(shared_orders, "MAX_ANSWERED", 2)
    unknown = ask_leader(page, "accept_shrink", "no-such", PERSON)
    late = ask_leader(page, "read_again", "", PERSON)
    newer = ask_leader(page, "accept_shrink", "dong-thap", PERSON)
    with pytest.raises(StoreError, match="Too many orders"):
        ask_leader(page, "accept_plan", "ha-noi", PERSON)
    with closing(postgres.connect(lake_database)) as connection:
        connection.execute(
            "update kpis_shared.orders set ordered_at = ordered_at - interval '2 days' where id = %s", [late]
        )
        connection.execute("update kpis_shared.orders set action = 'dance' where id = %s", [newer])
    store = open_store(load_settings(lake.environ))
    with store.try_lock():
        assert not SyncOrders(store, {"dong-thap"}).wants_reading
        assert list(store.list_waiting_orders()) == []
    answers = {order.id: Message.from_json(order.read_answer()).key for order in read_orders(store.paths.pointer)}
    assert len(answers) == 2
    expected = {unknown: order_services._NO_SOURCE, late: order_services.TOO_OLD, newer: order_services.FOREIGN}
    assert answers.items() <= expected.items()


def test_a_failure_is_answered_and_without_postgresql_an_order_says_so(
    lake: LakeProject,
    page: Settings,
    page_address: LakeAddress,
    postgres: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order = ask_leader(page, "read_again", "", PERSON)

    def fail(*_: object, **__: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(sync, "run_locked", fail)
        with pytest.raises(StoreError):
            read_lake(lake)
    assert get_answer(page, page_address, order) == "This could not be done: The disk is full."
    postgres.stop("immediate")
    try:
        with pytest.raises(StoreError, match="does not answer"):
            ask_leader(page, "read_again", "", PERSON)
    finally:
        postgres.start()
    assert [each.id for each in read_orders(page.pointer)] == [order]


def build_order(number: int, **values: object) -> Order:
    record = {"answered_at": None, "answer": None, **values}
    return Order(str(number), "read_again", "", PERSON, "{}", datetime(2026, 6, 1), **record)  # type: ignore[arg-type]


def test_an_order_begins_the_next_turn_at_once_and_only_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpis.services.watch._ORDER_SECONDS", 0.001)
    settings = Settings("vi", tmp_path, tmp_path / "kpis.json", None, sample=False)
    stop = threading.Event()
    write_orders(settings.pointer, [build_order(1), build_order(2, answered_at=datetime(2026, 6, 2), answer="{}")])
    start = time.monotonic()
    tried = _wait_for_turn(settings, 60, stop, frozenset())
    assert tried == {"1"} and time.monotonic() - start < 30
    assert _wait_for_turn(settings, 0.02, stop, tried) == {"1"}
    settings.pointer.with_name("kpis-orders.json").write_text("[{]")
    assert _wait_for_turn(settings, 0.02, stop, tried) == frozenset()


def test_a_page_says_that_it_waits_and_then_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPIS_DATABASE", str(tmp_path / "kpis.json"))
    monkeypatch.setattr(order_answers, "WAIT_SECONDS", 0)
    view = build_view(sees_folders=False)
    write_orders(tmp_path / "kpis.json", [build_order(1)])
    assert order_answers.wait_for_answer("1", view).startswith("Đang chờ máy đang đọc các bảng")
    answer = json.dumps(Message("{path} is lost", {"path": "/srv/secret/a.xlsx"}).to_json())
    write_orders(tmp_path / "kpis.json", [build_order(1, answered_at=datetime(2026, 6, 2), answer=answer)])
    assert order_answers.wait_for_answer("1", view) == "a.xlsx is lost"
