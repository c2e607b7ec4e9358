"""Times measured in turns, A B A B …, so that other load on the machine affects all alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """The distribution of `count` measurements, in milliseconds; for memory, in MiB."""

    median: float
    low: float
    high: float
    count: int

    @classmethod
    def compute(cls, seconds: Sequence[float]) -> Spread:
        """Compute the spread of times given in seconds."""
        times = [1000 * value for value in seconds]
        return cls(statistics.median(times), min(times), max(times), len(times))

    @classmethod
    def create_single(cls, value: float) -> Spread:
        """Return the spread of a single measurement, in its unit."""
        return cls(value, value, value, 1)


def take_turns(
    timers: Sequence[Callable[[], float]], turns: int, warm_up_turns: int = 1, deadline: float | None = None
) -> list[list[float]]:
    """Return the seconds of each timer, from `turns` turns of all after the warm-up turns.

    Past `deadline` (`time.monotonic`) no further turn begins, but three are always taken.
    """
    results: list[list[float]] = [[] for _ in timers]
    for turn in range(-warm_up_turns, turns):
        if deadline is not None and turn >= min(3, turns) and time.monotonic() > deadline:
            break
        for timer, times in zip(timers, results, strict=True):
            seconds = timer()
            if turn >= 0:
                times.append(seconds)
    return results


def build_timer(work: Callable[[], object]) -> Callable[[], float]:
    """Return a timer for `take_turns`: a function that returns the seconds that `work` takes."""

    def measure_seconds() -> float:
        begin = time.perf_counter()
        work()
        return time.perf_counter() - begin

    return measure_seconds
