"""Saves what a lake holds as files of a database of its own, without any lock: publications go on meanwhile.

What the machines share is read first, then the version: of a publication in between the files hold the figures and
not yet its line of the journal, as where a leader was killed there.
"""

from __future__ import annotations

import uuid
from contextlib import closing
from pathlib import Path

from kpis.errors import StoreError
from kpis.store.changes.rules import NOT_COMPARED
from kpis.store.database import Database
from kpis.store.formats import EPOCH
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.connection import open_lake
from kpis.store.lake.follower import bring_all_tables
from kpis.store.lake.lake_version import PLACE_KEYS, LakeVersion
from kpis.store.lake.leader_lock import SILENCE_SECONDS
from kpis.store.lake.postgres_session import open_session
from kpis.store.lake.shared_state import bring_over
from kpis.store.moving import find_differing_table, read_figures
from kpis.store.paths import DatabasePaths
from kpis.store.schema_columns import read_columns
from kpis.store.staging import Staging


def save_lake(address: LakeAddress, pointer: Path, target: DatabasePaths) -> list[str]:
    """Write the current version, journal, positions, requests, reminders and answers next to an empty `target`.

    Every row is read, counted, and compared with the copy that follows the lake next to `pointer`, where that has the
    same version. Returns the epochs of the lake, its own last; none before the first publication. StoreError if the
    lake cannot be read wholly.
    """
    with open_session(address, name="kpis backup", silence_seconds=SILENCE_SECONDS) as session, session.transaction():
        session.fetch_rows("read_at_one_moment")
        bring_over(session, target)
    # An instance of DuckDB that served this process before may answer from its memory, not from the file.
    connection = open_lake(address, target.folder / f"lake-{uuid.uuid4().hex}.tmp", is_read_only=True)
    with closing(LakeVersion(address, connection)) as lake:
        if lake.version:
            _save_version(lake, pointer, target)
            return [*lake.earlier_epochs, lake.meta[EPOCH]]
    return []


def _save_version(lake: LakeVersion, pointer: Path, target: DatabasePaths) -> None:
    with Staging(target, None, lake.version) as staging:
        bring_all_tables(lake, staging)
        _compare_with_copy(lake, staging, pointer)
        staging.publish({key: value for key, value in lake.meta.items() if key not in PLACE_KEYS})


def _compare_with_copy(lake: LakeVersion, staging: Staging, pointer: Path) -> None:
    """Raise StoreError if this machine's copy of the same version has other rows: a file of one was changed."""
    try:
        copy = Database.open(pointer)
    except StoreError:  # damaged or of an earlier release: it is built again from the lake
        return
    if copy is None:
        return
    with closing(copy):
        if any(copy.meta.get(key) != lake.meta[key] for key in ("version", EPOCH)):
            return
        tables = read_columns(staging.connection).keys() - NOT_COMPARED
        differing = find_differing_table(read_figures(copy, tables), read_figures(staging, tables))
    if differing is not None:
        text = (
            "The table {table} of the lake at {lake} has other rows than the copy of the same version at {path}, so a "
            "file of one of them was changed. Nothing was written. If the lake is sound, move the copy away: it is "
            "built again."
        )
        raise StoreError(text, table=differing, lake=lake.address.describe(), path=pointer)
