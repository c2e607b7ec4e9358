"""Never more requests than the limit in any sixty seconds, and no unnecessary wait."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.sources.google.poll import open_pass
from kpis.sources.google.rate_limiter import (
    REQUESTS_PER_MINUTE,
    RateLimiter,
    get_process_limiter,
    get_shared_limiter,
)
from tests.google_stand_in import Spreadsheet, StandIn
from tests.google_stand_in.fixtures import NOW, FakeClock, build_source
from tests.paths import ROOT


@given(st.integers(1, 20), st.lists(st.floats(0, 30), max_size=100))
def test_no_sixty_seconds_hold_more_than_the_limit(limit: int, gaps: list[float]) -> None:
    time = FakeClock(0.0)
    limiter = RateLimiter(limit, time.get_time, time.sleep)
    request_times: list[float] = []
    for gap in gaps:
        time.now += gap
        start = time.now
        waited = limiter.acquire()
        assert time.now == start + waited
        request_times.append(time.now)
    for earlier, later in zip(request_times, request_times[limit:], strict=False):
        assert later - earlier >= 60 - 1e-6


def test_the_requests_of_the_first_minute_do_not_wait() -> None:
    time = FakeClock()
    limiter = RateLimiter(clock=time.get_time, sleep=time.sleep)
    assert REQUESTS_PER_MINUTE < 60
    assert [limiter.acquire() for _ in range(REQUESTS_PER_MINUTE)] == [0] * REQUESTS_PER_MINUTE
    assert limiter.acquire() == 60


def test_threads_share_one_limit() -> None:
    time = FakeClock()
    limiter = RateLimiter(10, time.get_time, time.sleep)
    threads = [threading.Thread(target=lambda: [limiter.acquire() for _ in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.now == 1000 + 3 * 60


def test_the_process_has_one_limiter_for_reads_and_one_for_writes() -> None:
    assert get_process_limiter("read") is get_process_limiter("read") is not get_process_limiter("write")


def test_processes_of_one_database_share_one_limit(tmp_path: Path) -> None:
    time, path = FakeClock(1.8e9), tmp_path / "var" / "kpis-google-read.json"
    request_times: list[float] = []
    for _ in range(4):  # sync, watcher, doctor, sync
        process = RateLimiter(10, time.get_time, time.sleep, path)
        for _ in range(8):
            process.acquire()
            request_times.append(time.now)
    for earlier, later in zip(request_times, request_times[10:], strict=False):
        assert later - earlier >= 60 - 1e-6
    assert time.now == 1.8e9 + 3 * 60
    assert {file.name for file in path.parent.iterdir()} == {path.name, "kpis-google-read.lock"}


def test_processes_that_ask_at_the_same_time_never_exceed_the_limit(tmp_path: Path) -> None:
    path, ends = tmp_path / "kpis-google-read.json", monotonic() + 60
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from kpis.sources.google.rate_limiter import RateLimiter\n"
        "class Stop(Exception): pass\n"
        "def stop(_): raise Stop\n"
        "limiter = RateLimiter(20, time.time, stop, Path(sys.argv[1]))\n"
        "count = 0\n"
        "try:\n"
        "    while True:\n"
        "        limiter.acquire(); count += 1\n"
        "except Stop:\n"
        "    print(count)\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) for _ in range(4)]
    counts = [int(process.communicate(timeout=50)[0]) for process in processes]
    assert monotonic() < ends, "the minute was over: the count says nothing"
    assert sum(counts) == 20


def test_two_simultaneous_processes_count_each_others_requests(tmp_path: Path) -> None:
    time, path = FakeClock(1.8e9), tmp_path / "kpis-google-read.json"
    first, second = (RateLimiter(10, time.get_time, time.sleep, path) for _ in range(2))
    for _ in range(5):
        assert first.acquire() == second.acquire() == 0
    assert first.acquire() == 60


@pytest.mark.parametrize("damaged", ["", "[", "{}", "[null]", '["x"]', "3", "[1e999]", "[9999999999.0]", "\0"])
def test_a_damaged_history_file_is_replaced(tmp_path: Path, damaged: str) -> None:
    time, path = FakeClock(1.8e9), tmp_path / "kpis-google-read.json"
    path.write_text(damaged, encoding="utf-8")
    limiter = RateLimiter(2, time.get_time, time.sleep, path)
    assert [limiter.acquire() for _ in range(3)] == [0, 0, 60]
    assert json.loads(path.read_text(encoding="utf-8")) == [1.8e9 + 60]


def test_without_a_writable_folder_the_limit_holds_for_this_process(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    time = FakeClock(1.8e9)
    limiter = RateLimiter(2, time.get_time, time.sleep, tmp_path / "file" / "kpis-google-read.json")
    assert [limiter.acquire() for _ in range(3)] == [0, 0, 60]


def test_no_request_waits_after_the_clock_is_set_back(tmp_path: Path) -> None:
    time, path = FakeClock(1.8e9), tmp_path / "kpis-google-read.json"
    limiter = RateLimiter(2, time.get_time, time.sleep, path)
    limiter.acquire(), limiter.acquire()
    time.now -= 3600
    assert limiter.acquire() == 0


def test_reads_and_writes_of_a_database_are_counted_separately(tmp_path: Path) -> None:
    pointer = tmp_path / "kpis.json"
    assert get_shared_limiter("read", pointer) is get_shared_limiter("read", pointer)
    get_shared_limiter("read", pointer).acquire(), get_shared_limiter("write", pointer).acquire()
    names = {file.name for file in tmp_path.glob("*.json")}
    assert names == {"kpis-google-read.json", "kpis-google-write.json"}


def test_a_pass_stores_its_reads_next_to_the_database(
    google: StandIn, make_file: Callable[..., Spreadsheet], tmp_path: Path
) -> None:
    source = build_source(make_file())
    environment = {
        "KPIS_GOOGLE_KEY_JSON": json.dumps(google.build_key()),
        "KPIS_GOOGLE_BASE": google.base_url,
    }
    with open_pass([source], tmp_path / "kpis.json", NOW, environment) as google_pass:
        google_pass.read(source)
    # The names of the tabs, and the cells.
    assert len(json.loads((tmp_path / "kpis-google-read.json").read_text(encoding="utf-8"))) == 2
