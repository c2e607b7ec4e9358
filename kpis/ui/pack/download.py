"""The downloads of a sealed edition: its documents, its page images, all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from kpis.pack.edition.folders import Edition
from kpis.pack.meeting.parts import ANNEX_FILE
from kpis.store.archives import bundle_files
from kpis.ui.shared import html
from kpis.ui.shared.download_links import render_download
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView

_DOCUMENT_TYPES = {
    ".pdf": ("Download PDF", "application/pdf"),
    ".pptx": (
        "Download PowerPoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ".xlsx": ("Download Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_ZIP_MIME_TYPE = "application/zip"


def render_downloads(view: PageView, edition: Edition, page: Path) -> None:
    """Draw one link per download; files are read only when it is followed. `page` is the image shown.

    Machine-readable files are only in the whole edition. A download with missing files has no link.
    """
    name = f"{edition.folder.parent.name}-r{edition.revision}"
    links = [
        render_download(label, read, file, mime_type, "download", edition.plan)
        for label, read, file, mime_type in _list_files(view, edition, page, name)
    ]
    html.show_markup(tag("div", *links, class_="kpis kpis-downloads", lang=view.lang))


def _list_files(
    view: PageView, edition: Edition, page: Path, name: str
) -> Iterator[tuple[str, Callable[[], bytes], str, str]]:
    """Yield label, reader, file name and type of each file that is there."""
    for path in sorted(edition.paths, key=_get_document_rank):
        if path.suffix in _DOCUMENT_TYPES and path.is_file():
            label, kind = _DOCUMENT_TYPES[path.suffix]
            if path.name == ANNEX_FILE:
                yield view.t("Download the annex (.pdf)"), path.read_bytes, f"{name}-{path.name}", kind
            else:
                yield view.t(label), path.read_bytes, f"{name}{path.suffix}", kind
    if page.is_file():
        yield view.t("Download this page (.png)"), page.read_bytes, f"{name}-{page.name}", "image/png"
    for label, paths, file in (
        (view.t("Download all pages (.zip)"), edition.list_page_images(), f"{name}-png.zip"),
        (view.t("Download the whole edition (.zip)"), edition.paths, f"{name}.zip"),
    ):
        if all(path.is_file() for path in paths):
            yield label, _prepare_zip(paths), file, _ZIP_MIME_TYPE


def _get_document_rank(path: Path) -> tuple[bool, int]:
    """Return the order of the documents: what is projected, then the annex and the workbook."""
    suffixes = list(_DOCUMENT_TYPES)
    is_annex = path.name == ANNEX_FILE or path.suffix == ".xlsx"
    return is_annex, suffixes.index(path.suffix) if path.suffix in suffixes else len(suffixes)


def _prepare_zip(paths: Sequence[Path]) -> Callable[[], bytes]:
    return partial(bundle_files, paths)
