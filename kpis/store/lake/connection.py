"""A connection of DuckDB to a lake: its tables are the current catalog, nothing else of it is reached by SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from kpis.errors import StoreError
from kpis.store import sql
from kpis.store.database import ONE_THREAD_BYTES
from kpis.store.files import as_store_error
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.instances import give_back, take_connection
from kpis.store.staged_version import Connection

# Inlined rows and deletions in files are counted in two ways (ducklake#1215): nothing is inlined.
_OPTIONS = "data_inlining_row_limit 0, automatic_migration false"

_large: set[LakeAddress] = set()
"""The lakes that had more bytes when they were last opened than one thread is to ask."""


@contextmanager
def as_lake_error(address: LakeAddress) -> Iterator[None]:
    """Raise failures of DuckDB, PostgreSQL and the files of a lake as StoreError."""
    try:
        yield
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        text = "The lake at {lake} could not be used: {reason}. The figures published so far are kept."
        raise StoreError(text, lake=address.describe(), reason=reason) from error


def open_lake(address: LakeAddress, spill: Path, *, data: str | None = None, is_read_only: bool = False) -> Connection:
    """Open a lake; what does not fit into memory is spilled into the folder `spill`.

    `data`: the folder or the store of a lake that is to be made; without it the lake has to be there already.
    StoreError if PostgreSQL does not answer, or there is no lake.
    """
    if data is None:
        options = f"create_if_not_exists false, {_OPTIONS}"
    else:
        options = f"data_path {sql.quote_text(data)}, {_OPTIONS}"
    if is_read_only:
        options += ", read_only"
    with as_store_error(spill):
        spill.mkdir(parents=True, exist_ok=True)
    statement = f"attach {sql.quote_text(f'ducklake:postgres:{address.conninfo}')} as lake ({options})"
    with as_lake_error(address):
        is_large = address in _large
        connection = _open(address, spill, statement, is_large=is_large)
        try:
            if (_sum_file_sizes(connection) > ONE_THREAD_BYTES) != is_large:
                (_large.discard if is_large else _large.add)(address)
                close_lake(connection)
                connection = _open(address, spill, statement, is_large=not is_large)
            _check_folder(find_data_folder(connection))
        except BaseException:
            close_lake(connection)
            raise
    return connection


def _open(address: LakeAddress, spill: Path, statement: str, *, is_large: bool) -> Connection:
    connection = take_connection(spill, has_one_thread=not is_large)
    try:
        _attach(connection, statement, address)
    except BaseException:
        close_lake(connection)
        raise
    return connection


def _attach(connection: Connection, statement: str, address: LakeAddress) -> None:
    try:
        connection.execute(statement)
        connection.execute("use lake")
    except duckdb.InvalidInputException as error:
        if "does not exist" not in str(error):
            raise
        text = "There is no lake at {lake} yet. Make one: {command}"
        command = "python -m kpis store create --data …"
        raise StoreError(text, lake=address.describe(), command=command) from error


def close_lake(connection: Connection) -> None:
    """End a connection and its transaction; do nothing if it was ended."""
    give_back(connection)


def find_data_folder(connection: Connection) -> Path | None:
    """Return the folder with the files of a lake; None for a store of objects, which keeps what it has answered for."""
    ((place,),) = connection.execute(sql.load("kpis.store.lake", "data_path")).fetchall()
    return None if "://" in place else Path(place)


def _sum_file_sizes(connection: Connection) -> int:
    ((size,),) = connection.execute(sql.load("kpis.store.lake", "sum_file_sizes")).fetchall()
    return int(size)


def _check_folder(folder: Path | None) -> None:
    if folder is not None and not folder.is_dir():
        text = "The folder {path} with the files of the lake is not there. Mount it, then run it again."
        raise StoreError(text, path=folder)
