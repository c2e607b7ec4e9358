"""A preview of an edition's pages as they would be sealed now, marked as a preview; nothing is sealed."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from kpis.language.messages import translate
from kpis.pack.edition.sealing import FREE_SPACE, EditionRequest, ProgressCallback, find_baseline, gather_for_request
from kpis.pack.meeting.parts import open_parts
from kpis.pack.pages.compose import build_contents
from kpis.pack.pdf.typesetting import write_pages
from kpis.store.database import Database
from kpis.store.files import require_free_space
from kpis.store.work_folders import open_work_folder


def render_preview(
    db: Database, pointer: Path, request: EditionRequest, out: Path, progress: ProgressCallback | None = None
) -> tuple[bytes, ...]:
    """Return the pages as PNG images in order, each marked as a preview; `out` is read, never written to.

    Raises UsageError for a week that has not begun, StoreError for a disk without room, RowsLostError if a page
    lacks rows.
    """
    report_progress = progress or (lambda _done, _total, _step: None)
    require_free_space(Path(tempfile.gettempdir()), FREE_SPACE)
    report_progress(0, 2, "figures")
    baseline = find_baseline(request, out)
    figures = gather_for_request(db, pointer, request, baseline)
    contents = build_contents(figures, request.now, baseline.previous)
    mark = translate(request.lang, "Preview – not sealed")
    marked = replace(contents, sample=" · ".join(filter(None, (mark, contents.sample))))
    report_progress(1, 2, "pages")
    with open_work_folder("preview") as folder:
        with open_parts(figures, marked, request.now, folder) as parts:
            paths = write_pages(parts.meeting, folder, request.now)
        images = tuple(path.read_bytes() for path in paths if path.suffix == ".png")
    report_progress(2, 2, "")
    return images
