"""The writers of an edition's files: a new kind of file is one line in `writers`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from kpis.errors import KpisError
from kpis.pack.contents import Contents
from kpis.pack.figures import Figures


class Writer(Protocol):
    """Writes an edition's files of one kind into a folder and gives their paths, in order.

    Equal figures, contents and sealing time (naive UTC) give equal bytes. Asks nothing of the database.
    Raises RowsLostError where a file would hold fewer rows than the contents.
    """

    def __call__(
        self, figures: Figures, contents: Contents, folder: Path, sealed_at: datetime, /
    ) -> list[Path]: ...


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


def writers() -> Mapping[str, Writer]:
    """Every writer by the name of what it makes, in the order in which they run."""
    from kpis.pack.slides import write_slides
    from kpis.pack.typeset import write_pages
    from kpis.pack.workbook import write_workbook

    return {"pages": write_pages, "slides": write_slides, "workbook": write_workbook}
