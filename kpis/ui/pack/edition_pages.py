"""The pages of the chosen week, one at a time: of the sealed edition or of a preview."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

from kpis.pack.edition.folders import Edition
from kpis.ui.pack.download import render_downloads
from kpis.ui.pack.edition_buttons import PackPreview
from kpis.ui.pack.selection import choose_in_address
from kpis.ui.shared import html, states
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.table_query import get_table_query


def render_sealed_edition(view: PageView, edition: Edition) -> None:
    """Draw the downloads, then the selected page image."""
    pages = edition.list_page_images()
    key = f"{edition.folder.parent.name}_{edition.revision}"
    number = _select_page(view, len(pages), key)
    render_downloads(view, edition, pages[number - 1])
    if pages[number - 1].is_file():
        _show_page(view, pages[number - 1].read_bytes(), number, len(pages))
    else:
        sentence = view.t("The picture of this page is lost. Seal the edition again to make a complete revision.")
        html.show_markup(states.render_notices([states.render_notice(sentence)]))


def render_preview(view: PageView, preview: PackPreview) -> None:
    """Draw a page of a preview, with a notice that it is one; without downloads, since nothing is sealed."""
    sentence = view.t("Preview – not sealed. What is shown may still change until the edition is sealed.")
    html.show_markup(states.render_notices([states.render_notice(tag("strong", sentence))]))
    selection = preview.selection
    key = f"preview_{selection.week}_{selection.plan}_{selection.lang}"
    number = _select_page(view, len(preview.pages), key)
    _show_page(view, preview.pages[number - 1], number, len(preview.pages))


def _select_page(view: PageView, page_count: int, key: str) -> int:
    """Draw the choice of the page that the address names, and return it; the last one for a number past the last."""
    query = get_table_query()
    number = max(1, min(query.page, page_count))
    choose_in_address(
        view,
        view.t("Page"),
        range(1, page_count + 1),
        number,
        lambda page: view.t("page {page}/{pages}", page=page, pages=page_count),
        lambda page: replace(query, page=page),
        key=f"kpis_pack_page_{key}",
    )
    return number


def _show_page(view: PageView, png: bytes, number: int, page_count: int) -> None:
    # Not st.image, which scales images with a palette by nearest neighbour and makes text ragged.
    address = "data:image/png;base64," + b64encode(png).decode()
    html.show_markup(html.render_image(address, view.t("page {page}/{pages}", page=number, pages=page_count)))
