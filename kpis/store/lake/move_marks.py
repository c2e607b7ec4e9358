"""The mark of a move in a lake, written together with the properties of its version: a second writer is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial

from kpis.errors import StoreError
from kpis.store import sql
from kpis.store.lake.connection import as_lake_error, find_data_folder
from kpis.store.lake.durable_files import NewFiles
from kpis.store.lake.lake_version import LakeVersion
from kpis.store.move_marks import MoveMark, require_publishing

_load = partial(sql.load, "kpis.store.lake")


def read_lake_mark(lake: LakeVersion) -> MoveMark | None:
    """Return the mark of a lake that is open; None if it was never moved."""
    rows = lake.fetch_rows(_load("move_mark"))
    return MoveMark.parse(rows[0]) if rows else None


def require_lake_to_publish(lake: LakeVersion) -> None:
    """Raise StoreError if a lake that is open was moved elsewhere, or did not arrive wholly."""
    require_publishing(lake.address.describe(), read_lake_mark(lake))


def write_lake_mark(lake: LakeVersion, mark: MoveMark, is_leading: Callable[[], bool]) -> None:
    """Put a mark in place of the one that is there and commit, in the transaction in which the lake was read.

    StoreError if another process published or leads meanwhile.
    """
    with as_lake_error(lake.address):
        files = NewFiles(find_data_folder(lake.connection))
        lake.connection.execute(_load("forget_move_mark"))
        lake.connection.execute(_load("record_move_mark"), asdict(mark))
        # The same row anew: both this and a publication replace it, so that only one of two is committed.
        number = {"key": "format", "value": lake.format}
        lake.connection.execute(_load("forget_property"), {"key": "format"})
        lake.connection.execute(_load("set_property"), number)
    files.write_through()
    if not is_leading():
        text = "Another process leads the lake at {lake} now; nothing was published by this one."
        raise StoreError(text, lake=lake.address.describe())
    with as_lake_error(lake.address):
        lake.connection.execute("commit")
