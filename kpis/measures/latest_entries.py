"""The latest entries of a plan, with their evidence: the input behind a status."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict, cast

from kpis.measures.predecessors import list_answered_agencies
from kpis.measures.query import DatabaseReader, fetch_current_rows
from kpis.measures.question import Question


class LatestEntry(TypedDict):
    """One accepted row of a sheet; `evidence` is a link or a document number, as plain text."""

    target: str
    title_vi: str
    title_en: str
    indicator: str
    measure: str
    unit_vi: str
    unit_en: str
    agency: str
    occurred_on: date
    quantity: int | float | None
    denominator: int | None
    content: str | None
    evidence: str | None
    entered_by: str | None
    source: str
    tab: str
    row: int
    recorded_at: datetime


def list_latest_entries(
    db: DatabaseReader, question: Question, *, target: str | None = None, limit: int = 50
) -> list[LatestEntry]:
    """Return the latest current entries up to the as-of day, newest first, of one agency if asked.

    Those of its predecessors are among them, under their own names.
    """
    agencies = None if question.agency is None else list_answered_agencies(db, question)
    params = {**question.to_parameters(), "target": target, "max_rows": limit, "agencies": agencies}
    rows = fetch_current_rows(db, "kpis.measures", "latest_entries", params)
    for row in rows:
        fraction = cast("int | None", row.pop("fraction"))
        if fraction:
            row["quantity"] = float(cast(int, row["quantity"]) + Decimal(fraction) / 1_000_000)
    return cast("list[LatestEntry]", rows)
