"""Every page on paper, upright and across: nothing beyond the border, nothing folded, nothing to press."""

from __future__ import annotations

import pypdfium2
import pytest
from playwright.sync_api import PdfMargins

from kpis.language.messages import load_catalogue
from kpis.ui import pages
from tests.ui.conftest import OpenedPage, PageOpener
from tests.ui.test_browser_pages import FIND_CUT_ELEMENTS

pytestmark = pytest.mark.browser

MARGIN = "10mm"
PAPER_WIDTHS = {False: 718, True: 1046}
"""Is it across -> width of A4 between margins of 10 mm, in CSS pixels."""
ADDRESSES = [
    *(f"/{page.slug}" for page in pages.PAGES),
    "/?plan=ha-noi",
    "/province?plan=ha-noi",
    "/agency?plan=ha-noi",
    "/agency?plan=ha-noi&agency=Sở Công Thương",
]
FIND_CONTROLS = """() => [...document.querySelectorAll('button, input, textarea, select, nav a, a[download]')]
  .filter(part => part.checkVisibility()).map(part => part.outerHTML.slice(0, 120))"""
FIND_FOLDED = """() => [...document.querySelectorAll('.kpis details > :not(summary, .kpis-phone-rest)')]
  .filter(part => !part.closest('.kpis-filters'))
  .filter(part => !part.checkVisibility({contentVisibilityAuto: true})).map(part => part.outerHTML.slice(0, 120))"""
HAS_CARDS = (
    "() => [...document.querySelectorAll('.kpis-stack tr')].some(row => getComputedStyle(row).display == 'grid')"
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_fits_on_paper_in_both_directions(open_page: PageOpener, address: str) -> None:
    opened = open_page(address)
    assert opened.get_mark("state") == "ok"
    for is_across, width in PAPER_WIDTHS.items():
        check_paper(opened, is_across, width)


def check_paper(opened: OpenedPage, is_across: bool, width: int) -> None:
    page = opened.page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": width, "height": 1046})
    assert page.evaluate(FIND_CUT_ELEMENTS) == []
    assert page.locator("[data-testid=stMain]").evaluate("main => main.scrollWidth - main.clientWidth") <= 0
    assert page.evaluate(FIND_CONTROLS) == []
    assert page.evaluate(FIND_FOLDED) == []
    assert not page.evaluate(HAS_CARDS)
    margin: PdfMargins = {"top": MARGIN, "right": MARGIN, "bottom": MARGIN, "left": MARGIN}
    document = pypdfium2.PdfDocument(page.pdf(format="A4", landscape=is_across, margin=margin))
    text = "".join(sheet.get_textpage().get_text_range() for sheet in document)
    assert page.locator("h1").first.inner_text() in text
    assert load_catalogue("vi")["Filters"] not in text
