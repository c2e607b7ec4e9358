"""Makes an empty lake: the tables of a version, what followers have to know, and the first epoch."""

from __future__ import annotations

import uuid
from pathlib import Path

from kpis.errors import StoreError
from kpis.store import sql
from kpis.store.formats import EPOCH, FORMAT
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.connection import as_lake_error, close_lake, open_lake
from kpis.store.lake.shared_tables import create_shared_tables
from kpis.store.schema_columns import read_columns
from kpis.store.staged_version import Connection

_SCHEMA = ("create_schema", "create_contents", "create_moves")


def create_lake(address: LakeAddress, data: str, spill: Path) -> bool:
    """Make a lake whose files lie in `data` (an absolute folder that is there, or `s3://…`) unless there is one.

    Returns whether there was none. All tables are made in one transaction, the shared ones in a second, which adds
    what a lake lacks. StoreError if the database holds something else, or another folder is named.
    """
    if "://" not in data and not Path(data).is_dir():
        raise StoreError("The folder {path} for the files of the lake is not there. Make it first.", path=data)
    with as_lake_error(address):
        connection = open_lake(address, spill, data=data)
        try:
            connection.execute("begin transaction")
            is_new = not read_columns(connection)
            if is_new:
                _create_tables(connection)
                connection.execute("commit")
        finally:
            close_lake(connection)
    create_shared_tables(address)
    return is_new


def _create_tables(connection: Connection) -> None:
    connection.execute(sql.load("kpis.store", "schema"))
    for name in ("partition_entries", *_SCHEMA):
        connection.execute(sql.load("kpis.store.lake", name))
    for key, value in (("format", FORMAT), (EPOCH, uuid.uuid4().hex)):
        connection.execute(sql.load("kpis.store.lake", "set_property"), {"key": key, "value": value})
