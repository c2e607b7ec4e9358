"""An unpublished version of a lake: one transaction over the current one, however many rows it changes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from types import TracebackType

import duckdb
import pyarrow

from kpis.errors import StoreError
from kpis.store.changes.comparison import Comparison
from kpis.store.changes.rules import NOT_COMPARED
from kpis.store.formats import EPOCH
from kpis.store.lake.computing import read_from_copies
from kpis.store.lake.connection import as_lake_error, close_lake, find_data_folder
from kpis.store.lake.contents import record_contents
from kpis.store.lake.durable_files import NewFiles
from kpis.store.lake.lake_version import EARLIER_EPOCHS, PUBLICATION, LakeVersion
from kpis.store.lake.written_tables import WrittenTables
from kpis.store.staged_version import ComputeMeasures, StagedVersion


class LakeStaging(StagedVersion):
    """Changes a lake in the transaction in which its version is read, so that nothing else can be compared with."""

    def __init__(
        self,
        base: LakeVersion,
        is_leading: Callable[[], bool],
        reopen: Callable[[], LakeVersion | None],
        *,
        above: int = 0,
    ) -> None:
        """Change `base`, or empty tables. `is_leading`: whether the lock is held; `reopen`: reads what is current then.

        Its number is above that of `base` and of `above`.
        """
        self.number = max(base.version, above) + 1
        self.connection = base.connection
        self._base, self._is_leading, self._reopen = base, is_leading, reopen
        self._publication = uuid.uuid4().hex
        self._written = WrittenTables()
        self._epochs = {key: base.meta[key] for key in (EPOCH, EARLIER_EPOCHS) if key in base.meta}
        with self.translate_errors():
            if base.version:
                self.comparison = Comparison(base.connection, base.version)
            self._files = NewFiles(find_data_folder(base.connection))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        close_lake(self.connection)

    def carry_over(self) -> None:
        """Do nothing: a lake of an older format is not opened."""

    def set_damaged_base_aside(self) -> None:
        """Do nothing: a lake has no version beside the current one; nothing is published until it is mended."""

    def execute(self, statement: str, params: Mapping[str, object] | None = None) -> None:
        """Run one statement; parameters are bound by name."""
        self._written.note(statement)
        super().execute(statement, params)

    def replace_rows(self, table: str, rows: pyarrow.Table) -> None:
        """Replace the whole content of a table by `rows`."""
        written = self.find_written_tables()
        is_empty = written is not None and table not in written and table in self._list_empty()
        if rows.num_rows or not is_empty:
            super().replace_rows(table, rows)

    def find_written_tables(self) -> frozenset[str] | None:
        """Return the tables that this transaction has written to: nothing but statements changes the rows of a lake."""
        tables = self._written.tables
        return None if self.comparison is None or tables is None else tables | NOT_COMPARED

    def find_tables_to_count(self) -> frozenset[str] | None:
        """Return the tables written to and one more, each in turn, so that what was lost elsewhere is noticed."""
        written = self.find_written_tables()
        if written is None or self.comparison is None or not self.comparison.totals:
            return None
        tables = sorted(self.comparison.totals)
        first = self.number % len(tables)
        others = (table for table in (*tables[first:], *tables[:first]) if table not in written)
        return written | set(islice(others, 1))

    def _run_computing(self, function: ComputeMeasures, since: datetime | None, sundays: Sequence[date]) -> None:
        if self.comparison is None:
            super()._run_computing(function, since, sundays)
            return
        written = self._written.tables
        empty = frozenset[str]() if written is None else self._list_empty() - written
        with read_from_copies(self.connection, self._written, self.comparison.columns, empty) as connection:
            function(connection, since, sundays)

    def _list_empty(self) -> frozenset[str]:
        return frozenset() if self.comparison is None else self.comparison.list_empty()

    def begin_epoch(self, earlier_epochs: Iterable[str], epoch: str | None = None) -> None:
        """Publish in a new epoch, `epoch` if given; whoever is in one of the earlier ones brings over every table."""
        epochs = dict.fromkeys([*self._base.earlier_epochs, *earlier_epochs, self._base.meta[EPOCH]])
        self._epochs = {EPOCH: epoch or uuid.uuid4().hex, EARLIER_EPOCHS: " ".join(epochs)}
        self.comparison, self.is_rewritten = None, True

    def publish(self, metadata: Mapping[str, str]) -> int:
        """Publish as `StagedVersion.publish` says, in this epoch of the lake."""
        self._recorded_at = metadata["recorded_at"]
        return super().publish({**metadata, **self._epochs, PUBLICATION: self._publication})

    def commit(self) -> None:
        """Record what every table holds and commit, if this process still leads.

        StoreError if another one has taken over, or the commit failed. Where PostgreSQL gave no answer to it, the lake
        is asked whether it holds this version.
        """
        with self.translate_errors():
            is_earlier = self._recorded_at <= self._base.meta.get("recorded_at", "")
            is_rewritten = self.is_rewritten or is_earlier
            written = None if is_rewritten else self.find_written_tables()
            record_contents(self.connection, self.number, written, is_rewritten=is_rewritten)
        self._files.write_through()
        if not self._is_leading():
            text = "Another process leads the lake at {lake} now; nothing was published by this one."
            raise StoreError(text, lake=self._base.address.describe())
        try:
            self.connection.execute("commit")
        except duckdb.Error as error:
            close_lake(self.connection)
            if not self._is_published():
                with self.translate_errors():
                    raise error
        else:
            close_lake(self.connection)

    def _is_published(self) -> bool:
        """Ask the lake, after a commit without an answer, whether it holds what was to be published."""
        try:
            current = self._reopen()
        except StoreError:
            return False
        if current is None:
            return False
        try:
            return current.meta.get(PUBLICATION) == self._publication
        finally:
            current.close()

    @contextmanager
    def translate_errors(self) -> Iterator[None]:
        """Raise failures of the lake inside as StoreError."""
        with as_lake_error(self._base.address):
            yield
