"""One process leads a lake, and its lock is free soon after its machine falls silent, in whatever way."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kpis.errors import StoreError
from kpis.store.lake import postgres_session
from kpis.store.lake.address import LakeAddress, parse_address
from kpis.store.lake.leader_lock import SILENCE_SECONDS, describe_leader, try_lead
from kpis.store.version_store import Writer
from tests.paths import ROOT
from tests.postgres_server import LEADER, PostgresServer
from tests.store.lake.relay import run_relay

SHORT_SILENCE = 4.0
"""A silence for tests; on a slow machine everything else must be done in a quarter of it."""
SLACK_SECONDS = 6.0


def _replace_port(address: LakeAddress, port: int) -> LakeAddress:
    replaced = parse_address(
        "ducklake:postgres:" + address.conninfo.replace(f"port={address.parameters['port']}", f"port={port}")
    )
    assert replaced is not None
    return replaced


@contextmanager
def _start_leader(address: LakeAddress, silence_seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Start another process that leads, and wait until it does."""
    program = [sys.executable, "-m", "tests.store.lake.leading_process", f"ducklake:postgres:{address.conninfo}"]
    with subprocess.Popen(
        [*program, str(silence_seconds)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "True\n"
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.kill()


def _ask(process: subprocess.Popen[str]) -> str:
    """Ask the other process whether it holds the lock."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def _wait_until_free(address: LakeAddress, seconds: float) -> float:
    """Return after how many seconds the lock could be taken; the test fails after `seconds`."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        with try_lead(address) as lock:
            if lock is not None:
                return time.monotonic() - start
        time.sleep(0.1)
    pytest.fail(f"the lock was not free after {seconds} s: {describe_leader(address)}")


def test_a_second_process_does_not_lead_and_hears_who_does(
    lake_address: LakeAddress, follower_address: LakeAddress
) -> None:
    assert describe_leader(lake_address) is None
    with _start_leader(lake_address, SILENCE_SECONDS) as process:
        with try_lead(lake_address) as lock:
            assert lock is None
            leader = describe_leader(lake_address)
        assert leader is not None
        assert (leader.host, leader.process_id) == (socket.gethostname()[:40], process.pid)
        assert leader.since is not None
        assert abs(datetime.now(UTC).replace(tzinfo=None) - leader.since) < timedelta(minutes=2)
        assert describe_leader(follower_address) == Writer(leader.host, leader.process_id, None)
        assert _ask(process) == "True"


def test_the_lock_can_be_taken_as_soon_as_it_was_given_back(lake_address: LakeAddress) -> None:
    for _ in range(5):
        with try_lead(lake_address) as lock:
            assert lock is not None
            assert lock.is_held()
            with try_lead(lake_address) as second:
                assert second is None
            assert lock.is_held()
        assert not lock.is_held()


def test_an_error_of_the_leader_gives_the_lock_back(lake_address: LakeAddress) -> None:
    with pytest.raises(ZeroDivisionError), try_lead(lake_address):
        raise ZeroDivisionError
    with try_lead(lake_address) as lock:
        assert lock is not None


def test_each_database_has_a_leader_of_its_own(postgres: PostgresServer, lake_address: LakeAddress) -> None:
    other = parse_address(f"ducklake:postgres:{lake_address.conninfo}".replace("dbname=lake_", "dbname=other_"))
    assert other is not None
    postgres.create_database(other.parameters["dbname"])
    try:
        with try_lead(lake_address) as lock, try_lead(other) as other_lock:
            assert lock is not None
            assert other_lock is not None
    finally:
        postgres.drop_database(other.parameters["dbname"])


def test_a_killed_leader_frees_the_lock_at_once(lake_address: LakeAddress) -> None:
    with _start_leader(lake_address, 600) as process:
        process.kill()
        process.wait()
        assert _wait_until_free(lake_address, SLACK_SECONDS) < SLACK_SECONDS


@pytest.mark.slow
def test_a_silent_network_frees_the_lock_within_the_interval(
    postgres: PostgresServer, lake_address: LakeAddress
) -> None:
    with run_relay(postgres.port) as relay, ExitStack() as stack:
        silent = stack.enter_context(try_lead(_replace_port(lake_address, relay.port), silence_seconds=SHORT_SILENCE))
        assert silent is not None
        assert silent.is_held()
        relay.fall_silent()
        assert _wait_until_free(lake_address, SHORT_SILENCE + SLACK_SECONDS) > SHORT_SILENCE / 4
        start = time.monotonic()
        assert not silent.is_held()
        assert time.monotonic() - start < SHORT_SILENCE
        relay.speak()
        assert not silent.is_held()
        with pytest.raises(StoreError, match="does not answer"):
            silent.read_clock()


@pytest.mark.slow
def test_a_paused_leader_loses_the_lock_and_knows_it_when_it_wakes(lake_address: LakeAddress) -> None:
    with _start_leader(lake_address, SHORT_SILENCE) as process:
        process.send_signal(signal.SIGSTOP)
        _wait_until_free(lake_address, SHORT_SILENCE + SLACK_SECONDS)
        with try_lead(lake_address) as lock:
            assert lock is not None
            process.send_signal(signal.SIGCONT)
            assert _ask(process) == "False"
            assert lock.is_held()


@pytest.mark.slow
def test_a_leader_that_does_nothing_but_compute_keeps_the_lock(lake_address: LakeAddress) -> None:
    with try_lead(lake_address, silence_seconds=SHORT_SILENCE) as lock:
        assert lock is not None
        end = time.monotonic() + 2.5 * SHORT_SILENCE
        while time.monotonic() < end:
            sum(range(10_000))
        assert lock.is_held()


def test_a_crash_of_the_server_ends_the_lock_and_another_leads_when_it_is_back(
    postgres: PostgresServer, lake_address: LakeAddress
) -> None:
    with try_lead(lake_address) as lock:
        assert lock is not None
        postgres.stop("immediate")
        try:
            assert not lock.is_held()
            with pytest.raises(StoreError, match=lake_address.describe()), try_lead(lake_address):
                pytest.fail("nobody can lead now")
            with pytest.raises(StoreError, match=lake_address.describe()):
                describe_leader(lake_address)
        finally:
            postgres.start()
        assert not lock.is_held()
        with try_lead(lake_address) as second:
            assert second is not None
            assert not lock.is_held()


def test_a_server_that_hangs_is_given_up_within_the_interval(
    postgres: PostgresServer, lake_address: LakeAddress
) -> None:
    with try_lead(lake_address, silence_seconds=SHORT_SILENCE) as lock:
        assert lock is not None
        with closing(postgres.connect(lake_address.parameters["dbname"])) as connection:
            row = connection.execute("select pid from pg_stat_activity where usename = %s", [LEADER]).fetchone()
        assert row is not None
        process_id = int(str(row[0]))
        os.kill(process_id, signal.SIGSTOP)
        try:
            start = time.monotonic()
            assert not lock.is_held()
            assert time.monotonic() - start < SHORT_SILENCE
        finally:
            os.kill(process_id, signal.SIGCONT)
        assert not lock.is_held()


def test_the_session_is_asked_and_not_a_memory_of_it(postgres: PostgresServer, lake_address: LakeAddress) -> None:
    with try_lead(lake_address) as lock:
        assert lock is not None
        lock.session.fetch_row("release_lock", space=0x6B706973, number=1)
        assert not lock.is_held()
    with try_lead(lake_address) as lock:
        assert lock is not None
        with closing(postgres.connect(lake_address.parameters["dbname"])) as connection:
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", [LEADER])
        assert not lock.is_held()


def test_many_threads_may_ask(lake_address: LakeAddress) -> None:
    with try_lead(lake_address) as lock, ThreadPoolExecutor(8) as pool:
        assert lock is not None
        answers = [pool.submit(lock.is_held) for _ in range(200)]
        clocks = [pool.submit(lock.read_clock) for _ in range(50)]
        assert all(answer.result() for answer in answers)
        assert all(clock.result().tzinfo is None for clock in clocks)


def test_the_clock_is_the_servers_in_utc(postgres: PostgresServer, lake_address: LakeAddress) -> None:
    with closing(postgres.connect()) as connection:
        connection.execute(f"alter role {LEADER} set timezone = 'Asia/Ho_Chi_Minh'")
    try:
        with try_lead(lake_address) as lock:
            assert lock is not None
            first = lock.read_clock()
            assert abs(datetime.now(UTC).replace(tzinfo=None) - first) < timedelta(minutes=1)
            assert lock.read_clock() > first
    finally:
        with closing(postgres.connect()) as connection:
            connection.execute(f"alter role {LEADER} reset timezone")


def test_a_lock_that_another_program_holds_is_named_by_its_session(
    postgres: PostgresServer, lake_address: LakeAddress
) -> None:
    with closing(postgres.connect(lake_address.parameters["dbname"], LEADER)) as connection:
        connection.execute("set application_name = 'somebody <b>else</b>'")
        assert connection.execute("select pg_try_advisory_lock(%s, 1)", [0x6B706973]).fetchone() == (True,)
        leader = describe_leader(lake_address)
        assert leader is not None
        assert (leader.host, leader.process_id) == ("somebody <b>else</b>", None)
        connection.execute("set application_name = ''")
        leader = describe_leader(lake_address)
        assert leader is not None
        assert leader.host == "127.0.0.1"


def test_a_connection_pooler_is_refused(postgres: PostgresServer, lake_address: LakeAddress) -> None:
    key = b"K\x00\x00\x00\x0c"  # a pooler's own number for the session stands in this message

    def change(data: bytes) -> bytes:
        head, sign, rest = data.partition(key)
        return head + sign + (b"\x00\x00\x00\x07" + rest[4:] if sign else b"")

    with run_relay(postgres.port, change) as relay:
        address = _replace_port(lake_address, relay.port)
        with pytest.raises(StoreError, match=f"a connection pooler at {address.describe()}"), try_lead(address):
            pytest.fail("nobody leads through a pooler")
    with try_lead(lake_address) as lock:
        assert lock is not None


def test_an_old_server_is_refused(lake_address: LakeAddress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_session, "MINIMUM_VERSION", 990_000)
    with pytest.raises(StoreError, match="is too old: release 99 or newer is needed"), try_lead(lake_address):
        pytest.fail("nobody leads with an old server")


def test_the_password_may_come_from_the_environment(
    lake_address: LakeAddress, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGPASSFILE")
    monkeypatch.setenv("PGPASSWORD", postgres.passwords[LEADER])
    with try_lead(lake_address) as lock:
        assert lock is not None
        assert lock.is_held()


def test_the_server_is_told_after_how_long_a_silence_to_end_the_session(lake_address: LakeAddress) -> None:
    with try_lead(lake_address) as lock:
        assert lock is not None
        rows = lock.session._connection.execute(
            "select name, setting::int from pg_settings where name like 'tcp%' or name = 'idle_session_timeout'"
        ).fetchall()
    settings = {str(name): int(str(number)) for name, number in rows}
    assert settings["idle_session_timeout"] == settings["tcp_user_timeout"] == SILENCE_SECONDS * 1000
    probes = settings["tcp_keepalives_interval"] * settings["tcp_keepalives_count"]
    assert 0 < settings["tcp_keepalives_idle"] + probes <= SILENCE_SECONDS


@pytest.mark.parametrize("place", ["file", "environment", "nowhere"])
def test_no_password_is_in_an_error_or_a_log(
    place: str,
    lake_address: LakeAddress,
    postgres: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    with closing(postgres.connect()) as connection:
        methods = connection.execute("select distinct auth_method from pg_hba_file_rules").fetchall()
    assert methods == [("scram-sha-256",)]
    secret = "Hunter2-wrong"
    passfile = tmp_path / "pgpass"
    passfile.touch(0o600)
    passfile.write_text(f"*:*:*:*:{secret}\n" if place == "file" else "")
    monkeypatch.setenv("PGPASSFILE", str(passfile))
    if place == "environment":
        monkeypatch.setenv("PGPASSWORD", secret)
    with pytest.raises(StoreError) as caught, try_lead(lake_address):
        pytest.fail("the password is wrong")
    assert "password" in str(caught.value)
    output = "".join(traceback.format_exception(caught.value)) + repr(caught.value.values) + caplog.text
    output += "".join(capfd.readouterr())
    assert secret not in output
    assert postgres.passwords[LEADER] not in output
