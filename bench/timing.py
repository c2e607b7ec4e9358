"""Times taken in turns, A B A B …: what else the machine does meanwhile hits all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """So many times of one thing, in milliseconds; for memory, in MiB."""

    median: float
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Spread:
        """The spread of times given in seconds."""
        times = [1000 * one for one in seconds]
        return cls(statistics.median(times), min(times), max(times), len(times))


def in_turns(
    ways: Sequence[Callable[[], float]], times: int, warm: int = 1, until: float | None = None
) -> list[list[float]]:
    """Each way's own seconds, `times` turns of all ways after `warm` uncounted ones.

    Past `until` (`time.monotonic`) no further turn begins, but three are always taken.
    """
    found: list[list[float]] = [[] for _ in ways]
    for turn in range(-warm, times):
        if until is not None and turn >= min(3, times) and time.monotonic() > until:
            break
        for way, own in zip(ways, found, strict=True):
            seconds = way()
            if turn >= 0:
                own.append(seconds)
    return found


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """The seconds that `work` takes, as a way for `in_turns`."""

    def way() -> float:
        begin = time.perf_counter()
        work()
        return time.perf_counter() - begin

    return way
