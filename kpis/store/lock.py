"""One writer: a lock on a file, which ends with its process (docs/decisions/one-lock-one-writer.md)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kpis.store.files import as_store_error


@contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """True inside when this run holds the lock at `path`, False when another one does.

    The file stays: whoever removes it lets a second writer lock a new file of the same name.
    """
    with as_store_error(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        with as_store_error(path):
            ours = _try_acquire(handle)
        yield ours
    finally:
        os.close(handle)  # which also releases it


def _try_acquire(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # held by another run: Linux says the one, Windows the other
        return False
    return True
