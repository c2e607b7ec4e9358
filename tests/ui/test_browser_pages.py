"""Every page in a real browser: three sizes, both languages and looks; nothing cut, a silent console."""

import re

import pytest

from kpis.language.messages import load_catalogue
from kpis.ui import pages
from tests.ui.conftest import OpenedPage, PageOpener

pytestmark = pytest.mark.browser

EACH_PAGE = pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.slug)

# Everything that sticks out of the window or of a box that hides what sticks out.
FIND_CUT_ELEMENTS = """() => {
  const wide = document.documentElement.clientWidth;
  const found = [];
  for (const one of document.querySelectorAll('.kpis, .kpis *')) {
    const style = getComputedStyle(one);
    if (one.closest('.kpis-hidden, .kpis-stack thead') || style.display === 'none') continue;
    const box = one.getBoundingClientRect();
    if (box.right > wide + 1 || box.left < -1) found.push(one.outerHTML.slice(0, 120));
    const cuts = style.overflowX !== 'visible' && !one.classList.contains('kpis-bar');
    if (cuts && one.scrollWidth > one.clientWidth + 1) found.push('cut: ' + one.outerHTML.slice(0, 120));
  }
  return found;
}"""


def check_page(opened_page: OpenedPage) -> None:
    page = opened_page.page
    assert opened_page.get_mark("state") == "ok"
    assert page.locator("[data-testid=stException]").count() == 0
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    assert page.evaluate(FIND_CUT_ELEMENTS) == []
    assert opened_page.console == []


@EACH_PAGE
@pytest.mark.parametrize("size", ["laptop", "projector", "phone"])
def test_a_page_fits_every_window_in_vietnamese(
    open_page: PageOpener, page: pages.PageDefinition, size: str
) -> None:
    opened = open_page(f"/{page.slug}", size)
    check_page(opened)
    assert opened.page.locator("h1").first.inner_text() == load_catalogue("vi")[page.title]


@EACH_PAGE
@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_a_page_fits_in_english_and_dark(
    open_page: PageOpener, page: pages.PageDefinition, size: str
) -> None:
    opened = open_page(f"/{page.slug}?lang=en", size, look="dark")
    check_page(opened)
    assert opened.page.locator("h1").first.inner_text() == page.title


@EACH_PAGE
def test_a_page_says_that_its_figures_are_made_up_and_how_fresh_they_are(
    open_page: PageOpener, page: pages.PageDefinition
) -> None:
    text = open_page(f"/{page.slug}").page.locator("[data-testid=stMain]").inner_text()
    assert "Số liệu minh họa" in text
    assert re.search(r"Số liệu đến 09:00 21/11/2026 · \d/5 nguồn quá 14 ngày chưa cập nhật", text)


@EACH_PAGE
def test_a_page_is_set_in_one_typeface_in_which_figures_align(
    open_page: PageOpener, page: pages.PageDefinition
) -> None:
    opened = open_page(f"/{page.slug}")
    families = opened.page.evaluate(
        "[...new Set([...document.querySelectorAll('.kpis *')].map(one => getComputedStyle(one).fontFamily))]"
    )
    assert all(family.startswith('"Be Vietnam Pro"') for family in families)
    loaded = "[...document.fonts].filter(one => one.status === 'loaded').map(one => one.family)"
    assert any("Be Vietnam Pro" in family for family in opened.page.evaluate(loaded))
    width = """text => {
      const one = document.createElement('span');
      one.className = 'kpis-number'; one.textContent = text;
      document.querySelector('.kpis').append(one);
      const wide = one.getBoundingClientRect().width; one.remove(); return wide;
    }"""
    assert opened.page.evaluate(width, "111.111") == opened.page.evaluate(width, "480.967")
