"""The pages of an edition by Typst as one PDF, and a PNG of 1920×1080 of each page (see docs/decisions).

Typst sets so many rows at a time, so that an edition of 34 provinces takes no more memory than one of three.
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

_ROWS_PER_RUN = 175
"""So many rows of tables are set in one run, or one page's, if it has more."""
_SINGLE_RUN_ROWS = 400
"""An edition of so few rows is one run: what is laid out to be measured then serves to be drawn."""
_FLUSH_COUNT = 12
"""After so many empty documents Typst has let go of what it laid out before them."""


def write_pages(
    _figures: EditionFigures, contents: Contents, folder: Path, sealed_at: datetime
) -> list[Path]:
    """`pages.pdf`, then `page-01.png` and so on; a `kpis.pack.edition.writers.Writer`."""
    # Inside the folder, so that what a killed run leaves is swept with it.
    with TemporaryDirectory(prefix=".typst-", dir=folder) as place:
        typesetter = Typesetter(contents, sealed_at, Path(place))
        runs = list(split_into_runs(contents.pages))
        measured = [typesetter.measure(run) for run in typesetter.iterate_runs(runs)]
        found = sum((rows for rows, _ in measured), Counter[str]())
        check_row_counts(contents, found, "pages.pdf")
        sheets = [number for _, number in measured]
        parts = [Path(place) / f"part-{at}.pdf" for at in range(len(runs))]
        with open_page_images(folder) as drawn:
            for at, run in enumerate(typesetter.iterate_runs(runs)):
                typesetter.draw(run, sum(sheets[:at]), sum(sheets), parts[at])
                drawn.draw(parts[at], sheets[at])
            whole = merge_pdfs(parts, Path(place) / "pages.pdf")
            made = drawn.finish()  # before the PDF they are drawn from gets its name
            return [whole.rename(folder / "pages.pdf"), *made]


def split_into_runs(pages: Sequence[Page]) -> Iterator[tuple[Page, ...]]:
    """The pages in order, in runs of at most `_ROWS` rows where no single page has more."""
    numbers = [sum(len(table.rows) for table in page.tables) for page in pages]
    most = _SINGLE_RUN_ROWS if sum(numbers) <= _SINGLE_RUN_ROWS else _ROWS_PER_RUN
    run: list[Page] = []
    rows = 0
    for page, number in zip(pages, numbers, strict=True):
        if run and rows + number > most:
            yield tuple(run)
            run, rows = [], 0
        run.append(page)
        rows += number
    if run:
        yield tuple(run)


class Typesetter:
    """Typst with the template and what it is given in a folder; nothing outside it is read."""

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
        """The runs one after the other; what Typst keeps of one is let go before the next."""
        for run in runs:
            yield run
            if len(runs) > 1:  # the one run is measured and drawn from what is kept
                for _ in range(_FLUSH_COUNT):
                    self._empty_compiler.compile(format="svg")

    def measure(self, run: Sequence[Page]) -> tuple[Counter[str], int]:
        """The rows of each table (by its key) that stand on the run's sheets, and how many sheets it has."""
        self._load_run(run)
        rows = Counter(str(one) for one in json.loads(self._compiler.query("<row>", field="value")))
        [sheets] = json.loads(self._compiler.query("<sheets>", field="value"))
        return rows, int(sheets)

    def draw(self, run: Sequence[Page], sheets_before: int, sheets_total: int, pdf: Path) -> None:
        """Writes the run's PDF; it has so many sheets before it, of the whole."""
        self._load_run(run)
        self._inputs.write_sheet_numbers(sheets_before, sheets_total)
        self._compiler.compile(output=str(pdf), format="pdf", timestamp=self._sealed_at)

    def _load_run(self, run: Sequence[Page]) -> None:
        if run is not self._loaded_run:
            self._inputs.write_pages(run)
            self._loaded_run = run
