"""SIGTERM is handled like Ctrl+C: one sentence, exit 3, no partial output."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kpis.cli.command import sigterm_as_interrupt
from tests.cli.conftest import Project, create_project
from tests.paths import ROOT

pytestmark = pytest.mark.slow

StartCommand = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def synced_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = create_project(tmp_path_factory.mktemp("stopping"))
    assert project.run_kpis("sync").code == 0
    return project


@pytest.fixture
def start_command(synced_project: Project) -> Iterator[StartCommand]:
    """Starts a command in its own process on the synced project; kills it after the test."""
    running: list[subprocess.Popen[str]] = []

    def start_process(*argv: str) -> subprocess.Popen[str]:
        environ = {
            "KPIS_DATABASE": str(synced_project.database),
            "KPIS_SOURCES": str(synced_project.sources),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "kpis", *argv],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        running.append(process)
        return process

    yield start_process
    for process in running:
        process.kill()
        process.communicate()


def _wait_until(condition: Callable[[], object], process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while not condition() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    assert process.poll() is None, "it ended too soon"


def _terminate(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err.splitlines()[-1]


def test_an_interrupted_pack_leaves_no_partial_output(start_command: StartCommand, tmp_path: Path) -> None:
    process = start_command("pack", "--week", "2026-W10", "--out", str(tmp_path))
    _wait_until(lambda: list(tmp_path.glob(".making-*/*")), process)
    assert _terminate(process) == (3, "", "Đã dừng. Không mất gì; hãy chạy lại.")
    assert {path.name for path in tmp_path.iterdir()} <= {".editions.lock"}


def test_an_interrupted_watching_sync_says_that_it_stopped(start_command: StartCommand) -> None:
    process = start_command("sync", "--watch", "60s")
    assert process.stdout is not None
    assert process.stdout.readline()
    code, _, message = _terminate(process)
    assert (code, message) == (0, "Đã dừng.")


@pytest.mark.browser
def test_an_interrupted_screenshot_stops_its_app_and_writes_no_file(
    start_command: StartCommand, tmp_path: Path
) -> None:
    process = start_command("screenshot", "--page", "overview,targets", "--out", str(tmp_path / "pictures"))
    assert process.stderr is not None
    while "targets" not in process.stderr.readline():
        assert process.poll() is None, "it ended too soon"
    descendants = _list_descendants(process.pid)
    assert descendants
    code, out, message = _terminate(process)
    assert (code, out) == (3, "")
    assert message == "Đã dừng. Không mất gì; hãy chạy lại."
    assert not (tmp_path / "pictures").exists()
    until = time.monotonic() + 10  # the browser's helper processes end by themselves
    while (left := [pid for pid in descendants if _is_alive(pid)]) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []


def _is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:  # it has ended
        return False
    return "State:\tZ" not in status


def _list_descendants(pid: int) -> list[int]:
    """Return the ids of the direct and indirect child processes: the app, the browser."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    children = [int(word) for word in text.split()]
    return [*children, *(descendant for child in children for descendant in _list_descendants(child))]


@pytest.mark.parametrize("below", ["", "new/folder"])
def test_a_pack_into_a_file_is_rejected_with_a_clear_message(
    synced_project: Project, tmp_path: Path, below: str
) -> None:
    file = tmp_path / "a file"
    file.touch()
    run = synced_project.run_kpis("pack", "--week", "2026-W10", "--out", str(file / below))
    assert (run.code, run.out) == (2, "")
    assert run.err == f"{file} là một tệp. Hãy cho --out tên một thư mục.\n"


def test_a_report_over_a_folder_is_rejected_with_a_clear_message(synced_project: Project, tmp_path: Path) -> None:
    run = synced_project.run_kpis("report", "--plan", "dong-thap", "--year", "2026", "--out", str(tmp_path))
    assert (run.code, run.out) == (2, "")
    assert "là một thư mục" in run.err


@pytest.mark.parametrize(
    "period", [("--year", "2027"), ("--year", "2026", "--as-of", "2025-12-31"), ("--year", "2030")]
)
def test_a_report_of_a_year_that_has_not_begun_is_rejected(
    synced_project: Project, tmp_path: Path, period: tuple[str, ...]
) -> None:
    run = synced_project.run_kpis("report", "--plan", "dong-thap", *period, "--out", str(tmp_path / "a.docx"))
    assert (run.code, run.out) == (2, "")
    assert "chưa bắt đầu" in run.err
    assert list(tmp_path.iterdir()) == []


def test_a_pack_reports_an_edition_that_cannot_be_read(synced_project: Project, tmp_path: Path) -> None:
    broken = tmp_path / "2026-W09-all" / "r1"
    broken.mkdir(parents=True)
    (broken / "edition.json").write_text("{", encoding="utf-8")
    run = synced_project.run_kpis("pack", "--week", "2020-W10", "--out", str(tmp_path))
    assert run.code == 0, run.err
    assert "Không đọc được bản chốt ở 2026-W09-all/r1" in run.err
    assert "Expecting" not in run.err


class _SignalOnDelete:
    """Sends SIGTERM to the process in its finalizer, where Python discards exceptions."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)
        for _ in range(1_000):
            pass


def test_a_sigterm_during_a_finalizer_is_not_lost() -> None:
    until = time.monotonic() + 20
    with pytest.raises(KeyboardInterrupt), sigterm_as_interrupt():
        _SignalOnDelete()
        while time.monotonic() < until:
            time.sleep(0.01)
    assert time.monotonic() < until
