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
    def compute(cls, seconds: Sequence[float]) -> Spread:
        """The spread of times given in seconds."""
        times = [1000 * one for one in seconds]
        return cls(statistics.median(times), min(times), max(times), len(times))


def take_turns(
    timers: Sequence[Callable[[], float]], turns: int, warm_up_turns: int = 1, deadline: float | None = None
) -> list[list[float]]:
    """Each way's own seconds, `times` turns of all ways after `warm` uncounted ones.

    Past `until` (`time.monotonic`) no further turn begins, but three are always taken.
    """
    found: list[list[float]] = [[] for _ in timers]
    for turn in range(-warm_up_turns, turns):
        if deadline is not None and turn >= min(3, turns) and time.monotonic() > deadline:
            break
        for way, own in zip(timers, found, strict=True):
            seconds = way()
            if turn >= 0:
                own.append(seconds)
    return found


def build_timer(work: Callable[[], object]) -> Callable[[], float]:
    """The seconds that `work` takes, as a way for `in_turns`."""

    def measure_seconds() -> float:
        begin = time.perf_counter()
        work()
        return time.perf_counter() - begin

    return measure_seconds
