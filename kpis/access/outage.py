"""Sessions while their tables do not answer: sign-outs hold here and are kept; with a lake those verified before stand.

What happened meanwhile waits until the tables answer: sign-outs in a file, so that they outlive this process. While
they answer, what is remembered is compared with them once a minute: what another machine ended must not stand later.
The file of one machine is local: while it cannot be used nobody is let in, and no session is remembered.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kpis.errors import StoreError
from kpis.store.files import append_lines, as_store_error

COMPARE_SECONDS = 60.0
"""How often the remembered sessions are compared with the tables, where somebody is active."""
MAX_ENDED = 20_000
"""How many sign-outs of sessions that are not remembered wait at most: who is not signed in must not fill the disk."""


@dataclass(frozen=True)
class OpenSession:
    """A session as it was found; moments in seconds since 1970."""

    id: str
    email: str
    kind: str
    last_active_at: int
    idle_seconds: int
    ends_at: int

    def is_open(self, now: int) -> bool:
        """True unless it was idle or lasted too long."""
        return now < self.ends_at and now < self.last_active_at + self.idle_seconds


@dataclass(frozen=True)
class Waiting:
    """What the tables do not have yet: hashes of the tokens of ended sessions, and last activity by hash."""

    ended: frozenset[str]
    active: Mapping[str, int]

    def __bool__(self) -> bool:
        return bool(self.ended or self.active)


class Outage:
    """What this process remembers of sessions. Thread-safe."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._sessions: dict[str, OpenSession] = {}
        self._active: dict[str, int] = {}
        self._ended = _read_hashes(path)
        self._compared_at = float("-inf")

    def remember(self, token_hash: str, session: OpenSession | None) -> None:
        """Remember what the tables said of a token; None: it opens nothing."""
        with self._lock:
            if session is None:
                self._sessions.pop(token_hash, None)
                return
            if token_hash not in self._sessions:
                moment = session.last_active_at
                self._sessions = {name: each for name, each in self._sessions.items() if each.ends_at > moment}
            self._sessions[token_hash] = session

    def drop(self, token_hash: str) -> None:
        """Remember nothing of a session that has ended in the tables."""
        self.remember(token_hash, None)

    def drop_all(self) -> None:
        """Remember nothing: sessions of one person or of everybody have ended in the tables."""
        self.keep_only(())

    def take_comparison(self) -> bool:
        """Return True if what is remembered has to be compared with the tables now; it counts as compared."""
        now = time.monotonic()
        with self._lock:
            if not self._sessions or now < self._compared_at + COMPARE_SECONDS:
                return False
            self._compared_at = now
            return True

    def keep_only(self, open_hashes: Collection[str]) -> None:
        """Remember nothing of sessions that are not open in the tables."""
        with self._lock:
            self._sessions = {name: each for name, each in self._sessions.items() if name in open_hashes}

    def find(self, token_hash: str, now: int, *, is_activity: bool) -> OpenSession | None:
        """Return the session of a token that was open when the tables last answered, if it still is."""
        with self._lock:
            session = self._sessions.get(token_hash)
            if session is None or token_hash in self._ended or not session.is_open(now):
                return None
            if is_activity:
                self._active[token_hash] = now
                self._sessions[token_hash] = replace(session, last_active_at=max(now, session.last_active_at))
            return session

    def end(self, token_hash: str) -> None:
        """End a session here; StoreError if that cannot be written down for the others."""
        with self._lock:
            is_remembered = self._sessions.pop(token_hash, None) is not None
            if token_hash in self._ended or (not is_remembered and len(self._ended) >= MAX_ENDED):
                return
            self._ended.add(token_hash)
            self._active.pop(token_hash, None)
            with as_store_error(self._path):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                append_lines(self._path, f"{token_hash}\n".encode(), 0o600)

    def has_ended(self, token_hash: str) -> bool:
        """True if a session was ended here and the tables do not have it yet."""
        with self._lock:
            return token_hash in self._ended

    def list_waiting(self) -> Waiting:
        """Return what the tables do not have yet."""
        with self._lock:
            return Waiting(frozenset(self._ended), dict(self._active))

    def forget(self, written: Waiting) -> None:
        """Forget what the tables have now."""
        with self._lock:
            self._ended -= written.ended
            for token_hash, moment in written.active.items():
                if self._active.get(token_hash) == moment:
                    del self._active[token_hash]
            if not self._ended:
                with as_store_error(self._path):
                    self._path.unlink(missing_ok=True)


def _read_hashes(path: Path) -> set[str]:
    try:
        with as_store_error(path):
            return set(path.read_text(encoding="ascii", errors="replace").split()) if path.exists() else set()
    except StoreError:
        return set()
