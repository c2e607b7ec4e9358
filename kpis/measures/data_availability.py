"""How far what was read reaches: plans of which nothing was read say nothing of what was done there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpis.measures.query import DatabaseReader, build_statement, run_query

_AVAILABILITY_QUERY = build_statement(["data_availability"], "plan")


@dataclass(frozen=True)
class DataAvailability:
    """Plans by what was ever read well of them.

    `read`: any source, be it without a row. `counted`: a row that counts. `tasks`: a tab of tasks, or a row
    on one. `rows`: the rows read, of each plan in `read`.
    """

    plans_read: frozenset[str]
    plans_with_counted_rows: frozenset[str]
    plans_with_tasks: frozenset[str]
    rows_read: Mapping[str, int]

    @property
    def plans_with_known_reporters(self) -> frozenset[str]:
        """Of which it is known who reports: plans that were read, unless every row of them was sent back."""
        return frozenset(
            plan
            for plan in self.plans_read
            if plan in self.plans_with_counted_rows or not self.rows_read[plan]
        )


def get_data_availability(db: DatabaseReader) -> DataAvailability:
    """What was read, as known now."""
    found = run_query(db, _AVAILABILITY_QUERY, {})
    return DataAvailability(
        plans_read=frozenset(str(row["plan"]) for row in found),
        plans_with_counted_rows=frozenset(str(row["plan"]) for row in found if row["counted"]),
        plans_with_tasks=frozenset(str(row["plan"]) for row in found if row["tasks"]),
        rows_read={str(row["plan"]): int(str(row["rows_read"])) for row in found},
    )
