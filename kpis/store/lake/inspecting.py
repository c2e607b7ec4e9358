"""What stands in the way of publishing into a lake and of following it, without changing anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from kpis.errors import StoreError
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.connection import open_lake
from kpis.store.lake.follower import check_order, get_spill_folder, read_local_meta
from kpis.store.lake.lake_version import LakeVersion
from kpis.store.lake.move_marks import require_lake_to_publish
from kpis.store.lake.shared_tables import check_release
from kpis.store.paths import DatabasePaths


def check_lake_content(address: LakeAddress, pointer: Path) -> Iterator[StoreError]:
    """Yield why nothing is published into a lake that serves: it was moved, or a move to it is not finished.

    StoreError if the machine of `pointer` does not follow it, or it cannot be read.
    """
    check_release(address)
    connection = open_lake(address, get_spill_folder(DatabasePaths(pointer)), is_read_only=True)
    with closing(LakeVersion(address, connection)) as lake:
        try:
            require_lake_to_publish(lake)
        except StoreError as error:
            yield error
        if lake.version:
            check_order(lake, read_local_meta(pointer), pointer)
