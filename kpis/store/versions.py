"""Immutable versions and the pointer that names the newest (docs/decisions/versions-of-the-database.md).

A number is never used twice: it is the key of every cache. So the next one is above every number that the
pointer or any file beside it has, those set aside included.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kpis.errors import StoreError
from kpis.store.files import as_store_error, fsync_file, get_temporary_path, replace_file, write_atomic
from kpis.store.paths import DAMAGED_SUFFIX, DatabasePaths

MAX_VERSIONS = 3


@dataclass(frozen=True)
class PointerContent:
    """What the pointer says: the newest version and the bytes its file had when it was published."""

    version: int
    size: int


def read_pointer(paths: DatabasePaths) -> PointerContent | None:
    """The pointer, or None where it is missing, or damaged beside versions that can still serve."""
    with as_store_error(paths.pointer):
        try:
            text = paths.pointer.read_bytes()
        except FileNotFoundError:
            return None
    try:
        said = json.loads(text)
        return PointerContent(int(said["version"]), int(said["size"]))
    except (ValueError, KeyError, TypeError) as error:
        if paths.list_versions() or paths.list_quarantined():
            return None
        # Publishing would write over it, and it may be a file of somebody's own.
        raise StoreError(
            "{path} is no pointer of this product. Name another file with --database, or move this one away.",
            path=paths.pointer,
        ) from error


def list_candidates(paths: DatabasePaths) -> list[int]:
    """Versions that may be served, best first: never one above the pointer, which nobody was told of."""
    said = read_pointer(paths)
    return [number for number in paths.list_versions() if said is None or number <= said.version]


def find_current_version(pointer: Path) -> int | None:
    """The number of the version that serves, without opening it; None before the first sync."""
    return next(iter(list_candidates(DatabasePaths(pointer))), None)


def has_fallen_back(pointer: Path) -> bool:
    """Whether the newest version was lost: what it held that its sources still hold must be read again."""
    place = DatabasePaths(pointer)
    said = read_pointer(place)
    return said is not None and find_current_version(pointer) != said.version


def find_next_number(paths: DatabasePaths) -> int:
    """A number that no version has had, those that failed to publish or were set aside included."""
    said = read_pointer(paths)
    used = [*paths.list_versions(), *paths.list_quarantined(), said.version if said else 0]
    return max(used) + 1


def quarantine(paths: DatabasePaths, number: int) -> bool:
    """Renames a version that will not open, so that the one before serves; False where that is refused."""
    path = paths.get_version_path(number)
    try:
        path.rename(path.with_name(path.name + DAMAGED_SUFFIX))
    except FileNotFoundError:  # another reader was first
        return True
    except OSError:  # a folder we may only read: the caller passes over it without renaming
        return False
    return True


def list_quarantined_files(pointer: Path) -> list[Path]:
    """Versions that were set aside, newest first: a warning for the sources page until they are removed."""
    place = DatabasePaths(pointer)
    return [_get_quarantine_path(place.get_version_path(number)) for number in place.list_quarantined()]


def _get_quarantine_path(path: Path) -> Path:
    return path.with_name(path.name + DAMAGED_SUFFIX)


def drop_stale_wal(path: Path) -> None:
    """Removes a write-ahead log beside a version: ours have none, so it belongs to another file.

    DuckDB would replay it into this one without a word.
    """
    log = path.with_name(path.name + ".wal")
    with as_store_error(log):
        log.unlink(missing_ok=True)


def publish(paths: DatabasePaths, number: int) -> None:
    """Makes the closed staging file version `number` and lets the pointer name it, each step durable.

    Killed before the pointer is replaced, the old version serves; after it, the new one.
    """
    target = paths.get_version_path(number)
    with as_store_error(target):
        fsync_file(paths.staging)
        drop_stale_wal(target)
        size = paths.staging.stat().st_size
        replace_file(paths.staging, target)
    said = {"version": number, "file": target.name, "size": size}
    write_atomic(paths.pointer, json.dumps(said).encode() + b"\n")


def remove_old_versions(paths: DatabasePaths) -> None:
    """Removes versions below the last few. One that a reader holds open on Windows goes next time."""
    for number in list_candidates(paths)[MAX_VERSIONS:]:
        with suppress(OSError):
            paths.get_version_path(number).unlink()


def clear_leftovers(paths: DatabasePaths) -> None:
    """Removes what a killed run left: the staging file, its log and spill folder, half-written files."""
    with as_store_error(paths.staging):
        for path in (paths.staging, paths.staging.with_name(paths.staging.name + ".wal")):
            path.unlink(missing_ok=True)
        for path in (paths.pointer, paths.journal, paths.positions):
            get_temporary_path(path).unlink(missing_ok=True)
        spill = paths.staging.with_name(paths.staging.name + ".tmp")
        if spill.is_dir():
            shutil.rmtree(spill)
