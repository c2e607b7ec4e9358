"""The store that the settings name: files next to a pointer, or a lake that is followed into such files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from kpis.settings import Settings
from kpis.store import journal
from kpis.store.lake.address import LakeAddress, parse_address
from kpis.store.lake.lake_store import LakeStore
from kpis.store.lake.shared_state import note_in_journal
from kpis.store.paths import DatabasePaths
from kpis.store.replica import look_at_replica
from kpis.store.version_store import FileStore, VersionStore


def open_store(settings: Settings, *, accepts_clock: bool = False) -> VersionStore:
    """Return where versions are published. UsageError for an address that is not valid; nothing is connected to.

    `accepts_clock`: a person has accepted that the clock of a lake differs from this machine's.
    """
    address = find_lake(settings)
    if address is None:
        return FileStore(settings.pointer)
    return LakeStore(address, settings.pointer, accepts_clock=accepts_clock, look=partial(look_at_replica, settings))


def append_to_journal(settings: Settings, record: Mapping[str, object]) -> None:
    """Add what is no sync to the journal: for the holder of the lock of the files, with a lake for everybody."""
    address, paths = find_lake(settings), DatabasePaths(settings.pointer)
    if address is None:
        journal.append(paths.journal, record)
    else:
        note_in_journal(address, paths, record)


def find_lake(settings: Settings) -> LakeAddress | None:
    """Return the address of the lake; None without one. UsageError for one that is not valid."""
    return None if settings.lake is None else parse_address(settings.lake)
