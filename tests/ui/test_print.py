"""The overview on an upright sheet of A4: the figures of neighbouring cells do not run together."""

from __future__ import annotations

import pytest
from playwright.sync_api import sync_playwright

from kpis.ui.overview.matrix import render_matrix
from tests.paths import ROOT
from tests.ui.conftest import CHROMIUM
from tests.ui.handmade_rows import DONG_THAP, HA_NOI, build_target, build_view

INDICATORS = {f"i{number}": (f"Chỉ số {number}", f"Indicator {number}") for number in range(10)}
WIDER_THAN_CELL = """() => [...document.querySelectorAll('.kpis-matrix tbody td')].filter(cell => {
  const right = cell.getBoundingClientRect().right;
  return [...cell.querySelectorAll('.kpis-figure > span')].some(
    part => part.getBoundingClientRect().right > right - 2);
}).length"""


@pytest.mark.slow
def test_figures_stay_in_their_cells_on_an_upright_sheet() -> None:
    rows = [
        build_target(plan=plan, indicator=indicator, floor=1077, actual=825, numerator=825)
        for plan in ("ha-noi", "dong-thap")
        for indicator in INDICATORS
    ]
    plans = [HA_NOI, DONG_THAP]
    matrix = render_matrix(build_view(), plans, rows, INDICATORS, {"ha-noi", "dong-thap"})
    style = (ROOT / "kpis/ui/server/style.css").read_text(encoding="utf-8")
    page_html = f"<style>{style}</style><body style='margin:0'><div class='kpis'>{matrix}</div></body>"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page(viewport={"width": 794, "height": 1123})
        page.emulate_media(media="print")
        page.set_content(page_html)
        assert page.evaluate(WIDER_THAN_CELL) == 0
        browser.close()
