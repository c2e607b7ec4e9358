"""A yearly report that is interrupted by SIGTERM leaves no partial output; an existing report stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Project
from tests.paths import ROOT

pytestmark = pytest.mark.slow

# The command itself, with a delay before its last step, during which the signal arrives.
_SLOW_REPORT_SCRIPT = """
import sys, time
from kpis.cli import main, report_command
write = report_command.write_report
def write_slowly(figures, out):
    write(figures, out)
    time.sleep(60)
    return out
report_command.write_report = write_slowly
sys.exit(main.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("existing", [None, b"an existing report"])
def test_an_interrupted_report_leaves_no_partial_output(
    synced_project: Project, tmp_path: Path, existing: bytes | None
) -> None:
    out = tmp_path / "report.docx"
    if existing is not None:
        out.write_bytes(existing)
    arguments = ("report", "--plan", "dong-thap", "--year", "2026", "--out", str(out))
    process = subprocess.Popen(
        [sys.executable, "-c", _SLOW_REPORT_SCRIPT, *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "KPIS_DATABASE": str(synced_project.database),
            "KPIS_SOURCES": str(synced_project.sources),
        },
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
        output, message = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, output, message) == (3, "", "Đã dừng. Không mất gì; hãy chạy lại.\n")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == (
        {} if existing is None else {out.name: existing}
    )
