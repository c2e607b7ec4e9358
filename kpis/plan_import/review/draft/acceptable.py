"""Which undecided rows can be accepted together: nothing is missing in them, and nothing about them is doubtful."""

from __future__ import annotations

from typing import Final

from kpis.plan_import.review.draft.decisions import find_faults, has_edit
from kpis.plan_import.review.draft.fields import list_fields
from kpis.plan_import.review.draft.model import Draft, DraftRow, RowKind

CONFIDENT: Final = 0.7
"""A proposal below this is decided on by itself."""


def list_acceptable(draft: Draft, kind: RowKind, lead: str = "") -> list[DraftRow]:
    """Return the undecided rows of a kind as they are when accepted. `lead`: of targets and milestones without one.

    Never a number left over, what ends an entry, what a new text lacks, an agency with a near known name.
    """
    candidates: dict[str, DraftRow] = {}
    for row in draft.list_rows(kind):
        if row.needs_decision and row.decision is None and not _is_doubtful(row):
            needs_lead = lead and any(item.name == "lead" for item in list_fields(row)) and not row.get_value("lead")
            entered = {**row.entered, **({"lead": lead} if needs_lead else {})}
            candidates[row.id] = row.with_decision("accept", entered)
    faulty = {fault.row.id for fault in find_faults(draft.with_rows(candidates))}
    return [row for row in candidates.values() if row.id not in faulty]


def _is_doubtful(row: DraftRow) -> bool:
    if row.kind == "number" or row.is_added or not row.proposed or row.role == "in_force":
        return True
    if row.role == "clause" and row.proposed.get("effect") not in {"change", "add"}:
        return True
    if row.proposed.get("measure") in {"count", "amount"} and not (
        row.get_value("accumulation") and row.get_value("unit")
    ):
        return True
    if row.kind == "agency" and row.proposed.get("nearest"):
        return True
    return row.confidence < CONFIDENT or any(has_edit(row, item) for item in list_fields(row))
