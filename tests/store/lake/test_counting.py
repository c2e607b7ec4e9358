"""A publication into a lake counts what it wrote to, and the other tables in turn; nothing is lost unnoticed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime

import pytest

from kpis.errors import StoreError
from kpis.measures.publish import publish_totals
from kpis.sheet.model import Source
from kpis.sources.config import SourcesFile
from kpis.store.changes.totals import read_totals
from kpis.store.lake.lake_store import LakeStore
from kpis.store.lake.staging import LakeStaging
from kpis.store.lake.written_tables import WrittenTables
from kpis.store.staged_version import Connection
from kpis.sync.sync import run
from tests.store.lake.lake_world import change, find_lake_number
from tests.sync.conftest import World


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("select * from entries", set()),
        ("-- update of targets\nwith a as (select 1) select * from a", set()),
        ('insert into "entries" by name select * from incoming', {"entries"}),
        ("with a as (select 1) insert into lake.main.curve select * from a", {"curve"}),
        ('DELETE FROM\n    main."weekly" where true', {"weekly"}),
        ("update targets set retired_at = $at", {"targets"}),
        ("create or replace temp table rows as select * from entries", set()),
        ("drop table temp.rows", set()),
        ("drop table entries", None),
        ("truncate entries", None),
        ("merge into entries using incoming on true when matched then delete", None),
    ],
)
def test_what_a_statement_writes_to_is_read_from_it(statement: str, tables: set[str] | None) -> None:
    written = WrittenTables()
    written.note("insert into always values (1)")
    written.note(statement)
    assert written.tables == (None if tables is None else {"always", *tables})


@pytest.mark.parametrize(
    "damage",
    [
        "update entries set quantity = 9 where rowid = (select min(rowid) from entries)",
        "delete from raw_rows where rowid = (select min(rowid) from raw_rows)",
        "insert into periods select * from periods",
        "update targets set floor = 1 where target = 'p.01'",
        "insert into doubtful_periods values ('p', 'p.02', '2026-01-01', '2026-12-31')",
    ],
)
def test_a_change_that_was_not_recorded_is_refused(lake_world: World, damage: str) -> None:
    def compute(connection: Connection, since: datetime | None, sundays: Sequence[date]) -> None:
        publish_totals(connection, since, sundays)
        connection.execute(damage)

    change(lake_world, 1)
    file = SourcesFile((Source("s", "p", "workbook", "s.xlsx"),), sample=False)
    with pytest.raises(StoreError, match="does not add up"):
        run(
            file, lake_world.pointer, lake_world.register, lake_world.now, compute,
            read=lake_world.read, store=lake_world.store,
        )  # fmt: skip
    assert isinstance(lake_world.store, LakeStore)
    assert find_lake_number(lake_world.store) == 1


def test_every_table_is_counted_in_its_turn(lake_world: World) -> None:
    store = lake_world.store
    assert isinstance(store, LakeStore)
    current = store._open()
    with closing(current), LakeStaging(current, lambda: True, store.open_current) as staging:
        staging.execute("update entries set quantity = 9")
        tables = read_totals(staging.connection).keys()
        first = staging.number
        counted = [
            staging.find_tables_to_count() or frozenset() for staging.number in range(first, first + len(tables))
        ]
        assert all(len(each) == len({"entries", "meta", "plan_changes", "totals"}) + 1 for each in counted)
        assert frozenset().union(*counted) >= tables
