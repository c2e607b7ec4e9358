"""The servers that are measured, on loopback: the app on a database, and the empty page."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench import bare_page, empty_page
from kpis.screenshot.app_server import find_free_port, is_answering, stop_process
from kpis.settings import get_project_root

_START_TIMEOUT = 90.0  # seconds
_REST_TIMEOUT = 600.0  # seconds
_REST_SECONDS, _REST_SHARE = 4, 0.05
"""At rest is who uses less than this share of a processor for so many seconds."""
_STREAMLIT_HEALTH_PATH = "/_stcore/health"  # the empty page has no other
_OPTIONS = ("--server.address=127.0.0.1", "--server.headless=true", "--browser.gatherUsageStats=false")


@contextmanager
def serve_app(pointer: Path, script: str = "app.py") -> Iterator[str]:
    """Serve the app, or another script, on a database; yields "host:port". The server does not read sources."""
    with _serve(script, get_project_root(), _build_environ(pointer)) as host:
        yield host


@contextmanager
def serve_app_at_rest(pointer: Path) -> Iterator[str]:
    """Serve the app, once it has rendered the first pages in advance; yields "host:port"."""
    port = find_free_port()
    with serve_process("app.py", get_project_root(), _build_environ(pointer), port, _STREAMLIT_HEALTH_PATH) as process:
        wait_until_at_rest(process.pid)
        yield f"127.0.0.1:{port}"


def _build_environ(pointer: Path) -> dict[str, str]:
    # Without the rights file of whoever measures: this database is made up.
    sources = pointer.parent / "sources.toml"
    return {"KPIS_DATABASE": str(pointer), "KPIS_SOURCES": str(sources), "KPIS_WATCH": "off"}


@contextmanager
def serve_at(port: int, environ: Mapping[str, str], ready_path: str) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the app at a port; it is ready when it answers a path."""
    with serve_process("app.py", get_project_root(), environ, port, ready_path) as process:
        yield process


@contextmanager
def serve_empty_page(*, freeze: bool = False) -> Iterator[str]:
    """Serve a page with a title, with Streamlit's default settings; yields "host:port".

    `freeze`: exclude the objects of imports from garbage collection and send small packets at once, as the app does,
    so that a comparison of reruns measures neither Streamlit's collections nor a delay of the network's.
    """
    with tempfile.TemporaryDirectory() as folder:  # without a configuration file of this project
        environ = {empty_page.FREEZE_VARIABLE: "yes", "PYTHONPATH": str(get_project_root())} if freeze else {}
        with _serve(empty_page.__file__, Path(folder), environ) as host:
            yield host


@contextmanager
def serve_bare_page(body_bytes: int) -> Iterator[str]:
    """Serve a page of Streamlit alone that sends about `body_bytes`, set as the app is; yields "host:port".

    So: no garbage search after a run, no delay of packets, nothing of the product in what runs.
    """
    with tempfile.TemporaryDirectory() as folder:  # without a configuration file of this project
        environ = {
            bare_page.BODY_VARIABLE: str(body_bytes),
            "PYTHONPATH": str(get_project_root()),
            "STREAMLIT_RUNNER_POST_SCRIPT_GC": "false",
            "STREAMLIT_RUNNER_MAGIC_ENABLED": "false",
        }
        with _serve(bare_page.__file__, Path(folder), environ) as host:
            yield host


@contextmanager
def _serve(script: str, folder: Path, environ: Mapping[str, str]) -> Iterator[str]:
    port = find_free_port()
    with serve_process(script, folder, environ, port, _STREAMLIT_HEALTH_PATH):
        yield f"127.0.0.1:{port}"


@contextmanager
def serve_process(
    script: str, folder: Path, environ: Mapping[str, str], port: int, ready_path: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server at a port of this machine until the context ends; it is ready when it answers a path."""
    command = [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}", *_OPTIONS]
    process = subprocess.Popen(
        [*command, "--server.fileWatcherType=none"],
        cwd=folder,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}", ready_path, process)
        yield process
    finally:
        stop_process(process)


def wait_until_at_rest(pid: int) -> None:
    """Wait until a process has hardly used the processor for some seconds; SystemExit if it never rests."""
    until, seconds, quiet = time.monotonic() + _REST_TIMEOUT, _read_processor_time(pid), 0
    while quiet < _REST_SECONDS:
        if time.monotonic() > until:
            raise SystemExit(f"the server (process {pid}) does not come to rest")
        time.sleep(1.0)
        previous, seconds = seconds, _read_processor_time(pid)
        quiet = quiet + 1 if seconds - previous < _REST_SHARE else 0


def _read_processor_time(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _wait_until_ready(address: str, path: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_TIMEOUT
    while not is_answering(address, path):
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"the server at {address} did not start")
        time.sleep(0.1)
