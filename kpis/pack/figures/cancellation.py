"""An export that is stopped: the files that a thread writes beside end at their next page, slide or tab."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, local
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class ExportCancelledError(Exception):
    """What was being written is wanted no more. Its thread ends by it; nobody is told."""


_THREAD_STATE = local()


@contextmanager
def _watch_for_stop(stop: Event) -> Iterator[None]:
    _THREAD_STATE.stop = stop
    try:
        yield
    finally:
        del _THREAD_STATE.stop


def make_cancellable(write: Callable[P, T], stop: Event) -> Callable[P, T]:
    """The same function, which ends soon after `stop` is set where it calls `go_on`."""

    def run_cancellable(*args: P.args, **named: P.kwargs) -> T:
        with _watch_for_stop(stop):
            check_cancelled()
            return write(*args, **named)

    return run_cancellable


def check_cancelled() -> None:
    """Called between two pages, slides or tabs: StoppedError where the export has been stopped."""
    stop: Event | None = getattr(_THREAD_STATE, "stop", None)
    if stop is not None and stop.is_set():
        raise ExportCancelledError
