"""The rule of every table: which of its rows belong to a scope. A table without a rule is not opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpis.errors import StoreError
from kpis.store.scopes.scope import Scope

_ROW_TABLES = ("entries", "task_reports", "rejections", "warnings", "standings", "explanations", "similar_rows")
"""Tables whose rows are an agency's own."""

ROWS_OF_SHEETS = frozenset(
    {"entries", "task_reports", "rejections", "warnings", "set_aside_rows", "raw_rows", "explanations"}
)
"""Tables that grow with the sheets; the others grow with the register."""

_RULES: Mapping[str, str] = {
    "meta": "everything",
    "indicators": "by_indicator",
    **dict.fromkeys(
        (
            "tracked_plans", "plans", "targets", "agencies", "collective_members", "sections", "tasks", "entries",
            "task_reports", "rejections", "warnings", "set_aside_rows", "source_states", "doubtful_periods", "clauses",
            "explanations", "explanation_states", "similar_rows",
            "agency_successors", "plan_versions", "version_changes", "weekly", "plan_changes",
        ),
        "by_plan",
    ),
    **dict.fromkeys(("periods", "rosters", "shares", "curve", "standings"), "by_target"),
    **dict.fromkeys(("task_instances", "task_leads", "task_coordinators"), "by_task"),
    "raw_rows": "by_source",
    "totals": "nothing",
}  # fmt: skip

_RULES_WITH_AGENCIES: Mapping[str, str] = {
    **_RULES,
    **dict.fromkeys(_ROW_TABLES, "by_agency"),
    "standings": "by_target_and_agency",
    "set_aside_rows": "nothing",
    "raw_rows": "nothing",
}


def get_rules(tables: Iterable[str], scope: Scope) -> dict[str, str]:
    """Return table -> name of its rule. StoreError if a table has none: nothing of it may be shown."""
    rules = _RULES if scope.agencies is None else _RULES_WITH_AGENCIES
    chosen = {}
    for table in tables:
        if table not in rules:
            text = "The table {table} of the database has no rule for whom it may be shown to, so nothing is shown."
            raise StoreError(text, table=table)
        chosen[table] = rules[table]
    return chosen
