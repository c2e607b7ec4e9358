"""The register in a version: its rows are recorded and retired, so that an earlier moment has the rows known then.

The first rows of a plan, and of an indicator, count as always known (`recorded_at` null): whether a plan is in a
question at all is decided by the time that it was tracked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pyarrow

from kpis.register.model import Register
from kpis.register.tables import REGISTER_TABLES, TableRow, build_tables
from kpis.store import sql
from kpis.store.staged_version import StagedVersion

_LEAD_TABLES = ("task_leads", "task_coordinators")


def record_register(staging: StagedVersion, register: Register, at: datetime) -> None:
    """Record the rows that are new at `at` (naive UTC), and retire those that the register no longer has."""
    known_owners = {str(row["owner"]) for row in staging.fetch_rows(sql.load("kpis.sync", "register_owners"))}
    find_owner = _build_owner_lookup(register)
    for table, rows in build_tables(register).items():
        stamped = [{**row, "recorded_at": at if find_owner(row) in known_owners else None} for row in rows]
        staging.execute(sql.load("kpis.sync", "create_register_rows", table=table))
        staging.insert("register_rows", build_register_table(stamped))
        staging.execute(sql.load("kpis.sync", "retire_register_rows", table=table), {"at": at})
        staging.execute(sql.load("kpis.sync", "record_register_rows", table=table))


def carry_register_over(staging: StagedVersion, *, is_unchanged: bool) -> None:
    """Bring the register of a version of an older format, which is always known, into today's columns.

    `is_unchanged`: the register has the same files as then. Its rows are then written again, since what this release
    reads differently in them has always held. Else they keep what they say, and get what their format had elsewhere.
    """
    for table in REGISTER_TABLES if is_unchanged else ("indicators",):
        staging.execute(sql.load("kpis.sync", "forget_register_rows", table=table))
    for table in _LEAD_TABLES:
        staging.execute(sql.load("kpis.sync", "number_leads", table=table))
    staging.execute(sql.load("kpis.sync", "complete_periods"))


def _build_owner_lookup(register: Register) -> Callable[[TableRow], str]:
    """Return a lookup of what a row belongs to: a plan, else an indicator."""
    targets, tasks = register.targets, register.tasks  # a copy is named after its entry: "<id>@<day>"

    def find_owner(row: TableRow) -> str:
        if "plan" in row:
            return str(row["plan"])
        if "target" in row:
            return targets[str(row["target"]).partition("@")[0]].plan
        if "task" in row:
            return tasks[str(row["task"]).partition("@")[0]].plan
        return f"indicator {row['indicator']}"

    return find_owner


def build_register_table(rows: list[TableRow]) -> pyarrow.Table:
    """Return rows of the register with the moment of their recording as an Arrow table."""
    table = pyarrow.Table.from_pylist(rows)
    if not rows:
        return table
    moments = pyarrow.array([row["recorded_at"] for row in rows], pyarrow.timestamp("us"))
    return table.set_column(table.schema.get_field_index("recorded_at"), "recorded_at", moments)
