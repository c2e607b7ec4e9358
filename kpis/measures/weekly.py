"""The weeks of the trend: what was known of each target at the end of a Sunday (design.md §4, The trend)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from kpis.language import clock
from kpis.measures.attainment import compute_targets
from kpis.measures.attainment_rows import Attainment
from kpis.measures.connection_reader import ConnectionReader
from kpis.measures.query import DatabaseReader, DatabaseWriter, build_statement, run_query
from kpis.measures.question import Question
from kpis.store import sql

_PLANS_READ_QUERY = build_statement(["plans_read"])
_COLUMNS = (
    "plan", "target", "period_start", "period_end", "measure", "status", "actual", "expected", "plan_version",
)  # fmt: skip


def write_weeks(con: DatabaseWriter, sundays: Sequence[date]) -> None:
    """Add to `weekly` every target as of these Sundays, as known at the end of each; runs after the totals."""
    reader = ConnectionReader(con)
    for sunday in sundays:
        rows = compute_week(reader, sunday)
        if rows:
            con.execute(sql.load("kpis.measures", "insert_week"), {"rows": _build_weekly_rows(sunday, rows)})


def compute_week(db: DatabaseReader, sunday: date) -> list[Attainment]:
    """Return every target as of a Sunday, as known at its end: a question like any other about that day and moment.

    A plan that was not tracked then, or of which no row had been read by then, has no figures and no rows.
    """
    known_at = clock.get_end_of_day(sunday)
    plans = frozenset(str(row["plan"]) for row in run_query(db, _PLANS_READ_QUERY, {"known_at": known_at}))
    return compute_targets(db, Question(sunday, known_at, plans=plans)) if plans else []


def _build_weekly_rows(sunday: date, rows: Iterable[Attainment]) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = list(map(dict, rows))
    return [{"sunday": sunday, **{name: record[name] for name in _COLUMNS}} for record in records]
