"""The current version of a lake, read inside one transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow

from kpis.errors import StoreError
from kpis.store.formats import EPOCH, FORMAT, is_older_format
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.connection import as_lake_error, close_lake
from kpis.store.staged_version import Connection

EARLIER_EPOCHS = "lake_earlier_epochs"
"""The property that names the epochs before it, separated by spaces: whoever was in one may go over to this one."""

PUBLICATION = "publication"
"""The property of a version (`meta`) by which a writer knows its own: two may publish the same number."""

RESTORED = "restored"
"""The property of a version (`meta`) that came from a backup: what every machine then keeps beside its versions."""

PLACE_KEYS = frozenset({"version", "format", EPOCH, EARLIER_EPOCHS, PUBLICATION, RESTORED})
"""Properties of a version that belong to where it was published, not to its figures."""

OTHER_FORMAT_MESSAGE = "The lake at {lake} has format {format}, and this release writes {own}. Use the same release."

_BATCH_ROWS = 50_000


class LakeVersion:
    """What a lake holds now; `close` ends the transaction in which all of it is read."""

    def __init__(self, address: LakeAddress, connection: Connection) -> None:
        """Begin to read over a connection, which it closes. StoreError for a lake of another format."""
        self.address = address
        self.connection = connection
        try:
            with as_lake_error(address):
                connection.execute("begin transaction")
            rows = self.fetch_rows("select key, value from meta where value is not null")
            self.meta: Mapping[str, str] = {str(row["key"]): str(row["value"]) for row in rows}
            if self.meta and self.format != FORMAT:
                raise StoreError(OTHER_FORMAT_MESSAGE, lake=address.describe(), format=self.format or "?", own=FORMAT)
        except BaseException:
            close_lake(connection)
            raise

    @property
    def version(self) -> int:
        """Its number; 0 before the first publication."""
        return int(self.meta.get("version", "0"))

    @property
    def earlier_epochs(self) -> list[str]:
        """The epochs before its own, the last one last."""
        return self.meta.get(EARLIER_EPOCHS, "").split()

    @property
    def format(self) -> str | None:
        """The number of its format; None if it has none."""
        return self.meta.get("format")

    @property
    def has_older_format(self) -> bool:
        """True if an earlier release wrote it."""
        return is_older_format(self.format)

    def fetch_rows(self, statement: str, params: Mapping[str, object] | None = None, /) -> list[dict[str, object]]:
        """Return every row of a query as a dict by column; parameters are bound by name."""
        rows: list[dict[str, object]] = self.fetch_table(statement, params).to_pylist()
        return rows

    def fetch_table(self, statement: str, params: Mapping[str, object] | None = None, /) -> pyarrow.Table:
        """Return the result of a query as an Arrow table."""
        with as_lake_error(self.address):
            return self.connection.execute(statement, dict(params or {})).to_arrow_table()

    def iterate_tables(self, statement: str, params: Mapping[str, object] | None = None, /) -> Iterator[pyarrow.Table]:
        """Yield the result of a query in Arrow tables of some ten thousand rows."""
        with as_lake_error(self.address):
            reader = self.connection.execute(statement, dict(params or {})).to_arrow_reader(_BATCH_ROWS)
            for batch in reader:
                yield pyarrow.Table.from_batches([batch])

    def open_reader(self, statement: str, /) -> pyarrow.RecordBatchReader:
        """Return the result of a query as a stream, which ends with the next query."""
        with as_lake_error(self.address):
            return self.connection.execute(statement).to_arrow_reader(_BATCH_ROWS)

    def close(self) -> None:
        """End the transaction, and with it whatever was staged in it and not published."""
        close_lake(self.connection)
