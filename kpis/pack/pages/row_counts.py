"""Rows of a written file compared with the rows of the contents: no edition loses one."""

from __future__ import annotations

from collections.abc import Mapping

from kpis.errors import KpisError
from kpis.pack.pages.contents import Contents


class RowsLostError(KpisError):
    """A file holds other rows than the data: the edition is not sealed."""


def compare_rows(
    contents: Contents, found: Mapping[str, int], file: str, *, one_by_one: bool = False
) -> None:
    """RowsLostError where a table (by its key) has another number of rows in a file than in the data.

    `one_by_one`: the file has a row for each of the data's, also where the pages tell of several in one.
    """
    for table in contents.tables:
        written = found.get(table.key, 0)
        rows = table.records if one_by_one and table.records is not None else len(table.rows)
        if written != rows:
            raise RowsLostError(
                "{file}: the table “{table}” has {written} rows instead of {rows}. Nothing was sealed.",
                file=file,
                table=table.title,
                written=written,
                rows=rows,
            )
