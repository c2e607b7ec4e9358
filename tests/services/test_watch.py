"""Repeated refreshes until stopped: never two at once, never longer than the dashboard runs."""

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
    loaded = load_settings({}, sources=str(tmp_path / "sources.toml"), database=str(tmp_path / "kpis.json"))
    return replace(loaded, overlay=None)


def test_a_change_of_the_sheet_is_read_at_the_next_turn(settings: Settings) -> None:
    stop, results = threading.Event(), list[SyncResult]()

    def on_result(result: SyncResult) -> None:
        results.append(result)
        if len(results) == 1:
            write_sheet(settings.sources.parent / "a", 2)
        if len(results) == 3:
            stop.set()

    def on_error(error: KpisError) -> None:
        raise error

    watch(settings, {}, timedelta(seconds=0.05), stop, on_result, on_error)
    assert [result.sources[0].outcome for result in results] == ["changed", "changed", "unchanged"]
    assert versions.find_current_version(settings.pointer) == results[1].version


def test_a_failed_turn_is_reported_and_the_next_one_tries_again(settings: Settings) -> None:
    stop, results, errors = threading.Event(), list[SyncResult](), list[KpisError]()
    good = settings.sources.read_text(encoding="utf-8")
    settings.sources.write_text("broken = ", encoding="utf-8")

    def on_error(error: KpisError) -> None:
        errors.append(error)
        settings.sources.write_text(good, encoding="utf-8")

    def on_result(result: SyncResult) -> None:
        results.append(result)
        stop.set()

    watch(settings, {}, timedelta(seconds=0.05), stop, on_result, on_error)
    assert len(errors) == 1
    assert results[0].sources[0].outcome == "changed"


def test_an_unexpected_error_ends_one_turn_but_not_the_watch(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, results = threading.Event(), list[SyncResult]()

    def raise_fault(*_: object, **__: object) -> SyncResult:
        monkeypatch.setattr("kpis.services.watch.refresh", refresh)
        raise ZeroDivisionError("a fault of ours")

    def on_result(result: SyncResult) -> None:
        results.append(result)
        stop.set()

    def on_error(error: KpisError) -> None:
        raise error

    monkeypatch.setattr("kpis.services.watch.refresh", raise_fault)
    watch(settings, {}, timedelta(seconds=0.05), stop, on_result, on_error)
    assert results[0].sources[0].outcome == "changed"
    assert "lượt sau sẽ đọc lại" in caplog.text and "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(("text", "seconds"), [("5m", 300), ("90s", 90), (" 1H ", 3600)])
def test_an_interval_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert parse_interval(text) == timedelta(seconds=seconds)


def test_off_means_never() -> None:
    assert parse_interval("off") is None


@pytest.mark.parametrize("text", ["", "5", "m", "0s", "5d", "-5m", "1.5h", "25h", "5 phút", "99999h"])
def test_any_other_text_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match="5m, 90s"):
        parse_interval(text)


def test_the_background_process_ends_when_its_input_ends(settings: Settings) -> None:
    environ = {
        "KPIS_SOURCES": str(settings.sources),
        "KPIS_DATABASE": str(settings.pointer),
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
    deadline = time.monotonic() + 60
    while versions.find_current_version(settings.pointer) is None and time.monotonic() < deadline:
        time.sleep(0.1)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors.decode()
    assert versions.find_current_version(settings.pointer) is not None
