"""What only the draft of an amendment must hold: each clause names its entry, and nothing ends without a clause."""

from __future__ import annotations

from collections.abc import Iterator

from kpis.plan_import.review.draft.model import Draft, DraftRow, ReviewFault


def find_amendment_faults(draft: Draft) -> list[ReviewFault]:
    """Return the faults of the decided rows of an amendment, in the order of the rows; none for a new plan."""
    if draft.mode == "new":
        return []
    faults: list[ReviewFault] = []
    deciding: dict[str, DraftRow] = {}
    for row in draft.rows:
        if row.role == "clause" and row.is_used:
            faults += _check_clause(row, draft)
            entry = row.get_value("amends")
        else:
            is_decided = row.role == "in_force" and row.kind != "header" and row.decision in {"change", "drop"}
            faults += _check_in_force(row, draft) if is_decided else ()
            entry = row.id if is_decided else ""
        if entry and deciding.setdefault(entry, row) is not row:
            text = "{other} decides on {row} too; drop one of the two"
            faults.append(ReviewFault(row, None, text, {"other": deciding[entry].id, "row": entry}))
    return faults


def stands_in(draft: Draft, clause: str) -> bool:
    """True if the document has a text, whatever its spaces."""
    words = "".join(clause.split())
    return bool(words) and any(words in "".join(block.text.split()) for block in draft.text)


def _check_clause(row: DraftRow, draft: Draft) -> Iterator[ReviewFault]:
    effect, name = row.get_value("effect"), row.get_value("amends")
    if not effect:
        yield ReviewFault(row, "effect", "is empty; say whether the clause changes or ends a row, or adds a new one")
    elif effect == "add" and name:
        yield ReviewFault(row, "amends", "a new row changes none; clear this with “-”, or choose what the clause does")
    elif effect != "add":
        matches = [other for other in draft.list_rows(row.kind) if other.id == name and other.role == "in_force"]
        if not matches:
            text = "“{name}” is no row of the version in force in this tab; write its code, like {example}"
            rows = [other.id for other in draft.list_rows(row.kind) if other.role == "in_force"]
            yield ReviewFault(row, "amends", text, {"name": name, "example": next(iter(rows), "–")})


def _check_in_force(row: DraftRow, draft: Draft) -> Iterator[ReviewFault]:
    """Only a clause of the document changes or ends what is in force; a full replacement ends what it lacks."""
    if draft.mode == "whole" and row.decision == "drop" and row.needs_decision:
        return
    if not stands_in(draft, row.entered.get("clause", "")):
        yield ReviewFault(row, "clause", "copy the clause that changes or ends it here word for word")
