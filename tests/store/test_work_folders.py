"""Folders of killed runs are removed by the next run, those in use never."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kpis.store.work_folders import open_work_folder, remove_leftover_folders
from tests.paths import ROOT

_WORKER = """
import sys, time
from pathlib import Path
from kpis.store.work_folders import open_work_folder
folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
with open_work_folder("test", folder) as folder:
    (folder / "half").write_text("x")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def start_worker(temporary_folder: Path, *argv: str) -> tuple[subprocess.Popen[str], Path]:
    """Start a process that works in a folder; return it once it does, and the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", _WORKER, *argv],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary_folder)},
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_folder_is_gone_afterwards_with_its_lock(temporary_folder: Path) -> None:
    with open_work_folder("test") as folder:
        (folder / "a").write_text("x", encoding="utf-8")
        assert folder.parent == temporary_folder
    assert list(temporary_folder.iterdir()) == []


def test_the_folder_of_a_killed_run_is_removed_and_that_of_a_running_one_stays(
    temporary_folder: Path,
) -> None:
    killed, left = start_worker(temporary_folder)
    running, used = start_worker(temporary_folder)
    try:
        kill(killed)
        assert left.exists()
        assert remove_leftover_folders() == 1
        assert not left.exists()
        assert (used / "half").exists()
        assert remove_leftover_folders() == 0
    finally:
        kill(running)
    with open_work_folder("next"):
        assert not used.exists()
    assert list(temporary_folder.iterdir()) == []


def test_a_folder_in_another_place_is_removed_too(temporary_folder: Path, tmp_path: Path) -> None:
    process, folder = start_worker(temporary_folder, str(tmp_path / ".making-2026-W46-all-1"))
    kill(process)
    assert folder == tmp_path / ".making-2026-W46-all-1"
    assert remove_leftover_folders() == 1
    assert not folder.exists()


def test_a_lock_file_that_names_anything_else_removes_nothing(temporary_folder: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (temporary_folder / "kpis-work-x-1.lock").write_text(str(precious), encoding="utf-8")
    assert remove_leftover_folders() == 0
    assert precious.exists()
