"""An export that is stopped: the files that a thread writes beside end at their next page, slide or tab."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, local
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class StoppedError(Exception):
    """What was being written is wanted no more. Its thread ends by it; nobody is told."""


_OF_THIS_THREAD = local()


@contextmanager
def _heeding(stop: Event) -> Iterator[None]:
    _OF_THIS_THREAD.stop = stop
    try:
        yield
    finally:
        del _OF_THIS_THREAD.stop


def stoppable(write: Callable[P, T], stop: Event) -> Callable[P, T]:
    """The same function, which ends soon after `stop` is set where it calls `go_on`."""

    def heeding(*args: P.args, **named: P.kwargs) -> T:
        with _heeding(stop):
            go_on()
            return write(*args, **named)

    return heeding


def go_on() -> None:
    """Called between two pages, slides or tabs: StoppedError where the export has been stopped."""
    stop: Event | None = getattr(_OF_THIS_THREAD, "stop", None)
    if stop is not None and stop.is_set():
        raise StoppedError
