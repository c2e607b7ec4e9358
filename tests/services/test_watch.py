"""Reading again and again, until told to stop; never two at once, never longer than the dashboard lives."""

import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kpis.errors import KpisError, UsageError
from kpis.language.durations import parse_interval
from kpis.services.refresh import refresh
from kpis.services.watch import watch
from kpis.settings import Settings, load_settings
from kpis.store import versions
from kpis.sync.result import SyncResult
from tests.paths import ROOT


def write_sheet(folder: Path, quantity: int) -> None:
    folder.mkdir(exist_ok=True)
    rows = f"Ngày,Cơ quan,Chỉ tiêu,Số lượng\n15/03/2026,Sở Công Thương,dong-thap.03,{quantity}\n"
    (folder / "Tiến độ.csv").write_text(rows, encoding="utf-8")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    write_sheet(tmp_path / "a", 1)
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nid = "a"\nplan = "dong-thap"\nworkbook = "a"\n', encoding="utf-8"
    )
    found = load_settings({}, sources=str(tmp_path / "sources.toml"), database=str(tmp_path / "kpis.json"))
    return replace(found, overlay=None)


def test_a_change_in_the_sheet_is_read_at_the_next_turn(used: Settings) -> None:
    stop, seen = threading.Event(), list[SyncResult]()

    def told(result: SyncResult) -> None:
        seen.append(result)
        if len(seen) == 1:
            write_sheet(used.sources.parent / "a", 2)
        if len(seen) == 3:
            stop.set()

    def failed(error: KpisError) -> None:
        raise error

    watch(used, {}, timedelta(seconds=0.05), stop, told, failed)
    assert [result.sources[0].outcome for result in seen] == ["changed", "changed", "unchanged"]
    assert versions.find_current_version(used.pointer) == seen[1].version


def test_a_turn_that_cannot_be_done_is_told_and_tried_again(used: Settings) -> None:
    stop, told, failed = threading.Event(), list[SyncResult](), list[KpisError]()
    good = used.sources.read_text(encoding="utf-8")
    used.sources.write_text("broken = ", encoding="utf-8")

    def mend(error: KpisError) -> None:
        failed.append(error)
        used.sources.write_text(good, encoding="utf-8")

    def done(result: SyncResult) -> None:
        told.append(result)
        stop.set()

    watch(used, {}, timedelta(seconds=0.05), stop, done, mend)
    assert len(failed) == 1
    assert told[0].sources[0].outcome == "changed"


def test_a_fault_that_nobody_foresaw_ends_one_turn_and_not_the_watch(
    used: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, told = threading.Event(), list[SyncResult]()

    def broken(*_: object, **__: object) -> SyncResult:
        monkeypatch.setattr("kpis.services.watch.refresh", refresh)
        raise ZeroDivisionError("a fault of ours")

    def done(result: SyncResult) -> None:
        told.append(result)
        stop.set()

    def failed(error: KpisError) -> None:
        raise error

    monkeypatch.setattr("kpis.services.watch.refresh", broken)
    watch(used, {}, timedelta(seconds=0.05), stop, done, failed)
    assert told[0].sources[0].outcome == "changed"
    assert "lượt sau sẽ đọc lại" in caplog.text and "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(("text", "seconds"), [("5m", 300), ("90s", 90), (" 1H ", 3600)])
def test_a_time_between_readings_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert parse_interval(text) == timedelta(seconds=seconds)


def test_off_is_never() -> None:
    assert parse_interval("off") is None


@pytest.mark.parametrize("text", ["", "5", "m", "0s", "5d", "-5m", "1.5h", "25h", "5 phút", "99999h"])
def test_any_other_text_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(UsageError, match="5m, 90s"):
        parse_interval(text)


def test_the_process_beside_the_dashboard_ends_when_its_input_does(used: Settings) -> None:
    environ = {
        "KPIS_SOURCES": str(used.sources),
        "KPIS_DATABASE": str(used.pointer),
        "KPIS_WATCH": "10s",
        "PATH": "",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "kpis.services.watch"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ,
        cwd=ROOT,
    )
    until = time.monotonic() + 60
    while versions.find_current_version(used.pointer) is None and time.monotonic() < until:
        time.sleep(0.1)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors.decode()
    assert versions.find_current_version(used.pointer) is not None
