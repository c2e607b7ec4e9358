"""An edition's pages as they would be sealed now, drawn aside and marked: nothing is sealed by looking."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from kpis.language.messages import translate
from kpis.pack.edition.sealing import Order, Progress, gathered, question
from kpis.pack.pages.compose import contents
from kpis.pack.pdf.typesetting import write_pages
from kpis.store.database import Database


def preview(
    db: Database, pointer: Path, order: Order, out: Path, progress: Progress | None = None
) -> tuple[bytes, ...]:
    """The pages as PNG pictures in order, each marked as a preview; `out` is read, never written to.

    UsageError for a week that has not begun; RowsLostError where a page lacks rows.
    """
    told = progress or (lambda _done, _whole, _step: None)
    told(0, 2, "figures")
    asked = question(order, out)
    figures = gathered(db, pointer, order, asked)
    said = contents(figures, order.now, asked.before)
    mark = translate(order.lang, "Preview – not sealed")
    marked = replace(said, sample=" · ".join(one for one in (mark, said.sample) if one))
    told(1, 2, "pages")
    with TemporaryDirectory(prefix="kpis-preview-") as folder:
        made = write_pages(figures, marked, Path(folder), order.now)
        pictures = tuple(path.read_bytes() for path in made if path.suffix == ".png")
    told(2, 2, "")
    return pictures
