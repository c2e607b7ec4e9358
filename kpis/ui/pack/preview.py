"""The latest edition of the chosen week: its pages as they were sealed, its files to download."""

from __future__ import annotations

from base64 import b64encode

import streamlit as st

from kpis.pack.place import RECORD, Edition
from kpis.ui import html
from kpis.ui.view import View

_KINDS = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
}


def preview(view: View, edition: Edition) -> None:
    """One page at a time, and the files: those that are whole, then the picture of the page shown."""
    pages = edition.pages()
    key = f"{edition.folder.parent.name}_{edition.revision}"
    number = st.selectbox(
        view.t("Page"),
        range(1, len(pages) + 1),
        format_func=lambda one: view.t("page {page}/{pages}", page=one, pages=len(pages)),
        key=f"kpis_pack_page_{key}",
    )
    page = pages[number - 1]
    whole = [path for path in edition.paths if path.suffix != ".png" and path.name != RECORD]
    with st.container(horizontal=True):
        for path in (*whole, page):
            st.download_button(
                path.name,
                path.read_bytes,
                file_name=f"{edition.folder.parent.name}-r{edition.revision}-{path.name}",
                mime=_KINDS.get(path.suffix, "application/octet-stream"),
                key=f"kpis_pack_file_{key}_{path.name}",
                on_click="ignore",
            )
    # As the file is: st.image would shrink a picture with a palette to the nearest pixel, letters and all.
    address = "data:image/png;base64," + b64encode(page.read_bytes()).decode()
    said = view.t("page {page}/{pages}", page=number, pages=len(pages))
    html.show(html.image(address, said))
