"""The writers of an edition's files; a new kind of file is added in `list_writers`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from kpis.pack.figures.gather import EditionFigures
from kpis.pack.pages.contents import Contents


class Writer(Protocol):
    """Write an edition's files of one kind into a folder and return their paths, in order.

    Equal figures, contents and sealing time (naive UTC) give equal bytes. Does not query the database.
    Raises RowsLostError if a file would hold fewer rows than the contents.
    """

    def __call__(
        self, figures: EditionFigures, contents: Contents, folder: Path, sealed_at: datetime, /
    ) -> list[Path]: ...


def list_writers() -> Mapping[str, Writer]:
    """Return every writer by the name of what it writes, in the order in which they run."""
    from kpis.pack.pdf.typesetting import write_pages
    from kpis.pack.pptx.slides import write_slides
    from kpis.pack.xlsx.workbook import write_workbook

    return {"pages": write_pages, "slides": write_slides, "workbook": write_workbook}
