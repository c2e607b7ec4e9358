"""Sessions, sign-ins, bindings and invitations: each opens what it should, once, and in time."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kpis.access import connections, outage
from kpis.access.connections import WouldWaitError
from kpis.access.rights import SessionLimits
from kpis.access.store import MAX_SIGN_INS, AccessStore
from kpis.errors import StoreError

NOW = datetime.fromisoformat("2026-11-29T08:00:00")
Check = Callable[[AccessStore], None]
LIMITS = SessionLimits(timedelta(hours=1), timedelta(hours=4))


@pytest.fixture
def store(tmp_path: Path) -> AccessStore:
    return AccessStore(tmp_path / "kpis-access.sqlite")


def test_a_session_ends_when_idle_and_when_too_long(store: AccessStore) -> None:
    token = store.open_session("A@x.vn", "provider", LIMITS, NOW)
    session = store.find_session(token, NOW)
    assert session is not None and (session.email, session.kind) == ("a@x.vn", "provider")
    assert store.find_session(token, NOW + timedelta(minutes=61)) is None
    now = NOW
    while now < NOW + timedelta(hours=4):
        assert store.find_session(token, now, is_activity=True)
        now += timedelta(minutes=50)
    assert store.find_session(token, NOW + timedelta(hours=4), is_activity=True) is None


def test_looking_without_activity_does_not_keep_a_session_open(store: AccessStore) -> None:
    token = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    for minutes in range(0, 60, 5):
        assert store.find_session(token, NOW + timedelta(minutes=minutes))
    assert store.find_session(token, NOW + timedelta(minutes=60)) is None


def test_a_token_is_not_in_the_file(store: AccessStore) -> None:
    tokens = [store.open_session("a@x.vn", "provider", LIMITS, NOW), store.create_invitation("a@x.vn", NOW)]
    data = b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    assert not any(token.encode() in data for token in tokens)
    assert store.path.stat().st_mode & 0o077 == 0


def test_signing_in_again_ends_the_session_that_it_came_with(store: AccessStore) -> None:
    first = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    second = store.open_session("b@x.vn", "provider", LIMITS, NOW, first)
    assert store.find_session(first, NOW) is None
    assert store.find_session(second, NOW)


def test_sessions_end_one_by_one_and_by_person(store: AccessStore) -> None:
    tokens = [store.open_session("a@x.vn", "provider", LIMITS, NOW) for _ in range(3)]
    other = store.open_session("b@x.vn", "provider", LIMITS, NOW)
    store.end_session(tokens[0])
    assert [bool(store.find_session(token, NOW)) for token in tokens] == [False, True, True]
    assert store.end_sessions_of("A@X.VN") == 2
    assert store.find_session(other, NOW)
    store.end_everything_open()
    assert store.find_session(other, NOW) is None


def test_a_sign_in_is_taken_once_within_ten_minutes(store: AccessStore) -> None:
    token = store.start_sign_in({"state": "s"}, NOW)
    assert token is not None
    assert store.take_sign_in(token, NOW) == {"state": "s"}
    assert store.take_sign_in(token, NOW) is None
    late = store.start_sign_in({"state": "s"}, NOW)
    assert late is not None and store.take_sign_in(late, NOW + timedelta(minutes=10)) is None


def test_sign_ins_under_way_are_bounded(store: AccessStore) -> None:
    tokens = [store.start_sign_in({}, NOW) for _ in range(MAX_SIGN_INS)]
    assert all(tokens)
    assert store.start_sign_in({}, NOW + timedelta(seconds=59)) is None, "nobody is thrown out within a minute"
    later = NOW + timedelta(seconds=60)
    started = store.start_sign_in({"state": "s"}, later)
    assert started and store.take_sign_in(started, later) == {"state": "s"}
    remaining = [store.take_sign_in(token or "", later) for token in tokens]
    assert remaining.count(None) == 1, "the oldest one made room, and no other"


def test_who_floods_the_sign_in_keeps_no_patient_person_out(store: AccessStore) -> None:
    """Two starts a second for four minutes: everybody else starts and returns within a minute."""
    for second in range(240):
        now = NOW + timedelta(seconds=second)
        for _ in range(2):
            assert store.start_sign_in({}, now)
        if second % 60 == 0:
            token = store.start_sign_in({"state": "s"}, now)
        if second % 60 == 50:
            assert token and store.take_sign_in(token, now) == {"state": "s"}, second


def test_a_person_is_bound_to_the_first_account(store: AccessStore) -> None:
    assert store.bind("a@x.vn", "https://i", "1", NOW)
    assert store.bind("a@x.vn", "https://i", "1", NOW)
    assert not store.bind("a@x.vn", "https://i", "2", NOW)
    assert not store.bind("a@x.vn", "https://other", "1", NOW)
    token = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    assert store.unbind("a@x.vn") and not store.unbind("a@x.vn")
    assert store.find_session(token, NOW) is None
    assert store.bind("a@x.vn", "https://i", "2", NOW)


def test_of_two_first_sign_ins_at_once_one_binds(store: AccessStore) -> None:
    results: list[bool] = []
    threads = [
        threading.Thread(target=lambda subject=subject: results.append(store.bind("a@x.vn", "i", subject, NOW)))
        for subject in "123456"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 5 + [True]


def test_an_invitation_is_used_up_by_one_of_several_at_once(store: AccessStore) -> None:
    token = store.create_invitation("a@x.vn", NOW)
    assert store.find_invited(token, NOW) == "a@x.vn"
    results: list[str | None] = []
    threads = [threading.Thread(target=lambda: results.append(store.use_invitation(token, NOW))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=str) == [None] * 5 + ["a@x.vn"]
    assert store.find_invited(token, NOW) is None


def test_an_invitation_expires_and_gives_way_to_a_later_one(store: AccessStore) -> None:
    first, second = store.create_invitation("a@x.vn", NOW), store.create_invitation("a@x.vn", NOW)
    assert store.use_invitation(first, NOW) is None
    assert store.use_invitation(second, NOW + timedelta(hours=72)) is None
    assert store.use_invitation(second, NOW + timedelta(hours=71)) == "a@x.vn"


def test_bindings_survive_a_backup(store: AccessStore, tmp_path: Path) -> None:
    store.bind("a@x.vn", "i", "1", NOW)
    copy = AccessStore(tmp_path / "copy.sqlite")
    copy.bind("b@x.vn", "i", "2", NOW)
    copy.replace_bindings(store.list_bindings())
    assert copy.list_bindings() == store.list_bindings()


def test_a_file_that_is_no_database_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(StoreError, match="Nobody is let in"):
        AccessStore(tmp_path / "x.sqlite").find_session("t", NOW)


def test_many_who_are_active_at_once_all_find_their_session(store: AccessStore) -> None:
    tokens = [store.open_session(f"{number}@x.vn", "provider", LIMITS, NOW) for number in range(200)]
    later = NOW + timedelta(minutes=30)
    outcomes: list[bool] = []

    def look(part: list[str]) -> None:
        outcomes.extend(store.find_session(token, later, is_activity=True) is not None for token in part)

    threads = [threading.Thread(target=look, args=(tokens[number::20],)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [True] * 200
    much_later = later + timedelta(minutes=45)
    assert all(store.find_session(token, much_later) for token in tokens), "every activity was written"


def test_activity_while_another_process_writes_ends_no_session(
    store: AccessStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_BUSY_SECONDS", 0.1)
    token = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert store.find_session(token, NOW + timedelta(minutes=1), is_activity=True)
        other.execute("rollback")


def test_a_sign_out_while_another_process_writes_holds_at_once_and_later_in_the_file(
    store: AccessStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_BUSY_SECONDS", 0.1)
    monkeypatch.setattr(AccessStore, "deliver_later", lambda _store: None)
    token, other_token = (store.open_session(f"{name}@x.vn", "provider", LIMITS, NOW) for name in "ab")
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        store.end_session(token)
        assert store.find_session(token, NOW) is None and store.find_session_at_once(token, NOW) is None
        assert store.find_session(other_token, NOW), "who reads waits for no writing"
        assert AccessStore(store.path).find_session(token, NOW) is None, "after a new start too"
        other.execute("rollback")
    store.deliver_waiting()
    assert list(store.path.parent.glob("*.ended")) == []
    assert AccessStore(store.path).find_session(token, NOW) is None
    assert store.find_session(other_token, NOW)


def test_sign_outs_that_wait_are_bounded(store: AccessStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outage, "MAX_ENDED", 3)
    monkeypatch.setattr(AccessStore, "deliver_later", lambda _store: None)
    store.path.mkdir()
    for number in range(10):
        store.end_session(f"invented {number}")
    [file] = store.path.parent.glob("*.ended")
    assert len(file.read_text(encoding="ascii").split()) == 3


def test_a_single_thread_brings_all_sign_outs_to_the_file(store: AccessStore, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr(threading.Timer, "start", lambda timer: started.append(timer))
    store.path.mkdir()
    for number in range(10):
        store.end_session(f"token {number}")
    assert len(started) == 1


def test_a_file_that_was_replaced_is_the_one_that_counts(store: AccessStore) -> None:
    token = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    assert store.find_session(token, NOW)
    for path in store.path.parent.glob(f"{store.path.name}*"):
        path.unlink()
    assert store.find_session(token, NOW) is None, "its sessions are those of the new file"
    other = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    assert AccessStore(store.path).find_session(other, NOW)


def test_a_session_is_found_at_once_as_it_is_at_that_moment(store: AccessStore) -> None:
    token = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    for _ in range(2):
        assert store.find_session_at_once(token, NOW) == store.find_session(token, NOW) is not None
    assert store.find_session_at_once("other", NOW) is None
    assert store.find_session_at_once(token, NOW + timedelta(minutes=60)) is None
    AccessStore(store.path).end_session(token)  # as another process does
    assert store.find_session_at_once(token, NOW) is None


def test_what_has_to_be_written_or_waited_for_is_not_answered_at_once(store: AccessStore) -> None:
    token = store.open_session("a@x.vn", "provider", LIMITS, NOW)
    assert store.find_session_at_once(token, NOW + timedelta(seconds=19), is_activity=True)
    with pytest.raises(WouldWaitError):
        store.find_session_at_once(token, NOW + timedelta(seconds=20), is_activity=True)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert store.find_session_at_once(token, NOW), "who writes keeps nobody from reading"
        other.execute("rollback")
    for path in store.path.parent.glob(f"{store.path.name}*"):
        path.unlink()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("begin exclusive")
        other.execute("create table x (y)")
        with pytest.raises(WouldWaitError):
            store.find_session_at_once(token, NOW)
        other.execute("rollback")
    assert store.find_session_at_once(token, NOW) is None, "asked again where it no longer has to wait"


def test_a_file_that_is_no_database_is_not_answered_at_once(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(WouldWaitError):
        AccessStore(tmp_path / "x.sqlite").find_session_at_once("t", NOW)


def test_many_at_once_beside_somebody_who_writes_find_what_is_there(store: AccessStore) -> None:
    tokens = [store.open_session(f"{number}@x.vn", "provider", LIMITS, NOW) for number in range(20)]
    is_done = threading.Event()

    def end_others() -> None:
        while not is_done.is_set():
            store.end_session(store.open_session("other@x.vn", "provider", LIMITS, NOW))

    writer = threading.Thread(target=end_others)
    writer.start()
    try:
        for _ in range(50):
            assert all(store.find_session_at_once(token, NOW) for token in tokens)
    finally:
        is_done.set()
        writer.join()
