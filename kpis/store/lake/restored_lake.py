"""A lake that a backup is restored into: everything is published anew, in an epoch that every machine goes over to."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from kpis.errors import StoreError
from kpis.store import journal, positions
from kpis.store.formats import EPOCH
from kpis.store.lake import shared_state
from kpis.store.lake.follower import check_order, read_local_meta
from kpis.store.lake.lake_place import LakePlace
from kpis.store.lake.lake_version import RESTORED
from kpis.store.lake.shared_lines import read_file_lines, replace_unless
from kpis.store.lake.shared_tables import upgrade_shared_tables
from kpis.store.lake.staging import LakeStaging
from kpis.store.move_marks import require_publishing
from kpis.store.moving import FilePlace, transfer
from kpis.store.paths import DatabasePaths


class RestoredLake(LakePlace):
    """A lake with its leader's lock held; `begin` says under which number and in which epoch it is published."""

    _number = 0
    _epoch: str | None = None
    _earlier_epochs: Sequence[str] = ()

    def begin(self, number: int, epoch: str, earlier_epochs: Sequence[str]) -> None:
        """Publish under `number` or a higher one in `epoch`, for machines that were in one of the earlier ones."""
        self._number, self._epoch, self._earlier_epochs = number, epoch, earlier_epochs

    def require_publishing(self) -> None:
        """Raise StoreError if it was moved elsewhere, or a move to it is not finished."""
        upgrade_shared_tables(self.get_session())
        require_publishing(self.describe(), self.read_mark())

    def find_local_epoch(self) -> str | None:
        """Return the epoch that this machine followed; None for none. StoreError for a database of its own."""
        local = read_local_meta(self.paths.pointer)
        return None if local is None else local[EPOCH]

    def is_history_known(self) -> bool:
        """True if this machine followed the lake until now, so that no other one can have seen a higher number."""
        with closing(self.open_lake()) as lake:
            try:
                return check_order(lake, read_local_meta(self.paths.pointer), self.paths.pointer) is not None
            except StoreError:  # its catalog is that of an earlier day
                return False

    def open_empty_staging(self, above: int) -> LakeStaging:
        """Return the lake with all rows removed, in one transaction, to be published in the new epoch."""
        staging = super().open_empty_staging(max(above, self._number - 1))
        staging.begin_epoch(self._earlier_epochs, self._epoch)
        return staging

    def restore_shared_state(self, source: DatabasePaths) -> None:
        """Put journal, positions, requests, reminders and answers of `source` into the shared tables.

        Requests stay where those of now only go on; what says that something was sent or written stays as it is.
        """
        session, requests = self.get_session(), read_file_lines(source.requests)
        replace_unless(session, "requests", requests, lambda present: list(present[: len(requests)]) == requests)
        replace_unless(session, "reminders", read_file_lines(source.reminders), bool)
        replace_unless(session, "answers", read_file_lines(source.answers), bool)
        shared_state.replace_journal(session, journal.read_lines(source.journal))
        shared_state.write_positions(session, positions.read_file(source.positions))
        shared_state.skip_counters(session, self.paths)

    def restore_version(self, source: DatabasePaths, record: str) -> None:
        """Publish the version of `source` unless that was done; `record` is what every machine keeps beside it."""
        if not self._is_published():
            transfer(FilePlace(source.pointer), self, {RESTORED: record})
        self.bring_home()

    def _is_published(self) -> bool:
        with closing(self.open_lake()) as lake:
            return self._epoch in (lake.meta.get(EPOCH), *lake.earlier_epochs)
