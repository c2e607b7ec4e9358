"""Telling a damaged file from a busy, full or newer one, so that no good version is set aside."""

from __future__ import annotations

from pathlib import Path

import duckdb

from kpis.errors import StoreError

WRONG_SIZE_MESSAGE = "Corrupt database file: not as long as it was published"

# DuckDB 1.5 tells them apart by text alone (src/storage/single_file_block_manager.cpp).
_CORRUPT_SIGNS = ("Corrupt database file", "Could not read enough bytes", "not a valid DuckDB database file")
_FULL_SIGNS = (
    "No space left on device",
    "File too large",
    "Disk quota exceeded",
    "not enough space on the disk",
)
_LOCKED_SIGNS = ("Conflicting lock", "being used by another process")

STORAGE_ERRORS = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.SerializationException,
    duckdb.InternalException,
    duckdb.FatalException,
)
"""What the file, the disk or the memory can be the cause of; a wrong statement raises something else."""


def is_corrupt_on_read(error: duckdb.Error) -> bool:
    """A query met wrong bytes. Its own mistakes, or a full disk while it spills, are not the file's."""
    return isinstance(error, duckdb.IOException) and any(sign in str(error) for sign in _CORRUPT_SIGNS)


def is_corrupt_on_open(error: duckdb.Error) -> bool:
    """The file itself cannot be opened: wrong bytes in its header or its catalogue."""
    broken = (*STORAGE_ERRORS[2:], duckdb.CatalogException)
    return is_corrupt_on_read(error) or isinstance(error, broken)


def convert_duckdb_error(error: duckdb.Error, path: Path) -> StoreError:
    """What DuckDB refused at `path`, as a sentence with the next step."""
    said = str(error)
    if any(sign in said for sign in _FULL_SIGNS):
        return StoreError(
            "The disk is full: {path} could not be written. Free some space and run it again; "
            "the figures published so far are kept.",
            path=path,
        )
    if any(sign in said for sign in _LOCKED_SIGNS):
        return StoreError(
            "{path} is open for writing in another program. Close that program and try again.", path=path
        )
    if "version number" in said:
        return StoreError("{path} was written by a newer release. Install that release again.", path=path)
    return StoreError(
        "{path} could not be used: {reason}. The figures published so far are kept.",
        path=path,
        reason=said.partition("\n")[0],
    )
