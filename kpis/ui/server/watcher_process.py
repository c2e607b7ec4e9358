"""The process that reads the sources regularly while the dashboard runs (kpis.services.watch).

It is started again when it ends by itself, after a pause that grows; pages say so until a reading has ended
(kpis.services.watcher_status).
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from kpis.errors import KpisError
from kpis.language import clock
from kpis.services.watch import is_watched_apart, read_watch_interval
from kpis.services.watcher_status import WatcherStatus, get_watcher_status, set_watcher_status
from kpis.settings import get_working_folder, load_settings
from kpis.store.opening import find_lake

_log = logging.getLogger("kpis")

_STOP_TIMEOUT_SECONDS = 20  # for a sync that is running
_COMMAND = (sys.executable, "-m", "kpis.services.watch")


@dataclass(frozen=True)
class RestartPolicy:
    """Seconds: the first pause, the longest, how long a run must last for the pause to shrink, a look."""

    first_pause: float = 1.0
    longest_pause: float = 300.0
    good_run: float = 600.0
    look_interval: float = 0.5
    settings_interval: float = 30.0

    def get_pause(self, failures: int) -> float:
        """Return the seconds before the next start after so many failures in a row."""
        return min(self.longest_pause, self.first_pause * 2.0 ** min(failures - 1, 20))


@contextmanager
def run_watcher(
    environ: Mapping[str, str] | None = None,
    command: Sequence[str] = _COMMAND,
    policy: RestartPolicy | None = None,
) -> Iterator[None]:
    """Keep the watcher running inside this context; afterwards it has ended."""
    supervisor = _Supervisor(os.environ if environ is None else environ, command, policy or RestartPolicy())
    thread = threading.Thread(target=supervisor.run, name="kpis-watcher", daemon=True)
    thread.start()
    try:
        yield
    finally:
        supervisor.stop_event.set()
        thread.join()
        set_watcher_status(WatcherStatus())


@dataclass
class _Supervisor:
    environ: Mapping[str, str]
    command: Sequence[str]
    policy: RestartPolicy
    stop_event: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Start the watcher again and again until stopped; look at the settings before each start."""
        failures = 0
        while not self.stop_event.is_set():
            interval, follows = self._read_work()
            if interval is None and not follows:
                self.stop_event.wait(self.policy.settings_interval)
                continue
            if interval is not None:
                set_watcher_status(replace(get_watcher_status(), phase="running", interval=interval, error=None))
            began = time.monotonic()
            has_failed = self._run_once()
            if self.stop_event.is_set():
                return
            failures = failures + 1 if time.monotonic() - began < self.policy.good_run else 1
            if has_failed and interval is not None:
                set_watcher_status(replace(get_watcher_status(), phase="ended", ended_at=clock.get_utc_now()))
            self.stop_event.wait(self.policy.get_pause(failures))

    def _read_work(self) -> tuple[timedelta | None, bool]:
        """Return the interval of readings, and whether a lake is followed; without readings the status says why."""
        try:
            interval = read_watch_interval(self.environ)
            settings = load_settings(self.environ, read_only=True)
            find_lake(settings)
            if settings.sample:
                interval = None
        except KpisError as error:
            if get_watcher_status().phase != "refused":
                _log.warning("%s", error)
            set_watcher_status(WatcherStatus("refused", error=error))
            return None, False
        if interval is None:
            set_watcher_status(WatcherStatus())
        return interval, settings.lake is not None and not is_watched_apart(self.environ)

    def _run_once(self) -> bool:
        """Run the watcher until it ends or is stopped; return True if it ended with a fault."""
        try:
            process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                cwd=get_working_folder(),
                env=dict(self.environ),
            )
        except OSError as error:  # no memory, no more processes: tried again like one that ended
            _log.warning("the watcher does not start: %s", error)
            return True
        try:
            while process.poll() is None and not self.stop_event.wait(self.policy.look_interval):
                pass
        finally:
            _end_process(process)
        if process.returncode and not self.stop_event.is_set():
            _log.warning("the watcher ended (exit code %s) and is started again", process.returncode)
        return process.returncode != 0


def _end_process(process: subprocess.Popen[bytes]) -> None:
    """Let it end: it does so with its standard input, after a sync that is running."""
    if process.stdin is not None:
        with suppress(OSError):  # it has already ended
            process.stdin.close()
    end_by_force: Callable[[], None]
    for end_by_force in (process.terminate, process.kill):
        try:
            process.wait(_STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            end_by_force()
        else:
            return
    process.wait()
