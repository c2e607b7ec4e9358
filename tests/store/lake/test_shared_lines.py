"""What one machine asks or sends, every machine of the lake knows: one ledger, one log of reminders."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kpis.errors import StoreError
from kpis.feedback.google.records import FeedbackRecord, RecordBook
from kpis.feedback.google.sheet_look import SheetLook
from kpis.feedback.google.write_journal import WriteJournal
from kpis.reminders import sending_log
from kpis.requests.ledger import append_events, get_ledger_path, load_ledger, read_requests
from kpis.requests.lines import LedgerContent
from kpis.requests.model import RequestEvent
from kpis.store import journal
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.postgres_session import PostgresSession
from kpis.store.lake.shared_lines import read_file_lines, replace_lines
from kpis.store.lake.shared_state import bring_shared_state
from kpis.store.lake.shared_tables import create_shared_tables
from kpis.store.move_marks import MoveMark
from kpis.store.paths import DatabasePaths
from kpis.store.shared_files import MARK, InstallationFiles
from tests.postgres_server import PostgresServer
from tests.reminders.conftest import build_reminder

NOW = datetime.fromisoformat("2026-11-29T08:00:00")


@pytest.fixture
def shared(lake_address: LakeAddress, page_address: LakeAddress) -> LakeAddress:
    """The address of the processes of the pages."""
    create_shared_tables(lake_address)
    return page_address


@pytest.fixture
def machines(tmp_path: Path) -> list[Path]:
    """The pointers of two machines."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    return [tmp_path / name / "kpis.json" for name in ("one", "two")]


def build_next(content: LedgerContent, at: datetime) -> list[RequestEvent]:
    """Return the next question of a plan."""
    number = content.last_numbers.get("p-2026", 0) + 1
    details = {"plan": "p", "agency": "Sở Y tế", "question": "Vì sao?", "due_on": "2026-12-06"}
    return [RequestEvent(f"YC-p-2026-{number:04}", "asked", at, date(2026, 11, 29), "a@x.vn", details)]


def test_what_is_asked_on_one_machine_is_seen_on_the_other_with_numbers_of_its_own(
    shared: LakeAddress, machines: list[Path]
) -> None:
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(append_events, machines[n % 2], NOW, build_next, shared) for n in range(6)]
        ids = [event.request for call in calls for event in call.result()]
    assert sorted(ids) == [f"YC-p-2026-{number:04}" for number in range(1, 7)]
    for pointer in machines:
        bring_shared_state(shared, DatabasePaths(pointer))
        assert sorted(read_requests(pointer, None)) == sorted(ids)
        assert get_ledger_path(pointer).stat().st_mode & 0o777 == 0o600
    moments = [event.at for request in load_ledger(machines[0]).requests.values() for event in request.events]
    assert len(set(moments)) == 6, "the moments of the lines rise strictly"
    first, second = (get_ledger_path(pointer).read_bytes() for pointer in machines)
    assert first == second


def test_who_asks_sees_it_at_once_and_the_other_machine_when_it_looks(
    shared: LakeAddress, machines: list[Path]
) -> None:
    append_events(machines[0], NOW, build_next, shared)
    assert list(read_requests(machines[0], None)) == ["YC-p-2026-0001"]
    assert not read_requests(machines[1], None)
    assert bring_shared_state(shared, DatabasePaths(machines[1]))
    assert list(read_requests(machines[1], None)) == ["YC-p-2026-0001"]
    assert not bring_shared_state(shared, DatabasePaths(machines[1]))


def test_without_postgresql_nothing_is_asked_and_nothing_lost(
    shared: LakeAddress, machines: list[Path], postgres: PostgresServer
) -> None:
    append_events(machines[0], NOW, build_next, shared)
    away = LakeAddress(shared.conninfo.replace(f"port={postgres.port}", "port=1"))
    with pytest.raises(StoreError, match="does not answer"):
        append_events(machines[0], NOW, build_next, away)
    assert list(read_requests(machines[0], None)) == ["YC-p-2026-0001"]


def test_a_lake_that_was_moved_takes_no_lines(
    shared: LakeAddress, lake_address: LakeAddress, machines: list[Path]
) -> None:
    append_events(machines[0], NOW, build_next, shared)
    mark = MoveMark("moved", "1", "/srv/kpis.json", NOW)
    line = f'{{"state": "moved", "move": "1", "other": "{mark.other}", "moved_at": "{NOW.isoformat()}"}}'
    with closing(PostgresSession(lake_address, name="kpis", silence_seconds=20)) as session:
        replace_lines(session, "move", [line.encode()])
    with pytest.raises(StoreError, match=r"was moved to /srv/kpis\.json"):
        append_events(machines[0], NOW, build_next, shared)
    with pytest.raises(StoreError, match="was moved to"), sending_log.hold_log(machines[0], lake_address):
        pytest.fail("nothing is sent")


def test_a_damaged_line_that_was_brought_over_is_told_and_takes_nothing_else_along(
    lake_address: LakeAddress, shared: LakeAddress, machines: list[Path]
) -> None:
    ledger = get_ledger_path(machines[0])
    ledger.write_bytes(b'{"event":"asked","id":"YC-p-2026-0007\xff\x00\n\n')
    with closing(PostgresSession(lake_address, name="kpis", silence_seconds=20)) as session:
        replace_lines(session, "requests", read_file_lines(ledger))
    append_events(machines[1], NOW, build_next, shared)
    content = load_ledger(machines[1])
    assert content.damaged_lines == (1,)
    assert list(content.requests) == ["YC-p-2026-0008"], "no id is given twice"


def test_what_one_machine_sent_the_other_does_not_repeat(
    lake_address: LakeAddress, shared: LakeAddress, machines: list[Path]
) -> None:
    reminder = build_reminder("a@x.vn")
    with sending_log.hold_log(machines[0], lake_address) as turn:
        turn.note(reminder, "sending", NOW)
        turn.note(reminder, "sent", NOW)
        with (
            pytest.raises(StoreError, match="Another run is sending"),
            sending_log.hold_log(machines[1], lake_address, seconds=0),
        ):
            pytest.fail("one machine sends at a time")
    with sending_log.hold_log(machines[1], lake_address):
        key = reminder.email, reminder.digest
        assert sending_log.find_standings(machines[1], NOW) == {key: "sent"}
        assert sending_log.find_standings(machines[1], NOW + timedelta(days=8)) == {}


def test_who_lost_the_lock_sends_no_more(
    lake_address: LakeAddress, shared: LakeAddress, machines: list[Path], postgres: PostgresServer, lake_database: str
) -> None:
    reminder = build_reminder("a@x.vn")

    def send() -> None:
        with sending_log.hold_log(machines[0], lake_address) as turn:
            turn.note(reminder, "sending", NOW)
            with closing(postgres.connect(lake_database)) as connection:
                statement = (
                    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name like %s"
                )
                connection.execute(statement, ["kpis reminders %"])
            turn.note(reminder, "sent", NOW)

    with pytest.raises(StoreError, match="does not answer"):
        send()
    with sending_log.hold_log(machines[1], lake_address):
        assert list(sending_log.find_standings(machines[1], NOW).values()) == ["unsure"]


def test_an_old_log_is_shortened(
    lake_address: LakeAddress, shared: LakeAddress, machines: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    reminder = build_reminder("a@x.vn")
    with sending_log.hold_log(machines[0], lake_address) as turn:
        for day in range(20):
            turn.note(reminder, "sent", NOW + timedelta(days=day))
    monkeypatch.setattr(journal, "MAX_BYTES", 400)
    with sending_log.hold_log(machines[0], lake_address):
        lines = read_file_lines(sending_log.get_log_path(machines[0]))
    assert 0 < len(lines) < 5
    assert (NOW + timedelta(days=19)).isoformat().encode() in lines[-1]


def test_what_one_machine_knows_of_the_feedback_the_next_knows(
    lake_address: LakeAddress, shared: LakeAddress, machines: list[Path], postgres: PostgresServer
) -> None:
    first, second = (RecordBook(pointer, lake_address) for pointer in machines)
    first.save({"s": FeedbackRecord(fingerprint="a", pending=None)})
    assert second.load()["s"].fingerprint == "a"
    second.save({"s": FeedbackRecord(fingerprint="b", pending=None)})
    assert first.load()["s"].fingerprint == "b", "not the own one, which says that the sheet is up to date"
    away = LakeAddress(shared.conninfo.replace(f"port={postgres.port}", "port=1"))
    assert RecordBook(machines[0], away).load()["s"].fingerprint == "b"


def test_a_write_that_a_machine_left_is_put_right_by_the_next(machines: list[Path], tmp_path: Path) -> None:
    (tmp_path / MARK).write_text("0" * 32, encoding="utf-8")
    first, second = (InstallationFiles(pointer, tmp_path) for pointer in machines)
    WriteJournal(first, "s").keep(SheetLook({}, {}, {}, "", ()))
    assert WriteJournal(second, "s").exists()
    assert second.list_writing() == first.list_writing() != []
    WriteJournal(second, "s").clear()
    assert not WriteJournal(first, "s").exists()
    (tmp_path / MARK).unlink()
    with pytest.raises(StoreError, match="not mounted"):
        WriteJournal(first, "s").keep(SheetLook({}, {}, {}, "", ()))
