"""The process beside the dashboard that reads the sources again and again (kpis.services.watch)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from kpis.settings import get_working_folder

_STOP_TIMEOUT_SECONDS = 20  # seconds that a reading under way has to end


@contextmanager
def run_watcher() -> Iterator[None]:
    """Reads beside the server for as long as this lasts; the process ends with its standard input."""
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
            with suppress(OSError):  # it has ended by itself
                process.stdin.close()
        try:
            process.wait(_STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait()
