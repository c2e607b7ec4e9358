"""A world whose versions are in a lake, and comparing what two databases hold."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from kpis.store.database import Database
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.connection import close_lake, open_lake
from kpis.store.lake.creating import create_lake
from kpis.store.lake.follower import follow
from kpis.store.lake.lake_store import LakeStore
from kpis.store.staged_version import Connection
from kpis.store.version_store import FileStore, Moments
from tests.postgres_server import PostgresServer
from tests.sync.conftest import World, make_entries, make_entry, make_sheet

_NINE_DAYS = 9 * 86_400
Rows = dict[str, list[tuple[object, ...]]]


class LakeStoreOfTheTest(LakeStore):
    """A lake whose moments are those of the test, so that its rows can be compared with those of files."""

    def read_clock(self, now: datetime) -> datetime:
        """Return the test's clock."""
        return now

    def find_moments(self, last: datetime | None, now: datetime) -> Moments:
        """Return the moments that files would have."""
        return FileStore(self.paths.pointer).find_moments(last, now)


def make_lake_world(address: LakeAddress, folder: Path, local: Path) -> World:
    """Return a world that publishes into a new lake with its files in `folder`, followed into `local`."""
    create_lake(address, str(folder), local / "spill")
    pointer = local / "kpis.json"
    return World(pointer, store=LakeStoreOfTheTest(address, pointer))


def find_lake_number(store: LakeStore) -> int:
    """Return the number of the version that a lake holds; 0 for none."""
    with closing(store._open()) as lake:
        return lake.version


def change(world: World, step: int) -> None:
    """Change the sheet to another one at each step."""
    world.now += timedelta(hours=1)
    world.sheets["s"] = make_sheet([*make_entries(10 + step, start=step), make_entry("31/02/2026")])


def read_tables(pointer: Path, *, with_version: bool = True) -> Rows:
    """Return the rows of every table, sorted; without what names the version and the lake if not `with_version`."""
    database = Database.open(pointer)
    assert database is not None
    with closing(database):
        names = database.fetch_rows("select table_name from duckdb_tables() where not internal")
        tables: Rows = {}
        for row in names:
            name = str(row["table_name"])
            rows = database.fetch_rows(f"select * from {name}")  # noqa: S608
            tables[name] = sorted((tuple(each.values()) for each in rows), key=repr)
    if not with_version:
        tables["meta"] = [row for row in tables["meta"] if row[0] not in ("version", "lake_epoch", "publication")]
        tables["plan_changes"] = []
    return tables


def follow_from_nothing(address: LakeAddress, folder: Path) -> Rows:
    """Return the rows of every table of a version that is built from the lake alone."""
    folder.mkdir()
    follow(address, folder / "kpis.json")
    return read_tables(folder / "kpis.json")


@contextmanager
def open_connection(address: LakeAddress, spill: Path, *, is_read_only: bool = False) -> Iterator[Connection]:
    """Open a lake inside the block."""
    connection = open_lake(address, spill, is_read_only=is_read_only)
    try:
        yield connection
    finally:
        close_lake(connection)


def check_counts(address: LakeAddress, spill: Path) -> None:
    """Compare the number of rows that the catalog knows of each table with those that are read (ducklake#1215)."""
    with open_connection(address, spill, is_read_only=True) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'lake'"
        ).fetchall()
        for (name,) in names:
            ((count,),) = connection.execute(f"select count(*) from lake.{name}").fetchall()  # noqa: S608
            scanned = connection.execute(f"select * from lake.{name}").to_arrow_table().num_rows  # noqa: S608
            assert (name, count) == (name, scanned)


def age_lake(postgres: PostgresServer, database: str, folder: Path) -> None:
    """Let everything so far be nine days old."""
    with closing(postgres.connect(database)) as connection:
        connection.execute("update ducklake_snapshot set snapshot_time = snapshot_time - interval '9 days'")
        connection.execute(
            "update ducklake_files_scheduled_for_deletion set schedule_start = schedule_start - interval '9 days'"
        )
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - _NINE_DAYS,) * 2)
