"""The two parts of an edition: the annex with every row, and what is projected, whose lists end in the annex."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Lock

from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.meeting.cuts import AnnexSheets
from kpis.pack.meeting.fitting import fit_pages
from kpis.pack.meeting.pages import name_pictures, plan_meeting_pages
from kpis.pack.pages.contents import Contents
from kpis.pack.pdf.typesetting import PagesLayout, open_typst_folder

ANNEX_FILE = "annex.pdf"


class EditionParts:
    """The contents of both parts. Writers may ask for them from several threads.

    The meeting's part is made at its first use: it names sheets of the annex, which is laid out for it.
    """

    def __init__(self, figures: EditionFigures, annex: Contents, sealed_at: datetime, work_folder: Path) -> None:
        self.annex = annex
        self._figures, self._sealed_at, self._work_folder = figures, sealed_at, work_folder
        self._lock = Lock()
        self._layout: PagesLayout | None = None
        self._meeting: Contents | None = None

    @property
    def meeting(self) -> Contents:
        """The contents of the part that is projected."""
        with self._lock:
            if self._meeting is None:
                self._meeting = self._build_meeting()
            return self._meeting

    def write_annex(self, folder: Path) -> list[Path]:
        """Write `annex.pdf` and return its path."""
        with self._lock:
            return [self._lay_annex_out().draw().rename(folder / ANNEX_FILE)]

    def _lay_annex_out(self) -> PagesLayout:
        if self._layout is None:
            folder = self._work_folder / "annex"
            folder.mkdir()
            self._layout = PagesLayout(self.annex, self._sealed_at, folder, ANNEX_FILE)
        return self._layout

    def _build_meeting(self) -> Contents:
        sheets = AnnexSheets(self._lay_annex_out().list_first_sheets(), self.annex.lang)
        pages = plan_meeting_pages(self._figures, {page.key: page for page in self.annex.pages}, sheets)
        folder = self._work_folder / "meeting"
        folder.mkdir()
        fitted = fit_pages(pages, self.annex, self._sealed_at, folder)
        return replace(self.annex, pages=tuple(name_pictures(page, self.annex.lang) for page in fitted))


@contextmanager
def open_parts(figures: EditionFigures, annex: Contents, sealed_at: datetime, folder: Path) -> Iterator[EditionParts]:
    """Open the parts of an edition; what they need while they are written lies in a folder inside `folder`."""
    with open_typst_folder(folder) as work_folder:
        yield EditionParts(figures, annex, sealed_at, work_folder)
