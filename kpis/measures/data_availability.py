"""How far what was read reaches: plans of which nothing was read say nothing of what was done there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpis.measures.query import Database, ask, statement

_REACH = statement(["data_availability"], "plan")


@dataclass(frozen=True)
class Reach:
    """Plans by what was ever read well of them.

    `read`: any source, be it without a row. `counted`: a row that counts. `tasks`: a tab of tasks, or a row
    on one. `rows`: the rows read, of each plan in `read`.
    """

    read: frozenset[str]
    counted: frozenset[str]
    tasks: frozenset[str]
    rows: Mapping[str, int]

    @property
    def heard(self) -> frozenset[str]:
        """Of which it is known who reports: plans that were read, unless every row of them was sent back."""
        return frozenset(plan for plan in self.read if plan in self.counted or not self.rows[plan])


def reach(db: Database) -> Reach:
    """What was read, as known now."""
    found = ask(db, _REACH, {})
    return Reach(
        read=frozenset(str(row["plan"]) for row in found),
        counted=frozenset(str(row["plan"]) for row in found if row["counted"]),
        tasks=frozenset(str(row["plan"]) for row in found if row["tasks"]),
        rows={str(row["plan"]): int(str(row["rows_read"])) for row in found},
    )
