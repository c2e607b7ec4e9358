"""What a decided or proposed row of an amendment changes of its entry in force, field by field."""

from __future__ import annotations

from dataclasses import dataclass

from kpis.plan_import.review.draft.fields import DraftField, list_fields
from kpis.plan_import.review.draft.model import Draft, DraftRow

_NO_VALUES = frozenset(("effect", "amends", "reason", "clause", "nearest_indicator", "group"))


@dataclass(frozen=True)
class RowChange:
    """One field: canonical texts of the version in force and of the amendment, "" for none."""

    item: DraftField
    old: str
    new: str


def find_entry(row: DraftRow, draft: Draft) -> DraftRow | None:
    """Return the entry in force that a row is about: of a clause the one that it names; None if it names none."""
    if row.role == "in_force":
        return row
    name = row.get_value("amends")
    entries = (other for other in draft.list_rows(row.kind) if other.role == "in_force" and other.id == name)
    return next(entries, None) if row.role == "clause" else None


def list_row_changes(row: DraftRow, draft: Draft) -> list[RowChange]:
    """Return the fields that differ, in the order of the workbook; none for a row that adds or ends an entry."""
    entry = find_entry(row, draft)
    if entry is None or (row.role == "clause" and row.get_value("effect") != "change"):
        return []
    pairs = [
        RowChange(item, entry.proposed.get(item.name, ""), row.get_value(item.name))
        for item in list_fields(row)
        if item.name not in _NO_VALUES
    ]
    return [change for change in pairs if change.old != change.new]
