"""The app to take pictures of: started on a free loopback port, or one that is already running."""

from __future__ import annotations

import ipaddress
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
from typing import IO
from urllib.parse import urlsplit

from kpis.errors import UsageError
from kpis.screenshot.errors import ScreenshotError
from kpis.settings import get_project_root, get_working_folder

_START_TIMEOUT = 90.0  # seconds
_HEALTH_PATH = "/_stcore/health"
_DIRECT_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))

# Even if this process is killed, the app exits: its standard input is closed then.
_APP_LAUNCHER = """
import os, runpy, sys, threading
def exit_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)
threading.Thread(target=exit_with_parent, daemon=True).start()
sys.argv = ["streamlit", "run", *sys.argv[1:]]
runpy.run_module("streamlit", run_name="__main__")
"""


@contextmanager
def start_app(environ: Mapping[str, str]) -> Iterator[str]:
    """Start the app with these settings; yields its address, and stops it when the context ends.

    The app does not read sources by itself. Raises ScreenshotError if it does not start.
    """
    with tempfile.TemporaryFile() as log:
        process, address = _start_process(environ, log)
        try:
            _wait_until_ready(process, address, log)
            yield address
        finally:
            stop_process(process)


def find_running_app(url: str) -> str:
    """Return the address of an app on this machine; UsageError if elsewhere, ScreenshotError if silent."""
    address = url.strip().rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not _is_loopback(parts.hostname or ""):
        raise UsageError(
            "“{url}” is not on this machine. Give the address of a running dashboard like http://127.0.0.1:8501.",
            url=url,
        )
    if not is_answering(address):
        raise ScreenshotError(
            "No dashboard answers at {url}. Start it with “streamlit run app.py”, or leave --url out.",
            url=address,
        )
    return address


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _start_process(environ: Mapping[str, str], log: IO[bytes]) -> tuple[subprocess.Popen[bytes], str]:
    port = find_free_port()
    options = ["--server.address=127.0.0.1", f"--server.port={port}", "--server.headless=true"]
    process = subprocess.Popen(
        [sys.executable, "-c", _APP_LAUNCHER, str(get_project_root() / "app.py"), *options],
        cwd=get_working_folder(),
        env={**os.environ, **environ, "KPIS_WATCH": "off", "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    return process, f"http://127.0.0.1:{port}"


def find_free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], address: str, log: IO[bytes]) -> None:
    until = time.monotonic() + _START_TIMEOUT
    while not is_answering(address):
        if process.poll() is not None or time.monotonic() > until:
            raise ScreenshotError("The dashboard did not start: {reason}", reason=_read_last_line(log))
        time.sleep(0.1)


def is_answering(address: str) -> bool:
    """True if a Streamlit server at the address reports that it is healthy."""
    try:
        with _DIRECT_OPENER.open(address + _HEALTH_PATH, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _read_last_line(log: IO[bytes]) -> str:
    log.seek(0)
    lines = log.read().decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "–")


def stop_process(process: subprocess.Popen[bytes]) -> None:
    """Terminate a server, or kill it if it does not exit within ten seconds."""
    if process.stdin:
        process.stdin.close()
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
