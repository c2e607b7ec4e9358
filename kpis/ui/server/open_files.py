"""How many files the process may have open: each session of a page takes four."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

_DESCRIPTORS = Path("/proc/self/fd")
_FULL_SHARE = 0.9
_COUNT_SECONDS = 1.0
_FILES_PER_SESSION = 4
_log = logging.getLogger("kpis")


def raise_file_limit() -> int | None:
    """Raise the soft limit of open files to the hard one; return the limit, None where there is none to raise."""
    if sys.platform == "win32":
        return None
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == hard:
        return soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError) as error:  # macOS refuses "unlimited"
        _log.warning("the limit of open files stays at %s: %s", soft, error)
        return soft
    return hard


def read_file_limit() -> int | None:
    """Return the soft limit of open files; None on Windows, which has none of this kind."""
    if sys.platform == "win32":
        return None
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else soft


def count_open_files() -> int:
    """Return how many files the process has open; 0 where the system does not say."""
    return sum(1 for _ in _DESCRIPTORS.iterdir()) if _DESCRIPTORS.is_dir() else 0


class FileCounter:
    """Says whether nine tenths of the open files are in use; `limit` is that of the process unless given."""

    def __init__(self, limit: int | None = None) -> None:
        self._given_limit = limit
        self._limit: int | None = None
        self._counted_at = float("-inf")
        self._count = 0

    def take_websocket(self) -> bool:
        """Return False if one more websocket could take files that those that stand will need."""
        now = time.monotonic()
        if now - self._counted_at >= _COUNT_SECONDS:
            self._limit = read_file_limit() if self._given_limit is None else self._given_limit
            self._count = count_open_files()
            self._counted_at = now
        if self._limit is not None and self._count >= _FULL_SHARE * self._limit:
            return False
        self._count += _FILES_PER_SESSION
        return True
