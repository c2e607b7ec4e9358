"""axe finds nothing on any page, with five plans and with one, in both looks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from kpis.ui import pages
from tests.cli.conftest import Project
from tests.ui.conftest import PageOpener

pytestmark = pytest.mark.browser

PATHS = (
    *(f"/{page.url_path}" for page in pages.PAGES),
    "/?plan=dong-thap",
    "/province?plan=dong-thap",
    "/tasks?q=so+cong&sort=-due&plan=dong-thap",
    "/targets?status=overdue,behind",
    "/agency?plan=dong-thap",
    "/agency?status=silent",
    "/agency?plan=dong-thap&agency=S%E1%BB%9F+C%C3%B4ng+Th%C6%B0%C6%A1ng",
    "/entries?plan=dong-thap&target=dong-thap.10",
    "/explanations?plan=dong-thap",
)
PATHS_OF_ONE_PLAN = (
    *(f"/{page.url_path}" for page in pages.PAGES),
    "/province?plan=ha-noi",
    "/agency?plan=ha-noi&agency=S%E1%BB%9F+C%C3%B4ng+Th%C6%B0%C6%A1ng",
)
FOREIGN = {"presentation-role-conflict": "stFileUploaderDropzone"}
"""Rules that an element of Streamlit's own breaks, which we cannot change: rule -> its test id."""


def find_violations(page: Any) -> list[str]:
    """Return what axe finds: the rule and the first elements that break it."""
    response = Axe().run(page).response
    return [
        f"{violation['id']}: {[node['html'][:160] for node in violation['nodes'][:3]]}"
        for violation in response["violations"]
        if not _is_foreign(violation)
    ]


def _is_foreign(violation: Any) -> bool:
    mark = FOREIGN.get(violation["id"])
    return mark is not None and all(f'data-testid="{mark}"' in node["html"] for node in violation["nodes"])


@pytest.fixture(scope="module")
def single_site(serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A province with late targets, one of which its lead was asked about."""
    project = Project(tmp_path_factory.mktemp("one"))
    project.sources.write_text('[[source]]\nid = "hn"\nplan = "ha-noi"\nworkbook = "dong-thap.xlsx"\n', "utf-8")
    project.write_workbook([(date(2026, 3, 1), "Sở Công Thương", "Tin bài", 3, None, "https://a.example/1")])
    assert project.run_kpis("sync").code == 0
    run = project.run_kpis(
        "request",
        "ask",
        "--plan",
        "ha-noi",
        "--about",
        "ha-noi.12",
        "--agency",
        "Sở Công Thương",
        "--question",
        "Vì sao?",
    )
    assert run.code == 0, run
    return serve(project.database)


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS_OF_ONE_PLAN)
def test_axe_finds_nothing_with_one_plan(open_page: PageOpener, single_site: str, path: str, look: str) -> None:
    opened = open_page(path, look=look, address=single_site)
    assert find_violations(opened.page) == []


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
