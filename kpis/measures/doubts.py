"""Which entries can be read in two ways, as of a day (design.md §5, No green on a doubt)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Literal

from kpis.checks.likeness import MIN_RUNNING_TOTAL, names_running_total
from kpis.measures.doubtful_entries import DoubtfulPeriod, EntryRow
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
    """Rows that may mean something else, and the occurrences that they belong to."""

    code: DoubtCode
    effect: Effect
    rows: tuple[EntryRow, ...]
    occurrences: tuple[Occurrence, ...]


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
        doubts += _find_running_totals(period, occurrences, shares or {})
        groups = list_repeated_rows(occurrences)
        if period.is_joint:
            groups += list_joint_events(occurrences)
        doubts += [
            _build_doubt("possibly_same_event", group)
            for group in groups
            if not all(occurrence.is_confirmed for occurrence in group)
        ]
    return sorted(doubts, key=lambda doubt: (DOUBT_CODES.index(doubt.code), [row.order for row in doubt.rows]))


def compute_amount(occurrences: Sequence[Occurrence]) -> int:
    """Return what a group counts if it counts once: its confirmed rows stand, else its largest quantity."""
    confirmed = sum(occurrence.quantity for occurrence in occurrences if occurrence.is_confirmed)
    return max(confirmed, max((occurrence.quantity for occurrence in occurrences), default=0))


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


def _find_running_totals(
    period: DoubtfulPeriod, occurrences: Sequence[Occurrence], shares: Mapping[str, Fraction]
) -> Iterator[Doubt]:
    total = sum(occurrence.quantity for occurrence in occurrences)
    by_agency = sorted(occurrences, key=lambda occurrence: (_get_agency(period, occurrence), _order(occurrence)))
    for agency, group in groupby(by_agency, key=lambda occurrence: _get_agency(period, occurrence)):
        series = list(group)
        labelled = _find_labelled(series)
        if len(labelled) > 1:
            yield _build_doubt("possibly_running_total", labelled)
        minimum = 1 if period.unit > 1 else MIN_RUNNING_TOTAL
        if len(labelled) < len(series) and _is_rising(series, minimum):
            amount, added = compute_amount(series), sum(occurrence.quantity for occurrence in series)
            share = shares.get(agency)
            if _rests_on_sum(period, total, added, amount) or (
                share is not None and period.sums_up and _is_met_only_by(period, share * period.unit, added, amount)
            ):
                yield _build_doubt("possibly_running_total", series)


def _rests_on_sum(period: DoubtfulPeriod, total: int, added: int, amount: int) -> bool:
    """True if the floor, or each agency's number of a coverage, is met with an agency's sum and not otherwise."""
    if not period.sums_up:
        return not period.is_ceiling and added >= period.each > amount
    if period.is_previous_year:  # a reduction is measured against the sum
        return period.is_ceiling
    if period.floor is None:
        return False
    return _is_met_only_by(period, Fraction(period.floor) * period.unit, total, total - added + amount)


def _find_labelled(series: Sequence[Occurrence]) -> list[Occurrence]:
    """Return the occurrences up to the day of the last one that calls itself a running total."""
    days = [
        occurrence.occurred_on
        for occurrence in series
        if not occurrence.is_confirmed and any(names_running_total(row.content) for row in occurrence.rows)
    ]
    return [occurrence for occurrence in series if days and occurrence.occurred_on <= max(days)]


def _is_rising(series: Sequence[Occurrence], minimum: int) -> bool:
    """True if quantities never fall, rise at least once and reach the minimum; days have one quantity.

    A series whose earlier rows are all confirmed is not doubted again by its numbers alone.
    """
    days = [list(group) for _, group in groupby(series, key=lambda occurrence: occurrence.occurred_on)]
    if len(days) < 2 or all(occurrence.is_confirmed for group in days[:-1] for occurrence in group):
        return False
    quantities = [{occurrence.quantity for occurrence in group} for group in days]
    if any(len(of_day) > 1 for of_day in quantities):
        return False
    steps = [min(current) - min(previous) for previous, current in pairwise(quantities)]
    return min(steps) >= 0 and max(steps) > 0 and min(quantities[-1]) >= minimum


def _is_met_only_by(period: DoubtfulPeriod, floor: Fraction, total: int, reduced: int) -> bool:
    """True if a floor is met with the sum and not with the largest; a ceiling never is."""
    if period.comparator == ">=":
        return total >= floor > reduced
    return period.comparator == ">" and total > floor >= reduced


def _get_agency(period: DoubtfulPeriod, occurrence: Occurrence) -> str:
    return occurrence.get_credited(period.lead).agency


def _order(occurrence: Occurrence) -> tuple[object, ...]:
    return occurrence.rows[0].order
