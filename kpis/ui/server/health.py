"""`/health` and `/health/live`: a thread looks every ten seconds, a request only reads what it found.

`/health/live` says that the process serves: it is what restarts and routing ask. `/health` is for the person who is
told of trouble: a server that rightly shows yesterday's figures goes on serving them.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

from kpis.errors import KpisError
from kpis.language import clock
from kpis.services.health import Health, check_health
from kpis.services.server_state import ServerState, publish_server_state
from kpis.services.watcher_status import get_watcher_status
from kpis.settings import load_settings
from kpis.store.product_version import get_product_version
from kpis.ui.server.gate.websockets import OpenSockets
from kpis.ui.server.open_files import count_open_files, read_file_limit

if TYPE_CHECKING:
    from starlette.requests import Request

LOOK_SECONDS = 10.0
_TOO_OLD_SECONDS = 60.0
"""A result older than this is none: the thread that looks has stopped or is held up by the disk."""

_log = logging.getLogger("kpis")


@dataclass
class _Latest:
    health: Health | None = None
    looked_at: float = 0.0


_LATEST = _Latest()


def is_well() -> bool:
    """True if the last look was a short time ago and found no problem."""
    health = _LATEST.health
    return health is not None and not health.problems and time.monotonic() - _LATEST.looked_at < _TOO_OLD_SECONDS


@contextmanager
def run_health_checks(environ: Mapping[str, str] | None = None, look_seconds: float = LOOK_SECONDS) -> Iterator[None]:
    """Look regularly inside this context; problems that come or go are written to the log."""
    stop = threading.Event()
    args = (os.environ if environ is None else environ, stop, look_seconds)
    thread = threading.Thread(target=_look_regularly, args=args, name="kpis-health", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        _LATEST.health = None


def _look_regularly(environ: Mapping[str, str], stop: threading.Event, look_seconds: float) -> None:
    # The release that runs: a newer one may be copied over it meanwhile.
    started_at, release = clock.get_utc_now(), get_product_version()
    while not stop.is_set():
        previous = _LATEST.health
        health = check_health(environ, get_watcher_status(), clock.get_utc_now())
        _LATEST.health, _LATEST.looked_at = health, time.monotonic()
        if health.problems != (previous.problems if previous else ()):
            _log.warning("health: %s", ", ".join(health.problems) or "ok")
        _publish(environ, _describe_server(release, started_at))
        stop.wait(look_seconds)
    _publish(environ, None)


def _describe_server(release: str, started_at: datetime) -> ServerState:
    return ServerState(
        os.getpid(),
        release,
        started_at,
        clock.get_utc_now(),
        get_watcher_status(),
        count_open_files(),
        read_file_limit(),
        OpenSockets.count,
    )


def _publish(environ: Mapping[str, str], state: ServerState | None) -> None:
    with suppress(KpisError):  # a wrong setting is a problem of its own
        publish_server_state(load_settings(environ, read_only=True).pointer, state)


async def serve_health(_request: Request) -> PlainTextResponse:
    """Answer 200 "ok" or 503 "not ok", and nothing else."""
    return PlainTextResponse("ok") if is_well() else PlainTextResponse("not ok", 503)


async def serve_live(_request: Request) -> PlainTextResponse:
    """Answer 200 while the process serves."""
    return PlainTextResponse("ok")
