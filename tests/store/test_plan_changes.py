"""A publication records the plans of which it changes a row, whatever the table; all of them where that is in doubt."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import closing
from datetime import date, datetime, timedelta
from decimal import Decimal

import duckdb
import pytest

from kpis.errors import StoreError
from kpis.store import sql
from kpis.store.changes.rules import COMPUTED, NOT_COMPARED, WEEKS, find_owners
from kpis.store.database import Database
from kpis.store.paths import DatabasePaths
from kpis.store.schema_columns import Column, TableColumns, read_columns
from kpis.store.staging import Staging
from kpis.store.versions import find_current_version

FIRST = datetime(2026, 11, 1)
VALUES: Mapping[str, object] = {
    "VARCHAR": "x", "DATE": date(2026, 1, 1), "TIMESTAMP": FIRST, "BOOLEAN": False, "DECIMAL(18,6)": Decimal(1),
}  # fmt: skip
OWNERS = ("plan", "target", "task", "source")


def read_schema() -> TableColumns:
    with closing(duckdb.connect(":memory:")) as connection:
        connection.execute(sql.load("kpis.store", "schema"))
        return read_columns(connection)


SCHEMA = read_schema()
TABLES = sorted(SCHEMA.keys() - NOT_COMPARED)
RECORDED = sorted({*TABLES} - {*COMPUTED, WEEKS})
"""Tables with rows that a sync records; the others change with the entries of a target, and with the weeks."""


def insert(staging: Staging, table: str, plan: str, at: datetime, **values: object) -> None:
    """Add a row of a plan to any table; its target, task and source are named after the plan."""
    row = {name: fill(name, column, plan, at) for name, column in SCHEMA[table].items()} | values
    names, places = ", ".join(f'"{name}"' for name in row), ", ".join(f"${name}" for name in row)
    staging.execute(f"insert into {table} ({names}) values ({places})", row)  # noqa: S608


def fill(name: str, column: Column, plan: str, at: datetime) -> object:
    if name in OWNERS:
        return plan
    if name == "recorded_at":
        return at
    if column.is_nullable:
        return None
    return VALUES.get(column.kind, 0)


def publish(staging: Staging, at: datetime, **meta: str) -> int:
    return staging.publish({"recorded_at": at.isoformat(), "register_hash": "r", "rules_hash": "s", **meta})


def read_changes(paths: DatabasePaths) -> dict[str, int]:
    with closing(Database(paths, find_current_version(paths.pointer) or 0)) as database:
        return {plan: database.find_last_change(plan) for plan in ("a", "b")}


def open_next(paths: DatabasePaths) -> Staging:
    return Staging(paths, find_current_version(paths.pointer))


@pytest.fixture(scope="module")
def first_version(tmp_path_factory: pytest.TempPathFactory) -> DatabasePaths:
    """A first version with a row of the plans a and b in every table."""
    paths = DatabasePaths(tmp_path_factory.mktemp("first") / "kpis.json")
    with Staging(paths, None) as staging, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Staging, "check", lambda _: None)
        for plan in ("a", "b"):
            for table in TABLES:
                insert(staging, table, plan, FIRST)
        assert publish(staging, FIRST) == 1
    assert read_changes(paths) == {"a": 1, "b": 1}
    return paths


@pytest.fixture
def filled(paths: DatabasePaths, first_version: DatabasePaths, monkeypatch: pytest.MonkeyPatch) -> DatabasePaths:
    """A copy of it, whose rows need not add up."""
    shutil.copytree(first_version.folder, paths.folder)
    monkeypatch.setattr(Staging, "check", lambda _: None)
    return paths


@pytest.mark.parametrize("table", RECORDED)
def test_a_new_row_in_any_table_changes_its_plan(filled: DatabasePaths, table: str) -> None:
    at = FIRST + timedelta(minutes=5)
    with open_next(filled) as staging:
        insert(staging, table, "b", at)
        publish(staging, at)
    concerns_all = find_owners([table])[table] is None
    assert read_changes(filled) == {"a": 2 if concerns_all else 1, "b": 2}


@pytest.mark.parametrize("table", RECORDED)
def test_a_row_that_ends_or_differs_in_any_table_changes_its_plan(filled: DatabasePaths, table: str) -> None:
    at, owner = FIRST + timedelta(minutes=5), find_owners([table])[table]
    where = "" if owner is None else f" where {owner} = 'a'"
    with open_next(filled) as staging:
        if "retired_at" in SCHEMA[table]:
            staging.execute(f"update {table} set retired_at = $at{where}", {"at": at})  # noqa: S608
        else:
            staging.execute(f"delete from {table}{where}")  # noqa: S608
        publish(staging, at)
    assert read_changes(filled) == {"a": 2, "b": 2 if owner is None else 1}


def test_nothing_but_the_moment_of_a_read_changes_no_plan(filled: DatabasePaths) -> None:
    at = FIRST + timedelta(minutes=5)
    with open_next(filled) as staging:
        staging.execute("update source_states set last_good_at = $at", {"at": at})
        publish(staging, at)
    assert read_changes(filled) == {"a": 1, "b": 1}


@pytest.mark.parametrize("name", ["register_hash", "rules_hash", "sample"])
def test_another_register_or_other_rules_change_every_plan(filled: DatabasePaths, name: str) -> None:
    with open_next(filled) as staging:
        publish(staging, FIRST + timedelta(minutes=5), **{name: "other"})
    assert read_changes(filled) == {"a": 2, "b": 2}


def test_a_clock_that_went_back_changes_every_plan(filled: DatabasePaths) -> None:
    with open_next(filled) as staging:
        staging.execute("update entries set recorded_at = $at where plan = 'a'", {"at": FIRST - timedelta(days=1)})
        publish(staging, FIRST - timedelta(days=1))
    assert read_changes(filled) == {"a": 2, "b": 2}


def test_rows_of_an_unknown_plan_change_every_plan(filled: DatabasePaths) -> None:
    at = FIRST + timedelta(minutes=5)
    with open_next(filled) as staging:
        insert(staging, "raw_rows", "nobody", at)
        publish(staging, at)
    assert read_changes(filled) == {"a": 2, "b": 2}


def test_a_restored_version_is_kept_by_its_own_number_alone(filled: DatabasePaths) -> None:
    filled.get_version_path(1).rename(filled.get_version_path(7))
    filled.pointer.unlink()
    assert read_changes(filled) == {"a": 7, "b": 7}
    with open_next(filled) as staging:
        assert publish(staging, FIRST + timedelta(minutes=5)) == 8
    assert read_changes(filled) == {"a": 8, "b": 8}


def test_a_table_without_a_rule_is_not_published(filled: DatabasePaths) -> None:
    with open_next(filled) as staging:
        staging.execute("create table notes (plan varchar)")
        publish(staging, FIRST + timedelta(minutes=5))
    with pytest.raises(StoreError, match="notes"):
        open_next(filled)


@pytest.mark.parametrize("table", [*COMPUTED, WEEKS])
def test_a_computed_row_that_nothing_explains_is_refused(filled: DatabasePaths, table: str) -> None:
    at = FIRST + timedelta(minutes=5)
    with open_next(filled) as staging, pytest.raises(StoreError, match=table):
        staging.execute(f"delete from {table} where {find_owners([table])[table]} = 'a'")  # noqa: S608
        publish(staging, at)
    assert read_changes(filled) == {"a": 1, "b": 1}


@pytest.mark.parametrize("table", COMPUTED)
def test_a_computed_row_changes_with_the_entries_of_its_target(filled: DatabasePaths, table: str) -> None:
    at = FIRST + timedelta(minutes=5)
    with open_next(filled) as staging:
        insert(staging, "entries", "b", at)
        statement = f"delete from {table} where {find_owners([table])[table]} = 'b'"  # noqa: S608
        staging.compute(lambda con, *_: con.execute(statement) and None, FIRST, ())
        publish(staging, at)
    assert read_changes(filled) == {"a": 1, "b": 2}


def test_where_everything_is_computed_every_plan_counts_as_changed(filled: DatabasePaths) -> None:
    at = FIRST + timedelta(minutes=5)
    with open_next(filled) as staging:
        staging.compute(lambda con, *_: con.execute("delete from curve") and None, None, ())
        publish(staging, at)
    assert read_changes(filled) == {"a": 2, "b": 2}
