"""Tell a damaged database file from a locked, full or newer one, so that no good version is quarantined."""

from __future__ import annotations

from pathlib import Path

import duckdb

from kpis.errors import StoreError
from kpis.store.files import build_full_disk_error, build_unusable_error

MISSING_PART_MESSAGE = "Corrupt database file: it lacks {part}"

# DuckDB 1.5 distinguishes them only by text (src/storage/single_file_block_manager.cpp).
_CORRUPT_SIGNS = ("Corrupt database file", "Could not read enough bytes", "not a valid DuckDB database file")
_FULL_SIGNS = (
    "No space left on device",
    "File too large",
    "Disk quota exceeded",
    "not enough space on the disk",
)
_LOCKED_SIGNS = ("Conflicting lock", "being used by another process")

STORE_FAULTS = (StoreError, duckdb.Error)
"""Whatever the database raises, a wrong statement too: never the fault of what is being stored."""

STORAGE_ERRORS = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.SerializationException,
    duckdb.InternalException,
    duckdb.FatalException,
)
"""Errors that the file, the disk or memory can cause; a wrong statement raises another one."""


def is_corrupt_on_read(error: duckdb.Error) -> bool:
    """True if a query read wrong bytes; not for a wrong query or a disk that fills up while it spills."""
    return isinstance(error, duckdb.IOException) and any(sign in str(error) for sign in _CORRUPT_SIGNS)


def is_corrupt_on_open(error: duckdb.Error) -> bool:
    """True if the file itself cannot be opened: wrong bytes in its header or catalogue."""
    broken = (*STORAGE_ERRORS[2:], duckdb.CatalogException)
    return is_corrupt_on_read(error) or isinstance(error, broken)


def convert_duckdb_error(error: duckdb.Error, path: Path) -> StoreError:
    """Return a DuckDB failure at `path` as an error that says what to do next."""
    text = str(error)
    if any(sign in text for sign in _FULL_SIGNS):
        return build_full_disk_error(path)
    if any(sign in text for sign in _LOCKED_SIGNS):
        return StoreError("{path} is open for writing in another program. Close that program and try again.", path=path)
    if "version number" in text:
        return StoreError("{path} was written by a newer release. Install that release again.", path=path)
    return build_unusable_error(path, text.partition("\n")[0])
