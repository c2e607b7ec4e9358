"""One limit of requests to Google for all machines of a lake with the same service account, by PostgreSQL's clock."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest

from kpis.errors import StoreError
from kpis.sources.google.rate_limiter import REQUESTS_PER_MINUTE, RateLimiter
from kpis.sources.google.transport import RequestPolicy
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.google_requests import RETRY_SECONDS, SharedRequests
from kpis.store.lake.shared_tables import create_shared_tables
from tests.paths import ROOT
from tests.postgres_server import LEADER, PostgresServer

ACCOUNT = "đọc@kpis.example"
Move = Callable[[float], None]


class Stopped(Exception):  # noqa: N818 - it is no error
    """Raised instead of a pause."""


def stop(seconds: float) -> None:
    raise Stopped


def count_until_the_limit(address: LakeAddress) -> int:
    """Return how many requests pass without a pause."""
    limiter, count = RateLimiter(sleep=stop, counter=SharedRequests(address, ACCOUNT, "read")), 0
    try:
        while True:
            limiter.acquire()
            count += 1
    except Stopped:
        return count


@pytest.fixture
def shared(lake_address: LakeAddress) -> LakeAddress:
    """The address of a process that may lead: no other one asks Google."""
    create_shared_tables(lake_address)
    return lake_address


@pytest.fixture
def move(shared: LakeAddress, postgres: PostgresServer, lake_database: str) -> Move:
    """Move every request by so many seconds; a negative number makes it earlier."""

    def move_requests(seconds: float) -> None:
        with closing(postgres.connect(lake_database, LEADER)) as connection:
            connection.execute(
                "update kpis_shared.google_requests set moments = "
                "array(select moment + make_interval(secs => %s) from unnest(moments) as moment)",
                [seconds],
            )

    return move_requests


def test_two_processes_share_one_limit(shared: LakeAddress) -> None:
    start = monotonic()
    program = "import sys; from tests.store.lake.test_google_requests import *; "
    program += "from kpis.store.lake.address import parse_address; "
    program += "print(count_until_the_limit(parse_address(sys.argv[1])))"
    command = [sys.executable, "-c", program, f"ducklake:postgres:{shared.conninfo}"]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) for _ in range(2)]
    counts = [int(process.communicate(timeout=58)[0]) for process in processes]
    assert monotonic() - start < 60, "the minute was over: the count says nothing"
    assert sum(counts) == REQUESTS_PER_MINUTE
    assert SharedRequests(shared, ACCOUNT, "read").register(REQUESTS_PER_MINUTE) > 0


def test_a_request_is_allowed_when_the_one_that_blocks_it_is_a_minute_old(shared: LakeAddress, move: Move) -> None:
    requests = SharedRequests(shared, ACCOUNT, "read")
    assert [requests.register(2) for _ in range(2)] == [0, 0]
    move(-30)
    assert requests.register(3) == 0
    pause = requests.register(3)
    assert 0 < pause < 30
    assert requests.register(2) > 0
    move(-pause)
    assert [requests.register(3) for _ in range(2)] == [0, 0]
    assert requests.register(3) > 0


def test_accounts_and_kinds_are_counted_apart(shared: LakeAddress) -> None:
    requests = [SharedRequests(shared, *key) for key in ((ACCOUNT, "read"), (ACCOUNT, "write"), ("x' or 1=1", "read"))]
    assert [each.register(1) for each in requests] == [0, 0, 0]
    assert all(each.register(1) > 59 for each in requests)


def test_requests_that_have_not_come_yet_block_nobody(shared: LakeAddress, move: Move) -> None:
    requests = SharedRequests(shared, ACCOUNT, "read")
    assert requests.register(1) == 0
    move(3600)
    assert requests.register(1) == 0
    assert 0 < requests.register(1) <= 60


def test_without_postgresql_the_process_counts_alone_and_asks_seldom(
    shared: LakeAddress, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = SharedRequests(shared, ACCOUNT, "read")
    limiter = RateLimiter(3, sleep=stop, counter=requests)
    limiter.acquire()
    postgres.stop("immediate")
    try:
        limiter.acquire()
        with pytest.raises(StoreError, match="does not answer"):
            requests.register(3)
    finally:
        postgres.start()
    limiter.acquire()
    with pytest.raises(Stopped):
        limiter.acquire()
    monkeypatch.setattr("time.monotonic", lambda: monotonic() + RETRY_SECONDS)
    assert requests.register(2) == 0
    assert requests.register(2) > 0


def test_a_policy_of_a_lake_counts_in_its_tables(
    shared: LakeAddress, lake_database: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    policy = RequestPolicy.create_shared(tmp_path / "kpis.json", ACCOUNT, shared)
    assert policy.read_limiter is not None
    assert policy.write_limiter is not None
    policy.read_limiter.acquire()
    policy.write_limiter.acquire()
    policy.write_limiter.acquire()
    with closing(postgres.connect(lake_database)) as connection:
        statement = "select account, metric, cardinality(moments) from kpis_shared.google_requests order by metric"
        assert connection.execute(statement).fetchall() == [(ACCOUNT, "read", 1), (ACCOUNT, "write", 2)]
    assert list(tmp_path.iterdir()) == []
