"""Compares a version with the one before: the plans of which a row changed, and whether anything else did.

Rows of a history tell it by their moments, computed rows by the entries of their target; of tables that every
publication writes anew all rows are compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import duckdb

from kpis.store import sql
from kpis.store.changes.rules import COMPUTED, PROPERTIES, STATEMENTS_OF_CONTENTS, WEEKS, find_owners
from kpis.store.changes.totals import Total, ask_total, read_totals
from kpis.store.schema_columns import read_columns

_PACKAGE = "kpis.store.changes"
_MOMENTS = frozenset({"recorded_at", "retired_at"})
_load = partial(sql.load, _PACKAGE)
Contents = Mapping[str, Mapping[str | None, tuple[object, ...]]]
"""By table and plan (None: every plan): what stands for its rows."""


class Comparison:
    """What a copy of a version held when it was made, to be compared with what it holds now."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, base: int) -> None:
        self._connection = connection
        self._meta = _read_meta(connection)
        self.columns = columns = read_columns(connection)
        self._owners = find_owners(columns)
        self._histories = [table for table in self._owners if columns[table].keys() >= _MOMENTS]
        self._rewritten = self._owners.keys() - {*self._histories, *COMPUTED, WEEKS}
        # The first rows of a plan in the register have no moment; with them everything is computed.
        self._registers = [table for table in self._histories if columns[table]["recorded_at"].is_nullable]
        # Of a restored version the numbers may be those of another installation.
        self._is_comparable = self._meta.get("version") == str(base) and "recorded_at" in self._meta
        self.totals = read_totals(connection) if self._is_comparable else {}
        self._contents = self._read_contents(self._list_filled()) if self._is_comparable else {}
        self._are_all_computed = False
        self._computed_targets: list[str] = []
        self._computed: dict[str, Total] = {}

    def note_computing(self, since: datetime | None) -> None:
        """Note that the computed tables change now: the rows of targets with an entry changed since, or all (None)."""
        self._are_all_computed = since is None
        self._computed_targets = self._list_computed_targets(since) if since else []
        self._computed = {table: self._count_computed(table) for table in COMPUTED} if since else {}

    def find_changed_plans(self, meta: Mapping[str, str], written: Collection[str] | None = None) -> set[str] | None:
        """Return the plans of which any row differs now; None if it may be every plan. `meta`: the properties now.

        `written`: the only tables in which rows may differ (None: all).
        """
        if self._are_all_computed or not self._has_advanced(meta):
            return None
        if any(meta.get(name) != self._meta.get(name) for name in PROPERTIES):
            return None
        params = {"since": datetime.fromisoformat(self._meta["recorded_at"])}
        changed: set[str | None] = set()
        for table in (table for table in self._histories if written is None or table in written):
            changed.update(plan for (plan,) in self._ask("changed_rows", table, params))
        contents = self._read_contents(self._rewritten if written is None else self._rewritten & set(written))
        for table, by_plan in contents.items():
            first = self._contents.get(table, {})
            changed |= {plan for plan in by_plan.keys() | first.keys() if by_plan.get(plan) != first.get(plan)}
        plans = {plan for plan in changed if plan is not None}
        return plans if plans == changed else None

    def find_unexplained_table(self, meta: Mapping[str, str], totals: Mapping[str, Total]) -> str | None:
        """Return a table with other rows than those of the version before and what this publication changed in it.

        None if there is none, and where it cannot be told: after a restore, or a clock that went back. `totals`: those
        of the tables that were counted now.
        """
        if not self._has_advanced(meta):
            return None
        counted = (table for table in self.totals if table in totals)
        return next((table for table in counted if not self._is_explained(table, meta, totals[table])), None)

    def _is_explained(self, table: str, meta: Mapping[str, str], total: Total) -> bool:
        if table in self._rewritten or (self._are_all_computed and table in (*COMPUTED, *self._registers)):
            return True
        first = self.totals[table]
        return total == first or total == first.add(self._count_growth(table, meta))

    def _count_growth(self, table: str, meta: Mapping[str, str]) -> Total:
        if table in COMPUTED:
            return self._count_computed(table).subtract(self._computed[table]) if self._computed else Total(0, 0)
        if table == WEEKS:
            until = self._meta.get("weeks_until", "0001-01-01")
            return ask_total(self._connection, "growth_of_weeks", table, {"until": until})
        at = datetime.fromisoformat(meta["recorded_at"])
        return ask_total(self._connection, "growth_of_history", table, {"at": at})

    def _count_computed(self, table: str) -> Total:
        if not self._computed_targets:
            return Total(0, 0)
        return ask_total(self._connection, "total_of_targets", table, {"targets": self._computed_targets})

    def _list_computed_targets(self, since: datetime) -> list[str]:
        rows = self._connection.execute(_load("changed_targets"), {"since": since}).fetchall()
        return [target for (target,) in rows]

    def _has_advanced(self, meta: Mapping[str, str]) -> bool:
        """True if what this publication recorded and retired can be told by its moment."""
        if not self._is_comparable or "recorded_at" not in meta:
            return False
        return datetime.fromisoformat(meta["recorded_at"]) > datetime.fromisoformat(self._meta["recorded_at"])

    def list_empty(self) -> frozenset[str]:
        """Return the tables that had no rows when the version before was published."""
        return frozenset(table for table, total in self.totals.items() if total.rows == 0)

    def _list_filled(self) -> set[str]:
        return self._rewritten - self.list_empty()

    def _read_contents(self, tables: Iterable[str]) -> Contents:
        return {
            table: {plan: (rows, *rest) for plan, rows, *rest in self._ask("contents", table) if rows}
            for table in tables
        }

    def _ask(self, question: str, table: str, params: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        owner = self._owners[table]
        name = f"{question}_of_every_plan" if owner is None else f"{question}_by_{owner}"
        if question == "contents":
            name = STATEMENTS_OF_CONTENTS.get(table, name)
        return self._connection.execute(_load(name, table=table), params or {}).fetchall()


def record_changed_plans(connection: duckdb.DuckDBPyConnection, changed: Iterable[str] | None, version: int) -> None:
    """Write that `version` changed these plans, or every plan (None)."""
    plans = sorted(changed) if changed is not None else _list_plans(connection)
    params = {"plans": plans, "version": version}
    if changed is None:
        connection.execute("delete from plan_changes")
    else:
        connection.execute(_load("forget_changed_plans"), {"plans": plans})
    connection.execute(_load("record_changed_plans"), params)


def _list_plans(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [plan for (plan,) in connection.execute(_load("plans")).fetchall()]


def _read_meta(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(connection.execute("select key, value from meta where value is not null").fetchall())
