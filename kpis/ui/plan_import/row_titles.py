"""How rows and kinds of rows of a draft are called on screen; all of it plain text."""

from __future__ import annotations

from kpis.plan_import.review.draft.fields import list_fields
from kpis.plan_import.review.draft.model import ROW_KINDS, Draft, DraftRow, RowKind
from kpis.plan_import.review.draft.values import format_value
from kpis.ui.shared.page_view import PageView

KIND_LABELS: dict[RowKind, str] = {
    "header": "Header", "target": "Targets", "milestone": "Milestones", "task": "Tasks", "agency": "Agencies",
    "number": "Numbers left over",
}  # fmt: skip
DECISION_LABELS = {"accept": "taken as proposed", "change": "changed by the reviewer", "drop": "dropped"}
_EFFECT_TITLES = {"change": "changes {row}: {title}", "repeal": "ends {row}: {title}", "add": "new: {title}"}
_SIGNS = {None: "○", "accept": "✓", "change": "✎", "drop": "✕"}
_MAX_LENGTH = 90


def list_shown_rows(draft: Draft, kind: RowKind) -> list[DraftRow]:
    """Return the rows of a kind: of those that were added empty, the used ones and the next free one."""
    rows = draft.list_rows(kind)
    free = next((row for row in rows if row.is_added and row.decision is None), None)
    return [row for row in rows if not row.is_added or row.decision is not None or row is free]


def format_row(row: DraftRow, view: PageView) -> str:
    """Return a row as one line: sign of its decision, code, what it is."""
    sign = "·" if row.role == "in_force" and row.decision is None and not row.needs_decision else _SIGNS[row.decision]
    if row.kind == "header":
        field = list_fields(row)[0]
        return (
            f"{sign} {name_row(row, view)}: {_shorten(format_value(field, row.get_value('value'), view.lang)) or '–'}"
        )
    if row.is_added and row.decision is None:
        return view.t("+ {code}: add what the proposal lacks", code=row.id)
    title = row.get_value("title") or row.get_value("name") or row.proposed.get("text") or row.quote
    effect = row.get_value("effect") if row.role == "clause" else ""
    if effect in _EFFECT_TITLES:
        title = view.t(_EFFECT_TITLES[effect], row=row.get_value("amends") or "?", title=title)
    return f"{sign} {row.id} · {_shorten(title)}"


def name_row(row: DraftRow, view: PageView) -> str:
    """Return what a reviewer calls a row: its code, like "CT003", or the name of the field that it is in the header."""
    return view.t(list_fields(row)[0].label) if row.kind == "header" else row.id


def format_kind(kind: RowKind, draft: Draft, view: PageView) -> str:
    """Return the label of a kind with how many of its rows are decided, like "Chỉ tiêu 3/20"."""
    rows = [row for row in draft.list_rows(kind) if row.needs_decision or (row.decision and not row.is_added)]
    decided = sum(row.decision is not None for row in rows)
    return f"{view.t(KIND_LABELS[kind])} {decided}/{len(rows)}"


def count_undecided(draft: Draft) -> dict[RowKind, int]:
    """Return how many rows of each kind still need a decision, without the kinds that have none."""
    counts = {
        kind: sum(row.needs_decision and row.decision is None for row in draft.list_rows(kind)) for kind in ROW_KINDS
    }
    return {kind: count for kind, count in counts.items() if count}


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MAX_LENGTH else line[:_MAX_LENGTH].rsplit(" ", 1)[0] + "…"
