"""How often people may try to sign in: for each invitation, for each e-mail address, and everybody together.

Behind a proxy every visitor is 127.0.0.1, so nothing is counted by address. Counts lie in memory alone, and there are
never more of them than the limit for everybody lets in.
"""

from __future__ import annotations

import hashlib
import threading
import time

from kpis.errors import KpisError

KEY_SECONDS = 600.0
MAX_FOR_KEY = 10
"""Attempts within ten minutes with one invitation, or of one e-mail address."""
ALL_SECONDS = 60.0
MAX_FOR_ALL = 600
"""Attempts within a minute with any invitation; as many returns from the provider."""


class TooManyAttemptsError(KpisError):
    """Too many attempts within a short time; nothing was looked up or written for this one."""


class AttemptLimits:
    """Counts the attempts of one kind; every attempt that is let pass counts, whatever becomes of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all_began, self._all_count = 0.0, 0
        self._counts: dict[str, tuple[float, int]] = {}

    def take_for_all(self) -> None:
        """Count one attempt of anybody. TooManyAttemptsError if there were too many within the minute."""
        now = time.monotonic()
        with self._lock:
            if now - self._all_began >= ALL_SECONDS:
                self._all_began, self._all_count = now, 0
                self._counts = {key: value for key, value in self._counts.items() if now - value[0] < KEY_SECONDS}
            if self._all_count >= MAX_FOR_ALL:
                raise build_too_many_error()
            self._all_count += 1

    def take_for_key(self, kind: str, value: str) -> None:
        """Count one attempt with an invitation or of an e-mail address, within one that was counted for all."""
        now, key = time.monotonic(), f"{kind} {hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()}"
        with self._lock:
            began, count = self._counts.get(key, (now, 0))
            if now - began >= KEY_SECONDS:
                began, count = now, 0
            if count >= MAX_FOR_KEY:
                raise TooManyAttemptsError(
                    "Too many attempts with this invitation or e-mail address. Try again in ten minutes."
                )
            self._counts[key] = (began, count + 1)

    def __len__(self) -> int:
        """Return how many counts are in memory."""
        return len(self._counts)


def build_too_many_error() -> TooManyAttemptsError:
    """Return the error for everybody."""
    return TooManyAttemptsError("Too many people are signing in at the moment. Try again in some minutes.")
