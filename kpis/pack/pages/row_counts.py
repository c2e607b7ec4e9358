"""Rows of a written file compared with the rows of the contents: no edition loses one."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.errors import KpisError
from kpis.pack.pages.contents import Contents


class RowsLostError(KpisError):
    """A file holds other rows than the data: the edition is not sealed."""


def check_row_counts(
    contents: Contents, row_counts: Mapping[str, int], file: str, *, by_record: bool = False
) -> None:
    """RowsLostError where a table (by its key) has another number of rows in a file than in the data.

    `one_by_one`: the file has a row for each of the data's, also where the pages tell of several in one.
    """
    for table in contents.tables:
        written = row_counts.get(table.key, 0)
        rows = table.record_count if by_record and table.record_count is not None else len(table.rows)
        if written != rows:
            raise RowsLostError(
                "{file}: the table “{table}” has {written} rows instead of {rows}. Nothing was sealed.",
                file=file,
                table=table.title,
                written=written,
                rows=rows,
            )
