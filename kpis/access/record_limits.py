"""How many lines of the audit refused people may cause: who is refused must not fill the disk."""

from __future__ import annotations

import threading
import time
from functools import lru_cache
from pathlib import Path

_SECONDS = 60.0
_MAX_LINES = 30
"""Lines a minute for everybody together: a provider may vouch for accounts that anybody creates."""


@lru_cache(maxsize=16)
def get_record_limit(_pointer: Path) -> RecordLimit:
    """Return the limit of an installation in this process: the gate and the pages have one together."""
    return RecordLimit()


class RecordLimit:
    """Lets one line a minute pass for each action and person, and 30 for everybody together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._written: dict[tuple[str, str], float] = {}

    def take(self, action: str, person: str) -> bool:
        """Return True if a line may be written now; it counts as written."""
        now = time.monotonic()
        with self._lock:
            self._written = {key: moment for key, moment in self._written.items() if now - moment < _SECONDS}
            if (action, person) in self._written or len(self._written) >= _MAX_LINES:
                return False
            self._written[action, person] = now
            return True
