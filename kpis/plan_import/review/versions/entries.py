"""The promises and tasks of a decided amendment: which entries in force stay, change or end, and what is new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kpis.plan_import.review.draft.model import Draft, DraftRow, RowKind


@dataclass(frozen=True)
class DecidedEntry:
    """An entry in force: its rows (several for stages) before and after; without rows afterwards it has ended.

    `deciding`: the rows that changed or ended it, with the clauses.
    """

    id: str
    old: tuple[DraftRow, ...]
    rows: tuple[DraftRow, ...]
    deciding: tuple[DraftRow, ...]

    @property
    def is_moved(self) -> bool:
        """True if a task gets another section or number."""
        return not self.list_changed().isdisjoint(("section", "number"))

    def list_changed(self) -> frozenset[str]:
        """Return the names of fields that differ; "rows" if there are more or fewer values by year."""
        changed = {"rows"} if len(self.old) != len(self.rows) else set()
        by_year = {row.proposed.get("by_year"): row for row in self.old}
        for position, row in enumerate(self.rows):
            old = by_year.get(row.get_value("by_year")) or self.old[min(position, len(self.old) - 1)]
            names = {*row.proposed, *row.entered, *old.proposed} - _NO_VALUES
            changed |= {name for name in names if row.get_value(name) != old.proposed.get(name, "")}
        return frozenset(changed)


_NO_VALUES = frozenset(("effect", "amends", "reason", "clause", "nearest_indicator", "group", "plan_section"))


def list_entries(draft: Draft, kinds: Iterable[RowKind]) -> list[DecidedEntry]:
    """Return every entry in force of some kinds, in the order of the version in force."""
    rows = [row for kind in kinds for row in draft.list_rows(kind)]
    clauses = {row.get_value("amends"): row for row in rows if row.role == "clause" and row.is_used}
    additions = [row for row in list_additions(draft, kinds) if row.get_value("group")]
    groups: dict[str, list[DraftRow]] = {}
    for row in rows:
        if row.role == "in_force":
            groups.setdefault(str(row.in_force_id), []).append(row)
    entries = []
    for entry_id, of_entry in groups.items():
        new, deciding = [], []
        for row in of_entry:
            clause = clauses.get(row.id)
            if clause is not None or row.decision in {"change", "drop"}:
                deciding.append(clause or row)
            if not (row.ends_entry or (clause is not None and clause.ends_entry)):
                new.append(clause or row)
        joined = [row for row in additions if row.get_value("group") == entry_id and new]
        entries.append(DecidedEntry(entry_id, tuple(of_entry), (*new, *joined), (*deciding, *joined)))
    return entries


def list_additions(draft: Draft, kinds: Iterable[RowKind]) -> list[DraftRow]:
    """Return the decided rows that add an entry; those that name an entry as their promise add a year to it."""
    rows = [row for kind in kinds for row in draft.list_rows(kind)]
    return [row for row in rows if row.role == "clause" and row.is_used and row.get_value("effect") == "add"]


def list_new_rows(draft: Draft, kinds: Iterable[RowKind]) -> list[DraftRow]:
    """Return the additions that are entries of their own."""
    ids = {row.in_force_id for row in draft.rows if row.in_force_id}
    return [row for row in list_additions(draft, kinds) if row.get_value("group") not in ids]
