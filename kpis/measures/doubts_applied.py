"""The entries of a period as they count with doubts applied (design.md §5, No green on a doubt)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TypedDict

from kpis.measures.doubtful_entries import CertainRows, DoubtfulPeriod, EntryRow
from kpis.measures.doubts import Doubt
from kpis.measures.query import KNOWN_NOW
from kpis.measures.running_total_doubts import compute_amount
from kpis.measures.shared_events import Occurrence, choose_credited


class CountedEntry(TypedDict):
    """One entry as the step `known_entries` gives it to the totals; `reports`: of how many it is the sum."""

    target: str
    period_start: date
    period_end: date
    agency: str
    occurred_on: date
    read_at: datetime
    quantity: int
    fraction: int
    denominator: int | None
    confirmed: bool
    reports: int


def apply_doubts(
    period: DoubtfulPeriod, occurrences: Sequence[Occurrence], doubts: Sequence[Doubt], day: date
) -> list[CountedEntry]:
    """Return the entries up to a day with all these doubts applied; without any, the full reading.

    Overlapping doubts form one group, and all of them are applied to it: the worst result counts.
    """
    left_out = {id(row) for doubt in doubts if doubt.effect == "left_out" for row in doubt.rows}
    moved = {id(row) for doubt in doubts if doubt.effect == "moved" for row in doubt.rows}
    left_out |= {id(row) for doubt in doubts if doubt.effect == "moved" for row in doubt.rows if row.later_day > day}
    remaining_occurrences = [
        Occurrence(rows_left)
        for occurrence in occurrences
        if (rows_left := tuple(row for row in occurrence.rows if id(row) not in left_out))
    ]
    rows = [row for occurrence in remaining_occurrences for row in occurrence.rows]
    if not period.is_increment:
        return [
            _count(period, row, row.quantity, row.later_day if id(row) in moved else row.occurred_on) for row in rows
        ]
    bases: dict[int, int] = {}
    for doubt in doubts:
        for row in doubt.rows:
            bases[id(row)] = max(doubt.base, bases.get(id(row), 0))
    quantities = _compute_quantities(period, remaining_occurrences, _join_overlapping(occurrences, doubts), bases)
    return [_count(period, row, quantities.get(id(row), 0), row.occurred_on) for row in rows]


def _count(period: DoubtfulPeriod, row: EntryRow, quantity: int, day: date) -> CountedEntry:
    return {
        "target": period.target,
        "period_start": period.period_start,
        "period_end": period.period_end,
        "agency": row.agency,
        "occurred_on": day,
        "read_at": row.read_at,
        "quantity": quantity // period.unit,
        "fraction": quantity % period.unit,
        "denominator": row.denominator,
        "confirmed": row.confirmed,
        "reports": 1,
    }


def count_certain_rows(period: DoubtfulPeriod, rows: CertainRows) -> CountedEntry:
    """Return the entries of an agency that cannot be in doubt as one."""
    return {
        "target": period.target,
        "period_start": period.period_start,
        "period_end": period.period_end,
        "agency": rows.agency,
        "occurred_on": rows.occurred_on,
        "read_at": KNOWN_NOW,
        "quantity": rows.quantity // period.unit,
        "fraction": rows.quantity % period.unit,
        "denominator": None,
        "confirmed": False,
        "reports": rows.entries,
    }


def _compute_quantities(
    period: DoubtfulPeriod,
    remaining_occurrences: Sequence[Occurrence],
    group_of_row: Mapping[int, int],
    bases: Mapping[int, int],
) -> dict[int, int]:
    """Return what each row adds, by its id; the rows that are not named add 0."""
    groups: dict[int, list[Occurrence]] = {}
    for position, occurrence in enumerate(remaining_occurrences):
        alone = -1 - position
        groups.setdefault(group_of_row.get(id(occurrence.rows[0]), alone), []).append(occurrence)
    quantities: dict[int, int] = {}
    for group in groups.values():
        amount = compute_amount(group, bases)
        standing = [occurrence for occurrence in group if occurrence.is_confirmed]
        if amount == sum(occurrence.quantity for occurrence in standing):
            for occurrence in standing:
                quantities[id(occurrence.get_credited(period.lead))] = occurrence.quantity
        else:
            rows = [row for occurrence in group for row in occurrence.rows]
            quantities[id(choose_credited(rows, period.lead))] = amount
    return quantities


def _join_overlapping(occurrences: Sequence[Occurrence], doubts: Sequence[Doubt]) -> dict[int, int]:
    """Return the group of each row whose occurrence counts once with others, by the row's id."""
    parents = list(range(len(occurrences)))
    positions = {id(row): n for n, occurrence in enumerate(occurrences) for row in occurrence.rows}

    def find_root(position: int) -> int:
        while parents[position] != position:
            position = parents[position]
        return position

    for doubt in doubts:
        if doubt.effect == "once":
            first = find_root(positions[id(doubt.rows[0])])
            for row in doubt.rows:
                parents[find_root(positions[id(row)])] = first
    return {
        id(row): find_root(position)
        for doubt in doubts
        if doubt.effect == "once"
        for row, position in _list_positions(doubt, positions)
    }


def _list_positions(doubt: Doubt, positions: dict[int, int]) -> Iterator[tuple[EntryRow, int]]:
    return ((row, positions[id(row)]) for row in doubt.rows)
