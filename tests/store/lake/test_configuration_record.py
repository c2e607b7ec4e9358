"""Machines of a lake that differ: who leads records release and configuration, and who sees others does not lead."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from kpis.cli.lake_checks import check_lake
from kpis.errors import StoreError
from kpis.language import clock
from kpis.services.health import check_health
from kpis.services.lake_following import LakeFollower
from kpis.services.lake_state import find_difference, read_lake_state
from kpis.services.reading_duty import ReadingDuty
from kpis.services.watcher_status import WatcherStatus
from kpis.settings import Settings, load_settings
from kpis.store.lake import lake_store
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.configuration_record import (
    FRESH_SECONDS,
    DifferingFilesError,
    claim_configuration,
    fetch_configuration,
)
from kpis.store.lake.creating import create_lake
from kpis.store.lake.lake_store import LakeStore
from kpis.store.lake.leader_lock import SILENCE_SECONDS
from kpis.store.lake.postgres_session import open_session
from kpis.store.lake.shared_tables import create_shared_tables
from kpis.store.opening import open_store
from kpis.store.replica import ReplicaSight, list_differing, look_at_replica
from kpis.store.shared_files import find_files
from tests.cli.command_runner import run_kpis
from tests.postgres_server import LEADER, PostgresServer

OLD, NEW = {"sources.toml": "1", "access.toml": "2"}, {"sources.toml": "3", "access.toml": "2"}


class Machines:
    """Machines of one lake by name; what each sees may be changed."""

    def __init__(self, address: LakeAddress, postgres: PostgresServer) -> None:
        self.address, self._postgres = address, postgres
        self.sights: dict[str, ReplicaSight] = {}

    def see(self, name: str, files: Mapping[str, str] | None, release: str = "1.0") -> None:
        self.sights[name] = ReplicaSight(release, files, process=name)

    def look(self, name: str) -> Callable[[], ReplicaSight]:
        return lambda: self.sights[name]

    def build_duty(self, name: str) -> ReadingDuty:
        return ReadingDuty(self.address, self.look(name))

    def claim(self, name: str) -> None:
        with open_session(self.address, name="kpis", silence_seconds=SILENCE_SECONDS) as session:
            claim_configuration(session, self.sights[name])

    def read(self) -> tuple[str, Mapping[str, str] | None, str]:
        record = fetch_configuration(self.address)
        assert record is not None
        return record.process, record.files, record.release

    def pass_time(self, seconds: float) -> None:
        """Let the last look be so much older."""
        with closing(self._postgres.connect(self.address.parameters["dbname"])) as connection:
            statement = "update kpis_shared.configuration set looked_at = looked_at - make_interval(secs => %s)"
            connection.execute(statement, [seconds])

    def end_sessions(self) -> None:
        """End the sessions of every leader, as the death of its machine does."""
        with closing(self._postgres.connect(self.address.parameters["dbname"])) as connection:
            connection.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = %s", [LEADER]
            )


@pytest.fixture
def machines(lake_address: LakeAddress, postgres: PostgresServer) -> Machines:
    create_shared_tables(lake_address)
    return Machines(lake_address, postgres)


def test_who_reads_records_a_change_at_once_and_who_sees_another_configuration_waits(machines: Machines) -> None:
    machines.see("a", OLD)
    machines.see("b", NEW)
    with machines.build_duty("a") as first, machines.build_duty("b") as second:
        assert first.is_ours()
        assert machines.read() == ("a", OLD, "1.0")
        with pytest.raises(DifferingFilesError) as refused:
            machines.claim("b")
        assert refused.value.values == {"files": "sources.toml"}
        machines.see("a", NEW)
        first.look()
        assert machines.read() == ("a", NEW, "1.0")
        machines.claim("b")
        assert machines.read()[0] == "a", "what it saw a moment ago stands"
        assert not second.is_ours()


def test_when_the_leader_died_and_nobody_sees_its_configuration_one_goes_on_after_three_looks(
    machines: Machines,
) -> None:
    machines.see("a", OLD)
    machines.see("b", NEW)
    machines.see("c", OLD)
    with machines.build_duty("b") as second:
        with machines.build_duty("a") as first:
            assert first.is_ours()
        assert not second.is_ours(), "it may be that a change is only late here"
        with machines.build_duty("c") as third:
            assert third.is_ours(), "who sees the same does not wait"
        machines.pass_time(FRESH_SECONDS / 3)
        assert not second.is_ours()
        machines.pass_time(FRESH_SECONDS)
        assert second.is_ours()
        assert machines.read() == ("b", NEW, "1.0")


def test_a_leader_that_sees_an_older_file_keeps_the_others_waiting_and_comes_back_only_with_the_new_one(
    machines: Machines,
) -> None:
    """A network folder shows `a` the file of before for a while, and `a` loses its session meanwhile."""
    machines.see("a", OLD)
    machines.see("b", NEW)
    with machines.build_duty("a") as first, machines.build_duty("b") as second:
        assert first.is_ours()
        first.look()
        assert not second.is_ours(), "the newer file does not win by itself"
        machines.end_sessions()
        first.look()
        assert machines.read() == ("a", OLD, "1.0"), "a session that ended records nothing"
        machines.pass_time(FRESH_SECONDS)
        assert second.is_ours()
        second.__exit__(None, None, None)
        assert not first.is_ours(), "what it sees is older than what was led with a moment ago"
        machines.see("a", NEW)
        assert first.is_ours()
        assert machines.read() == ("a", NEW, "1.0")


def test_a_lower_release_does_not_lead_however_long_nobody_does(machines: Machines) -> None:
    machines.see("a", OLD, "1.9.0")
    machines.see("b", OLD, "1.10.0")
    with machines.build_duty("a") as first, machines.build_duty("b") as second:
        assert first.is_ours()
        machines.claim("b")
        assert machines.read() == ("b", OLD, "1.10.0")
        first.look()
        assert second.is_ours(), "the lower release has given it up"
    machines.pass_time(86_400)
    with machines.build_duty("a") as first:
        assert not first.is_ours()
    with pytest.raises(StoreError, match=r"release 1\.10\.0"):
        machines.claim("a")
    machines.see("c", NEW, "1.10.0")
    machines.claim("c")


def test_machines_without_a_shared_folder_compare_their_release_alone(machines: Machines) -> None:
    machines.see("a", None)
    machines.see("b", OLD)
    machines.claim("a")
    machines.claim("b")
    machines.see("a", NEW)
    machines.see("b", None, "0.9")
    machines.claim("a")
    with pytest.raises(StoreError, match=r"release 1\.0"):
        machines.claim("b")


def test_a_sync_waits_for_a_change_that_is_late_and_leads_then_or_not_at_all(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machines.see("a", OLD)
    machines.see("b", NEW)
    machines.claim("a")
    store = LakeStore(machines.address, tmp_path / "kpis.json", look=machines.look("b"))

    def arrive(_seconds: float) -> None:
        machines.see("a", NEW)
        machines.claim("a")

    monkeypatch.setattr(lake_store, "time", SimpleNamespace(monotonic=time.monotonic, sleep=arrive))
    with store.try_lock() as is_ours:
        assert is_ours and machines.read() == ("a", NEW, "1.0")
    machines.see("b", OLD)
    monkeypatch.setattr(lake_store, "FRESH_SECONDS", 0.0)
    with pytest.raises(DifferingFilesError), store.try_lock():
        pytest.fail("it leads")


@pytest.fixture
def shared_settings(machines: Machines, lake_folder: Path, tmp_path: Path) -> tuple[Settings, dict[str, str]]:
    """The settings of a machine with a shared folder, and an empty lake."""
    create_lake(machines.address, str(lake_folder), tmp_path / "spill")
    folder = tmp_path / "shared" / "config"
    (folder / "register" / "drafts" / "p").mkdir(parents=True)
    (folder / "register" / "plans" / "p" / "1").mkdir(parents=True)
    (folder / "sources.toml").write_text('[[source]]\nid = "s"\nplan = "dong-thap"\nworkbook = "s.xlsx"\n')
    for name in ("plans/p/1/plan.toml", "plans/p/.2/plan.toml", "drafts/p/x.toml", "plans/p/1/book.xlsx"):
        path = folder / "register" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    environ = {
        "KPIS_DATABASE": f"ducklake:postgres:{machines.address.conninfo}",
        "KPIS_SHARED": str(tmp_path / "shared"),
        "KPIS_LOCAL": str(tmp_path / "other"),
        "KPIS_LANGUAGE": "en",
    }
    return load_settings(environ), environ


def test_files_are_seen_by_their_content_and_what_is_being_written_is_not(
    shared_settings: tuple[Settings, dict[str, str]],
) -> None:
    settings, _ = shared_settings
    first = look_at_replica(settings)
    assert first.files is not None
    assert list(first.files) == ["register/plans/p/1/plan.toml", "sources.toml"]
    status = settings.sources.stat()
    text = settings.sources.read_text()
    settings.sources.write_text(text.replace("s.xlsx", "t.xlsx"))
    os.utime(settings.sources, ns=(status.st_atime_ns, status.st_mtime_ns))
    (settings.sources.parent / "contacts.toml").write_text("")
    second = look_at_replica(settings)
    assert second.files is not None
    assert list_differing(first.files, second.files) == ["contacts.toml", "sources.toml"]
    settings.sources.unlink()
    with pytest.raises(StoreError, match="is not there"):
        look_at_replica(settings)
    assert look_at_replica(replace(settings, shared=None)).files is None


def test_a_machine_that_differs_for_half_a_minute_says_which_file_and_is_not_well(
    shared_settings: tuple[Settings, dict[str, str]], machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, environ = shared_settings
    sight = look_at_replica(settings)
    assert sight.files is not None
    machines.see("leader", {**sight.files, "access.toml": "x"}, sight.release)
    began = clock.get_utc_now()
    follower = LakeFollower(machines.address, find_files(settings), "en", lambda: look_at_replica(settings))
    with closing(follower):
        for seconds, is_told in ((0, False), (25, False), (35, True)):
            monkeypatch.setattr(clock, "get_utc_now", lambda seconds=seconds: began + timedelta(seconds=seconds))
            machines.claim("leader")
            follower.ask()
            follower.ask()
            difference = find_difference(settings.pointer)
            assert (difference is not None) == is_told
            assert ("differs" in list_problems(settings, environ)) == is_told
            (check,) = [each for each in check_lake(settings, began, "en") if each.subject == "configuration"]
            assert check.status == ("mend" if is_told else "note")
        assert difference is not None and "access.toml" in difference.to_text("en")
        machines.see("leader", sight.files, sight.release)
        machines.claim("leader")
        follower.ask()
        follower.ask()
        assert find_difference(settings.pointer) is None
        machines.see("leader", sight.files, "99.0")
        machines.claim("leader")
        follower.ask()
        follower.ask()
        state = read_lake_state(settings.pointer)
        assert state is not None and state.difference is not None
        assert "99.0" in state.difference.to_text("en"), "a lower release is told at once"
    run = run_kpis("store", "tidy", environ=environ)
    assert (run.code, "release 99.0" in run.err) == (3, True), run.err
    with pytest.raises(StoreError, match=r"release 99\.0"), open_store(settings).try_lock():
        pytest.fail("it leads")


def list_problems(settings: Settings, environ: Mapping[str, str]) -> tuple[str, ...]:
    return check_health(environ, WatcherStatus(), clock.get_utc_now(), settings).problems
