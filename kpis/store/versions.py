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
from kpis.store.files import explained, fresh, replace, sync_file, write_whole
from kpis.store.paths import DAMAGED, Place

KEPT = 3


@dataclass(frozen=True)
class Pointed:
    """What the pointer says: the newest version and the bytes its file had when it was published."""

    version: int
    size: int


def pointed(place: Place) -> Pointed | None:
    """The pointer, or None where it is missing, or damaged beside versions that can still serve."""
    with explained(place.pointer):
        try:
            text = place.pointer.read_bytes()
        except FileNotFoundError:
            return None
    try:
        said = json.loads(text)
        return Pointed(int(said["version"]), int(said["size"]))
    except (ValueError, KeyError, TypeError) as error:
        if place.versions() or place.damaged():
            return None
        # Publishing would write over it, and it may be a file of somebody's own.
        raise StoreError(
            "{path} is no pointer of this product. Name another file with --database, or move this one away.",
            path=place.pointer,
        ) from error


def candidates(place: Place) -> list[int]:
    """Versions that may be served, best first: never one above the pointer, which nobody was told of."""
    said = pointed(place)
    return [number for number in place.versions() if said is None or number <= said.version]


def current(pointer: Path) -> int | None:
    """The number of the version that serves, without opening it; None before the first sync."""
    return next(iter(candidates(Place(pointer))), None)


def fell_back(pointer: Path) -> bool:
    """Whether the newest version was lost: what it held that its sources still hold must be read again."""
    place = Place(pointer)
    said = pointed(place)
    return said is not None and current(pointer) != said.version


def next_number(place: Place) -> int:
    """A number that no version has had, those that failed to publish or were set aside included."""
    said = pointed(place)
    used = [*place.versions(), *place.damaged(), said.version if said else 0]
    return max(used) + 1


def set_aside(place: Place, number: int) -> bool:
    """Renames a version that will not open, so that the one before serves; False where that is refused."""
    path = place.version(number)
    try:
        path.rename(path.with_name(path.name + DAMAGED))
    except FileNotFoundError:  # another reader was first
        return True
    except OSError:  # a folder we may only read: the caller passes over it without renaming
        return False
    return True


def damaged_files(pointer: Path) -> list[Path]:
    """Versions that were set aside, newest first: a warning for the sources page until they are removed."""
    place = Place(pointer)
    return [_damaged(place.version(number)) for number in place.damaged()]


def _damaged(path: Path) -> Path:
    return path.with_name(path.name + DAMAGED)


def drop_stale_wal(path: Path) -> None:
    """Removes a write-ahead log beside a version: ours have none, so it belongs to another file.

    DuckDB would replay it into this one without a word.
    """
    log = path.with_name(path.name + ".wal")
    with explained(log):
        log.unlink(missing_ok=True)


def publish(place: Place, number: int) -> None:
    """Makes the closed staging file version `number` and lets the pointer name it, each step durable.

    Killed before the pointer is replaced, the old version serves; after it, the new one.
    """
    target = place.version(number)
    with explained(target):
        sync_file(place.staging)
        drop_stale_wal(target)
        size = place.staging.stat().st_size
        replace(place.staging, target)
    said = {"version": number, "file": target.name, "size": size}
    write_whole(place.pointer, json.dumps(said).encode() + b"\n")


def sweep(place: Place) -> None:
    """Removes versions below the last few. One that a reader holds open on Windows goes next time."""
    for number in candidates(place)[KEPT:]:
        with suppress(OSError):
            place.version(number).unlink()


def clear_leftovers(place: Place) -> None:
    """Removes what a killed run left: the staging file, its log and spill folder, half-written files."""
    with explained(place.staging):
        for path in (place.staging, place.staging.with_name(place.staging.name + ".wal")):
            path.unlink(missing_ok=True)
        for path in (place.pointer, place.journal, place.positions):
            fresh(path).unlink(missing_ok=True)
        spill = place.staging.with_name(place.staging.name + ".tmp")
        if spill.is_dir():
            shutil.rmtree(spill)
