"""Reading again and again: `sync --watch 5m`, and the same beside the dashboard (design.md §6).

Run as `python -m kpis.services.watch` it is a process beside the dashboard, so that a long reading never
holds up a page; it ends when its standard input does, so it never outlives the server that started it.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta

from kpis.errors import KpisError
from kpis.language import clock
from kpis.language.durations import parse_interval
from kpis.language.messages import Language, explain, translate
from kpis.services.refresh import refresh
from kpis.settings import Settings, load_settings
from kpis.sync import sync
from kpis.sync.result import SyncResult

_log = logging.getLogger("kpis.services.watch")

_UNEXPECTED_ERROR = (
    "This reading ended in a fault of the program; the figures so far stay, and it is tried again at the "
    "next turn. If this stays, send these lines to whoever looks after the program."
)

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
    """Reads every source, waits `every`, and so on until `stop`; what cannot be done now is tried again then.

    A reading that another process has under way is left to it. An error that nobody foresaw is logged.
    """
    while not stop.is_set():
        try:
            result = refresh(settings, environ, clock.get_utc_now(), progress=progress, interval=interval)
        except KpisError as error:
            on_error(error)
        except Exception:  # noqa: BLE001  a fault of ours in one turn must not end all later ones
            _log.exception("%s", translate(settings.language, _UNEXPECTED_ERROR))
        else:
            on_result(result)
        stop.wait(interval.total_seconds())


def read_watch_interval(environ: Mapping[str, str]) -> timedelta | None:
    """How often the dashboard reads beside itself: KPIS_WATCH, else every five minutes; None is never."""
    return parse_interval(environ.get("KPIS_WATCH") or "5m")


def main(environ: Mapping[str, str]) -> int:
    """The process beside the dashboard: the configured sources, until standard input ends."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(message)s")
    used = load_settings(environ, read_only=True)
    every = read_watch_interval(environ)
    if every is None or used.sample:
        return 0
    stop = threading.Event()
    threading.Thread(target=_wait_for_input_end, args=(stop,), daemon=True).start()
    lang: Language = used.language
    watch(used, environ, every, stop, _log_result, lambda error: _log.warning("%s", explain(error, lang)))
    return 0


def _log_result(result: SyncResult) -> None:
    bad = [source.id for source in result.sources if source.outcome in ("failed", "held")]
    if result.published or bad:
        _log.info("version %s; not taken: %s", result.version, ", ".join(bad) or "none")


def _wait_for_input_end(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()


if __name__ == "__main__":
    raise SystemExit(main(os.environ))
