"""Tidying a lake: small files become larger ones, and what nothing needs any more is removed after a time of grace.

What was known at an earlier moment stays: that rests on the rows' own moments, not on the lake's snapshots.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from kpis.errors import StoreError
from kpis.store import sql
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.connection import as_lake_error, close_lake, find_data_folder, open_lake
from kpis.store.lake.durable_files import NewFiles
from kpis.store.lake.leader_lock import try_lead
from kpis.store.staged_version import Connection

SNAPSHOT_AGE = timedelta(days=1)
"""A reader's transaction is of a snapshot: none of the last day is removed."""

UNUSED_AGE = timedelta(days=8)
"""A file stays so long after its last use: longer than the oldest dump of the catalog that is kept."""

_load = partial(sql.load, "kpis.store.lake")


@dataclass(frozen=True)
class Tidied:
    """What was done, or would be.

    `merged` files became `created` larger ones (0 in a dry run, which does not try); `removed` files were named by no
    snapshot for eight days, `orphans` never, like those of killed writers.
    """

    merged: int
    created: int
    snapshots: int
    removed: int
    orphans: tuple[str, ...]


def tidy_lake(address: LakeAddress, spill: Path, *, is_dry_run: bool) -> Tidied:
    """Tidy a lake under the leader's lock; ages are told by PostgreSQL's clock.

    StoreError if another process leads, before or on the way: each step is whole by itself.
    """
    with try_lead(address) as lock:
        if lock is None:
            text = "A sync or another change of the lake at {lake} is under way. Run it again when it has ended."
            raise StoreError(text, lake=address.describe())
        now = lock.read_clock().replace(tzinfo=UTC)
        with as_lake_error(address):
            connection = open_lake(address, spill)
            try:
                return _Tidying(connection, address, now, lock.is_held).run(is_dry_run=is_dry_run)
            finally:
                close_lake(connection)


class _Tidying:
    def __init__(
        self, connection: Connection, address: LakeAddress, now: datetime, is_leading: Callable[[], bool]
    ) -> None:
        self._connection, self._address, self._now, self._is_leading = connection, address, now, is_leading

    def run(self, *, is_dry_run: bool) -> Tidied:
        merged, created = (0, 0) if is_dry_run else self._merge()
        snapshots = self._ask("expire_snapshots", dry_run=is_dry_run, older_than=self._now - SNAPSHOT_AGE)
        unused = self._now - UNUSED_AGE
        removed = self._ask("remove_unused_files", dry_run=is_dry_run, older_than=unused)
        orphans = self._ask("remove_orphans", dry_run=True, older_than=unused)
        if orphans and not is_dry_run:
            self._ask("remove_orphans", dry_run=False, older_than=unused)
        return Tidied(merged, created, len(snapshots), len(removed), tuple(str(path) for (path, *_) in orphans))

    def _merge(self) -> tuple[int, int]:
        """Merge small files; the new ones are on the disk before the catalog names them."""
        files = NewFiles(find_data_folder(self._connection))
        self._connection.execute("begin transaction")
        rows = self._ask("merge_files")
        files.write_through()
        self._require_leading()
        self._connection.execute("commit")
        return sum(int(str(row[0])) for row in rows), sum(int(str(row[1])) for row in rows)

    def _ask(self, name: str, **values: object) -> list[tuple[object, ...]]:
        self._require_leading()
        rows: list[tuple[object, ...]] = self._connection.execute(_load(name), values).fetchall()
        return rows

    def _require_leading(self) -> None:
        if not self._is_leading():
            text = "Another process leads the lake at {lake} now, so tidying stopped; each step is whole by itself."
            raise StoreError(text, lake=self._address.describe())
