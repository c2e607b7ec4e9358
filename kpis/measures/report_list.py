"""The reports on annex tasks as a list, of all years: the rows behind an agency's count of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, cast

from kpis.measures.query import KNOWN_NOW, DatabaseReader, build_statement, run_query
from kpis.measures.question import Question

_QUERY = build_statement(
    ["standing_successors", "known_reports", "all_reports"], "occurred_on desc, recorded_at desc, row desc, task"
)


class ReportRow(TypedDict):
    """One accepted row of a tab of tasks; `evidence` is a link or a document number, as plain text."""

    task: str
    title_vi: str
    title_en: str
    agency: str | None
    status: str
    occurred_on: date
    result: str | None
    evidence: str | None
    difficulty: str | None
    source: str
    tab: str
    row: int
    recorded_at: datetime


@dataclass(frozen=True)
class ReportList:
    """The latest reports, and how many there are in all."""

    reports: Sequence[ReportRow]
    total: int


def list_all_reports(db: DatabaseReader, question: Question, max_rows: int) -> ReportList:
    """Return the current reports up to the day, of the question's agency or all; a predecessor's are its own."""
    rows = run_query(db, _QUERY, {**question.to_parameters(), "known_at": KNOWN_NOW})
    total = cast(int, rows[0]["total"]) if rows else 0
    return ReportList([cast(ReportRow, row) for row in rows[:max_rows]], total)
