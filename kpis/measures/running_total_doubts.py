"""Which rows may be running totals and no additions, within a period and from one span of a year to the next.

Source: design.md §5, No green on a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from kpis.checks.likeness import MIN_RUNNING_TOTAL, names_running_total
from kpis.measures.doubtful_entries import DoubtfulPeriod, EntryRow
from kpis.measures.shared_events import Occurrence, group_occurrences


@dataclass(frozen=True)
class RunningTotal:
    """What an agency may have counted again: its occurrences of a period, of which the largest counts once.

    `base`: what it had come to before the period, in which only its rise counts.
    """

    occurrences: tuple[Occurrence, ...]
    base: int = 0

    @property
    def amount(self) -> int:
        """What the occurrences add if they are a running total."""
        rows = (row for occurrence in self.occurrences for row in occurrence.rows)
        return compute_amount(self.occurrences, {id(row): self.base for row in rows})

    @property
    def reduces_by(self) -> int:
        """By how much that is less than their sum."""
        return _add_up(self.occurrences) - self.amount


@dataclass
class _Series:
    """An agency's occurrences of a period, and those before and after it up to the day asked, in order.

    `answering_agency`: the one that answers for them. `is_chain`: they are those of an agency that has ended, and what
    its successors went on with.
    """

    answering_agency: str
    is_chain: bool
    earlier: list[Occurrence]
    current: list[Occurrence]
    later: list[Occurrence]


def compute_amount(occurrences: Sequence[Occurrence], bases: Mapping[int, int] | None = None) -> int:
    """Return what a group counts if it counts once: its confirmed rows stand, else its largest quantity.

    `bases`: what a running total had come to before the period, by the id of its row.
    """
    confirmed = sum(occurrence.quantity for occurrence in occurrences if occurrence.is_confirmed)
    rises = (
        occurrence.quantity - max((bases or {}).get(id(row), 0) for row in occurrence.rows)
        for occurrence in occurrences
    )
    return max(confirmed, max(rises, default=0))


def find_running_totals(
    period: DoubtfulPeriod,
    occurrences: Sequence[Occurrence],
    rows_beside: Sequence[EntryRow],
    total: int,
    shares: Mapping[str, Fraction],
) -> Iterator[RunningTotal]:
    """Yield what may be a running total among the occurrences of a period, agency by agency, each once.

    `rows_beside`: the rest of the series through which it may go on, up to the day asked. `total`: what all occurrences
    of the period add up to, also those of agencies that are not looked at since theirs cannot be one.
    """
    yielded: set[tuple[int, tuple[int, ...]]] = set()
    for running in _find_in_series(period, occurrences, rows_beside, total, shares):
        key = running.base, tuple(id(occurrence) for occurrence in running.occurrences)
        if key not in yielded:
            yielded.add(key)
            yield running


def _find_in_series(
    period: DoubtfulPeriod,
    occurrences: Sequence[Occurrence],
    rows_beside: Sequence[EntryRow],
    total: int,
    shares: Mapping[str, Fraction],
) -> Iterator[RunningTotal]:
    all_series = _list_series(period, occurrences, group_occurrences(rows_beside))
    own_series = [series for series in all_series if not series.is_chain]
    labelled = [_read_labelled(series) for series in all_series]
    yield from (running for running in labelled if len(running.occurrences) > 1 or running.reduces_by > 0)
    by_numbers = [
        (series, _read_by_numbers(period, series))
        for series, running in zip(all_series, labelled, strict=True)
        if len(running.occurrences) < len(series.current)
    ]
    # several agencies may continue their totals from span to span, none of which alone decides
    continued = [running for series, running in by_numbers if running is not None and not series.is_chain]
    labelled = [running for series, running in zip(all_series, labelled, strict=True) if not series.is_chain]
    reduced = total - sum(running.reduces_by for running in (*labelled, *continued))
    is_rested = period.sums_up and _rests_on(period, total, reduced)
    for series, running in by_numbers:
        rests_on_all = is_rested and not series.is_chain
        agency = series.answering_agency
        added = sum(_add_up(each.current) for each in own_series if each.answering_agency == agency)
        if running is not None and (rests_on_all or _rests_on_sum(period, series, running, total, added, shares)):
            yield running
        elif _is_rising(series.current, _get_minimum(period)):
            alone = RunningTotal(tuple(series.current))
            if _rests_on_sum(period, series, alone, total, added, shares):
                yield alone


def _list_series(
    period: DoubtfulPeriod, occurrences: Sequence[Occurrence], others: Sequence[Occurrence]
) -> list[_Series]:
    """Return the series of each agency, and of each that has ended the one that its successors went on with."""
    series: dict[tuple[bool, str], _Series] = {}
    for occurrence in sorted(occurrences, key=_order):
        row = occurrence.get_credited(period.lead)
        for key in _list_keys(period, row):
            series.setdefault(key, _Series(row.answering_agency, key[0], [], [], [])).current.append(occurrence)
    for occurrence in sorted(others, key=_order):
        for key in _list_keys(period, occurrence.get_credited(period.lead)):
            if key in series:
                is_earlier = occurrence.occurred_on < period.period_start
                (series[key].earlier if is_earlier else series[key].later).append(occurrence)
    return [
        each
        for (_, agency), each in sorted(series.items(), key=lambda item: item[0])
        if not each.is_chain or _is_continued(each, agency)
    ]


def _is_continued(series: _Series, agency: str) -> bool:
    """True if another agency than the first one has reported in a chain."""
    occurrences = (*series.earlier, *series.current, *series.later)
    return any(row.agency != agency for occurrence in occurrences for row in occurrence.rows)


def _list_keys(period: DoubtfulPeriod, row: EntryRow) -> Iterator[tuple[bool, str]]:
    """Yield the series to which a row belongs: that of its agency, and those of the agencies that it followed."""
    yield False, row.agency
    if row.agency in period.chains:
        yield True, row.agency
    for agency, successors in period.chains.items():
        if any(name == row.agency and row.occurred_on >= from_day for name, from_day in successors):
            yield True, agency


def _read_labelled(series: _Series) -> RunningTotal:
    """Return the occurrences up to the day of the last one that calls itself a running total."""
    occurrences = [*series.earlier, *series.current, *series.later]
    days = [o.occurred_on for o in occurrences if _is_labelled(o)]
    until_label = [o for o in occurrences if days and o.occurred_on <= max(days)]
    labelled = tuple(o for o in series.current if days and o.occurred_on <= max(days))
    base = compute_amount(series.earlier)
    if not any(map(_is_labelled, labelled)):
        if not _never_falls(until_label) and _are_additions(until_label):
            return RunningTotal(())  # what a later row sums up
    else:
        # Its total holds the earlier rows as they stand, unless it is less and they may be running totals too.
        added = _add_up_labelled(series.earlier)
        if added <= max(o.quantity for o in labelled) or not _never_falls(series.earlier):
            base = added
    return RunningTotal(labelled, base)


def _read_by_numbers(period: DoubtfulPeriod, series: _Series) -> RunningTotal | None:
    """Return the rises of a series that may go on through the year; None if its numbers are no running total."""
    occurrences = [*series.earlier, *series.current, *series.later]
    days = [o.occurred_on for o in occurrences if _is_labelled(o)]
    since_named = [o for o in occurrences if days and o.occurred_on >= max(days)]
    minimum = _get_minimum(period, is_continued=True)
    if not period.in_series or not any(_is_rising(part, minimum) for part in (occurrences, since_named)):
        return None
    return RunningTotal(tuple(series.current), compute_amount(series.earlier))


def _rests_on_sum(
    period: DoubtfulPeriod,
    series: _Series,
    running: RunningTotal,
    total: int,
    added: int,
    shares: Mapping[str, Fraction],
) -> bool:
    """True if the floor, an agency's share, or its number of a coverage is met with its sum and not otherwise.

    `added`: what the agency that answers for the series has come to.
    """
    reduced = added - running.reduces_by
    if not period.sums_up:
        return not period.is_ceiling and added >= period.each > reduced
    share = shares.get(series.answering_agency)
    return _rests_on(period, total, total - running.reduces_by) or (
        share is not None and _is_met_only_by(period, share * period.unit, added, reduced)
    )


def _rests_on(period: DoubtfulPeriod, total: int, reduced: int) -> bool:
    """True if what is asked of the figure is met with the sum and not with the rises alone."""
    if period.is_previous_year:  # a reduction is measured against the sum
        return period.is_ceiling
    return period.floor is not None and _is_met_only_by(period, Fraction(period.floor) * period.unit, total, reduced)


def _is_met_only_by(period: DoubtfulPeriod, floor: Fraction, total: int, reduced: int) -> bool:
    """True if a floor is met with the sum and not with the rises alone; a ceiling never is."""
    if period.comparator == ">=":
        return total >= floor > reduced
    return period.comparator == ">" and total > floor >= reduced


def _is_rising(series: Sequence[Occurrence], minimum: int) -> bool:
    """True if quantities never fall, rise at least once and reach the minimum; days have one quantity.

    A series whose earlier rows are all confirmed is not doubted again by its numbers alone.
    """
    if not series or not _never_falls(series):
        return False
    first, last = series[0], series[-1]
    earlier = [occurrence for occurrence in series if occurrence.occurred_on < last.occurred_on]
    return first.quantity < last.quantity >= minimum and not all(occurrence.is_confirmed for occurrence in earlier)


def _never_falls(series: Sequence[Occurrence]) -> bool:
    """True if no quantity is less than the one before; days with two quantities have no order."""
    return all(
        previous.quantity == after.quantity
        or (previous.quantity < after.quantity and previous.occurred_on < after.occurred_on)
        for previous, after in pairwise(series)
    )


def _get_minimum(period: DoubtfulPeriod, *, is_continued: bool = False) -> int:
    is_any = period.unit > 1 or (is_continued and not period.sums_up)
    return 1 if is_any else MIN_RUNNING_TOTAL


def _is_labelled(occurrence: Occurrence) -> bool:
    return not occurrence.is_confirmed and any(names_running_total(row.content) for row in occurrence.rows)


def _add_up(occurrences: Sequence[Occurrence]) -> int:
    return sum(occurrence.quantity for occurrence in occurrences)


def _add_up_labelled(occurrences: Sequence[Occurrence]) -> int:
    """Return what the occurrences come to: those that call themselves a running total hold the earlier ones."""
    total = 0
    for occurrence in occurrences:
        is_total = _is_labelled(occurrence)
        total = max(total, occurrence.quantity) if is_total else total + occurrence.quantity
    return total


def _are_additions(series: Sequence[Occurrence]) -> bool:
    """True if no row that calls itself a running total is less than what the rows before it add up to."""
    return all(
        _add_up_labelled(series[:number]) <= occurrence.quantity
        for number, occurrence in enumerate(series)
        if _is_labelled(occurrence)
    )


def _order(occurrence: Occurrence) -> tuple[object, ...]:
    return occurrence.rows[0].order
