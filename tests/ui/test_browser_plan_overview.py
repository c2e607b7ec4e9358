"""The overview of one plan in a browser: the late targets and who owes them stand above pixel 1,000."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bench.databases import ensure_database
from tests.cli.conftest import Project
from tests.ui.conftest import PageOpener

pytestmark = pytest.mark.browser

MAX_BOTTOM, MAX_HEIGHT, LATE_TARGETS = 1000, 44, 14
READ_ROWS = """rows => rows.map(row => {
  const box = row.getBoundingClientRect();
  return {bottom: box.bottom, height: box.height, status: row.dataset.status, who: row.children[4].innerText};
})"""


@pytest.fixture(scope="module")
def late_site(serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A province with 126 communes, sixteen targets and one entry, and so with fourteen late ones at the year's end."""
    project = Project(tmp_path_factory.mktemp("late"))
    project.sources.write_text('[[source]]\nid = "hn"\nplan = "ha-noi"\nworkbook = "dong-thap.xlsx"\n', "utf-8")
    project.write_workbook([(date(2026, 3, 1), "Sở Công Thương", "Tin bài", 3, None, "https://a.example/1")])
    assert project.run_kpis("sync").code == 0
    return serve(project.database)


def test_fourteen_late_targets_and_who_owes_them_stand_above_pixel_1000(open_page: PageOpener, late_site: str) -> None:
    opened = open_page("/?as_of=2026-12-31", address=late_site)
    rows = opened.page.locator("section > .kpis-rows > li").evaluate_all(READ_ROWS)
    assert len(rows) == LATE_TARGETS
    assert all(row["status"] in ("overdue", "behind", "no_data", "at_risk") for row in rows)
    assert all(row["height"] <= MAX_HEIGHT and row["who"] for row in rows)
    assert max(row["bottom"] for row in rows) < MAX_BOTTOM


@pytest.mark.parametrize("plan", ["thai-nguyen", "ha-noi", "dong-thap"])
def test_the_rows_of_the_sample_stand_above_pixel_1000(open_page: PageOpener, plan: str) -> None:
    opened = open_page(f"/?plan={plan}")
    rows = opened.page.locator("section > .kpis-rows > li, .kpis-phone-fold .kpis-rows > li").evaluate_all(READ_ROWS)
    assert 10 <= len(rows) <= LATE_TARGETS
    assert all(row["height"] <= MAX_HEIGHT for row in rows)
    assert max(row["bottom"] for row in rows) < MAX_BOTTOM


def test_nothing_is_wider_than_the_window(open_page: PageOpener, late_site: str) -> None:
    for size in ("laptop", "phone"):
        opened = open_page("/?as_of=2026-12-31", size, address=late_site)
        main = opened.page.locator("[data-testid=stMain]")
        assert main.evaluate("part => part.scrollWidth <= part.clientWidth")


@pytest.fixture(scope="module")
def nation_site(serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Thirty-four provinces with a made-up year."""
    return serve(ensure_database("2k", tmp_path_factory.mktemp("nation")))


def test_all_34_names_stand_in_one_screen(open_page: PageOpener, nation_site: str) -> None:
    opened = open_page("/", address=nation_site)
    boxes = opened.page.locator(".kpis-ranking li > a").evaluate_all(
        "links => links.map(link => "
        "({bottom: link.getBoundingClientRect().bottom, cut: link.scrollWidth > link.clientWidth}))"
    )
    assert len(boxes) == 34
    assert max(box["bottom"] for box in boxes) < 768
    assert not any(box["cut"] for box in boxes)


def test_no_name_is_wider_than_its_tile(open_page: PageOpener, nation_site: str) -> None:
    for size in ("laptop", "projector", "phone"):
        opened = open_page("/", size, address=nation_site)
        tiles = opened.page.locator(".kpis-grid li:not(.kpis-sea)")
        assert tiles.count() == 34
        assert not any(tiles.evaluate_all("tiles => tiles.map(tile => tile.scrollWidth > tile.clientWidth)"))
