"""Adding to lines that the machines of a lake share; they are then brought to the file that is read on this one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kpis.store import journal
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.leader_lock import SILENCE_SECONDS
from kpis.store.lake.postgres_session import PostgresSession, open_session
from kpis.store.lake.session_lock import SessionLock, build_session_name, wait_for_lock
from kpis.store.lake.shared_lines import LineKind, add_lines, read_lines, replace_lines, split_lines
from kpis.store.lake.shared_state import bring_over
from kpis.store.move_marks import MoveMark, require_publishing
from kpis.store.paths import DatabasePaths

_KEYS = {"space": 0x6B706973, "number": 12}
"""The advisory lock of who sends reminders; the others are in leader_lock.py, edition_claims.py, shared_tables.py."""


@dataclass(frozen=True)
class LogTurn:
    """The turn of the machine that holds a log: what adds one line, and what tells whether the turn has not ended."""

    add: Callable[[bytes], None]
    is_held: Callable[[], bool]


class SharedLog:
    """The lines of one kind, and their file next to a pointer of this machine."""

    def __init__(self, address: LakeAddress, paths: DatabasePaths, kind: LineKind) -> None:
        self._address, self._paths, self._kind = address, paths, kind

    def add(self, build: Callable[[bytes], bytes]) -> None:
        """Add the lines that `build` returns, given all that are there; no other machine adds any meanwhile.

        StoreError where PostgreSQL does not answer or the lake was moved: then nothing is added.
        """
        with open_session(self._address, name="kpis lines", silence_seconds=SILENCE_SECONDS) as session:
            with session.transaction():
                add_lines(session, self._kind, [])  # waits for whoever adds, and keeps others waiting
                self._require_publishing(session)
                content = b"".join(line + b"\n" for line in read_lines(session, self._kind))
                add_lines(session, self._kind, split_lines(build(content)))
            bring_over(session, self._paths)

    @contextmanager
    def hold(self, seconds: float) -> Iterator[LogTurn | None]:
        """Yield the turn when no other machine has one; None if one still does after so many seconds.

        A machine whose turn has ended adds nothing more: StoreError.
        """
        with open_session(
            self._address, name=build_session_name("reminders"), silence_seconds=SILENCE_SECONDS
        ) as session:
            if not wait_for_lock(session, "try_leader_lock", seconds, **_KEYS):
                yield None
                return
            with SessionLock(session, SILENCE_SECONDS, _KEYS).hold() as lock:
                self._require_publishing(session)
                self._shorten(session)
                bring_over(session, self._paths)

                def add(line: bytes) -> None:
                    with session.transaction():
                        add_lines(session, self._kind, [line])

                yield LogTurn(add, lock.is_held)
                bring_over(session, self._paths)

    def _shorten(self, session: PostgresSession) -> None:
        lines = read_lines(session, self._kind)
        if sum(map(len, lines)) > journal.MAX_BYTES:
            replace_lines(session, self._kind, journal.shorten(lines))

    def _require_publishing(self, session: PostgresSession) -> None:
        for line in read_lines(session, "move"):
            require_publishing(self._address.describe(), MoveMark.parse(json.loads(line)))


def replace_shared_lines(address: LakeAddress, kind: LineKind, lines: Iterable[bytes]) -> None:
    """Replace the lines of a kind that one machine writes at a time."""
    with open_session(address, name="kpis lines", silence_seconds=SILENCE_SECONDS) as session:
        replace_lines(session, kind, lines)
