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
from kpis.pack.figures.gather import Figures
from kpis.pack.pages.contents import Contents, Page
from kpis.pack.pages.row_counts import compare_rows
from kpis.pack.pdf.merge_pdf import join
from kpis.pack.pdf.page_images import pictures
from kpis.pack.pdf.typst_inputs import Given

_ROWS = 175
"""So many rows of tables are set in one run, or one page's, if it has more."""
_FEW = 400
"""An edition of so few rows is one run: what is laid out to be measured then serves to be drawn."""
_KEPT = 12
"""After so many empty documents Typst has let go of what it laid out before them."""


def write_pages(_figures: Figures, contents: Contents, folder: Path, sealed_at: datetime) -> list[Path]:
    """`pages.pdf`, then `page-01.png` and so on; a `kpis.pack.edition.writers.Writer`."""
    # Inside the folder, so that what a killed run leaves is swept with it.
    with TemporaryDirectory(prefix=".typst-", dir=folder) as place:
        typesetter = Typesetter(contents, sealed_at, Path(place))
        runs = list(runs_of(contents.pages))
        measured = [typesetter.measure(run) for run in typesetter.each(runs)]
        found = sum((rows for rows, _ in measured), Counter[str]())
        compare_rows(contents, found, "pages.pdf")
        sheets = [number for _, number in measured]
        parts = [Path(place) / f"part-{at}.pdf" for at in range(len(runs))]
        with pictures(folder) as drawn:
            for at, run in enumerate(typesetter.each(runs)):
                typesetter.draw(run, sum(sheets[:at]), sum(sheets), parts[at])
                drawn.draw(parts[at], sheets[at])
            whole = join(parts, Path(place) / "pages.pdf")
            made = drawn.finish()  # before the PDF they are drawn from gets its name
            return [whole.rename(folder / "pages.pdf"), *made]


def runs_of(pages: Sequence[Page]) -> Iterator[tuple[Page, ...]]:
    """The pages in order, in runs of at most `_ROWS` rows where no single page has more."""
    numbers = [sum(len(table.rows) for table in page.tables) for page in pages]
    most = _FEW if sum(numbers) <= _FEW else _ROWS
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
        self._given = Given(contents, sealed_at, root)
        self._sealed_at = int(sealed_at.replace(tzinfo=UTC).timestamp())
        self._shown: Sequence[Page] = ()
        source = root / "pages.typ"
        source.write_bytes(files("kpis.pack.pdf").joinpath("templates", "pages.typ").read_bytes())
        self._compiler = typst.Compiler(
            str(source), root=str(root), font_paths=[str(fonts.folder())], ignore_system_fonts=True
        )
        empty = root / "empty.typ"
        empty.write_bytes(b"")
        self._empty = typst.Compiler(str(empty), root=str(root), ignore_system_fonts=True)

    def each(self, runs: Sequence[Sequence[Page]]) -> Iterator[Sequence[Page]]:
        """The runs one after the other; what Typst keeps of one is let go before the next."""
        for run in runs:
            yield run
            if len(runs) > 1:  # the one run is measured and drawn from what is kept
                for _ in range(_KEPT):
                    self._empty.compile(format="svg")

    def measure(self, run: Sequence[Page]) -> tuple[Counter[str], int]:
        """The rows of each table (by its key) that stand on the run's sheets, and how many sheets it has."""
        self._show(run)
        rows = Counter(str(one) for one in json.loads(self._compiler.query("<row>", field="value")))
        [sheets] = json.loads(self._compiler.query("<sheets>", field="value"))
        return rows, int(sheets)

    def draw(self, run: Sequence[Page], before: int, whole: int, pdf: Path) -> None:
        """Writes the run's PDF; it has so many sheets before it, of the whole."""
        self._show(run)
        self._given.number(before, whole)
        self._compiler.compile(output=str(pdf), format="pdf", timestamp=self._sealed_at)

    def _show(self, run: Sequence[Page]) -> None:
        if run is not self._shown:
            self._given.pages(run)
            self._shown = run
