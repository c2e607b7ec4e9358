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
from kpis.language.durations import parse_every
from kpis.language.messages import Language, explain, translate
from kpis.services.refresh import refresh
from kpis.settings import Settings, settings
from kpis.sync import sync
from kpis.sync.result import SyncResult

_log = logging.getLogger("kpis.services.watch")

_UNEXPECTED = (
    "This reading ended in a fault of the program; the figures so far stay, and it is tried again at the "
    "next turn. If this stays, send these lines to whoever looks after the program."
)

Told = Callable[[SyncResult], None]
Failed = Callable[[KpisError], None]


def watch(
    used: Settings,
    environ: Mapping[str, str],
    every: timedelta,
    stop: threading.Event,
    told: Told,
    failed: Failed,
    progress: sync.Progress | None = None,
) -> None:
    """Reads every source, waits `every`, and so on until `stop`; what cannot be done now is tried again then.

    A reading that another process has under way is left to it. An error that nobody foresaw is logged.
    """
    while not stop.is_set():
        try:
            result = refresh(used, environ, clock.utc_now(), progress=progress, every=every)
        except KpisError as error:
            failed(error)
        except Exception:  # noqa: BLE001  a fault of ours in one turn must not end all later ones
            _log.exception("%s", translate(used.language, _UNEXPECTED))
        else:
            told(result)
        stop.wait(every.total_seconds())


def every_configured(environ: Mapping[str, str]) -> timedelta | None:
    """How often the dashboard reads beside itself: KPIS_WATCH, else every five minutes; None is never."""
    return parse_every(environ.get("KPIS_WATCH") or "5m")


def main(environ: Mapping[str, str]) -> int:
    """The process beside the dashboard: the configured sources, until standard input ends."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(message)s")
    used = settings(environ, to_read=True)
    every = every_configured(environ)
    if every is None or used.sample:
        return 0
    stop = threading.Event()
    threading.Thread(target=_until_input_ends, args=(stop,), daemon=True).start()
    lang: Language = used.language
    watch(used, environ, every, stop, _tell, lambda error: _log.warning("%s", explain(error, lang)))
    return 0


def _tell(result: SyncResult) -> None:
    bad = [source.id for source in result.sources if source.outcome in ("failed", "held")]
    if result.published or bad:
        _log.info("version %s; not taken: %s", result.version, ", ".join(bad) or "none")


def _until_input_ends(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()


if __name__ == "__main__":
    raise SystemExit(main(os.environ))
