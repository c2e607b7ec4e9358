"""Revisions of editions that several machines of a lake seal: one at a time, and each number once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kpis.errors import StoreError
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.leader_lock import SILENCE_SECONDS
from kpis.store.lake.postgres_session import PostgresSession, open_session
from kpis.store.lake.session_lock import SessionLock, build_session_name, wait_for_lock

_KEYS = {"space": 0x6B706973, "number": 3}
"""The advisory lock of kpis/store/lake/sql/shared/create_edition_lock.sql, after the leader's and the watcher's."""


class LakeClaims:
    """The revisions that the machines of a lake have sealed, or are sealing. Used within `wait_for_turn` alone."""

    def __init__(self, address: LakeAddress) -> None:
        self._address = address
        self._lock: SessionLock | None = None

    @contextmanager
    def wait_for_turn(self, seconds: float) -> Iterator[bool]:
        """Yield True when no other machine seals; False if one still does after so many seconds. StoreError.

        The turn of a machine that was killed is over at once, that of one that fell silent after 20 seconds.
        """
        with open_session(
            self._address, name=build_session_name("edition"), silence_seconds=SILENCE_SECONDS
        ) as session:
            if not wait_for_lock(session, "try_edition_lock", seconds):
                yield False
                return
            with SessionLock(session, SILENCE_SECONDS, _KEYS).hold() as lock:
                self._lock = lock
                try:
                    yield True
                finally:
                    self._lock = None

    def find_last_sealed(self, folder: str) -> int:
        """Return the highest revision of a week, scope and language that was ever sealed; 0 for none."""
        ((revision,),) = self._get_session().fetch_rows("last_sealed_revision", folder=folder)
        return int(str(revision))

    def claim(self, folder: str, revision: int) -> None:
        """Begin a revision; one that somebody began and did not end is taken over. StoreError if it is sealed."""
        claimed = self._get_session().fetch_row(
            "claim_edition", folder=folder, revision=revision, claimed_by=build_session_name("edition")
        )
        if claimed is None:
            text = "Revision {revision} of {folder} was sealed on another machine meanwhile. Seal it again."
            raise StoreError(text, revision=revision, folder=folder)

    def confirm(self) -> None:
        """Raise StoreError if another machine may have begun to seal: this one was silent for too long."""
        if self._lock is None or not self._lock.is_held():
            raise StoreError(
                "The connection to PostgreSQL at {lake} was lost while the edition was made, so nothing was sealed. "
                "Seal it again.",
                lake=self._address.describe(),
            )

    def complete(self, folder: str, revision: int) -> None:
        """Say that a revision is sealed for good."""
        self._get_session().fetch_row("complete_edition", folder=folder, revision=revision)

    def _get_session(self) -> PostgresSession:
        if self._lock is None:
            raise TypeError("an edition is claimed in its turn alone")
        return self._lock.session
