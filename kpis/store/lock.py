"""One writer: a file lock that ends with its process (docs/decisions/one-lock-one-writer.md)."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kpis.store.files import as_store_error


@contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """Yield True if this process got the lock at `path`, False if another one holds it.

    The file stays: removing it would let a second writer lock a new file of the same name.
    """
    with as_store_error(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        with as_store_error(path):
            is_acquired = _try_acquire(handle)
        yield is_acquired
    finally:
        os.close(handle)  # which also releases it


@contextmanager
def wait_for_lock(path: Path, seconds: float, pause: float = 0.01) -> Iterator[bool]:
    """Wait for the lock at `path`; yield False if another process still holds it after so many seconds."""
    deadline = time.monotonic() + seconds
    with ExitStack() as stack:
        while not (is_acquired := stack.enter_context(try_lock(path))) and time.monotonic() < deadline:
            stack.close()
            time.sleep(pause)
        yield is_acquired


def _try_acquire(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (
        BlockingIOError,
        PermissionError,
    ):  # held by another process: Linux raises the first, Windows the second
        return False
    return True
