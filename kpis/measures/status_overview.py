"""How many targets have each status, never an average of percentages (design.md §5, A province)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kpis.measures.attainment_rows import STATUSES, Attainment, TargetStatus

StatusCounts = dict[TargetStatus, int]


def count_statuses(rows: Iterable[Attainment]) -> StatusCounts:
    """Return the number of rows with each status; every status is a key, worst first, except `carried`."""
    counts = Counter(row["status"] for row in rows)
    return {status: counts[status] for status in STATUSES if status != "carried"}


def select_judged(rows: Iterable[Attainment]) -> list[Attainment]:
    """Return the rows that are counted: a target that is only carried is not judged (design.md §5)."""
    return [row for row in rows if row["status"] != "carried"]


def group_by_plan(rows: Iterable[Attainment]) -> dict[str, list[Attainment]]:
    """Return the rows of each plan, in the register's order; a ward's plan has its own key."""
    plans: dict[str, list[Attainment]] = {}
    for row in rows:
        plans.setdefault(row["plan"], []).append(row)
    return plans


def build_matrix(rows: Sequence[Attainment]) -> dict[str, dict[str, list[Attainment]]]:
    """Return plan -> indicator -> rows, for the indicators that at least two plans have a target for.

    A single plan has nothing to compare with: its indicators are those of targets that are more than done or not.
    A plan may have several targets for one indicator; a plan without one has an empty list.
    """
    plans = group_by_plan(rows)
    plan_counts = Counter(
        indicator for plan_rows in plans.values() for indicator in {row["indicator"] for row in plan_rows}
    )
    shared = dict.fromkeys(
        row["indicator"]
        for row in rows
        if plan_counts[row["indicator"]] > 1 or (len(plans) == 1 and row["measure"] not in ("milestone", "carried"))
    )
    return {
        plan: {indicator: [row for row in plan_rows if row["indicator"] == indicator] for indicator in shared}
        for plan, plan_rows in plans.items()
    }
