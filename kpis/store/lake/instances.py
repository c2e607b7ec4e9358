"""Instances of DuckDB with the lake's extensions, of which one that is done serves again in the same process.

DuckDB checks the signature of an extension whenever it loads it, which takes longer than most publications do. An idle
instance has nothing attached: no session of PostgreSQL, no transaction, no table.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kpis.store.lake.extensions import load_extensions
from kpis.store.staged_version import Connection

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "512MB",
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_SETTINGS = (
    # With retries two transactions that delete and insert the same row may both be committed (ducklake#1393).
    "set global ducklake_max_retry_count = 0",
    # A sync that reads sheets for minutes holds its transaction; only PostgreSQL's end of the connection ends it.
    "set global pg_idle_in_transaction_timeout_millis = 0",
)
_LOCK = "set lock_configuration = true"
_MOST_IDLE = 1
"""So many are kept of each kind: a process publishes, then follows."""


@dataclass(frozen=True)
class _Instance:
    """`kind`: of which process it is, where it spills, and whether it has one thread."""

    connection: Connection
    kind: tuple[int, str, bool]


_idle: dict[tuple[int, str, bool], list[_Instance]] = {}
_in_use: dict[int, tuple[Connection, _Instance]] = {}
"""By the id of each connection that was taken, that connection, so that no other one has its id, and its instance."""
_mutex = threading.Lock()


def take_connection(spill: Path, *, has_one_thread: bool) -> Connection:
    """Return a connection of its own to an instance that nobody uses, which spills into a folder.

    It has one thread, or as many as there are processors. `give_back` ends it.
    """
    # A child process must not use what its parent has opened.
    kind = (os.getpid(), str(spill), has_one_thread)
    with _mutex:
        idle = _idle.get(kind)
        instance = idle.pop() if idle else None
    if instance is None:
        instance = _Instance(_start(spill, has_one_thread=has_one_thread), kind)
    connection = instance.connection.cursor()
    _in_use[id(connection)] = connection, instance
    return connection


def give_back(connection: Connection) -> None:
    """Close a connection, detach the lake and keep the instance for the next one; do nothing if that was done.

    A transaction is rolled back first, since closing one that PostgreSQL broke ends the process.
    """
    _, instance = _in_use.pop(id(connection), (None, None))
    if instance is None:
        return
    with suppress(duckdb.Error):  # it was committed
        connection.execute("rollback")
    connection.close()
    try:
        instance.connection.execute("detach database if exists lake")
    except duckdb.Error:
        instance.connection.close()
        return
    with _mutex:
        idle = _idle.setdefault(instance.kind, [])
        if len(idle) < _MOST_IDLE:
            idle.append(instance)
            return
    instance.connection.close()


def _start(spill: Path, *, has_one_thread: bool) -> Connection:
    connection = duckdb.connect(config={**_CONFIG, "temp_directory": str(spill)})
    try:
        load_extensions(connection)
        for statement in (*_SETTINGS, *(["set threads = 1"] if has_one_thread else []), _LOCK):
            connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection
