"""Every page in a real browser: three sizes, both languages and themes; nothing cut, an empty console."""

import re

import pytest

from kpis.language.messages import load_catalogue
from kpis.ui import pages
from tests.ui.conftest import OpenedPage, PageOpener

pytestmark = pytest.mark.browser

EACH_PAGE = pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.slug)

# Elements that extend beyond the window or beyond a box that clips them.
FIND_CUT_ELEMENTS = """() => {
  const wide = document.documentElement.clientWidth;
  const cut = [];
  for (const node of document.querySelectorAll('.kpis, .kpis *')) {
    const style = getComputedStyle(node);
    if (node.closest('.kpis-hidden, .kpis-stack thead') || style.display === 'none') continue;
    const box = node.getBoundingClientRect();
    if (box.right > wide + 1 || box.left < -1) cut.push(node.outerHTML.slice(0, 120));
    const cuts = style.overflowX !== 'visible' && !node.classList.contains('kpis-bar');
    if (cuts && node.scrollWidth > node.clientWidth + 1) cut.push('cut: ' + node.outerHTML.slice(0, 120));
  }
  return cut;
}"""


def check_page(opened_page: OpenedPage) -> None:
    page = opened_page.page
    assert opened_page.get_mark("state") == "ok"
    assert page.locator("[data-testid=stException]").count() == 0
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("node => node.scrollWidth - node.clientWidth") <= 0
    assert page.evaluate(FIND_CUT_ELEMENTS) == []
    assert opened_page.console == []


@EACH_PAGE
@pytest.mark.parametrize("size", ["laptop", "projector", "phone"])
def test_a_page_fits_every_window_in_vietnamese(open_page: PageOpener, page: pages.PageDefinition, size: str) -> None:
    opened = open_page(f"/{page.slug}", size)
    check_page(opened)
    assert opened.page.locator("h1").first.inner_text() == load_catalogue("vi")[page.title]


@EACH_PAGE
@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_a_page_fits_in_english_and_dark(open_page: PageOpener, page: pages.PageDefinition, size: str) -> None:
    opened = open_page(f"/{page.slug}?lang=en", size, look="dark")
    check_page(opened)
    assert opened.page.locator("h1").first.inner_text() == page.title


@EACH_PAGE
def test_a_page_says_that_its_figures_are_samples_and_how_fresh_they_are(
    open_page: PageOpener, page: pages.PageDefinition
) -> None:
    text = open_page(f"/{page.slug}").page.locator("[data-testid=stMain]").inner_text()
    assert "Số liệu minh họa" in text
    if page.slug in pages.PAGES_WITHOUT_FIGURES:
        assert "Số liệu đến" not in text
        return
    assert re.search(r"Số liệu đến 09:00 21/11/2026 · \d/5 nguồn quá 14 ngày chưa cập nhật", text)


@EACH_PAGE
def test_a_page_uses_one_font_with_aligned_figures(open_page: PageOpener, page: pages.PageDefinition) -> None:
    opened = open_page(f"/{page.slug}")
    families = opened.page.evaluate(
        "[...new Set([...document.querySelectorAll('.kpis *')].map(e => getComputedStyle(e).fontFamily))]"
    )
    assert all(family.startswith('"Be Vietnam Pro"') for family in families)
    loaded = "[...document.fonts].filter(face => face.status === 'loaded').map(face => face.family)"
    assert any("Be Vietnam Pro" in family for family in opened.page.evaluate(loaded))
    width = """text => {
      const node = document.createElement('span');
      node.className = 'kpis-number'; node.textContent = text;
      document.querySelector('.kpis').append(node);
      const wide = node.getBoundingClientRect().width; node.remove(); return wide;
    }"""
    assert opened.page.evaluate(width, "111.111") == opened.page.evaluate(width, "480.967")
