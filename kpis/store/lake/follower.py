"""Follows a lake into local versions: each change is brought over, counted, and published next to a pointer."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

from kpis.errors import StoreError
from kpis.store import sql, versions
from kpis.store.database import Database
from kpis.store.files import as_store_error, write_atomic
from kpis.store.formats import EPOCH
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.connection import open_lake
from kpis.store.lake.contents import Content, ContentKey, TableKind, count_contents, list_kinds, read_contents
from kpis.store.lake.lake_version import RESTORED, LakeVersion
from kpis.store.lake.shared_state import bring_shared_state
from kpis.store.lock import wait_for_lock
from kpis.store.paths import DatabasePaths
from kpis.store.schema_columns import read_columns
from kpis.store.staged_version import StagedVersion
from kpis.store.staging import Staging

_LOCK_SECONDS = 120.0
_log = logging.getLogger("kpis.store.lake")
_load = partial(sql.load, "kpis.store.lake")


OTHER_LAKE_MESSAGE = (
    "The lake at {lake} is not the one that {path} followed, or was restored from an earlier day: it holds "
    "version {version}, and version {number} was here. The figures here are kept. If its catalog was restored, "
    "run: python -m kpis store adopt"
)


def get_spill_folder(paths: DatabasePaths) -> Path:
    """Return the folder for what does not fit into memory while a lake is read or changed."""
    return paths.folder / f"{paths.stem}-lake.tmp"


def _get_lock_path(paths: DatabasePaths) -> Path:
    """Return the lock of what follows: not the writer's, which the leader holds while it follows itself."""
    return paths.folder / f"{paths.stem}-follow.lock"


def follow(address: LakeAddress, pointer: Path) -> int | None:
    """Bring what a lake holds to the versions next to `pointer`, with journal and positions; return the current number.

    None before the first publication. StoreError if the lake does not answer, if the pointer is that of a database of
    its own, if the lake is of another epoch or behind what is here, or if what was brought over is not what it says.
    """
    paths = DatabasePaths(pointer)
    number = _follow_versions(address, paths)
    if number is not None:
        bring_shared_state(address, paths)
    return number


def _follow_versions(address: LakeAddress, paths: DatabasePaths) -> int | None:
    with wait_for_lock(_get_lock_path(paths), _LOCK_SECONDS, pause=0.1) as is_acquired:
        if not is_acquired:
            raise StoreError("Another process is following the lake into {path}.", path=paths.pointer)
        connection = open_lake(address, get_spill_folder(paths), is_read_only=True)
        with closing(LakeVersion(address, connection)) as lake:
            if not lake.version:
                return None
            local = read_local_meta(paths.pointer)
            number = check_order(lake, local, paths.pointer)
            if number == lake.version:
                return number
            _bring_over(lake, paths, local, number)
            return lake.version


def read_local_meta(pointer: Path) -> dict[str, str] | None:
    """Return the properties of the local version; None if there is none that opens and is of today's format."""
    try:
        database = Database.open(pointer, accept_older=True)
    except StoreError as error:
        _log.warning("the local versions are built again from the lake", exc_info=error)
        return None
    if database is None:
        return None
    with closing(database):
        if database.meta.get(EPOCH) is None:
            text = "{path} is a database of its own, not what follows a lake. Choose another folder for it."
            raise StoreError(text, path=pointer)
        return database.meta if database.meta.get("version") == str(database.version) else None


def is_followed(pointer: Path) -> bool:
    """True if the version next to a pointer came from a lake, or what lies there did where no version opens."""
    try:
        database = Database.open(pointer, accept_older=True)
    except StoreError:  # a backup is restored in place of it
        return DatabasePaths(pointer).shared_state.exists()
    if database is None:
        return False
    with closing(database):
        return EPOCH in database.meta


def check_order(lake: LakeVersion, local: Mapping[str, str] | None, pointer: Path) -> int | None:
    """Return the number of the local version that the lake goes on from; None where all is brought over.

    `local` are the properties of the local version. StoreError where the lake is behind it, or of another epoch that
    was not begun after the local one by `kpis store adopt`: the figures here are kept.
    """
    seen = find_highest_number(pointer)
    is_of_this_epoch = local is not None and local[EPOCH] == lake.meta[EPOCH]
    is_of_another = local is not None and not is_of_this_epoch
    is_adopted = local is not None and local[EPOCH] in lake.earlier_epochs and seen < lake.version
    if seen > lake.version or (is_of_another and not is_adopted):
        raise StoreError(
            OTHER_LAKE_MESSAGE,
            lake=lake.address.describe(),
            path=pointer,
            version=lake.version,
            number=seen,
        )
    return int(local["version"]) if local is not None and is_of_this_epoch else None


def find_highest_number(pointer: Path) -> int:
    """Return the highest number of a version that was here, 0 for none."""
    return versions.find_next_number(DatabasePaths(pointer)) - 1


def _bring_over(lake: LakeVersion, paths: DatabasePaths, local: dict[str, str] | None, number: int | None) -> None:
    if local is not None and number is not None and local.get("format") == lake.format:
        since = datetime.fromisoformat(local["recorded_at"])
        with Staging(paths, number, lake.version) as staging:
            _bring_changes(lake, staging, number, since)
            difference = _find_difference(lake, staging)
            if difference is None:
                staging.commit()
                return
        _log.warning("version %s of the lake is built from nothing: %s differs", lake.version, difference)
    with Staging(paths, None, lake.version) as staging:
        bring_all_tables(lake, staging)
        _forget_caches(paths)
        if RESTORED in lake.meta:
            write_atomic(paths.restored, lake.meta[RESTORED].encode())
        staging.commit()


def bring_all_tables(lake: LakeVersion, staging: StagedVersion) -> None:
    """Fill empty tables from a lake. StoreError if they then hold other rows than the lake says of itself."""
    for kind in list_kinds(read_columns(staging.connection)):
        _bring_all_rows(lake, staging, kind)
    difference = _find_difference(lake, staging)
    if difference is not None:
        text = "The table {table} of the lake at {lake} does not hold the rows that it should. Nothing was changed."
        raise StoreError(text, table=difference, lake=lake.address.describe())


def _forget_caches(paths: DatabasePaths) -> None:
    """Forget that sheets are unchanged: that was said of a version which this one does not go on from."""
    for cache in paths.caches:
        with as_store_error(cache):
            cache.unlink(missing_ok=True)


def _find_difference(lake: LakeVersion, staging: StagedVersion) -> str | None:
    """Return a table that does not hold what the lake says; None if all do."""
    expected = {key: content.figures for key, content in read_contents(lake.connection).items() if content.rows}
    with staging.translate_errors():
        actual = {key: content.figures for key, content in count_contents(staging.connection).items()}
    differing = {key for key in expected.keys() | actual.keys() if expected.get(key) != actual.get(key)}
    return min(table for table, _ in differing) if differing else None


def _bring_changes(lake: LakeVersion, staging: StagedVersion, number: int, since: datetime) -> None:
    contents = read_contents(lake.connection)
    with staging.translate_errors():
        kinds = list_kinds(read_columns(staging.connection))
    for kind in kinds:
        changed = {key: content for key, content in _of_table(contents.items(), kind) if content.changed_in > number}
        if not changed:
            continue
        if kind.is_history and all(content.rewritten_in <= number for content in changed.values()):
            _bring_history(lake, staging, kind, since)
        elif kind.owner is None or kind.is_history:
            staging.execute(_load("remove_all", table=kind.table))
            _bring_all_rows(lake, staging, kind)
        else:
            _bring_plans(lake, staging, kind, [plan for _, plan in changed if plan is not None])


def _of_table(contents: Iterable[tuple[ContentKey, Content]], kind: TableKind) -> Iterable[tuple[ContentKey, Content]]:
    return ((key, content) for key, content in contents if key[0] == kind.table)


def _bring_history(lake: LakeVersion, staging: StagedVersion, kind: TableKind, since: datetime) -> None:
    """Bring the rows of a history that were recorded or retired since a moment."""
    params = {"since": since}
    incoming = lake.fetch_table(_load("changed_rows", table=kind.table), params)
    statement = "remove_retired_by_row_hash" if kind.has_row_hash else "remove_retired"
    with staging.bind_table("incoming", incoming):
        staging.execute(_load(statement, table=kind.table), params)
    staging.insert(kind.table, incoming)


def _bring_plans(lake: LakeVersion, staging: StagedVersion, kind: TableKind, plans: Collection[str]) -> None:
    """Bring every row of some plans."""
    params = {"plans": list(plans)}
    staging.execute(_load(f"remove_by_{kind.owner}", table=kind.table), params)
    for rows in lake.iterate_tables(_load(f"rows_by_{kind.owner}", table=kind.table), params):
        staging.insert(kind.table, rows)


def _bring_all_rows(lake: LakeVersion, staging: StagedVersion, kind: TableKind) -> None:
    for rows in lake.iterate_tables(_load("all_rows", table=kind.table)):
        staging.insert(kind.table, rows)
