"""Sessions while the shared tables do not answer: those verified before stand, sign-outs hold here and are kept.

What happened meanwhile waits until the tables answer: sign-outs in a file, so that they outlive this process.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kpis.errors import StoreError
from kpis.store.files import append_lines, as_store_error


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
            self._ended.add(token_hash)
            self._sessions.pop(token_hash, None)
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
