"""Immutable versions and the pointer to the newest one (docs/decisions/versions-of-the-database.md).

A number is never used twice: it is the key of every cache. So the next one is above every number of the
pointer and of all files next to it, quarantined ones included.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kpis.errors import StoreError
from kpis.store.files import as_store_error, fsync_file, get_temporary_path, replace_file, write_atomic
from kpis.store.paths import DAMAGED_SUFFIX, MAX_NUMBER, DatabasePaths

MAX_VERSIONS = 3
_MAX_POINTER_BYTES = 4096


@dataclass(frozen=True)
class PointerContent:
    """The pointer's content: the newest version and the size in bytes that its file had when published."""

    version: int
    size: int


def read_pointer(paths: DatabasePaths) -> PointerContent | None:
    """Return the pointer; None if it is missing, or damaged while there are versions to use."""
    with as_store_error(paths.pointer):
        try:
            with paths.pointer.open("rb") as file:
                text = file.read(_MAX_POINTER_BYTES + 1)
        except FileNotFoundError:
            return None
    try:
        return _parse_pointer(text)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if paths.list_versions() or paths.list_quarantined():
            return None
        # Publishing would overwrite it, and it may be somebody else's file.
        raise StoreError(
            "{path} is not a pointer file of this product. Choose another file with --database, or move this one.",
            path=paths.pointer,
        ) from error


def _parse_pointer(text: bytes) -> PointerContent:
    if len(text) > _MAX_POINTER_BYTES:
        raise ValueError("too long")
    content = json.loads(text)
    version, size = content["version"], content["size"]
    if type(version) is not int or type(size) is not int:
        raise TypeError("not whole numbers")
    if not (0 < version <= MAX_NUMBER and size >= 0):
        raise ValueError("out of range")
    return PointerContent(version, size)


def list_candidates(paths: DatabasePaths) -> list[int]:
    """Return the versions that may be used, newest first.

    None above the pointer, since it was not published; but a pointer that gives another size than that of
    the file it names was damaged or belongs to another time, so it decides nothing.
    """
    return _select_candidates(paths, read_pointer(paths))


def _select_candidates(paths: DatabasePaths, content: PointerContent | None) -> list[int]:
    if content is not None and not _is_size_right(paths, content):
        content = None
    return [number for number in paths.list_versions() if content is None or number <= content.version]


def _has_named_file(paths: DatabasePaths, content: PointerContent) -> bool:
    try:
        return paths.get_version_path(content.version).stat().st_size == content.size
    except OSError:
        return False


def _is_size_right(paths: DatabasePaths, content: PointerContent) -> bool:
    try:
        return paths.get_version_path(content.version).stat().st_size == content.size
    except OSError:  # gone or not readable: nothing speaks against the pointer
        return True


def find_current_version(pointer: Path) -> int | None:
    """Return the number of the current version without opening it; None before the first sync."""
    paths = DatabasePaths(pointer)
    return _find_current(paths, read_pointer(paths))


def _find_current(paths: DatabasePaths, content: PointerContent | None) -> int | None:
    """Return the first candidate. Where the pointer names a file of its size, nothing else needs a look."""
    if content is not None and _has_named_file(paths, content):
        return content.version
    return next(iter(_select_candidates(paths, content)), None)


def has_fallen_back(pointer: Path) -> bool:
    """True if the newest version was lost, so that every source must be read again."""
    paths = DatabasePaths(pointer)
    content = read_pointer(paths)
    return content is not None and (_find_current(paths, content) or 0) < content.version


def find_next_number(paths: DatabasePaths) -> int:
    """Return a number that no version has had, even one that was quarantined or failed to publish."""
    content = read_pointer(paths)
    used = [*paths.list_versions(), *paths.list_quarantined(), content.version if content else 0]
    return max(used) + 1


def quarantine(paths: DatabasePaths, number: int) -> None:
    """Rename a version that does not open, so that the previous one is used."""
    path = paths.get_version_path(number)
    # Another reader may be first, or the folder read-only: the caller skips the version in any case.
    with suppress(OSError):
        path.rename(_get_quarantine_path(path))


def list_quarantined_files(pointer: Path) -> list[Path]:
    """Return the quarantined files, newest first; the sources page warns until they are removed."""
    paths = DatabasePaths(pointer)
    return [_get_quarantine_path(paths.get_version_path(number)) for number in paths.list_quarantined()]


def _get_quarantine_path(path: Path) -> Path:
    return path.with_name(path.name + DAMAGED_SUFFIX)


def drop_stale_wal(path: Path) -> None:
    """Remove a write-ahead log next to a version: versions have none, so it belongs to another file.

    DuckDB would silently replay it into this one.
    """
    log = path.with_name(path.name + ".wal")
    with as_store_error(log):
        # A system that may only be read refuses to remove even a file that does not exist.
        if os.path.lexists(log):
            log.unlink(missing_ok=True)


def publish(paths: DatabasePaths, number: int) -> None:
    """Rename the closed staging file to version `number` and point to it; each step is durable.

    If it is killed before the pointer is replaced, the old version is current; after it, the new one.
    """
    target = paths.get_version_path(number)
    with as_store_error(target):
        fsync_file(paths.staging)
        drop_stale_wal(target)
        size = paths.staging.stat().st_size
        replace_file(paths.staging, target)
    content = {"version": number, "file": target.name, "size": size}
    write_atomic(paths.pointer, json.dumps(content).encode() + b"\n")


def remove_old_versions(paths: DatabasePaths) -> None:
    """Remove all but the last MAX_VERSIONS. One that a reader holds open on Windows is removed next time."""
    for number in list_candidates(paths)[MAX_VERSIONS:]:
        with suppress(OSError):
            paths.get_version_path(number).unlink()


def clear_leftovers(paths: DatabasePaths) -> None:
    """Remove what a killed run left: the staging file, its log and spill folder, half-written files."""
    with as_store_error(paths.staging):
        for path in (paths.staging, paths.staging.with_name(paths.staging.name + ".wal")):
            path.unlink(missing_ok=True)
        for path in (paths.pointer, paths.journal, paths.positions):
            get_temporary_path(path).unlink(missing_ok=True)
        spill = paths.staging.with_name(paths.staging.name + ".tmp")
        if spill.is_dir():
            shutil.rmtree(spill)
