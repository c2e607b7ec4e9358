"""An edition's pages as they would be sealed now, drawn aside and marked: nothing is sealed by looking."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from kpis.language.messages import translate
from kpis.pack.edition.sealing import EditionRequest, ProgressCallback, find_baseline, gather_for_request
from kpis.pack.pages.compose import build_contents
from kpis.pack.pdf.typesetting import write_pages
from kpis.store.database import Database


def render_preview(
    db: Database, pointer: Path, request: EditionRequest, out: Path, progress: ProgressCallback | None = None
) -> tuple[bytes, ...]:
    """The pages as PNG pictures in order, each marked as a preview; `out` is read, never written to.

    UsageError for a week that has not begun; RowsLostError where a page lacks rows.
    """
    told = progress or (lambda _done, _whole, _step: None)
    told(0, 2, "figures")
    asked = find_baseline(request, out)
    figures = gather_for_request(db, pointer, request, asked)
    said = build_contents(figures, request.now, asked.previous)
    mark = translate(request.lang, "Preview – not sealed")
    marked = replace(said, sample=" · ".join(one for one in (mark, said.sample) if one))
    told(1, 2, "pages")
    with TemporaryDirectory(prefix="kpis-preview-") as folder:
        made = write_pages(figures, marked, Path(folder), request.now)
        pictures = tuple(path.read_bytes() for path in made if path.suffix == ".png")
    told(2, 2, "")
    return pictures
