"""Finds the plans of which a publication changes a row, by comparing every table with the version before.

Rows of a history tell it by their moments; of any other table all rows are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import duckdb

from kpis.store import sql
from kpis.store.changes.rules import PROPERTIES, STATEMENTS_OF_CONTENTS, find_owners
from kpis.store.schema_columns import read_columns

_PACKAGE = "kpis.store.changes"
_MOMENTS = frozenset({"recorded_at", "retired_at"})
_load = partial(sql.load, _PACKAGE)
Contents = Mapping[str, Mapping[str | None, tuple[object, ...]]]
"""By table and plan (None: every plan): what stands for its rows."""


class Comparison:
    """What a copy of a version held when it was made; `find_changed_plans` compares it with what it holds now."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, base: int) -> None:
        self._connection = connection
        self._meta = _read_meta(connection)
        columns = read_columns(connection)
        self._owners = find_owners(columns)
        self._histories = [table for table in self._owners if columns[table].keys() >= _MOMENTS]
        # Of a restored version the numbers may be those of another installation.
        self._is_comparable = self._meta.get("version") == str(base) and "recorded_at" in self._meta
        self._contents = self._read_contents() if self._is_comparable else {}

    def find_changed_plans(self, meta: Mapping[str, str]) -> set[str] | None:
        """Return the plans of which any row differs now; None if it may be every plan. `meta`: the properties now."""
        if not self._is_comparable or any(meta.get(name) != self._meta.get(name) for name in PROPERTIES):
            return None
        last = datetime.fromisoformat(self._meta["recorded_at"])
        if datetime.fromisoformat(meta.get("recorded_at", self._meta["recorded_at"])) <= last:
            return None  # a clock was set back: moments tell nothing
        params = {"since": last}
        changed: set[str | None] = set()
        for table in self._histories:
            changed.update(plan for (plan,) in self._ask("changed_rows", table, params))
        contents = self._read_contents()
        for table, by_plan in contents.items():
            first = self._contents[table]
            changed |= {plan for plan in by_plan.keys() | first.keys() if by_plan.get(plan) != first.get(plan)}
        plans = {plan for plan in changed if plan is not None}
        return plans if plans == changed else None

    def _read_contents(self) -> Contents:
        tables = [table for table in self._owners if table not in self._histories]
        return {table: {plan: tuple(rest) for plan, *rest in self._ask("contents", table)} for table in tables}

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
