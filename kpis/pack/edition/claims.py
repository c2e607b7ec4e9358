"""Who seals which revision: on one machine a lock file, with a lake a lock and rows in PostgreSQL for all machines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from kpis.errors import StoreError
from kpis.pack.edition.folders import get_last_revision
from kpis.settings import Settings
from kpis.store.lock import wait_for_lock
from kpis.store.opening import find_lake
from kpis.store.shared_files import find_files

_LOCK_FILE = ".editions.lock"
_LOCK_TIMEOUT = 600.0  # seconds; an export of 34 provinces takes less
_VISIBLE_SECONDS = 10.0


class EditionClaims(Protocol):
    """The revisions of editions in one folder; `folder` is the name of that of a week, scope and language."""

    def wait_for_turn(self, seconds: float) -> AbstractContextManager[bool]:
        """Yield True when nobody else seals; False if somebody still does after so many seconds."""

    def find_last_sealed(self, folder: str) -> int:
        """Return the highest revision that is known to be sealed wherever it is; 0 for none."""

    def claim(self, folder: str, revision: int) -> None:
        """Begin a revision. StoreError if it is sealed already."""

    def confirm(self) -> None:
        """Raise StoreError if the turn is over."""

    def complete(self, folder: str, revision: int) -> None:
        """Say that a revision is sealed."""


class FileClaims:
    """A lock file in the folder of the editions; which revisions there are the folder itself says."""

    def __init__(self, out: Path) -> None:
        self._out = out

    def wait_for_turn(self, seconds: float) -> AbstractContextManager[bool]:
        """Wait for the lock file."""
        return wait_for_lock(self._out / _LOCK_FILE, seconds, pause=0.2)

    def find_last_sealed(self, folder: str) -> int:  # noqa: ARG002 - the folder itself is looked at
        """Return 0."""
        return 0

    def claim(self, folder: str, revision: int) -> None:
        """Do nothing: the lock is held."""

    def confirm(self) -> None:
        """Do nothing: a lock file is held until it is let go."""

    def complete(self, folder: str, revision: int) -> None:
        """Do nothing: the name of the folder says it."""


def open_claims(settings: Settings, out: Path, *, is_shared: bool = True) -> EditionClaims:
    """Return the claims for the editions in `out`; `is_shared`: it is the folder of the installation, not another.

    StoreError where the folder that the machines of a lake share is gone.
    """
    lake = find_lake(settings) if is_shared else None
    if is_shared:
        find_files(settings).require()
    if lake is None:
        return FileClaims(out)
    # What a lake needs is slow to import, and many installations have none.
    from kpis.store.lake.edition_claims import LakeClaims

    return LakeClaims(lake)


def wait_until_visible(folder: Path, revision: int) -> None:
    """Wait for the folder of a revision that another machine has sealed: a network shows it a little later.

    One that somebody has moved away never comes; its number is not given again.
    """
    deadline = time.monotonic() + _VISIBLE_SECONDS
    while get_last_revision(folder) < revision and time.monotonic() < deadline:
        time.sleep(0.5)


@contextmanager
def wait_for_turn(claims: EditionClaims, out: Path) -> Iterator[None]:
    """Wait until no other export runs. Raises StoreError after `_LOCK_TIMEOUT`."""
    with claims.wait_for_turn(_LOCK_TIMEOUT) as is_acquired:
        if not is_acquired:
            raise StoreError("Another export is running in {path}. Try again when it has ended.", path=out)
        yield
