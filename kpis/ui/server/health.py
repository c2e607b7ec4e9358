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
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

from kpis.language import clock
from kpis.services.health import Health, check_health
from kpis.services.watcher_status import get_watcher_status

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
    while not stop.is_set():
        previous = _LATEST.health
        health = check_health(environ, get_watcher_status(), clock.get_utc_now())
        _LATEST.health, _LATEST.looked_at = health, time.monotonic()
        if health.problems != (previous.problems if previous else ()):
            _log.warning("health: %s", ", ".join(health.problems) or "ok")
        stop.wait(look_seconds)


async def serve_health(_request: Request) -> PlainTextResponse:
    """Answer 200 "ok" or 503 "not ok", and nothing else."""
    return PlainTextResponse("ok") if is_well() else PlainTextResponse("not ok", 503)


async def serve_live(_request: Request) -> PlainTextResponse:
    """Answer 200 while the process serves."""
    return PlainTextResponse("ok")
