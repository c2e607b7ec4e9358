"""What `plan import --amends` prints: each clause with what it changes, ends or adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kpis.cli.command import Request
from kpis.cli.output import OutputRow, print_json
from kpis.language.messages import translate
from kpis.plan_import.review.amendments.merging import list_changed
from kpis.plan_import.review.book.cell_texts import format_place
from kpis.plan_import.review.draft.fields import EFFECTS, FIELDS
from kpis.plan_import.review.draft.model import Draft, DraftRow
from kpis.plan_import.review.draft.values import format_value

_COLUMNS: Final = {
    "row": "code", "effect": "What the clause does", "id": "id", "changes": "changes", "place": "place",
    "title": "title",
}  # fmt: skip


def print_amendment(draft: Draft, request: Request, *, as_json: bool) -> None:
    """Print the clauses of an amendment, what a new text lacks, and what is left over."""
    entries = {row.id: row for row in draft.rows if row.role == "in_force"}
    clauses = [row for row in draft.rows if row.role == "clause" and not row.is_added]
    missing = [row for row in entries.values() if row.needs_decision]
    if not as_json:
        rows = [_build_line(row, entries, request) for row in clauses]
        rows += [_build_missing_line(row, request) for row in missing]
        request.print_rows(rows, _COLUMNS, as_json=False)
        return
    content = {
        "plan": draft.plan,
        "version": draft.basis,
        "document": {
            row.id.removeprefix("header.document_"): row.proposed.get("value")
            for row in draft.list_rows("header")
            if row.role == "proposal"
        },
        "clauses": [_build_clause(row, entries) for row in clauses],
        "missing": [{"row": row.id, "id": row.in_force_id, "title": row.proposed["title"]} for row in missing],
        "left_over": [
            {"row": row.id, "text": row.proposed["text"], "quote": row.quote, "place": format_place(row.place)}
            for row in draft.list_rows("number")
        ],
    }
    print_json(content, request.out)


def _build_clause(row: DraftRow, entries: Mapping[str, DraftRow]) -> Mapping[str, object]:
    entry = entries.get(row.proposed.get("amends", ""))
    changes = [
        {"field": name, "from": old, "to": new} for name, old, new in (_list_changes(row, entry) if entry else ())
    ]
    return {
        "row": row.id, "kind": row.kind, "effect": row.proposed.get("effect"),
        "id": entry.in_force_id if entry else None, "title": row.proposed.get("title"), "changes": changes,
        "quote": row.quote, "place": format_place(row.place),
    }  # fmt: skip


def _list_changes(row: DraftRow, entry: DraftRow) -> Iterator[tuple[str, str | None, str | None]]:
    if row.proposed.get("effect") == "change":
        for name in sorted(list_changed(row, entry)):
            yield name, entry.proposed.get(name), row.proposed.get(name)


def _build_line(row: DraftRow, entries: Mapping[str, DraftRow], request: Request) -> OutputRow:
    entry, effect = entries.get(row.proposed.get("amends", "")), row.proposed.get("effect")
    fields = {item.name: item for item in FIELDS[row.kind]}
    changes = [
        f"{translate(request.lang, fields[name].label)}: {format_value(fields[name], old or '–', request.lang)} → "
        f"{format_value(fields[name], new or '–', request.lang)}"
        for name, old, new in (_list_changes(row, entry) if entry else ())
        if name in fields and name != "title"
    ]
    return {
        "row": row.id, "effect": translate(request.lang, EFFECTS[effect]) if effect else "?",
        "id": entry.in_force_id if entry else "", "changes": "; ".join(changes), "place": format_place(row.place),
        "title": row.proposed.get("title", ""),
    }  # fmt: skip


def _build_missing_line(row: DraftRow, request: Request) -> OutputRow:
    effect = translate(request.lang, "not in the new text")
    return {"row": row.id, "effect": effect, "id": row.in_force_id, "title": row.proposed["title"]}
