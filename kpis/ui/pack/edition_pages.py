"""The pages of the chosen week, one at a time: as they were sealed, or drawn as a preview."""

from __future__ import annotations

from base64 import b64encode

import streamlit as st

from kpis.pack.edition.folders import Edition
from kpis.ui.pack.download import downloads
from kpis.ui.pack.edition_buttons import Drawn
from kpis.ui.pack.selection import WIDTH
from kpis.ui.shared import html, states
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import View


def sealed(view: View, edition: Edition) -> None:
    """What can be downloaded, then a page as its file is."""
    pages = edition.pages()
    key = f"{edition.folder.parent.name}_{edition.revision}"
    number = _choose(view, len(pages), key)
    downloads(view, edition, pages[number - 1])
    if pages[number - 1].is_file():
        _show(view, pages[number - 1].read_bytes(), number, len(pages))
    else:
        lost = view.t("The picture of this page is lost. Seal the edition again: a whole one is made beside.")
        html.show(states.notices([states.notice(lost)]))


def previewed(view: View, drawn: Drawn) -> None:
    """A page of a preview, under a line that says so; nothing to download, for nothing is sealed."""
    said = view.t("Preview – not sealed. What is shown may still change until the edition is sealed.")
    html.show(states.notices([states.notice(tag("strong", said))]))
    chosen = drawn.chosen
    number = _choose(view, len(drawn.pages), f"preview_{chosen.week}_{chosen.plan}_{chosen.lang}")
    _show(view, drawn.pages[number - 1], number, len(drawn.pages))


def _choose(view: View, pages: int, key: str) -> int:
    return st.selectbox(
        view.t("Page"),
        range(1, pages + 1),
        format_func=lambda one: view.t("page {page}/{pages}", page=one, pages=pages),
        key=f"kpis_pack_page_{key}",
        width=WIDTH,
    )


def _show(view: View, picture: bytes, number: int, pages: int) -> None:
    # As the file is: st.image would shrink a picture with a palette to the nearest pixel, letters and all.
    address = "data:image/png;base64," + b64encode(picture).decode()
    html.show(html.image(address, view.t("page {page}/{pages}", page=number, pages=pages)))
