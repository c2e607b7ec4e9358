"""The pages of an edition as one PDF by Typst, and a PNG of each (docs/decisions/typst-pages.md).

Typst gets a limited number of rows per run, so that 34 provinces take no more memory than three.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from kpis.charts import fonts
from kpis.pack.figures.gather import EditionFigures
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


def write_pages(_figures: EditionFigures, contents: Contents, folder: Path, sealed_at: datetime) -> list[Path]:
    """Write `pages.pdf`, then `page-01.png` and so on; a `kpis.pack.edition.writers.Writer`."""
    # Inside the folder, so that it is removed with it if the process is killed.
    with TemporaryDirectory(prefix=".typst-", dir=folder) as work_folder:
        typesetter = Typesetter(contents, sealed_at, Path(work_folder))
        runs = list(split_into_runs(contents.pages))
        measures = [typesetter.measure(run) for run in typesetter.iterate_runs(runs)]
        check_row_counts(contents, sum((rows for rows, _ in measures), Counter[str]()), FILE_NAME)
        sheet_counts = [sheet_count for _, sheet_count in measures]
        parts = [Path(work_folder) / f"part-{number}.pdf" for number in range(len(runs))]
        with open_page_images(folder) as images:
            for number, run in enumerate(typesetter.iterate_runs(runs)):
                typesetter.draw(run, sum(sheet_counts[:number]), sum(sheet_counts), parts[number])
                images.draw(parts[number], sheet_counts[number])
            pdf = merge_pdfs(parts, Path(work_folder) / FILE_NAME)
            image_paths = images.finish()  # before the PDF that they are rendered from is moved
            return [pdf.rename(folder / FILE_NAME), *image_paths]


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

    def measure(self, run: Sequence[Page]) -> tuple[Counter[str], int]:
        """Lay out a run; return table key -> rows on its sheets, and the number of sheets."""
        self._load_run(run)
        rows = Counter(str(key) for key in json.loads(self._compiler.query("<row>", field="value")))
        [sheet_count] = json.loads(self._compiler.query("<sheets>", field="value"))
        return rows, int(sheet_count)

    def draw(self, run: Sequence[Page], sheets_before: int, sheets_total: int, pdf: Path) -> None:
        """Write a run's PDF; its page numbers go on after `sheets_before`, of `sheets_total`."""
        self._load_run(run)
        self._inputs.write_sheet_numbers(sheets_before, sheets_total)
        self._compiler.compile(output=str(pdf), format="pdf", timestamp=self._sealed_at)

    def _load_run(self, run: Sequence[Page]) -> None:
        if run is not self._loaded_run:
            self._inputs.write_pages(run)
            self._loaded_run = run
