"""Going on with a lake whose catalog was restored: a number above every one that was seen, and a new epoch."""

from __future__ import annotations

from pathlib import Path

from kpis.errors import StoreError
from kpis.store.formats import EPOCH
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.connection import open_lake
from kpis.store.lake.follower import find_highest_number, follow, get_spill_folder, read_local_meta
from kpis.store.lake.lake_version import PLACE_KEYS, LakeVersion
from kpis.store.lake.leader_lock import try_lead
from kpis.store.lake.move_marks import require_lake_to_publish
from kpis.store.lake.shared_state import skip_counters
from kpis.store.lake.shared_tables import upgrade_shared_tables
from kpis.store.lake.staging import LakeStaging
from kpis.store.paths import DatabasePaths


def adopt_lake(address: LakeAddress, pointer: Path, above: int = 0) -> int:
    """Publish what the lake holds once more, under a number above its own, that of the version next to `pointer`, and
    `above`, in a new epoch; return the number.

    Whoever followed it until now goes over to it. StoreError if another process leads, or there are no figures.
    """
    with try_lead(address) as lock:
        if lock is None:
            text = "A sync or another change of the lake at {lake} is under way. Run it again when it has ended."
            raise StoreError(text, lake=address.describe())
        upgrade_shared_tables(lock.session)  # a dump of an earlier release lacks some
        local = read_local_meta(pointer)
        lake = _open(address, pointer)
        if lake is None:
            raise StoreError("The lake at {lake} has no figures.", lake=address.describe())
        above = max(above, find_highest_number(pointer))
        with LakeStaging(lake, lock.is_held, lambda: _open(address, pointer), above=above) as staging:
            require_lake_to_publish(lake)
            staging.begin_epoch([local[EPOCH]] if local is not None else [])
            number = staging.publish({key: value for key, value in lake.meta.items() if key not in PLACE_KEYS})
        skip_counters(lock.session, DatabasePaths(pointer))
        lock.session.fetch_rows("forget_configuration")
    follow(address, pointer)
    return number


def _open(address: LakeAddress, pointer: Path) -> LakeVersion | None:
    lake = LakeVersion(address, open_lake(address, get_spill_folder(DatabasePaths(pointer))))
    if lake.version:
        return lake
    lake.close()
    return None
