"""Sessions in the shared tables of a lake: as in the file, valid on every machine, and while PostgreSQL is away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kpis.access.enforcement import AccessPaths, open_access_store
from kpis.access.store import AccessStore
from kpis.errors import StoreError
from kpis.store.lake import shared_statements
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.shared_statements import RETRY_SECONDS, SharedStatements
from kpis.store.lake.shared_tables import create_shared_tables
from tests.access import test_access_store as of_file
from tests.access.test_access_store import LIMITS, NOW
from tests.postgres_server import FOLLOWER, PAGE, PostgresServer

MINUTE = timedelta(minutes=1)


@pytest.fixture
def shared(lake_address: LakeAddress, page_address: LakeAddress) -> LakeAddress:
    """The address of the processes of the pages."""
    create_shared_tables(lake_address)
    return page_address


@pytest.fixture
def store(shared: LakeAddress, tmp_path: Path) -> AccessStore:
    """What one machine opens."""
    return open_access_store(AccessPaths(tmp_path / "access.toml", tmp_path / "one" / "kpis.json", shared))


@pytest.fixture
def other(shared: LakeAddress, tmp_path: Path) -> AccessStore:
    """What another machine opens."""
    return open_access_store(AccessPaths(tmp_path / "access.toml", tmp_path / "other" / "kpis.json", shared))


@contextmanager
def stopped(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stop PostgreSQL; when it is back, everybody asks it at once."""
    server.stop("immediate")
    try:
        yield
    finally:
        server.start()
        monkeypatch.setattr(shared_statements, "RETRY_SECONDS", 0)


@pytest.mark.parametrize(
    "check",
    [
        of_file.test_a_session_ends_when_idle_and_when_too_long,
        of_file.test_looking_without_activity_does_not_keep_a_session_open,
        of_file.test_signing_in_again_ends_the_session_that_it_came_with,
        of_file.test_sessions_end_one_by_one_and_by_person,
        of_file.test_a_sign_in_is_taken_once_within_ten_minutes,
        of_file.test_sign_ins_under_way_are_bounded,
        of_file.test_a_person_is_bound_to_the_first_account,
        of_file.test_of_two_first_sign_ins_at_once_one_binds,
        of_file.test_an_invitation_is_used_up_by_one_of_several_at_once,
        of_file.test_an_invitation_expires_and_gives_way_to_a_later_one,
        of_file.test_many_who_are_active_at_once_all_find_their_session,
    ],
    ids=lambda check: check.__name__.removeprefix("test_"),
)
def test_what_holds_of_the_file_holds_of_the_tables(check: of_file.Check, store: AccessStore) -> None:
    check(store)
    assert not store.path.parent.exists(), "nothing lies on this machine"


def test_bindings_of_a_file_come_into_the_tables(store: AccessStore, tmp_path: Path) -> None:
    of_file.test_bindings_survive_a_backup(store, tmp_path)


def test_a_session_of_one_machine_is_valid_on_the_other_until_it_ends_on_either(
    store: AccessStore, other: AccessStore
) -> None:
    token = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    assert store.find_session(token, NOW) == other.find_session(token, NOW) is not None
    later = NOW + timedelta(minutes=50)
    assert other.find_session(token, later, is_activity=True)
    assert store.find_session(token, later + timedelta(minutes=50))
    other.end_session(token)
    assert store.find_session(token, NOW) is None
    token = other.open_session("a@x.vn", "provider", LIMITS, NOW)
    assert store.end_sessions_of("a@x.vn") == 1
    assert other.find_session(token, NOW) is None


def test_a_token_is_not_in_the_tables_and_only_pages_read_them(
    store: AccessStore, lake_database: str, postgres: PostgresServer
) -> None:
    token = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    with closing(postgres.connect(lake_database, PAGE)) as connection:
        row = connection.execute("select s::text from kpis_shared.sessions as s").fetchone()
        assert row is not None and "a@x.vn" in str(row[0]) and token not in str(row[0])
    with closing(postgres.connect(lake_database, FOLLOWER)) as connection:
        for table in ("sessions", "sign_ins", "bindings", "invitations"):
            with pytest.raises(Exception, match="permission denied"):
                connection.execute(f"select * from kpis_shared.{table}")  # noqa: S608


def test_a_session_verified_before_stands_until_it_is_idle_while_postgresql_is_away(
    store: AccessStore, other: AccessStore, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, unseen = (store.open_session(name, "provider", LIMITS, NOW) for name in ("a@x.vn", "b@x.vn"))
    session = store.find_session(token, NOW)
    signed_out = store.open_session("d@x.vn", "provider", LIMITS, NOW)
    assert store.find_session(signed_out, NOW)
    store.end_session(signed_out)
    with stopped(postgres, monkeypatch):
        assert store.find_session(signed_out, NOW) is None, "what ended before stays ended"
        assert store.find_session(token, NOW + 59 * MINUTE) == session
        assert store.find_session(token, NOW + 61 * MINUTE) is None
        assert store.find_session(unseen, NOW) is None
        assert other.find_session(token, NOW) is None, "it was never verified there"
        for call in (
            lambda: store.open_session("c@x.vn", "provider", LIMITS, NOW),
            lambda: store.start_sign_in({}, NOW),
            lambda: store.find_invited("token", NOW),
            lambda: store.bind("c@x.vn", "i", "1", NOW),
        ):
            with pytest.raises(StoreError, match="cannot be reached"):
                call()
        now = NOW
        while now < NOW + timedelta(hours=4):
            assert store.find_session(token, now, is_activity=True) == session
            now += 50 * MINUTE
        assert store.find_session(token, NOW + timedelta(hours=4)) is None, "it lasted too long"
    assert other.find_session(unseen, NOW + 59 * MINUTE)
    assert store.find_session(token, now - 51 * MINUTE) == session
    assert other.find_session(token, now - 51 * MINUTE) == session, "activity is known elsewhere"


def test_a_sign_out_while_postgresql_is_away_holds_here_at_once_and_elsewhere_when_it_is_back(
    store: AccessStore, other: AccessStore, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpis.access.store.DELIVERY_SECONDS", 0.2)
    token = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    assert store.find_session(token, NOW)
    assert other.find_session(token, NOW)
    with stopped(postgres, monkeypatch):
        store.end_session(token)
        assert store.find_session(token, NOW) is None
        assert other.find_session(token, NOW), "the other machine cannot know"
        restarted = AccessStore(store.path, other._tables)
        assert restarted.find_session(token, NOW) is None
    assert store.find_session(token, NOW) is None
    deadline = time.monotonic() + 60
    while other.find_session(token, NOW) is not None and time.monotonic() < deadline:
        time.sleep(0.1)  # nobody uses the first machine any more
    assert other.find_session(token, NOW) is None
    store.deliver_waiting()
    assert not list(store.path.parent.glob("*.ended"))


def test_a_sign_out_outlives_a_restart_of_the_process(
    store: AccessStore,
    other: AccessStore,
    shared: LakeAddress,
    postgres: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    with stopped(postgres, monkeypatch):
        store.end_session(token)
        (path,) = store.path.parent.glob("*.ended")
        assert path.stat().st_mode & 0o077 == 0
        assert token not in path.read_text()
    restarted = AccessStore(store.path, SharedStatements(shared))
    assert restarted.count_sessions(NOW) == (0, 0)
    assert other.find_session(token, NOW) is None


def test_memory_is_not_asked_while_postgresql_answers(
    store: AccessStore, lake_database: str, postgres: PostgresServer
) -> None:
    token = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    assert store.find_session(token, NOW)
    with closing(postgres.connect(lake_database, PAGE)) as connection:
        connection.execute("delete from kpis_shared.sessions")
    assert store.find_session(token, NOW) is None
    with closing(postgres.connect(lake_database, PAGE)) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kpis pages'"
        )
    assert store.find_session(token, NOW) is None


def test_a_session_of_postgresql_that_was_ended_is_opened_again_unnoticed(
    store: AccessStore, lake_database: str, postgres: PostgresServer
) -> None:
    token = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    for _ in range(3):
        with closing(postgres.connect(lake_database)) as connection:
            connection.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = %s", [PAGE]
            )
        store.open_session("b@x.vn", "provider", LIMITS, NOW, token)
        token = store.open_session("a@x.vn", "provider", LIMITS, NOW)


def test_after_no_answer_nobody_waits_for_the_next_one(
    store: AccessStore, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[datetime] = []
    token = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    assert store.find_session(token, NOW)
    with stopped(postgres, monkeypatch):
        assert store.find_session(token, NOW)

        def count(*args: object, **values: object) -> None:
            calls.append(NOW)
            raise ZeroDivisionError

        monkeypatch.setattr(shared_statements, "PostgresSession", count)
        for _ in range(20):
            assert store.find_session(token, NOW)
    assert calls == []
    assert RETRY_SECONDS > 0
