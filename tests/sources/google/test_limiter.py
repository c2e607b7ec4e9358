"""Never more than the limit in any sixty seconds, and never slower than need be."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.sources.google.limiter import PER_MINUTE, Limiter, process_limiter, shared_limiter
from kpis.sources.google.poll import open_pass
from tests.google_stand_in import Spreadsheet, StandIn
from tests.google_stand_in.fixtures import NOW, FakeTime, source_of


@given(st.integers(1, 20), st.lists(st.floats(0, 30), max_size=100))
def test_no_sixty_seconds_hold_more_than_the_limit(limit: int, gaps: list[float]) -> None:
    time = FakeTime(0.0)
    limiter = Limiter(limit, time.clock, time.sleep)
    passed = []
    for gap in gaps:
        time.now += gap
        asked = time.now
        waited = limiter.turn()
        assert time.now == asked + waited
        passed.append(time.now)
    for at, moment in enumerate(passed[limit:]):
        assert moment - passed[at] >= 60 - 1e-6


def test_the_first_minutes_requests_go_out_at_once() -> None:
    time = FakeTime()
    limiter = Limiter(clock=time.clock, sleep=time.sleep)
    assert [limiter.turn() for _ in range(PER_MINUTE)] == [0] * PER_MINUTE and PER_MINUTE < 60
    assert limiter.turn() == 60


def test_threads_share_one_limit() -> None:
    time = FakeTime()
    limiter = Limiter(10, time.clock, time.sleep)
    threads = [threading.Thread(target=lambda: [limiter.turn() for _ in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.now == 1000 + 3 * 60


def test_the_process_has_one_limiter_for_reads_and_one_for_writes() -> None:
    assert process_limiter("read") is process_limiter("read") is not process_limiter("write")


def test_processes_of_one_database_share_one_limit(tmp_path: Path) -> None:
    time, path = FakeTime(1.8e9), tmp_path / "var" / "kpis-google-read.json"
    passed = []
    for _ in range(4):  # sync, the process beside the dashboard, doctor, sync
        process = Limiter(10, time.clock, time.sleep, path)
        for _ in range(8):
            process.turn()
            passed.append(time.now)
    for at, moment in enumerate(passed[10:]):
        assert moment - passed[at] >= 60 - 1e-6
    assert time.now == 1.8e9 + 3 * 60
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_two_processes_at_once_see_each_others_turns(tmp_path: Path) -> None:
    time, path = FakeTime(1.8e9), tmp_path / "kpis-google-read.json"
    one, other = (Limiter(10, time.clock, time.sleep, path) for _ in range(2))
    for _ in range(5):
        assert one.turn() == other.turn() == 0
    assert one.turn() == 60


@pytest.mark.parametrize(
    "damaged", ["", "[", "{}", "[null]", '["x"]', "3", "[1e999]", "[9999999999.0]", "\0"]
)
def test_a_minute_that_was_lost_or_damaged_is_no_trouble(tmp_path: Path, damaged: str) -> None:
    time, path = FakeTime(1.8e9), tmp_path / "kpis-google-read.json"
    path.write_text(damaged, encoding="utf-8")
    limiter = Limiter(2, time.clock, time.sleep, path)
    assert [limiter.turn() for _ in range(3)] == [0, 0, 60]
    assert json.loads(path.read_text(encoding="utf-8")) == [1.8e9 + 60]


def test_where_nothing_can_be_written_the_limit_holds_for_this_process(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    time = FakeTime(1.8e9)
    limiter = Limiter(2, time.clock, time.sleep, tmp_path / "file" / "kpis-google-read.json")
    assert [limiter.turn() for _ in range(3)] == [0, 0, 60]


def test_a_clock_that_is_put_back_holds_nobody_up(tmp_path: Path) -> None:
    time, path = FakeTime(1.8e9), tmp_path / "kpis-google-read.json"
    limiter = Limiter(2, time.clock, time.sleep, path)
    limiter.turn(), limiter.turn()
    time.now -= 3600
    assert limiter.turn() == 0


def test_reads_and_writes_of_a_database_are_counted_apart(tmp_path: Path) -> None:
    pointer = tmp_path / "kpis.json"
    assert shared_limiter("read", pointer) is shared_limiter("read", pointer)
    shared_limiter("read", pointer).turn(), shared_limiter("write", pointer).turn()
    assert {one.name for one in tmp_path.iterdir()} == {"kpis-google-read.json", "kpis-google-write.json"}


def test_a_pass_counts_its_reads_beside_the_database(
    google: StandIn, make_file: Callable[..., Spreadsheet], tmp_path: Path
) -> None:
    source = source_of(make_file())
    environment = {"KPIS_GOOGLE_KEY_JSON": json.dumps(google.key()), "KPIS_GOOGLE_BASE": google.base}
    with open_pass([source], tmp_path / "kpis.json", NOW, environment) as one:
        one.read(source)
    assert len(json.loads((tmp_path / "kpis-google-read.json").read_text(encoding="utf-8"))) == 1
