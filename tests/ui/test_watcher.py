"""The watcher is started again when it dies, and every page says what keeps the sheets from being read."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

import pytest

from kpis.errors import UsageError
from kpis.language import clock
from kpis.services.watcher_status import (
    WatcherStatus,
    find_problem,
    get_watcher_status,
    is_late,
    set_watcher_status,
)
from kpis.store import journal
from kpis.store.paths import DatabasePaths
from kpis.ui.frame.freshness import Freshness
from kpis.ui.frame.watcher_notice import find_late_moment, list_watcher_notices
from kpis.ui.server.watcher_process import RestartPolicy, _Supervisor, run_watcher
from tests.ui.handmade_rows import build_view

FIVE_MINUTES = timedelta(minutes=5)
FAST = RestartPolicy(first_pause=0.05, longest_pause=0.2, look_interval=0.05, settings_interval=0.05)
# Writes its number down, then runs until its standard input ends, as the watcher does.
_STAND_IN = "import os, sys; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); sys.stdin.buffer.read()"


@pytest.fixture(autouse=True)
def clean_status() -> Iterator[None]:
    yield
    set_watcher_status(WatcherStatus())


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nid = "a"\nplan = "dong-thap"\nworkbook = "a.xlsx"\n', encoding="utf-8"
    )
    return {
        **os.environ,
        "KPIS_SOURCES": str(tmp_path / "sources.toml"),
        "KPIS_DATABASE": str(tmp_path / "kpis.json"),
    }


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def read_pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text(encoding="utf-8").split()] if path.exists() else []


def has_started(path: Path, times: int) -> bool:
    return len(read_pids(path)) == times


def end_pass(pointer: Path, at: datetime) -> None:
    """Record a sync that ended."""
    journal.append(DatabasePaths(pointer).journal, {"at": at.isoformat(), "version": None, "sources": []})


def test_a_killed_watcher_is_started_again_and_pages_say_so_until_a_reading_has_ended(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    pids, pointer = tmp_path / "pids", tmp_path / "kpis.json"
    end_pass(pointer, clock.get_utc_now())
    with run_watcher(environ, [sys.executable, "-c", _STAND_IN, str(pids)], FAST):
        for starts in (1, 2, 3):
            wait_until(partial(has_started, pids, starts))
            if starts < 3:
                os.kill(read_pids(pids)[-1], signal.SIGKILL)
        assert get_watcher_status().phase == "running"
        (notice,) = list_watcher_notices(pointer, "vi")
        assert "đã dừng bất thường" in notice
        end_pass(pointer, clock.get_utc_now())
        assert list_watcher_notices(pointer, "vi") == []
    last = read_pids(pids)[-1]
    with pytest.raises(ProcessLookupError):
        os.kill(last, 0)


def test_a_wrong_setting_is_told_on_every_page_and_nothing_is_started(tmp_path: Path, environ: dict[str, str]) -> None:
    pids = tmp_path / "pids"
    command = [sys.executable, "-c", _STAND_IN, str(pids)]
    with run_watcher({**environ, "KPIS_WATCH": "banana"}, command, FAST):
        wait_until(lambda: get_watcher_status().phase == "refused")
        (notice,) = list_watcher_notices(tmp_path / "kpis.json", "vi")
        assert "“banana”" in notice
        assert "KPIS_WATCH" in notice
    assert read_pids(pids) == []


def test_a_watcher_that_is_off_says_nothing(tmp_path: Path, environ: dict[str, str]) -> None:
    with run_watcher({**environ, "KPIS_WATCH": "off"}, ["false"], FAST):
        time.sleep(0.2)
        assert get_watcher_status() == WatcherStatus()
    assert list_watcher_notices(tmp_path / "kpis.json", "vi") == []


def test_sources_that_are_configured_later_are_read_without_a_restart(tmp_path: Path, environ: dict[str, str]) -> None:
    pids, sources = tmp_path / "pids", tmp_path / "sources.toml"
    good = sources.read_text(encoding="utf-8")
    sources.unlink()
    del environ["KPIS_SOURCES"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kpis.settings.get_working_folder", lambda: tmp_path)
        with run_watcher(environ, [sys.executable, "-c", _STAND_IN, str(pids)], FAST):
            time.sleep(0.2)
            assert read_pids(pids) == []
            sources.write_text(good, encoding="utf-8")
            wait_until(lambda: read_pids(pids))


def test_the_pause_before_a_new_start_grows_to_a_limit() -> None:
    pauses = [RestartPolicy().get_pause(failures) for failures in (1, 2, 3, 9, 50)]
    assert pauses == [1, 2, 4, 256, 300]


def test_a_reading_that_never_ends_is_told(tmp_path: Path) -> None:
    pointer, now = tmp_path / "kpis.json", clock.get_utc_now()
    end_pass(pointer, now - timedelta(minutes=26))
    status = WatcherStatus("running", FIVE_MINUTES)
    problem = find_problem(status, pointer, now)
    assert problem is not None
    assert problem.kind == "late"
    end_pass(pointer, now - timedelta(minutes=20))
    assert find_problem(status, pointer, now) is None


def test_figures_are_called_up_to_date_only_while_the_last_reading_is_recent(tmp_path: Path) -> None:
    pointer, now = tmp_path / "kpis.json", clock.get_utc_now()
    assert find_late_moment(pointer) is None
    moment = now - timedelta(hours=25)
    end_pass(pointer, moment)
    assert find_late_moment(pointer) == moment
    parts = "".join(map(str, Freshness(moment, 5, 0, 0, late_since=moment).render_parts(build_view())))
    assert "chưa được đọc lại từ" in parts
    assert "đều mới" not in parts


@pytest.mark.parametrize("phase", ["refused", "ended"])
def test_figures_are_not_called_up_to_date_while_they_are_not_read_again(
    tmp_path: Path, phase: Literal["refused", "ended"]
) -> None:
    pointer, moment = tmp_path / "kpis.json", clock.get_utc_now() - timedelta(minutes=1)
    end_pass(pointer, moment)
    error = UsageError("“{text}” is wrong.", text="x") if phase == "refused" else None
    set_watcher_status(WatcherStatus(phase, FIVE_MINUTES, error=error, ended_at=clock.get_utc_now()))
    assert list_watcher_notices(pointer, "vi") and find_late_moment(pointer) == moment


def test_a_server_that_does_not_read_by_itself_allows_a_day() -> None:
    now = datetime(2026, 11, 21)
    assert not is_late(WatcherStatus(), now - timedelta(hours=23), now)
    assert is_late(WatcherStatus(), now - timedelta(hours=25), now)
    assert is_late(WatcherStatus("running", FIVE_MINUTES), now - timedelta(hours=1), now)


def test_a_setting_error_is_kept_with_its_sentence(tmp_path: Path) -> None:
    set_watcher_status(WatcherStatus("refused", error=UsageError("“{text}” is wrong.", text="x")))
    (notice,) = list_watcher_notices(tmp_path / "kpis.json", "en")
    assert "“x” is wrong." in notice


def test_a_server_whose_watch_is_apart_starts_none(environ: dict[str, str], tmp_path: Path) -> None:
    lake = {"KPIS_DATABASE": "ducklake:postgres:host=db dbname=kpis user=kpis_page", "KPIS_LOCAL": str(tmp_path)}
    for watch, work in (("apart", (None, False)), ("off", (None, True)), ("10s", (timedelta(seconds=10), True))):
        supervisor = _Supervisor({**environ, **lake, "KPIS_WATCH": watch}, (), FAST)
        assert supervisor._read_work() == work
