"""The folder that the machines of a lake share: recorded once in the lake, then compared by every machine."""

from __future__ import annotations

from kpis.store.lake.address import LakeAddress
from kpis.store.lake.leader_lock import SILENCE_SECONDS
from kpis.store.lake.postgres_session import PostgresSession, open_session
from kpis.store.shared_files import InstallationFiles


def join_shared_folder(address: LakeAddress, files: InstallationFiles) -> None:
    """Record the folder of `files` in the lake, unless it has one; StoreError if it has another one."""
    with open_session(address, name="kpis", silence_seconds=SILENCE_SECONDS) as session:
        recorded = files.join(read_shared_folder(session))
        if recorded is not None:
            session.fetch_rows("record_shared_folder", id=recorded)
            files.check(read_shared_folder(session))


def fetch_shared_folder(address: LakeAddress) -> str | None:
    """Return the id of the folder that the machines of a lake share; None without one. StoreError."""
    with open_session(address, name="kpis", silence_seconds=SILENCE_SECONDS) as session:
        return read_shared_folder(session)


def read_shared_folder(session: PostgresSession) -> str | None:
    """Do the same over a session that is open."""
    row = session.fetch_row("read_shared_folder")
    return None if row is None else str(row[0])
