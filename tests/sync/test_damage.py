"""A version is refused if anything changed in it besides what the publication recorded, retired and computed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime

import pytest

from kpis.errors import StoreError
from kpis.measures.publish import publish_totals
from kpis.register.version_facts import VersionFacts
from kpis.sheet.model import Source
from kpis.sources.config import SourcesFile
from kpis.store.changes.totals import TEXTS, find_damaged_table, read_totals
from kpis.store.paths import DatabasePaths
from kpis.store.schema_columns import read_columns
from kpis.store.staged_version import Connection
from kpis.store.version_store import FileStore
from kpis.store.versions import find_current_version
from kpis.sync.clock_mend import mend_clock
from kpis.sync.sync import run
from tests.sync.conftest import World, make_entry, make_sheet
from tests.sync.open_versions import open_current_file

FIRST_ROW = "where rowid = (select min(rowid) from {table})"
OTHER_ROW = "where rowid = (select min(rowid) from {table} where target = 'p.02')"
LOST, DOUBLED = "delete from {table} ", "insert into {table} select * from {table} "
CHANGED = "update {table} set {column} = {value} "
DAMAGE = {
    "curve lost": (LOST + OTHER_ROW).format(table="curve"),
    "curve doubled": (DOUBLED + OTHER_ROW).format(table="curve"),
    "curve changed": (CHANGED + OTHER_ROW).format(table="curve", column="numerator", value="numerator + 1"),
    "standings lost": (LOST + OTHER_ROW).format(table="standings"),
    "standings changed": (CHANGED + OTHER_ROW).format(table="standings", column="agency", value="'?'"),
    "doubtful doubled": "insert into doubtful_periods values ('p', 'p.02', '2026-01-01', '2026-12-31')",
    "entry changed": (CHANGED + FIRST_ROW).format(table="entries", column="quantity", value="9"),
    "entry of another target": (CHANGED + FIRST_ROW).format(table="entries", column="target", value="'p.03'"),
    "entry retired at another moment": "update entries set retired_at = '2026-05-01' where retired_at is not null",
    "raw row lost": (LOST + FIRST_ROW).format(table="raw_rows"),
    "target changed": (CHANGED + FIRST_ROW).format(table="targets", column="floor", value="1"),
    "period doubled": (DOUBLED + FIRST_ROW).format(table="periods"),
    "plan lost": (LOST + FIRST_ROW).format(table="plans"),
    "week changed": (CHANGED + FIRST_ROW).format(table="weekly", column="actual", value="99"),
    "week lost": (LOST + FIRST_ROW).format(table="weekly"),
}  # fmt: skip
"""Statements that damage rows of the target p.02 and others; a row of p.01 is published."""


@pytest.fixture
def published(world: World) -> World:
    """Entries of two targets, of which one was retired, and a week; a row of p.01 is to be published next."""
    rows = [
        make_entry(date(2026, 3, 2), target="p.02", quantity=1, total=5),
        make_entry(date(2026, 3, 3), content="a"),
        make_entry(date(2026, 3, 4), content="b"),
    ]
    world.sheets["s"] = make_sheet(rows)
    world.sync()
    world.sheets["s"] = make_sheet(rows[:2])
    world.now = datetime(2026, 6, 8, 5)
    world.sync("s")
    world.sheets["s"] = make_sheet([*rows[:2], make_entry(date(2026, 3, 5), content="c")])
    world.now = datetime(2026, 6, 8, 6)
    return world


def sync_with_damage(world: World, statement: str) -> None:
    def compute(con: Connection, since: datetime | None, sundays: Sequence[date]) -> None:
        publish_totals(con, since, sundays)
        con.execute(statement)

    file = SourcesFile((Source("s", "p", "workbook", "s.xlsx"),), sample=False)
    run(file, world.pointer, world.register, world.now, compute, read=world.read)


def test_damage_anywhere_is_refused_and_the_version_before_stays(published: World) -> None:
    version = find_current_version(published.pointer)
    for name, statement in DAMAGE.items():
        with pytest.raises(StoreError, match="does not add up"):
            sync_with_damage(published, statement)
        assert find_current_version(published.pointer) == version, name
    assert published.sync("s").published


def test_a_version_damaged_after_its_publication_is_set_aside(published: World) -> None:
    version = find_current_version(published.pointer)
    assert version == 2
    with closing(open_current_file(published.pointer)) as connection:
        connection.execute("update curve set numerator = 9 where target = 'p.02'")
    paths = DatabasePaths(published.pointer)
    size = paths.get_version_path(version).stat().st_size
    published.pointer.write_text(json.dumps({"version": version, "size": size}))
    with pytest.raises(StoreError, match="does not add up"):
        published.sync("s")
    assert (paths.list_quarantined(), find_current_version(published.pointer)) == ([version], 1)
    assert published.sync("s").version == version + 1
    with closing(published.open_database()) as database:
        assert database.fetch_rows("select numerator from curve where target = 'p.02'") == [{"numerator": 1}]


def test_every_table_is_counted_and_a_damaged_file_is_found(published: World) -> None:
    with closing(open_current_file(published.pointer)) as connection:
        assert read_totals(connection).keys() == read_columns(connection).keys() - {"meta", "plan_changes", "totals"}
        assert find_damaged_table(connection) is None
        connection.execute("update curve set numerator = numerator + 1")
        assert find_damaged_table(connection) == "curve"


def test_totals_counted_in_another_way_are_not_compared(published: World) -> None:
    with closing(open_current_file(published.pointer)) as connection:
        connection.execute("update totals set way = 'another', said = 0")
        assert read_totals(connection) == {}


def test_free_texts_left_out_are_columns_of_sheets_with_a_hash_beside_them(published: World) -> None:
    with closing(open_current_file(published.pointer)) as connection:
        with_texts = {table for table, columns in read_columns(connection).items() if columns.keys() & set(TEXTS)}
        with_texts.remove("meta")
        assert all("row_hash" in read_columns(connection)[table] for table in with_texts)


def test_moments_of_a_plan_accepted_under_a_clock_that_was_ahead_are_mended(world: World) -> None:
    """The moment in the future is not that of the publication itself."""
    ahead = datetime(2026, 6, 20)
    version = VersionFacts(plan="p", number=1, accepted_at=ahead, reviewer="Lan")
    world.register = replace(world.register, versions=(version,))
    world.sheets["s"] = make_sheet([make_entry(date(2026, 3, 1))])
    world.sync()
    world.now = datetime(2026, 6, 2)
    assert mend_clock(FileStore(world.pointer), world.now) == 1
    with closing(open_current_file(world.pointer)) as connection:
        assert find_damaged_table(connection) is None
        ((accepted_at,),) = connection.execute("select accepted_at from plan_versions").fetchall()
    assert accepted_at < ahead
    world.now = datetime(2026, 6, 3)
    world.sheets["s"] = make_sheet([make_entry(date(2026, 3, 1)), make_entry(date(2026, 3, 2), content="b")])
    assert world.sync().published


def test_damage_is_not_taken_over_by_mending_a_clock(published: World) -> None:
    published.now = datetime(2027, 1, 8, 5)
    published.sync()
    with closing(open_current_file(published.pointer)) as connection:
        connection.execute(DAMAGE["curve changed"])
    with pytest.raises(StoreError, match="does not add up"):
        mend_clock(FileStore(published.pointer), datetime(2026, 7, 1))
