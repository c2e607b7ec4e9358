"""The app to take pictures of: started on a free loopback port, or one that is already running."""

from __future__ import annotations

import ipaddress
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import IO
from urllib.parse import urlsplit

from kpis.access import own_sessions
from kpis.access.audit import get_system_person
from kpis.access.enforcement import AccessState, get_access_paths, is_enforced
from kpis.access.rights import SessionLimits
from kpis.errors import UsageError
from kpis.language import clock
from kpis.screenshot.errors import ScreenshotError
from kpis.settings import get_project_root, get_working_folder, load_settings

_START_TIMEOUT = 90.0  # seconds
LIVE_PATH = "/health/live"
_OWN_SESSION_LIMITS = SessionLimits(timedelta(hours=1), timedelta(hours=1))
_DIRECT_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class RunningApp:
    """An app that answers. `token` opens a session of our own browser there; None where nobody signs in."""

    address: str
    token: str | None = field(default=None, repr=False)


@contextmanager
def start_app(environ: Mapping[str, str], email: str | None = None) -> Iterator[RunningApp]:
    """Start the app with these settings; yields it, and stops it when the context ends.

    The app does not read sources by itself. Where rights are enforced, the browser sees what `email` may see, else
    everything, and the audit has a line. Raises ScreenshotError if the app does not start.
    """
    state = _load_enforced_state(environ)
    base, token = "", None
    if state is not None:
        base, token = state.get_rights().address.path, secrets.token_urlsafe(32)
        _record_use(state, email)
    elif email is not None:
        raise _build_no_rights_error()
    with tempfile.TemporaryFile() as log:
        process, address = _start_process(environ, log, base, token, email)
        try:
            _wait_until_ready(process, address, log)
            yield RunningApp(address, token)
        finally:
            stop_process(process)


@contextmanager
def use_running_app(environ: Mapping[str, str], url: str, email: str | None) -> Iterator[RunningApp]:
    """Find an app that runs with these settings; where rights are enforced, open a session of a person there.

    The session ends with the context.
    """
    address, state = find_running_app(url), _load_enforced_state(environ)
    if state is None:
        if email is not None:
            raise _build_no_rights_error()
        yield RunningApp(address)
        return
    if email is None:
        raise UsageError("People sign in to this dashboard: add --as with the e-mail address whose view is meant.")
    _record_use(state, email)
    token = state.store.open_session(email, own_sessions.KIND, _OWN_SESSION_LIMITS, clock.get_utc_now())
    try:
        yield RunningApp(address, token)
    finally:
        state.store.end_session(token)


def _load_enforced_state(environ: Mapping[str, str]) -> AccessState | None:
    """Return the access of the installation; None where nobody signs in."""
    paths = get_access_paths(load_settings({**os.environ, **environ}, read_only=True))
    return AccessState(paths, {**os.environ, **environ}) if is_enforced(paths) else None


def _record_use(state: AccessState, email: str | None) -> None:
    if email is not None and state.get_rights().find_person(email) is None:
        text = "{email} is not in {file}. Add a [[person]] with this address first."
        raise UsageError(text, email=email, file=state.paths.rights_file.name)
    state.audit.append("own_browser", get_system_person(), clock.get_utc_now(), scope=email or "all")


def _build_no_rights_error() -> UsageError:
    return UsageError("--as needs a rights file; without one everybody at this machine sees everything.")


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


def _start_process(
    environ: Mapping[str, str], log: IO[bytes], base: str, token: str | None, email: str | None
) -> tuple[subprocess.Popen[bytes], str]:
    port = find_free_port()
    options = [
        "--server.address=127.0.0.1",
        f"--server.port={port}",
        f"--server.baseUrlPath={base.strip('/')}",
        "--server.headless=true",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "kpis.screenshot.app_launcher", str(get_project_root() / "app.py"), *options],
        cwd=get_working_folder(),
        env={**os.environ, **environ, "KPIS_WATCH": "off", "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    secret = {} if token is None else {"token": token, "email": email}
    if process.stdin is not None:
        with suppress(OSError):  # it has already ended, which the caller finds out
            process.stdin.write(json.dumps(secret).encode() + b"\n" if secret else b"\n")
            process.stdin.flush()
    return process, f"http://127.0.0.1:{port}{base}"


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


def is_answering(address: str, path: str = LIVE_PATH) -> bool:
    """True if a server at the address says that it serves."""
    try:
        with _DIRECT_OPENER.open(address + path, timeout=2) as answer:
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
