"""When the agencies of a plan last reported, how much, and how many of their rows have to be fixed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from kpis.measures.query import DatabaseReader, build_statement, run_query
from kpis.measures.question import Question

_ACTIVITIES_QUERY = build_statement(["standing_successors", "known_reports", "agency_activities"], "agency")


@dataclass(frozen=True)
class AgencyActivity:
    """What an agency has reported by a day; times are naive UTC.

    `rejected_rows` and `warned_rows` count sheet rows that have to be fixed or checked now.
    """

    entries: int = 0
    reports: int = 0
    last_report_on: date | None = None
    last_recorded_at: datetime | None = None
    rejected_rows: int = 0
    warned_rows: int = 0

    def count_days_silent(self, as_of: date) -> int | None:
        """Return how many days ago the last report was; None for an agency that has never reported."""
        return None if self.last_report_on is None else (as_of - self.last_report_on).days


def list_agency_activities(db: DatabaseReader, question: Question) -> dict[str, AgencyActivity]:
    """Return agency -> what it has reported, for the question's agency or all single agencies of its one plan."""
    [plan] = question.plans or [""]
    params = {**question.to_parameters(), "plan": plan}
    return {
        str(row["agency"]): AgencyActivity(
            entries=cast(int, row["entries"]),
            reports=cast(int, row["reports"]),
            last_report_on=cast("date | None", row["last_report_on"]),
            last_recorded_at=cast("datetime | None", row["last_recorded_at"]),
            rejected_rows=cast(int, row["rejected_rows"]),
            warned_rows=cast(int, row["warned_rows"]),
        )
        for row in run_query(db, _ACTIVITIES_QUERY, params)
    }
