"""A yearly report that is asked to end (SIGTERM) leaves nothing half-made; the one before stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Project, create_project
from tests.paths import ROOT

# The command itself; only the last step of its writing takes its time, so that the request comes in between.
_SLOW_REPORT_SCRIPT = """
import sys, time
from kpis.cli import main, report_command
write = report_command.write_report
def slowly(figures, out):
    write(figures, out)
    time.sleep(60)
    return out
report_command.write_report = slowly
sys.exit(main.main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def synced_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = create_project(tmp_path_factory.mktemp("stopping-report"))
    assert project.run_kpis("sync").code == 0
    return project


@pytest.mark.parametrize("before", [None, b"the report before"])
def test_a_report_leaves_nothing_half_made(read: Project, tmp_path: Path, before: bytes | None) -> None:
    out = tmp_path / "report.docx"
    if before is not None:
        out.write_bytes(before)
    asked = ("report", "--plan", "dong-thap", "--year", "2026", "--out", str(out))
    process = subprocess.Popen(
        [sys.executable, "-c", _SLOW_REPORT_SCRIPT, *asked],
        cwd=ROOT,
        env={**os.environ, "KPIS_DATABASE": str(read.database), "KPIS_SOURCES": str(read.sources)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        until = time.monotonic() + 60
        while not list(tmp_path.glob(".*.part")) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        assert process.poll() is None, "it ended too soon"
        assert list(tmp_path.glob(".*.part")), "it never began to write"
        process.send_signal(signal.SIGTERM)
        said, told = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, said, told) == (3, "", "Đã dừng. Không mất gì; hãy chạy lại.\n")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == (
        {} if before is None else {out.name: before}
    )
