"""Checks that a written file has all rows of the contents."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.errors import KpisError
from kpis.pack.pages.contents import Contents


class RowsLostError(KpisError):
    """A written file has another number of rows than the contents; the edition is not sealed."""


def check_row_counts(contents: Contents, row_counts: Mapping[str, int], file: str, *, by_record: bool = False) -> None:
    """Raise RowsLostError if a table has another number of rows in a file than in the contents.

    `row_counts`: table key -> rows in the file. `by_record`: the file has one row per row of data, also
    where one row of the contents covers several.
    """
    for table in contents.tables:
        rows = table.record_count if by_record and table.record_count is not None else len(table.rows)
        check_row_count(file, table.title, row_counts.get(table.key, 0), rows)


def check_row_count(file: str, table: str, written: int, rows: int) -> None:
    """Raise RowsLostError if `written` rows of a table are not the `rows` expected."""
    if written != rows:
        raise RowsLostError(
            "{file}: the table “{table}” has {written} rows instead of {rows}. Nothing was sealed.",
            file=file,
            table=table,
            written=written,
            rows=rows,
        )
