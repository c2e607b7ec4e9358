"""A connection of the publication, read as a published version is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kpis.measures.query import DatabaseWriter, QueryRow


class ConnectionReader:
    """A connection in a transaction, read as `kpis.store.database.Database` is."""

    def __init__(self, con: DatabaseWriter) -> None:
        self._con = con

    def fetch_rows(self, sql: str, params: Mapping[str, object]) -> list[QueryRow]:
        """Return every row as a dict by column name."""
        result = self._con.execute(sql, params)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def recall_rows(self, sql: str, params: Mapping[str, object]) -> list[QueryRow]:
        """Return the same rows, asked each time: the transaction changes them."""
        return self.fetch_rows(sql, params)

    def iterate_rows(self, sql: str, params: Mapping[str, object]) -> Iterator[QueryRow]:
        """Yield the same rows."""
        return iter(self.fetch_rows(sql, params))
