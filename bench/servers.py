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

from bench.empty_page import FREEZE_VARIABLE
from kpis.settings import get_project_root

_START_TIMEOUT = 90.0  # seconds
_OPTIONS = ("--server.address=127.0.0.1", "--server.headless=true", "--browser.gatherUsageStats=false")


@contextmanager
def serve_app(pointer: Path) -> Iterator[str]:
    """The host and port of the app over a database; it reads no sources meanwhile."""
    environ = {"KPIS_DATABASE": str(pointer), "KPIS_WATCH": "off"}
    with _serve("app.py", get_project_root(), environ) as host:
        yield host


@contextmanager
def serve_empty_page(*, freeze: bool = False) -> Iterator[str]:
    """The host and port of a page with a title, with Streamlit's own settings.

    `frozen`: the garbage that its imports left is never searched again, as in the app, so that a rerun is not
    compared with Streamlit's collecting.
    """
    with tempfile.TemporaryDirectory() as elsewhere:  # where no configuration of ours is found
        empty = Path(__file__).with_name("empty.py")
        with _serve(str(empty), Path(elsewhere), {FREEZE_VARIABLE: "yes"} if freeze else {}) as host:
            yield host


@contextmanager
def _serve(script: str, folder: Path, environ: Mapping[str, str]) -> Iterator[str]:
    port = _find_free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}", *_OPTIONS]
    process = subprocess.Popen(
        [*command, "--server.fileWatcherType=none"],
        cwd=folder,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _find_free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + _START_TIMEOUT
    while True:
        try:
            with direct.open(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"the server at {address} did not start") from None
            time.sleep(0.1)
