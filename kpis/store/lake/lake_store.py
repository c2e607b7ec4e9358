"""Versions in a lake, brought to the files next to a pointer, which pages read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from kpis.errors import StoreError
from kpis.language import clock
from kpis.store.journal import ChangeRecord
from kpis.store.lake import shared_orders, shared_state
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.configuration_record import FRESH_SECONDS, DifferingFilesError, claim_configuration
from kpis.store.lake.connection import open_lake
from kpis.store.lake.follower import check_order, follow, get_spill_folder, read_local_meta
from kpis.store.lake.lake_version import LakeVersion
from kpis.store.lake.leader_lock import LeaderLock, describe_leader, try_lead
from kpis.store.lake.move_marks import require_lake_to_publish
from kpis.store.lake.order_rows import list_orders
from kpis.store.lake.postgres_session import PostgresSession
from kpis.store.lake.shared_tables import upgrade_shared_tables
from kpis.store.lake.staging import LakeStaging
from kpis.store.lake.stamps import find_stamp
from kpis.store.lock import try_lock
from kpis.store.orders import Order
from kpis.store.paths import DatabasePaths
from kpis.store.positions import FindingKey, Position, Positions
from kpis.store.replica import ReplicaSight
from kpis.store.version_store import CurrentVersion, Moments, Writer
from kpis.store.versions import find_current_version

_PAUSE_SECONDS = 2.0
RESTORED_MESSAGE = (
    "The lake at {lake} was restored, and this machine has gone over to it just now. Nothing was published by this "
    "reading; the next one does."
)


class LakeStore:
    """Publishes into a lake while it holds the leader's lock, and follows it into local files."""

    def __init__(
        self,
        address: LakeAddress,
        pointer: Path,
        *,
        accepts_clock: bool = False,
        look: Callable[[], ReplicaSight] | None = None,
    ) -> None:
        """`accepts_clock`: a person has accepted that PostgreSQL's clock differs from this machine's.

        `look` returns what this machine sees of what all have to have; without it that is not compared.
        """
        self._look = look
        self.paths = DatabasePaths(pointer)
        self._address = address
        self._accepts_clock = accepts_clock
        self._lock: LeaderLock | None = None

    @contextmanager
    def try_lock(self) -> Iterator[bool]:
        """Yield True if this process leads until the end of the block, False if another one does.

        The lock of this machine's files comes first: whoever changes the register here holds it.
        """
        with try_lock(self.paths.lock) as is_ours:
            if not is_ours:
                yield False
                return
            with self._wait_to_lead() as lock:
                self._lock = lock
                try:
                    yield lock is not None
                finally:
                    self._lock = None

    @contextmanager
    def _wait_to_lead(self) -> Iterator[LeaderLock | None]:
        """Lead, once this machine sees what who led last saw: a network folder shows a change late."""
        deadline = time.monotonic() + FRESH_SECONDS
        while True:
            with try_lead(self._address) as lock:
                try:
                    if lock is not None:
                        upgrade_shared_tables(lock.session)
                        if self._look is not None:
                            claim_configuration(lock.session, self._look())
                except DifferingFilesError:
                    if time.monotonic() >= deadline:
                        raise
                else:
                    yield lock
                    return
            time.sleep(_PAUSE_SECONDS)

    def is_leading(self) -> bool:
        """Ask the session of the lock, as is done before each commit."""
        return self._get_lock().is_held()

    def find_writer(self) -> Writer | None:
        """Return who leads, as its session says; None if nobody does any more or PostgreSQL does not answer."""
        with suppress(StoreError):
            return describe_leader(self._address)
        return None

    def read_clock(self, now: datetime) -> datetime:  # noqa: ARG002 - no clock of a machine counts
        """Return PostgreSQL's clock."""
        return self._get_lock().read_clock()

    def find_moments(self, last: datetime | None, now: datetime) -> Moments:
        """Return PostgreSQL's clock, strictly rising; StoreError where it differs and nobody has accepted that.

        `now` is the day by which rows are judged, and nothing else.
        """
        server_clock = self._get_lock().read_clock()
        stamp = find_stamp(last, server_clock, clock.get_utc_now(), is_accepted=self._accepts_clock)
        return Moments(stamp, stamp, judged_at=now)

    def clear_leftovers(self) -> None:
        """Do nothing: a lake has none, and what follows it removes its own."""

    def has_version(self) -> bool:
        """True if the lake holds a version; it is opened only while none has been followed here."""
        if find_current_version(self.paths.pointer) is not None:
            return True
        current = self._open()
        try:
            return current.version > 0
        finally:
            current.close()

    def open_current(self, *, accept_older: bool = False) -> LakeVersion | None:  # noqa: ARG002 - there is none
        """Open what the lake holds; None before the first publication."""
        current = self._open_to_write()
        if current.version:
            return current
        current.close()
        return None

    def open_staging(self, base: CurrentVersion | None) -> LakeStaging:
        """Return the version that was opened, or empty tables, to be changed in the transaction in which it is read."""
        current = self._open_to_write() if base is None else base
        if not isinstance(current, LakeVersion):
            raise TypeError("a version of a lake is changed in the transaction in which it was read")
        try:
            return LakeStaging(current, self.is_leading, self.open_current)
        except BaseException:
            current.close()
            raise

    def bring_home(self) -> None:
        """Bring what the lake holds to the files that pages read."""
        follow(self._address, self.paths.pointer)

    def append_journal(self, record: Mapping[str, object]) -> None:
        """Add a record to the journal of the lake, and bring it to the file that pages read."""
        shared_state.append_journal(self._session, record)
        shared_state.bring_over(self._session, self.paths)

    def rewrite_journal(self, change: ChangeRecord) -> None:
        """Replace every record of the lake's journal by what `change` returns."""
        shared_state.rewrite_journal(self._session, change)
        shared_state.bring_over(self._session, self.paths)

    def read_positions(self) -> dict[str, dict[FindingKey, Position]]:
        """Return the positions that differ from those of the lake's version, never those of a file."""
        return shared_state.read_positions(self._session)

    def write_positions(self, moved: Positions) -> None:
        """Replace the positions of the lake, and the file of them."""
        shared_state.write_positions(self._session, moved)
        shared_state.bring_over(self._session, self.paths)

    def list_waiting_orders(self) -> Sequence[Order]:
        """Return what pages of any machine have asked for that is not answered."""
        return [order for order in list_orders(self._session) if order.is_waiting]

    def answer_orders(self, answers: Mapping[str, str]) -> None:
        """Answer orders by id, and bring the answers to the file that pages read."""
        shared_orders.answer_orders(self._session, answers)
        shared_state.bring_over(self._session, self.paths)

    def _open_to_write(self) -> LakeVersion:
        """Open what the lake holds, to be changed.

        StoreError if it was moved, is behind what is here, or was restored since this machine followed it last: what
        has been read for this publication was compared with another version.
        """
        current = self._open()
        try:
            require_lake_to_publish(current)
            local = read_local_meta(self.paths.pointer)
            number = check_order(current, local, self.paths.pointer)
            if local is not None and number is None:
                follow(self._address, self.paths.pointer)
                raise StoreError(RESTORED_MESSAGE, lake=self._address.describe())
        except BaseException:
            current.close()
            raise
        return current

    def _open(self) -> LakeVersion:
        return LakeVersion(self._address, open_lake(self._address, get_spill_folder(self.paths)))

    @property
    def _session(self) -> PostgresSession:
        """The session that holds the lock: over it a leader that has lost the lock writes nothing."""
        return self._get_lock().session

    def _get_lock(self) -> LeaderLock:
        if self._lock is None:
            raise StoreError("Only the leader of the lake at {lake} publishes.", lake=self._address.describe())
        return self._lock
