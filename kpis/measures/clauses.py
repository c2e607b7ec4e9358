"""The clause of each target and task of accepted plans, as the document words it (design.md §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict, cast

from kpis.language.messages import Language, translate
from kpis.measures.query import DatabaseReader, fetch_current_rows


class ClauseFacts(TypedDict):
    """One clause. A text without pages has `line`, one without numbered sections no `section`."""

    entry: str
    quote: str
    section: str | None
    page: int | None
    line: int | None


ClausesByEntry = Mapping[str, Sequence[ClauseFacts]]


def load_clauses(db: DatabaseReader, plan: str | None = None) -> ClausesByEntry:
    """Return id of a target or task -> its clauses, one for each stage; of `plan` alone if it is given."""
    rows = fetch_current_rows(db, "kpis.measures", "clauses", {"plan": plan})
    clauses: dict[str, list[ClauseFacts]] = {}
    for row in rows:
        clauses.setdefault(str(row["entry"]), []).append(cast("ClauseFacts", row))
    return clauses


def format_clause_place(clause: ClauseFacts, lang: Language) -> str:
    """Return where a clause stands: "mục II.2.c, trang 4"; the line only where there are no pages."""
    parts = (
        translate(lang, "section {section}", section=clause["section"]) if clause["section"] else "",
        translate(lang, "page {page}", page=clause["page"]) if clause["page"] else "",
        translate(lang, "line {line}", line=clause["line"]) if clause["line"] and not clause["page"] else "",
    )
    return ", ".join(part for part in parts if part)
