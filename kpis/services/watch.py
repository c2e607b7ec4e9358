"""Repeated refreshes: for `sync --watch 5m`, and in the background of the dashboard (design.md §6).

The dashboard runs `python -m kpis.services.watch` as a separate process, so that a long reading never delays
a page; it ends when its standard input ends, so it never outlives the server that started it.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from kpis.errors import KpisError
from kpis.language import clock
from kpis.language.durations import parse_interval
from kpis.language.messages import explain, translate
from kpis.services.lake_following import run_following
from kpis.services.orders import list_waiting_ids
from kpis.services.reading_duty import ReadingDuty
from kpis.services.refresh import refresh
from kpis.settings import Settings, load_settings
from kpis.store.opening import find_lake
from kpis.store.replica import look_at_replica
from kpis.sync import sync
from kpis.sync.result import SyncResult

_log = logging.getLogger("kpis.services.watch")

_UNEXPECTED_ERROR = (
    "This reading failed because of a fault in the program; the figures so far are kept, and the next turn "
    "tries again. If it keeps failing, send these lines to the person who maintains the program."
)

_DUTY_SECONDS = 10.0
"""A watch that does not read asks so often whether nobody does, at the latest."""

_ORDER_SECONDS = 2.0
"""Whoever reads looks so often whether a page of any machine has asked for something."""

OnResult = Callable[[SyncResult], None]
OnError = Callable[[KpisError], None]


def watch(
    settings: Settings,
    environ: Mapping[str, str],
    interval: timedelta,
    stop: threading.Event,
    on_result: OnResult,
    on_error: OnError,
    progress: sync.SyncProgress | None = None,
) -> None:
    """Refresh every `interval` until `stop` is set; after a failure, try again at the next turn.

    If another process is reading, nothing is done in this turn. Of all watches of a lake one reads, and all follow it;
    an order of a page begins a turn at once. Unexpected errors are logged.
    """
    seconds = interval.total_seconds()
    orders: frozenset[str] = frozenset()
    look = partial(look_at_replica, settings)
    with run_following(settings), ReadingDuty(find_lake(settings), look) as duty:
        while not stop.is_set():
            if not duty.is_ours():
                stop.wait(min(seconds, _DUTY_SECONDS))
                continue
            try:
                result = refresh(settings, environ, clock.get_utc_now(), progress=progress, interval=interval)
            except KpisError as error:
                on_error(error)
            except Exception:  # noqa: BLE001  a fault in one turn must not end all later ones
                _log.exception("%s", translate(settings.language, _UNEXPECTED_ERROR))
            else:
                on_result(result)
                orders = frozenset() if result.running else orders
            orders = _wait_for_turn(settings, seconds, stop, orders)


def _wait_for_turn(settings: Settings, seconds: float, stop: threading.Event, tried: frozenset[str]) -> frozenset[str]:
    """Wait for the next turn, which an order of a page begins at once; return the orders that it then tries.

    Those of `tried` wait for the next turn: the last one could not answer them.
    """
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not stop.wait(min(left, _ORDER_SECONDS)):
        waiting = list_waiting_ids(settings.pointer)
        if waiting - tried:
            return waiting
    return list_waiting_ids(settings.pointer)


def read_watch_interval(environ: Mapping[str, str]) -> timedelta | None:
    """Return the interval of background reads: KPIS_WATCH, else five minutes; None for never, or not by the server."""
    if is_watched_apart(environ):
        return None
    return parse_interval(environ.get("KPIS_WATCH") or "5m")


def is_watched_apart(environ: Mapping[str, str]) -> bool:
    """True if another process of this machine reads, and follows a lake, with rights that the pages do not have."""
    return environ.get("KPIS_WATCH", "").strip().lower() == "apart"


def main(environ: Mapping[str, str]) -> int:
    """Run the background process of the dashboard until standard input ends; return its exit code."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(message)s")
    settings = load_settings(environ, read_only=True)
    interval = read_watch_interval(environ)
    if settings.sample:
        interval = None
    if interval is None and settings.lake is None:
        return 0
    stop = threading.Event()
    threading.Thread(target=_wait_for_input_end, args=(stop,), daemon=True).start()
    if interval is None:
        with run_following(settings):
            stop.wait()
        return 0

    def log_error(error: KpisError) -> None:
        _log.warning("%s", explain(error, settings.language))

    watch(settings, environ, interval, stop, _log_result, log_error)
    return 0


def _log_result(result: SyncResult) -> None:
    failed_ids = [source.id for source in result.sources if source.outcome in ("failed", "held")]
    if result.published or failed_ids:
        _log.info("version %s; not accepted: %s", result.version, ", ".join(failed_ids) or "none")


def _wait_for_input_end(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()


if __name__ == "__main__":
    raise SystemExit(main(os.environ))
