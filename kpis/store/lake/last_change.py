"""What has changed in a lake since the last question, asked of PostgreSQL alone: whether there is more to follow."""

from __future__ import annotations

from kpis.store.lake.address import LakeAddress
from kpis.store.lake.configuration_record import ConfigurationRecord, read_configuration
from kpis.store.lake.leader_lock import SILENCE_SECONDS
from kpis.store.lake.postgres_session import PostgresSession
from kpis.store.lake.shared_folder import read_shared_folder
from kpis.store.lake.shared_state import bring_over
from kpis.store.paths import DatabasePaths

_NAME = "kpis follower"


class LastChange:
    """Asks over one session, which is opened again after it has ended. Ask at least every few seconds."""

    def __init__(self, address: LakeAddress) -> None:
        self._address = address
        self._session: PostgresSession | None = None

    def read(self) -> int | None:
        """Return the number; None where there is no lake yet. StoreError if PostgreSQL does not answer."""
        if self._session is None:
            self._session = PostgresSession(self._address, name=_NAME, silence_seconds=SILENCE_SECONDS)
        try:
            if self._session.fetch_row("has_catalog") != (True,):
                return None
            row = self._session.fetch_row("last_snapshot")
        except BaseException:
            self.close()
            raise
        return None if row is None or row[0] is None else int(str(row[0]))

    def bring_shared_state(self, paths: DatabasePaths) -> None:
        """Bring over journal and positions where their counters have risen, over the session of the last answer."""
        if self._session is None:
            return
        try:
            bring_over(self._session, paths)
        except BaseException:
            self.close()
            raise

    def read_shared_folder(self) -> str | None:
        """Return the id of the folder that the machines share, over the session of the last answer; None without."""
        if self._session is None:
            return None
        try:
            return read_shared_folder(self._session)
        except BaseException:
            self.close()
            raise

    def read_configuration(self) -> ConfigurationRecord | None:
        """Return what who leads last saw, over the session of the last answer; None without."""
        if self._session is None:
            return None
        try:
            return read_configuration(self._session)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the session."""
        if self._session is not None:
            self._session.close()
            self._session = None
