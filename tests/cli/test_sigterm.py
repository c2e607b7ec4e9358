"""A request to end (SIGTERM) is answered like Ctrl+C: one sentence, exit 3, nothing half-made."""

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

StartCommand = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def synced_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = create_project(tmp_path_factory.mktemp("stopping"))
    assert project.run_kpis("sync").code == 0
    return project


@pytest.fixture
def start_command(read: Project) -> Iterator[StartCommand]:
    """Starts a command of its own process over the figures that were read."""
    running: list[subprocess.Popen[str]] = []

    def start_process(*argv: str) -> subprocess.Popen[str]:
        environ = {"KPIS_DATABASE": str(read.database), "KPIS_SOURCES": str(read.sources)}
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


def test_a_pack_leaves_nothing_half_made(start: StartCommand, tmp_path: Path) -> None:
    process = start("pack", "--week", "2026-W10", "--out", str(tmp_path))
    _wait_until(lambda: list(tmp_path.glob(".making-*/*")), process)
    assert _terminate(process) == (3, "", "Đã dừng. Không mất gì; hãy chạy lại.")
    assert {path.name for path in tmp_path.iterdir()} <= {".editions.lock"}


def test_a_sync_that_watches_says_that_it_stopped(start: StartCommand) -> None:
    process = start("sync", "--watch", "60s")
    assert process.stdout is not None
    assert process.stdout.readline()
    code, _, said = _terminate(process)
    assert (code, said) == (0, "Đã dừng.")


@pytest.mark.browser
def test_a_screenshot_closes_its_app_and_makes_no_file(start: StartCommand, tmp_path: Path) -> None:
    process = start("screenshot", "--page", "overview,targets", "--out", str(tmp_path / "pictures"))
    assert process.stderr is not None
    while "targets" not in process.stderr.readline():
        assert process.poll() is None, "it ended too soon"
    app = _list_descendants(process.pid)
    assert app
    code, out, said = _terminate(process)
    assert (code, out) == (3, "")
    assert said == "Đã dừng. Không mất gì; hãy chạy lại."
    assert not (tmp_path / "pictures").exists()
    until = time.monotonic() + 10  # the browser's helpers follow it of themselves
    while (left := [number for number in app if _is_alive(number)]) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []


def _is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:  # it has ended
        return False
    return "State:\tZ" not in status


def _list_descendants(pid: int) -> list[int]:
    """The processes that a process has started, and those that they have: the app, the browser."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    found = [int(child) for child in children]
    return [*found, *(one for child in found for one in _list_descendants(child))]


@pytest.mark.parametrize("below", ["", "new/folder"])
def test_a_pack_into_a_file_is_refused_in_our_own_words(read: Project, tmp_path: Path, below: str) -> None:
    file = tmp_path / "a file"
    file.touch()
    ran = read.run_kpis("pack", "--week", "2026-W10", "--out", str(file / below))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"{file} là một tệp. Hãy cho --out tên một thư mục.\n"


def test_a_report_over_a_folder_is_refused_in_our_own_words(read: Project, tmp_path: Path) -> None:
    ran = read.run_kpis("report", "--plan", "dong-thap", "--year", "2026", "--out", str(tmp_path))
    assert (ran.code, ran.out) == (2, "")
    assert "là một thư mục" in ran.err


@pytest.mark.parametrize(
    "asked", [("--year", "2027"), ("--year", "2026", "--as-of", "2025-12-31"), ("--year", "2030")]
)
def test_a_report_of_a_year_that_has_not_begun_is_refused(
    read: Project, tmp_path: Path, asked: tuple[str, ...]
) -> None:
    ran = read.run_kpis("report", "--plan", "dong-thap", *asked, "--out", str(tmp_path / "a.docx"))
    assert (ran.code, ran.out) == (2, "")
    assert "chưa bắt đầu" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_pack_tells_of_an_edition_that_cannot_be_read(read: Project, tmp_path: Path) -> None:
    broken = tmp_path / "2026-W09-all" / "r1"
    broken.mkdir(parents=True)
    (broken / "edition.json").write_text("{", encoding="utf-8")
    ran = read.run_kpis("pack", "--week", "2020-W10", "--out", str(tmp_path))
    assert ran.code == 0, ran.err
    assert "Không đọc được bản chốt ở 2026-W09-all/r1" in ran.err
    assert "Expecting" not in ran.err


class _SignalOnDelete:
    """Asks the process to end while it is taken away, where Python swallows what is raised."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)
        for _ in range(1_000):
            pass


def test_a_request_that_comes_while_an_object_is_taken_away_is_not_lost() -> None:
    until = time.monotonic() + 20
    with pytest.raises(KeyboardInterrupt), sigterm_as_interrupt():
        _SignalOnDelete()
        while time.monotonic() < until:
            time.sleep(0.01)
    assert time.monotonic() < until
