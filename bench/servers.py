"""The servers that are measured, on loopback, ended by their id: the app over a database; the empty page."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.empty_page import FROZEN
from kpis.settings import project_root

_LONGEST_START = 90.0  # seconds
_OPTIONS = ("--server.address=127.0.0.1", "--server.headless=true", "--browser.gatherUsageStats=false")


@contextmanager
def the_app(pointer: Path) -> Iterator[str]:
    """The host and port of the app over a database; it reads no sources meanwhile."""
    environ = {"KPIS_DATABASE": str(pointer), "KPIS_WATCH": "off"}
    with _served("app.py", project_root(), environ) as host:
        yield host


@contextmanager
def the_empty_page(*, frozen: bool = False) -> Iterator[str]:
    """The host and port of a page with a title, with Streamlit's own settings.

    `frozen`: the garbage that its imports left is never searched again, as in the app, so that a rerun is not
    compared with Streamlit's collecting.
    """
    with tempfile.TemporaryDirectory() as elsewhere:  # where no configuration of ours is found
        empty = Path(__file__).with_name("empty.py")
        with _served(str(empty), Path(elsewhere), {FROZEN: "yes"} if frozen else {}) as host:
            yield host


@contextmanager
def _served(script: str, folder: Path, environ: Mapping[str, str]) -> Iterator[str]:
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}", *_OPTIONS]
    process = subprocess.Popen(
        [*command, "--server.fileWatcherType=none"],
        cwd=folder,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + _LONGEST_START
    while True:
        try:
            with direct.open(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"the server at {address} did not start") from None
            time.sleep(0.1)
