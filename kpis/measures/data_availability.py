"""Which plans have been read at all: for a plan that was never read, zeroes are missing data, not results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpis.measures.query import DatabaseReader, build_statement, run_query

_AVAILABILITY_QUERY = build_statement(["data_availability"], "plan")


@dataclass(frozen=True)
class DataAvailability:
    """Plans by what was ever read successfully from their sources.

    `plans_read`: any source, even one without a row. `plans_with_counted_rows`: a row that counts.
    `plans_with_tasks`: a tab of tasks, or a row in one. `rows_read`: rows read, for each of `plans_read`.
    """

    plans_read: frozenset[str]
    plans_with_counted_rows: frozenset[str]
    plans_with_tasks: frozenset[str]
    rows_read: Mapping[str, int]

    @property
    def plans_with_known_reporters(self) -> frozenset[str]:
        """Plans for which it is known who reports: those read, unless every row of them was rejected."""
        return frozenset(
            plan for plan in self.plans_read if plan in self.plans_with_counted_rows or not self.rows_read[plan]
        )


def get_data_availability(db: DatabaseReader) -> DataAvailability:
    """Return what has been read, as known now."""
    rows = run_query(db, _AVAILABILITY_QUERY, {})
    return DataAvailability(
        plans_read=frozenset(str(row["plan"]) for row in rows),
        plans_with_counted_rows=frozenset(str(row["plan"]) for row in rows if row["counted"]),
        plans_with_tasks=frozenset(str(row["plan"]) for row in rows if row["tasks"]),
        rows_read={str(row["plan"]): int(str(row["rows_read"])) for row in rows},
    )
