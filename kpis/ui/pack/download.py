"""The downloads of a sealed edition: its documents, its page images, all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from kpis.pack.edition.folders import Edition
from kpis.store.archives import bundle_files
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
    """Draw one button per download; files are read only when it is pressed. `page` is the image shown.

    Machine-readable files are only in the whole edition. A download with missing files has no button.
    """
    name = f"{edition.folder.parent.name}-r{edition.revision}"
    with st.container(horizontal=True):
        for path in edition.paths:
            if path.suffix in _DOCUMENT_TYPES and path.is_file():
                label, kind = _DOCUMENT_TYPES[path.suffix]
                _render_button(view.t(label), path.read_bytes, f"{name}{path.suffix}", kind)
        if page.is_file():
            _render_button(view.t("Download this page (.png)"), page.read_bytes, f"{name}-{page.name}", "image/png")
        for label, paths, file in (
            (view.t("Download all pages (.zip)"), edition.list_page_images(), f"{name}-png.zip"),
            (view.t("Download the whole edition (.zip)"), edition.paths, f"{name}.zip"),
        ):
            if all(path.is_file() for path in paths):
                _render_button(label, _prepare_zip(paths), file, _ZIP_MIME_TYPE)


def _prepare_zip(paths: Sequence[Path]) -> Callable[[], bytes]:
    return partial(bundle_files, paths)


def _render_button(label: str, read: Callable[[], bytes], name: str, mime_type: str) -> None:
    st.download_button(label, read, file_name=name, mime=mime_type, key=f"kpis_pack_file_{name}", on_click="ignore")
