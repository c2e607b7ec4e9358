"""The periods of targets and the occurrences of tasks, which are judged (design.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class TaskInstance:
    """One occurrence of a task: reports count from `starts_on`; an ongoing task has no `due_on`.

    It judges the days from `judged_from` until before `judged_until` (None: always).
    """

    task: str
    year: int
    starts_on: date
    due_on: date | None
    judged_from: date | None = None
    judged_until: date | None = None


@dataclass(frozen=True)
class Period:
    """One period of a target: entries from `start` to `end` count; due on `due_on` (design.md §5).

    Without a floor it is carried, not judged. `asked_from`, `asked_to`: the years for which it is the target's period.
    `span` names a quarter, month or half-year; the pace begins on `paced_from`; it is not `in_force` if it ended before
    the target began. `baseline` is where its pace begins, the figure of `baseline_year`; a yearly change that has none
    is compared with the final figure of that year. It judges the days from `judged_from` until before `judged_until`
    (None: always).
    """

    target: str
    start: date
    end: date
    due_on: date
    floor: Decimal | None
    asked_from: int
    asked_to: int
    paced_from: date
    in_force: bool = True
    span: str | None = None
    baseline: Decimal | None = None
    baseline_year: int | None = None
    judged_from: date | None = None
    judged_until: date | None = None
