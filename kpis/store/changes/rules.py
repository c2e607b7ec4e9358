"""Whose plan a row of each table is: by the rule of the table for scopes, so that a table without one is not published.

A row whose plan cannot be told, or of a table that says nothing of plans, counts for every plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpis.store.scopes.rules import get_rules
from kpis.store.scopes.scope import Scope

NOT_COMPARED = frozenset({"meta", "plan_changes", "totals"})
"""What says of the version itself: its PROPERTIES are compared apart."""

COMPUTED = ("curve", "standings", "doubtful_periods", "similar_rows")
"""Tables whose rows are computed from the entries of their targets."""

WEEKS = "weekly"
"""The table that gets rows of the Sundays that have ended since the version before."""

PROPERTIES = ("format", "register_hash", "rules_hash", "sample", "weeks_until")
"""Properties of a version (`meta`) that decide what the pages of every plan show."""

STATEMENTS_OF_CONTENTS: Mapping[str, str] = {"source_states": "contents_of_sources"}
"""Tables that are compared by a statement of their own."""

_OF_EVERY_PLAN = frozenset({"tracked_plans"})
"""Which plans there are concerns every page that names them."""

_OWNERS: Mapping[str, str] = {"by_plan": "plan", "by_target": "target", "by_task": "task", "by_source": "source"}


def find_owners(tables: Iterable[str]) -> dict[str, str | None]:
    """Return table -> the column that tells the plan of a row: plan, target, task or source; None for every plan.

    StoreError if a table has no rule for scopes.
    """
    compared = [table for table in tables if table not in NOT_COMPARED]
    rules = get_rules(compared, Scope(frozenset()))
    return {table: None if table in _OF_EVERY_PLAN else _OWNERS.get(rule) for table, rule in rules.items()}
