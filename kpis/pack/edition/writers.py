"""The writers of an edition's files; a new kind of file is added in `list_writers`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.meeting.parts import EditionParts


class Writer(Protocol):
    """Write an edition's files of one kind into a folder and return their paths, in order.

    Equal figures, contents and sealing time (naive UTC) give equal bytes. Does not query the database.
    Raises RowsLostError if a file would hold fewer rows than the contents.
    """

    def __call__(
        self, figures: EditionFigures, parts: EditionParts, folder: Path, sealed_at: datetime, /
    ) -> list[Path]:
        """Write the files."""


def list_writers() -> tuple[Mapping[str, Writer], Mapping[str, Writer]]:
    """Return the writers by the name of what they write: those that Typst works for, and those of a second thread.

    The annex comes first: what is projected names its sheets. Both kinds run at the same time, each in its order.
    """
    from kpis.pack.pdf.typesetting import write_pages
    from kpis.pack.pptx.slides import write_slides
    from kpis.pack.xlsx.workbook import write_workbook

    return (
        {
            "annex": lambda _figures, parts, folder, _sealed_at: parts.write_annex(folder),
            "pages": lambda _figures, parts, folder, sealed_at: write_pages(parts.meeting, folder, sealed_at),
        },
        {
            "workbook": lambda figures, parts, folder, at: write_workbook(figures, parts.annex, folder, at),
            "slides": lambda _figures, parts, folder, sealed_at: write_slides(parts.meeting, folder, sealed_at),
        },
    )
