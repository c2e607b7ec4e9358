"""The pages of an edition as one PDF by Typst, and a PNG of each (docs/decisions/typst-pages.md).

Typst gets a limited number of rows per run, so that 34 provinces take no more memory than three.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from kpis.charts import fonts
from kpis.pack.pages.contents import Contents, Page
from kpis.pack.pages.row_counts import check_row_counts
from kpis.pack.pdf.merge_pdf import merge_pdfs
from kpis.pack.pdf.page_images import open_page_images
from kpis.pack.pdf.typst_inputs import TypstInputs

FILE_NAME = "pages.pdf"
_ROWS_PER_RUN = 175
"""A run has at most so many table rows, or one page that has more."""
_SINGLE_RUN_ROWS = 400
"""Up to so many rows there is one run: its layout is computed once, to measure it and to draw it."""
_FLUSH_COUNT = 12
"""After so many empty documents Typst has dropped earlier layouts from its cache."""


@dataclass(frozen=True)
class RunLayout:
    """Where the tables of a run stand. Sheets are counted from 1 within the run.

    `row_counts`: table key -> rows on its sheets. `first_sheets`: table key -> sheet of its first row. `page_sheets`:
    how many sheets each page takes, in order.
    """

    sheet_count: int
    row_counts: Counter[str]
    first_sheets: Mapping[str, int]
    page_sheets: tuple[int, ...]


class PagesLayout:
    """The pages of contents laid out in a work folder: measured once, then drawn."""

    def __init__(self, contents: Contents, sealed_at: datetime, work_folder: Path, file_name: str) -> None:
        self.file_name = file_name
        self._work_folder = work_folder
        self._typesetter = Typesetter(contents, sealed_at, work_folder)
        self._runs = list(split_into_runs(contents.pages))
        self._layouts = [self._typesetter.measure(run) for run in self._typesetter.iterate_runs(self._runs)]
        row_counts = sum((layout.row_counts for layout in self._layouts), Counter[str]())
        check_row_counts(contents, row_counts, file_name)

    @property
    def sheet_counts(self) -> list[int]:
        """The number of sheets of each run."""
        return [layout.sheet_count for layout in self._layouts]

    def list_first_sheets(self) -> dict[str, int]:
        """Return the sheet, counted from 1, on which each table that has rows begins."""
        first: dict[str, int] = {}
        sheets_before = 0
        for layout in self._layouts:
            first |= {key: sheets_before + sheet for key, sheet in layout.first_sheets.items()}
            sheets_before += layout.sheet_count
        return first

    def list_picture_names(self) -> list[str]:
        """Return the name of each sheet's picture: that of its page, "tong-quan-2" for a page's second sheet."""
        pages = [page for run in self._runs for page in run]
        sheets = [count for layout in self._layouts for count in layout.page_sheets]
        return [
            page.picture_name if number == 1 else f"{page.picture_name}-{number}"
            for page, count in zip(pages, sheets, strict=True)
            for number in range(1, count + 1)
        ]

    def draw(self, after_run: Callable[[Path, int], None] | None = None) -> Path:
        """Write the PDF into the work folder and return its path; `after_run` gets each run's PDF and its sheets."""
        counts = self.sheet_counts
        parts = [self._work_folder / f"part-{number}.pdf" for number in range(len(self._runs))]
        for number, run in enumerate(self._typesetter.iterate_runs(self._runs)):
            self._typesetter.draw(run, sum(counts[:number]), sum(counts), parts[number])
            if after_run is not None:
                after_run(parts[number], counts[number])
        return merge_pdfs(parts, self._work_folder / self.file_name)


def write_pages(contents: Contents, folder: Path, sealed_at: datetime) -> list[Path]:
    """Write `pages.pdf`, then a picture of each of its sheets, and return their paths."""
    with open_typst_folder(folder) as work_folder:
        layout = PagesLayout(contents, sealed_at, work_folder, FILE_NAME)
        with open_page_images(folder, layout.list_picture_names()) as images:
            pdf = layout.draw(images.draw)
            image_paths = images.finish()  # before the PDF that they are rendered from is moved
            return [pdf.rename(folder / FILE_NAME), *image_paths]


@contextmanager
def open_typst_folder(folder: Path) -> Iterator[Path]:
    """Open a folder for Typst inside `folder`, so that it is removed with it if the process is killed."""
    with TemporaryDirectory(prefix=".typst-", dir=folder) as work_folder:
        yield Path(work_folder)


def split_into_runs(pages: Sequence[Page]) -> Iterator[tuple[Page, ...]]:
    """Yield the pages in order, in runs of limited numbers of table rows; a run has at least one page."""
    row_counts = [sum(len(table.rows) for table in page.tables) for page in pages]
    limit = _SINGLE_RUN_ROWS if sum(row_counts) <= _SINGLE_RUN_ROWS else _ROWS_PER_RUN
    run: list[Page] = []
    run_rows = 0
    for page, rows in zip(pages, row_counts, strict=True):
        if run and run_rows + rows > limit:
            yield tuple(run)
            run, run_rows = [], 0
        run.append(page)
        run_rows += rows
    if run:
        yield tuple(run)


class Typesetter:
    """Typst with its template and inputs in the folder `root`; it reads nothing outside."""

    def __init__(self, contents: Contents, sealed_at: datetime, root: Path) -> None:
        self._inputs = TypstInputs(contents, sealed_at, root)
        self._sealed_at = int(sealed_at.replace(tzinfo=UTC).timestamp())
        self._loaded_run: Sequence[Page] = ()
        source = root / "pages.typ"
        source.write_bytes(files("kpis.pack.pdf").joinpath("templates", "pages.typ").read_bytes())
        self._compiler = typst.Compiler(
            str(source), root=str(root), font_paths=[str(fonts.get_font_folder())], ignore_system_fonts=True
        )
        empty = root / "empty.typ"
        empty.write_bytes(b"")
        self._empty_compiler = typst.Compiler(str(empty), root=str(root), ignore_system_fonts=True)

    def iterate_runs(self, runs: Sequence[Sequence[Page]]) -> Iterator[Sequence[Page]]:
        """Yield the runs; Typst's cache of one run is flushed before the next."""
        for run in runs:
            yield run
            if len(runs) > 1:  # a single run is measured and drawn from the same cache
                for _ in range(_FLUSH_COUNT):
                    self._empty_compiler.compile(format="svg")

    def measure(self, run: Sequence[Page]) -> RunLayout:
        """Lay out a run and return where its tables stand."""
        self._load_run(run)
        [positions] = json.loads(self._compiler.query("<layout>", field="value"))
        sheet_count, starts = int(positions["sheets"]), [int(sheet) for sheet in positions["pages"]]
        rows = [(str(key), int(sheet)) for key, sheet in positions["rows"]]
        return RunLayout(
            sheet_count,
            Counter(key for key, _ in rows),
            dict(reversed(rows)),
            tuple(end - start for start, end in pairwise([*starts, sheet_count + 1])),
        )

    def draw(self, run: Sequence[Page], sheets_before: int, sheets_total: int, pdf: Path) -> None:
        """Write a run's PDF; its page numbers go on after `sheets_before`, of `sheets_total`."""
        self._load_run(run)
        self._inputs.write_sheet_numbers(sheets_before, sheets_total)
        self._compiler.compile(output=str(pdf), format="pdf", timestamp=self._sealed_at)

    def _load_run(self, run: Sequence[Page]) -> None:
        if run is not self._loaded_run:
            self._inputs.write_pages(run)
            self._loaded_run = run
