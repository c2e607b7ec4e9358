"""Which entries can be read in two ways, as of a day (design.md §5, No green on a doubt)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from kpis.measures.doubtful_entries import DoubtfulPeriod, EntryRow
from kpis.measures.running_total_doubts import find_running_totals
from kpis.measures.same_events import list_joint_events, list_repeated_rows
from kpis.measures.shared_events import Occurrence

DoubtCode = Literal["possibly_running_total", "possibly_same_event", "struck_through", "date_order_doubtful"]
DOUBT_CODES: tuple[DoubtCode, ...] = (
    "possibly_running_total", "possibly_same_event", "struck_through", "date_order_doubtful",
)  # fmt: skip

Effect = Literal["once", "left_out", "moved"]
"""What an open doubt does to its rows: they count once, not at all, or on the later day."""


@dataclass(frozen=True)
class Doubt:
    """Rows that may mean something else, and the occurrences that they belong to.

    `base`: what a running total had come to before the period, in which only its rise counts.
    """

    code: DoubtCode
    effect: Effect
    rows: tuple[EntryRow, ...]
    occurrences: tuple[Occurrence, ...]
    base: int = 0


def find_doubts(
    period: DoubtfulPeriod,
    occurrences: Sequence[Occurrence],
    day: date,
    shares: Mapping[str, Fraction] | None = None,
) -> list[Doubt]:
    """Return the open doubts among the occurrences up to a day, in a fixed order.

    With `shares`, a running total of an agency is in doubt too where only its own share is met by it.
    """
    doubts = list(_find_marked_rows(period, occurrences, day))
    if period.is_increment:
        total = sum(each.quantity for each in occurrences) + sum(each.quantity for each in period.list_certain(day))
        running = [each for each in occurrences if any(period.may_run(row.agency) for row in each.rows)]
        doubts += [
            replace(_build_doubt("possibly_running_total", each.occurrences), base=each.base)
            for each in find_running_totals(period, running, period.list_rows_beside(day), total, shares or {})
        ]
        groups = list_repeated_rows(occurrences)
        if period.is_joint:
            groups += list_joint_events(occurrences)
        doubts += [
            _build_doubt("possibly_same_event", group)
            for group in groups
            if not all(occurrence.is_confirmed for occurrence in group)
        ]
    return sorted(doubts, key=lambda doubt: (DOUBT_CODES.index(doubt.code), [row.order for row in doubt.rows]))


def _build_doubt(code: DoubtCode, occurrences: Sequence[Occurrence]) -> Doubt:
    rows = sorted((row for occurrence in occurrences for row in occurrence.rows), key=lambda row: row.order)
    return Doubt(code, "once", tuple(rows), tuple(occurrences))


def _find_marked_rows(period: DoubtfulPeriod, occurrences: Sequence[Occurrence], day: date) -> Iterator[Doubt]:
    for occurrence in occurrences:
        for row in occurrence.rows:
            if row.confirmed:
                continue
            if row.is_struck:
                yield Doubt("struck_through", "left_out", (row,), (occurrence,))
            if row.sums_own_column and period.is_increment:
                yield Doubt("possibly_running_total", "left_out", (row,), (occurrence,))
            if row.later_day > day or (row.later_day > row.occurred_on and not period.is_increment):
                yield Doubt("date_order_doubtful", "moved", (row,), (occurrence,))
