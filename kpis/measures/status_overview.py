"""How many targets stand at each status, never an average of percentages (design.md §5, A province)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kpis.measures.attainment_rows import STATUSES, Attainment, TargetStatus

StatusCounts = dict[TargetStatus, int]


def count_statuses(rows: Iterable[Attainment]) -> StatusCounts:
    """How many rows stand at each status, every status in turn, worst first."""
    found = Counter(row["status"] for row in rows)
    return {status: found[status] for status in STATUSES}


def group_by_plan(rows: Iterable[Attainment]) -> dict[str, list[Attainment]]:
    """The rows of each plan, in the register's order; a ward's plan is a line of its own."""
    plans: dict[str, list[Attainment]] = {}
    for row in rows:
        plans.setdefault(row["plan"], []).append(row)
    return plans


def build_matrix(rows: Sequence[Attainment]) -> dict[str, dict[str, list[Attainment]]]:
    """Plan -> shared indicator -> its rows, for the indicators on which two plans or more promise something.

    Several targets of a plan may stand on one indicator. A plan without any has an empty list: "–".
    """
    plans = group_by_plan(rows)
    promised = Counter(indicator for own in plans.values() for indicator in {row["indicator"] for row in own})
    shared = dict.fromkeys(row["indicator"] for row in rows if promised[row["indicator"]] > 1)
    return {
        plan: {indicator: [row for row in own if row["indicator"] == indicator] for indicator in shared}
        for plan, own in plans.items()
    }
