"""A world whose versions are in a lake, and comparing what two databases hold."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

from kpis.store.database import Database
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.creating import create_lake
from kpis.store.lake.follower import follow
from kpis.store.lake.lake_store import LakeStore
from kpis.store.version_store import FileStore, Moments
from tests.sync.conftest import World

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
