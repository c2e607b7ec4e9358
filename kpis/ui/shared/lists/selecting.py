"""Which rows of a list are shown for what its reader asks, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from kpis.ui.shared.lists.matching import matches, split_into_words, suggest_names
from kpis.ui.shared.lists.model import ListRow, ListTable
from kpis.ui.shared.table_query import TableQuery

DUE_PAST, DUE_NONE = "past", "none"
DUE_DAYS = (7, 30, 90)
DUE_CHOICES = (DUE_PAST, *map(str, DUE_DAYS), DUE_NONE)


@dataclass(frozen=True)
class Selection:
    """The rows that the filters leave, in order; `is_grouped` if headings stand above them.

    `status_counts` and `due_counts`: how many rows each choice of a filter would leave, with the other filters.
    `suggestions`: the names most like what was searched, where nothing matches.
    """

    table: ListTable
    query: TableQuery
    rows: list[ListRow]
    status_counts: Counter[str]
    due_counts: Counter[str]
    suggestions: list[str]
    max_open_rows: int

    @cached_property
    def sorted_by(self) -> str:
        """Key of the column that the rows are sorted by; "" in the list's own order."""
        key = self.query.sort.removeprefix("-")
        return key if any(column.key == key for column in self.table.columns) else ""

    @property
    def is_descending(self) -> bool:
        """True if the column is sorted from the last to the first."""
        return self.query.sort.startswith("-")

    @property
    def total(self) -> int:
        """How many things the filters leave; more than the rows where the list holds only the first."""
        is_whole = len(self.rows) == len(self.table.rows)
        return self.table.total if self.table.total is not None and is_whole else len(self.rows)

    @property
    def part_count(self) -> int:
        """Number of parts; at least 1."""
        return max(-(-len(self.rows) // self.table.part_rows), 1)

    @property
    def part(self) -> int:
        """The part shown: that of the address, or the last."""
        return min(self.query.page, self.part_count)

    @cached_property
    def part_rows(self) -> list[ListRow]:
        """The rows of the part shown; of a long list in its own order what is open comes first."""
        rows = self.rows
        if not self.sorted_by and len(rows) > self.max_open_rows:
            rows = sorted(rows, key=lambda row: (not row.is_open, row.rank if row.is_open else 0))
        start = (self.part - 1) * self.table.part_rows
        return rows[start : start + self.table.part_rows]

    @cached_property
    def open_count(self) -> int:
        """How many rows of the part stand open."""
        rows = self.part_rows
        if len(rows) <= self.max_open_rows or self.sorted_by:
            return min(len(rows), self.max_open_rows)
        return min(sum(row.is_open for row in rows), self.max_open_rows) or self.max_open_rows


def select_rows(table: ListTable, query: TableQuery) -> Selection:
    """Filter, search and sort the rows of a list."""
    parts = split_into_words(query.q)
    scoped = [
        row for row in table.rows if _satisfies_rules(row, query, table) and (not query.lead or query.lead in row.leads)
    ]
    searched = [row for row in scoped if matches(row.search_text, parts)]
    has_status, has_due = _build_status_test(table, query), _build_due_test(table, query.due)
    rows = [row for row in searched if has_status(row) and has_due(row)]
    due_counts: Counter[str] = Counter()
    if table.has_due:
        tests = {choice: _build_due_test(table, choice) for choice in DUE_CHOICES}
        due_counts.update(
            choice for row in searched if has_status(row) for choice, is_due in tests.items() if is_due(row)
        )
    is_unmatched = bool(parts) and not searched
    return Selection(
        table,
        query,
        _sort(table, rows, query.sort),
        Counter(status for row in searched if has_due(row) for status in row.statuses),
        due_counts,
        suggest_names(query.q, (text for row in scoped for text in row.texts)) if is_unmatched else [],
        table.open_rows,
    )


def _satisfies_rules(row: ListRow, query: TableQuery, table: ListTable) -> bool:
    return (
        row.flags.issuperset(query.only)
        and (not query.change or query.change in row.flags)
        and (not query.source or query.source == row.source)
        and (not query.target or not table.has_entries or query.target == row.entry)
    )


def _build_status_test(table: ListTable, query: TableQuery) -> Callable[[ListRow], bool]:
    wanted = {status for status in query.status if status in table.statuses}
    return lambda row: not wanted or not wanted.isdisjoint(row.statuses)


def _build_due_test(table: ListTable, due: str) -> Callable[[ListRow], bool]:
    """Return the test of one choice of due days; a day in ISO form is the last one."""
    first, last = date.min, date.max
    if not due or not table.has_due:
        return lambda _row: True
    if due == DUE_NONE:
        return lambda row: row.due_on is None
    if due == DUE_PAST:
        last = table.as_of - timedelta(days=1)
    elif due in DUE_CHOICES:
        first, last = table.as_of, table.as_of + timedelta(days=int(due))
    else:
        try:
            last = date.fromisoformat(due)
        except ValueError:
            return lambda _row: True
    return lambda row: row.due_on is not None and first <= row.due_on <= last


def _sort(table: ListTable, rows: Sequence[ListRow], sort: str) -> list[ListRow]:
    key = sort.removeprefix("-")
    index = next((index for index, column in enumerate(table.columns) if column.key == key), None)
    if index is None:
        return list(rows)
    filled = [row for row in rows if row.cells[index].order is not None]
    empty = [row for row in rows if row.cells[index].order is None]

    def get_order(row: ListRow) -> Any:
        return row.cells[index].order

    return sorted(filled, key=get_order, reverse=sort.startswith("-")) + empty


def list_leads(rows: Iterable[ListRow]) -> list[str]:
    """Return the leads of rows, each once, in the order of the rows."""
    return list(dict.fromkeys(lead for row in rows for lead in row.leads))
