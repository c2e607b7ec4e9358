"""The history of a target's rows: what each sync recorded and retired; nothing is guessed (design.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import cast

from kpis.measures.attainment import compute_targets
from kpis.measures.attainment_rows import Attainment
from kpis.measures.entry_list import add_fraction
from kpis.measures.predecessors import list_answered_agencies
from kpis.measures.query import DatabaseReader, fetch_current_rows
from kpis.measures.question import Question

_MAX_ROWS = 500
_JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True)
class ChangedRow:
    """A row that a sync recorded or retired; `row_hash` is its identity: its content."""

    occurred_on: date
    quantity: int | float | None
    denominator: int | None
    content: str | None
    evidence: str | None
    row: int
    row_hash: int


@dataclass(frozen=True)
class EntryChange:
    """What one sync (at `changed_at`, naive UTC) did to the rows of a source, tab, agency and target.

    Exactly one row that went and exactly one that came are one row that was edited; else they stand side by side.
    """

    changed_at: datetime
    source: str
    tab: str
    agency: str
    target: str
    new_rows: tuple[ChangedRow, ...]
    withdrawn_rows: tuple[ChangedRow, ...]

    @property
    def is_edit(self) -> bool:
        """True if one row became another."""
        return len(self.new_rows) == 1 and len(self.withdrawn_rows) == 1

    @property
    def is_mark_only(self) -> bool:
        """True if the row says the same as before: its confirmation or a mark of it changed."""
        return self.is_edit and self.new_rows[0].row_hash == self.withdrawn_rows[0].row_hash

    @property
    def days(self) -> list[date]:
        """The days of its rows, in order."""
        return sorted({row.occurred_on for row in (*self.new_rows, *self.withdrawn_rows)})


def list_entry_changes(db: DatabaseReader, question: Question, target: str, max_changes: int) -> list[EntryChange]:
    """Return the latest changes of a target's rows after the first sync of their source, of one agency if asked.

    Those of its predecessors are among them, under their own names.
    """
    agencies = None if question.agency is None else list_answered_agencies(db, question)
    params = {**question.to_parameters(), "target": target, "max_rows": _MAX_ROWS, "agencies": agencies}
    rows = fetch_current_rows(db, "kpis.measures", "entry_changes", params)
    changes = [
        _build_change(list(group))
        for _, group in groupby(
            rows, key=lambda row: tuple(row[name] for name in ("changed_at", "source", "tab", "agency"))
        )
    ]
    # The last group may have been cut.
    complete = changes[:-1] if len(rows) == _MAX_ROWS else changes
    return complete[:max_changes]


def _build_change(rows: Sequence[dict[str, object]]) -> EntryChange:
    first = rows[0]
    return EntryChange(
        cast(datetime, first["changed_at"]),
        str(first["source"]),
        str(first["tab"]),
        str(first["agency"]),
        str(first["target"]),
        tuple(_build_row(row) for row in rows if row["is_new"]),
        tuple(_build_row(row) for row in rows if not row["is_new"]),
    )


def _build_row(row: dict[str, object]) -> ChangedRow:
    return ChangedRow(
        cast(date, row["occurred_on"]),
        add_fraction(row),
        cast("int | None", row["denominator"]),
        cast("str | None", row["content"]),
        cast("str | None", row["evidence"]),
        cast(int, row["row"]),
        cast(int, row["row_hash"]),
    )


def compute_effect(
    db: DatabaseReader, change: EntryChange, day: date, plan: str
) -> tuple[Attainment | None, Attainment | None]:
    """Return the target as of a day, as known just before and just after the sync: the effect of the whole sync."""
    earlier, later = (
        _find_target(db, Question(day, known_at=moment, plans=frozenset({plan})), change.target)
        for moment in (change.changed_at - _JUST_BEFORE, change.changed_at)
    )
    return earlier, later


def _find_target(db: DatabaseReader, question: Question, target: str) -> Attainment | None:
    return next((row for row in compute_targets(db, question) if row["target"] == target), None)
