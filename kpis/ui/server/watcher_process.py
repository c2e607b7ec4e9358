"""The process that reads the sources regularly while the dashboard runs (kpis.services.watch)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from kpis.settings import get_working_folder

_STOP_TIMEOUT_SECONDS = 20  # for a sync that is running


@contextmanager
def run_watcher() -> Iterator[None]:
    """Run the watcher inside this context; the process ends when its standard input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kpis.services.watch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=get_working_folder(),
    )
    try:
        yield
    finally:
        if process.stdin is not None:
            with suppress(OSError):  # it has already ended
                process.stdin.close()
        try:
            process.wait(_STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait()
