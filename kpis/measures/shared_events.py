"""Rows of one event count once: its largest quantity, for one agency (design.md §5, Sự kiện chung).

The event counts on the day of its first row; a later row with a larger quantity adds the difference on its
own day, so that it never changes an earlier day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypedDict

from kpis.checks.likeness import MAX_SHARED_EVENT_DAYS
from kpis.measures.doubtful_entries import EntryRow, PeriodKey, get_period_key, order_agency
from kpis.measures.query import DatabaseReader, QueryStep, build_statement, run_query


class EventChange(TypedDict):
    """By how much a shared event changes an agency's total of a period on a day, beside the rows as they stand.

    `added` is in the target's unit, `fraction` the millionths beside it.
    """

    target: str
    period_start: date
    period_end: date
    agency: str
    occurred_on: date
    added: int
    fraction: int


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What counts once: one row, or the rows that name one shared event."""

    rows: tuple[EntryRow, ...]

    @property
    def occurred_on(self) -> date:
        """Its earliest day."""
        return min(row.occurred_on for row in self.rows)

    @property
    def quantity(self) -> int:
        """Its largest quantity."""
        return max(row.quantity for row in self.rows)

    @property
    def is_confirmed(self) -> bool:
        """True if every row of it is confirmed."""
        return all(row.confirmed for row in self.rows)

    def get_credited(self, lead: str) -> EntryRow:
        """Return the row whose agency is credited."""
        return choose_credited(self.rows, lead)

    @property
    def shared_event(self) -> str | None:
        """The event that it names."""
        return self.rows[0].shared_event


def group_occurrences(rows: Sequence[EntryRow], *, is_increment: bool = True) -> list[Occurrence]:
    """Return what counts once of the ordered rows of one period; only increments can share an event.

    Rows that name the same event more than MAX_SHARED_EVENT_DAYS after its first row begin another one.
    """
    groups: list[list[EntryRow]] = []
    latest: dict[str, list[EntryRow]] = {}
    for row in rows:
        name = row.shared_event if is_increment else None
        group = None if name is None else latest.get(name)
        if group and row.occurred_on - group[0].occurred_on <= timedelta(days=MAX_SHARED_EVENT_DAYS):
            group.append(row)
            continue
        groups.append([row])
        if name is not None:
            latest[name] = groups[-1]
    return [Occurrence(tuple(group)) for group in groups]


def choose_credited(rows: Iterable[EntryRow], lead: str) -> EntryRow:
    """Return the row whose agency is credited: the lead's, else the earliest, then in Vietnamese order."""
    return min(
        rows, key=lambda row: (row.answering_agency != lead, row.occurred_on, order_agency(row.agency), row.order)
    )


_SHARED_STEP = "shared_event_entries"


def load_event_changes(
    db: DatabaseReader, params: Mapping[str, object], periods: QueryStep = "requested_periods"
) -> list[EventChange]:
    """Return the changes of all shared events known for the requested periods, of all days."""
    by_period: dict[PeriodKey, list[Mapping[str, Any]]] = {}
    for record in run_query(db, build_statement([periods, _SHARED_STEP]), params):
        by_period.setdefault(get_period_key(record), []).append(record)
    return [change for key, records in sorted(by_period.items()) for change in _list_period_changes(key, records)]


def _list_period_changes(key: PeriodKey, records: Sequence[Mapping[str, Any]]) -> Iterator[EventChange]:
    rows = sorted((_build_row(record) for record in records), key=lambda row: row.order)
    for occurrence in group_occurrences(rows):
        if len(occurrence.rows) > 1:
            yield from _list_event_changes(key, occurrence, str(records[0]["lead"]), int(records[0]["unit"]))


def _list_event_changes(key: PeriodKey, occurrence: Occurrence, lead: str, unit: int) -> Iterator[EventChange]:
    """Yield what makes the sum of the rows up to each day the event's largest quantity, for one agency."""
    target, start, end = key
    previous: dict[str, int] = {}
    for day in sorted({row.occurred_on for row in occurrence.rows}):
        so_far = Occurrence(tuple(row for row in occurrence.rows if row.occurred_on <= day))
        current = {row.agency: 0 for row in so_far.rows}
        for row in so_far.rows:
            current[row.agency] -= row.quantity
        current[choose_credited(so_far.rows, lead).agency] += so_far.quantity
        for agency in sorted(current):
            if added := current[agency] - previous.get(agency, 0):
                integer_part, fraction = divmod(added, unit)
                yield {
                    "target": target, "period_start": start, "period_end": end, "agency": agency,
                    "occurred_on": day, "added": integer_part, "fraction": fraction,
                }  # fmt: skip
        previous = current


def _build_row(record: Mapping[str, Any]) -> EntryRow:
    marks = {"evidence": None, "denominator": None, "swapped_on": None}
    flags = dict.fromkeys(("confirmed", "sums_own_column", "is_struck"), False)
    values = {**marks, **flags, **record}
    return EntryRow(**{name: values[name] for name in EntryRow.__annotations__})
