"""Cancelling an export: a writer in another thread ends at its next page, slide or tab."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, local
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class ExportCancelledError(Exception):
    """The export was cancelled; raised in the writer's thread and not shown to anyone."""


_THREAD_STATE = local()


@contextmanager
def _watch_for_stop(stop: Event) -> Iterator[None]:
    _THREAD_STATE.stop = stop
    try:
        yield
    finally:
        del _THREAD_STATE.stop


def make_cancellable(write: Callable[P, T], stop: Event) -> Callable[P, T]:
    """Wrap a function so that `check_cancelled` raises in it once `stop` is set."""

    def run_cancellable(*args: P.args, **kwargs: P.kwargs) -> T:
        with _watch_for_stop(stop):
            check_cancelled()
            return write(*args, **kwargs)

    return run_cancellable


def check_cancelled() -> None:
    """Raise ExportCancelledError if the export was cancelled; writers call it between pages, slides, rows."""
    stop: Event | None = getattr(_THREAD_STATE, "stop", None)
    if stop is not None and stop.is_set():
        raise ExportCancelledError
