"""Store decisions as the draft's next revision; refused if it is of an older revision or contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kpis.errors import UsageError
from kpis.plan_import.review.draft.acceptable import list_acceptable
from kpis.plan_import.review.draft.amendment_checks import find_amendment_faults
from kpis.plan_import.review.draft.decisions import find_own_faults, has_edit
from kpis.plan_import.review.draft.fields import list_fields
from kpis.plan_import.review.draft.folder import DraftFolder
from kpis.plan_import.review.draft.model import Decision, Draft, DraftRow, ReviewError, RowKind
from kpis.plan_import.review.draft.outdated import build_outdated_error


def decide(
    register: Path, seen: Draft, row_id: str, decision: Decision | None, entered: Mapping[str, str]
) -> Draft:  # fmt: skip
    """Return the next revision with a decision on one row; `seen` is the revision that the reviewer saw.

    Raises OutdatedError, naming the rows decided since, and ReviewError for what is wrong with the decision itself.
    """
    folder, current = _read_same(register, seen)
    row = current.get_row(row_id).with_decision(decision, entered)
    new = current.with_rows({row_id: row})
    faults = find_own_faults(new.get_row(row_id), new)
    faults = faults or [fault for fault in find_amendment_faults(new) if fault.row.id == row_id]
    if faults:
        labels = {item.name: item.label for item in list_fields(row)}
        fault = faults[0]
        raise FieldError(labels.get(fault.field_name or ""), UsageError(fault.text, **fault.values))
    if new is not current:
        folder.write(new, current)
    return new


def name_decision(row: DraftRow, pressed: Decision | None, entered: Mapping[str, str]) -> Decision | None:
    """Return the decision that a button means: to save only what no text says (a lead) accepts the proposal."""
    if pressed != "change" or row.role != "proposal" or row.is_added or not row.proposed:
        return pressed
    filled = row.with_decision(pressed, entered)
    says_more = any(filled.entered.get(item.name) != row.entered.get(item.name) for item in list_fields(row))
    return "accept" if says_more and not any(has_edit(filled, item) for item in list_fields(row)) else pressed


def accept_rows(register: Path, seen: Draft, kind: RowKind, lead: str = "") -> list[DraftRow]:
    """Accept every row of a kind in which nothing is missing or doubtful, as one revision; return these rows.

    `lead`: the lead agency of targets and milestones that have none. Raises OutdatedError as `decide` does.
    """
    folder, current = _read_same(register, seen)
    rows = list_acceptable(current, kind, lead)
    new = current.with_rows({row.id: row for row in rows})
    if new is not current:
        folder.write(new, current)
    return rows


def _read_same(register: Path, seen: Draft) -> tuple[DraftFolder, Draft]:
    """Return the draft as it is stored; OutdatedError unless it is the revision that the reviewer saw."""
    folder = DraftFolder(register, seen.plan)
    current = folder.read()
    if (current.id, current.revision) != (seen.id, seen.revision):
        raise build_outdated_error(seen.plan, seen.revision, current)
    return folder, current


class FieldError(ReviewError):
    """What is wrong with one field of a decision; `label` is a catalogue key."""

    def __init__(self, label: str | None, reason: UsageError) -> None:
        if label is None:
            super().__init__(reason.text, **reason.values)
        else:
            super().__init__("{label}: {reason}", label=UsageError(label), reason=reason)
