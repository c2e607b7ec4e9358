"""One version, attached to a database in memory that holds a schema for each scope.

The register, its totals and standings are tables of a scope's own, as fast to ask as the version's; the rows of sheets,
of which there may be millions, stay views.
"""

from __future__ import annotations

import threading
from pathlib import Path

import duckdb

from kpis.store import sql
from kpis.store.schema_columns import read_columns
from kpis.store.scopes.rules import ROWS_OF_SHEETS, get_rules
from kpis.store.scopes.scope import Scope

PUBLISHED = "published"
"""The name under which the version is attached."""


class ScopedVersion:
    """The scopes of one version; each is created once, by the first viewer who has it."""

    def __init__(self, path: Path, config: dict[str, str | bool | int | float | list[str]]) -> None:
        self._lock = threading.Lock()
        self._schemas: dict[Scope, str] = {}
        later = {"enable_external_access", "lock_configuration"}  # a version can only be attached before these
        start = {name: value for name, value in config.items() if name not in later}
        self.connection = duckdb.connect(":memory:", config=start)
        try:
            self.connection.execute(f"attach {sql.quote_text(str(path))} as {PUBLISHED} (read_only)")
            self.connection.execute("set enable_external_access = false")
            self.connection.execute("set lock_configuration = true")
            self._tables = tuple(self._list_tables())
        except BaseException:
            self.connection.close()
            raise

    def get_schema(self, scope: Scope) -> str:
        """Return the name of the schema of a scope. StoreError if a table has no rule."""
        with self._lock:
            if scope not in self._schemas:
                self._schemas[scope] = self._create_schema(scope, f"scope_{len(self._schemas)}")
            return self._schemas[scope]

    def _list_tables(self) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute(f"use {PUBLISHED}")
            return list(read_columns(cursor))

    def _create_schema(self, scope: Scope, schema: str) -> str:
        rules = get_rules(self._tables, scope)
        with self.connection.cursor() as cursor:
            cursor.execute(sql.load("kpis.store.scopes", "create_schema", schema=schema))
            for name, rows in (
                ("plans", [(plan,) for plan in sorted(scope.plans)]),
                ("agencies", sorted(scope.agencies or ())),
            ):
                cursor.execute(sql.load("kpis.store.scopes", f"create_{name}", schema=schema))
                if rows:
                    cursor.executemany(sql.load("kpis.store.scopes", f"insert_{name}", schema=schema), rows)
            for table, rule in rules.items():
                cursor.execute(sql.load("kpis.store.scopes", rule, schema=schema, table=table))
                if table not in ROWS_OF_SHEETS:
                    for statement in ("materialize", "drop_view", "rename_materialized"):
                        cursor.execute(sql.load("kpis.store.scopes", statement, schema=schema, table=table))
        return schema
