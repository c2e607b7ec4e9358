"""What can be downloaded of a sealed edition: its documents, its pictures, all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from kpis.pack.edition.folders import Edition
from kpis.store.archives import bundled
from kpis.ui.shared.page_view import View

_DOCUMENTS = {
    ".pdf": ("Download PDF", "application/pdf"),
    ".pptx": (
        "Download PowerPoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ".xlsx": ("Download Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_ZIP = "application/zip"


def downloads(view: View, edition: Edition, page: Path) -> None:
    """A button each, read or bundled only when it is pressed. `page`: the picture that is shown.

    Files for machines are in the whole edition alone. What is lost in part or whole has no button.
    """
    name = f"{edition.folder.parent.name}-r{edition.revision}"
    with st.container(horizontal=True):
        for path in edition.paths:
            if path.suffix in _DOCUMENTS and path.is_file():
                label, kind = _DOCUMENTS[path.suffix]
                _button(view.t(label), path.read_bytes, f"{name}{path.suffix}", kind)
        if page.is_file():
            _button(view.t("Download this page (.png)"), page.read_bytes, f"{name}-{page.name}", "image/png")
        for label, paths, file in (
            (view.t("Download all pages (.zip)"), edition.pages(), f"{name}-png.zip"),
            (view.t("Download the whole edition (.zip)"), edition.paths, f"{name}.zip"),
        ):
            if all(path.is_file() for path in paths):
                _button(label, _zip(paths), file, _ZIP)


def _zip(paths: Sequence[Path]) -> Callable[[], bytes]:
    return partial(bundled, paths)


def _button(label: str, read: Callable[[], bytes], name: str, kind: str) -> None:
    st.download_button(
        label, read, file_name=name, mime=kind, key=f"kpis_pack_file_{name}", on_click="ignore"
    )
