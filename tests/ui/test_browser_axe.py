"""axe finds nothing on the pages of lists, in both looks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.ui.conftest import PageOpener

pytestmark = pytest.mark.browser

PATHS = (
    "/tasks",
    "/tasks?q=so+cong&sort=-due&plan=dong-thap",
    "/targets?status=overdue,behind",
    "/findings",
    "/agency?plan=dong-thap",
    "/agency?status=silent",
    "/agency?plan=dong-thap&agency=S%E1%BB%9F+C%C3%B4ng+Th%C6%B0%C6%A1ng",
    "/entries?plan=dong-thap&target=dong-thap.10",
    "/sources",
)


def find_violations(page: Any) -> list[str]:
    """Return what axe finds: the rule and the first elements that break it."""
    response = Axe().run(page).response
    return [
        f"{violation['id']}: {[node['html'][:160] for node in violation['nodes'][:3]]}"
        for violation in response["violations"]
    ]


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(open_page: PageOpener, path: str, look: str) -> None:
    opened = open_page(path, look=look)
    assert find_violations(opened.page) == []


def test_axe_sees_what_is_wrong(open_page: PageOpener) -> None:
    opened = open_page("/tasks")
    opened.page.evaluate("document.body.append(document.createElement('button'))")
    assert any(violation.startswith("button-name") for violation in find_violations(opened.page))


def test_a_search_without_diacritics_a_sort_and_a_download(open_page: PageOpener) -> None:
    opened = open_page("/tasks?plan=dong-thap")
    field = opened.page.get_by_label("Tìm", exact=True)
    field.fill("so cong thuong")
    field.press("Enter")
    opened.page.wait_for_url("**/tasks?plan=dong-thap&q=so+cong+thuong")
    opened.wait_until_ready()
    total = int(opened.page.locator(".kpis-total").first.inner_text())
    assert 0 < total < 30
    opened.page.locator(".kpis-sort", has_text="Thời hạn").first.click()
    opened.page.wait_for_selector("th[aria-sort=ascending]")
    assert opened.page.locator(".kpis-total").first.inner_text() == str(total)
    with opened.page.expect_download() as download:
        opened.page.get_by_role("link", name="Tải bảng này (.xlsx)").first.click()
    assert download.value.suggested_filename == "nhiem-vu-2026-11-21.xlsx"


def test_a_count_leads_to_a_heading_with_its_number(open_page: PageOpener) -> None:
    opened = open_page("/tasks")
    tile = opened.page.locator(".kpis-tile .kpis-counted").first
    number = tile.inner_text()
    tile.click()
    opened.page.wait_for_url("**/tasks?status=*")
    # Right after the click the list of before is still there.
    opened.page.locator(".kpis-total").first.filter(has_text=re.compile(f"^{re.escape(number)}$")).wait_for()
