"""Folders to work in that a later run removes if this one is killed.

Each has a lock file among the system's temporary files: it names the folder and is held by the process that
works there. A lock that is free belongs to a run that was killed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kpis.errors import StoreError
from kpis.store.files import as_store_error, build_unusable_error
from kpis.store.lock import try_lock

PREFIX = "kpis-work-"
NAMES = (PREFIX, ".making-")
"""How the names of folders begin that may be removed, whatever a lock file says."""

_LOCK_SUFFIX = ".lock"
_MAX_TRIES = 5


@contextmanager
def open_work_folder(purpose: str, folder: Path | None = None) -> Iterator[Path]:
    """Yield a new folder and remove it afterwards, unless it was renamed; first those of killed runs.

    It is `folder`, whose name is unique and begins with one of NAMES, or one among the system's temporary
    files. StoreError if it cannot be made.
    """
    remove_leftover_folders()
    parent = Path(tempfile.gettempdir())
    for _ in range(_MAX_TRIES):
        name = f"{PREFIX}{purpose}-{uuid.uuid4().hex[:12]}"
        lock, work_folder = parent / (name + _LOCK_SUFFIX), folder or parent / name
        with as_store_error(lock):
            lock.write_text(str(work_folder.absolute()), encoding="utf-8")
        with try_lock(lock) as is_acquired:
            # A run that removes leftovers may have taken the new file for one.
            if not is_acquired or not lock.exists():
                continue
            try:
                with as_store_error(work_folder):
                    work_folder.mkdir(mode=0o700 if folder is None else 0o777)
                yield work_folder
            finally:
                _remove(work_folder, lock)
        with suppress(OSError):  # Windows removes no file that is open
            lock.unlink(missing_ok=True)
        return
    raise build_unusable_error(parent, "locked")


def remove_leftover_folders() -> int:
    """Remove the folders of runs that were killed and return how many; those in use stay."""
    removed = 0
    for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*{_LOCK_SUFFIX}"):
        if lock.is_symlink() or not _is_ours(lock):
            continue
        with suppress(StoreError, OSError, ValueError):
            folder = Path(lock.read_text(encoding="utf-8") or lock.with_suffix(""))
            with try_lock(lock) as is_free:
                is_removed = is_free and folder.name.startswith(NAMES) and _remove(folder, lock)
            if is_removed:
                removed += 1
                lock.unlink(missing_ok=True)
    return removed


def _remove(folder: Path, lock: Path) -> bool:
    """Remove a folder, and its lock file once the folder is gone: a browser may still be writing there."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        return False
    with suppress(OSError):
        lock.unlink(missing_ok=True)
    return True


def _is_ours(path: Path) -> bool:
    """Return True if this user made a file: the folder for temporary files belongs to everybody."""
    try:
        return not hasattr(os, "getuid") or path.stat().st_uid == os.getuid()
    except OSError:
        return False
