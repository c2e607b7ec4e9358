"""One province in a browser: its plan stands on every page without being chosen, and fits a phone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kpis.ui.shared.phone_rows import PHONE_ROWS
from tests.cli.conftest import Project
from tests.paths import ROOT
from tests.ui.conftest import PageOpener

pytestmark = pytest.mark.browser

PLAN, PLACE = "dong-thap", "Đồng Tháp"
PATHS = ("", "province", "agency", "tasks", "explanations", "findings", "sources", "pack", "targets", "entries")
MAX_PHONE_HEIGHT = 2_600
MAX_FOLDED_HEIGHT = 3_200
IS_WIDER = "part => part.scrollWidth > part.clientWidth"


@pytest.fixture(scope="module")
def province_site(serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The app with the sheet of Đồng Tháp alone."""
    project = Project(tmp_path_factory.mktemp("one"))
    shutil.copy(ROOT / "data" / "sample" / "dong-thap.xlsx", project.sources.parent / "one.xlsx")
    project.sources.write_text(f'[[source]]\nid = "dt"\nplan = "{PLAN}"\nworkbook = "one.xlsx"\n', "utf-8")
    assert project.run_kpis("sync").code == 0
    return serve(project.database)


def test_the_only_plan_need_not_be_chosen(open_page: PageOpener, province_site: str) -> None:
    opened = open_page("/province?as_of=2026-11-21", address=province_site)
    assert opened.get_mark("plan") == PLAN
    assert opened.page.locator(".kpis-choices").count() == 0
    assert opened.page.locator(".kpis-targets > li").count() > 3
    assert PLACE in opened.page.locator(".kpis-head").inner_text()
    agencies = open_page("/agency?agency=Sở Y tế", address=province_site)
    assert "Sở Y tế" in agencies.page.locator(".kpis-head").inner_text()
    assert agencies.page.locator(".kpis-facts").count() == 1


def test_the_page_of_explanations_offers_to_ask_where_nobody_was_asked(
    open_page: PageOpener, province_site: str
) -> None:
    opened = open_page("/explanations", address=province_site)
    opened.page.locator("[data-testid=stExpander] summary").click()
    opened.page.get_by_label("Nội dung yêu cầu").wait_for()


def test_with_several_plans_a_link_opens_the_form_of_each(open_page: PageOpener) -> None:
    opened = open_page("/explanations")
    opened.page.locator("[data-testid=stExpander] summary", has_text="Yêu cầu giải trình").click()
    links = opened.page.locator(".kpis-plans a")
    assert links.count() == 5
    links.filter(has_text="Thái Nguyên").first.click()
    opened.wait_for_page("explanations", "thai-nguyen")
    opened.page.get_by_label("Nội dung yêu cầu").wait_for()


def test_on_a_phone_what_is_attained_and_the_departments_are_folded(open_page: PageOpener, province_site: str) -> None:
    opened = open_page("/?as_of=2026-11-21", "phone", address=province_site)
    main = opened.page.locator("[data-testid=stMain]")
    assert main.evaluate("part => part.scrollHeight") < MAX_PHONE_HEIGHT
    fold = opened.page.locator(".kpis-phone-fold", has=opened.page.locator(".kpis-rows"))
    attained = fold.locator("li[data-status=attained]")
    assert attained.count() > 3 and not attained.first.is_visible()
    fold.locator("summary").click()
    assert attained.first.is_visible()


def test_on_a_wide_screen_nothing_is_folded_for_a_phone(open_page: PageOpener, province_site: str) -> None:
    opened = open_page("/?as_of=2026-11-21", address=province_site)
    folds = opened.page.locator(".kpis-phone-fold")
    assert folds.count() >= 3
    assert not any(summary.is_visible() for summary in folds.locator("> summary").all())
    assert all(row.is_visible() for row in folds.locator(".kpis-rows > li, .kpis-departments tbody tr").all())


def test_tiles_of_states_stand_in_one_line(open_page: PageOpener, province_site: str) -> None:
    opened = open_page("/tasks?as_of=2026-11-21", address=province_site)
    tiles = opened.page.locator(".kpis-tiles > .kpis-tile")
    assert "Lâu chưa báo cáo" in tiles.all_inner_texts()[1]
    tops = tiles.evaluate_all("tiles => tiles.map(tile => tile.getBoundingClientRect().top)")
    assert len(tops) == 6 and len(set(tops)) == 1


@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_no_page_is_wider_than_the_window_or_complains(open_page: PageOpener, province_site: str, size: str) -> None:
    for path in PATHS:
        opened = open_page(f"/{path}", size, address=province_site)
        assert not opened.page.locator("[data-testid=stMain]").evaluate(IS_WIDER), path
        assert opened.console == [], path
        assert "tất cả kế hoạch" not in opened.page.locator(".kpis-head").inner_text(), path


def test_on_a_phone_the_rest_of_a_long_table_is_folded(open_page: PageOpener, province_site: str) -> None:
    opened = open_page("/agency?as_of=2026-11-21", "phone", address=province_site)
    cards = opened.page.locator(".kpis-list > table tbody tr:not(.kpis-group)")
    open_cards = [card for card in cards.all() if card.is_visible()]
    assert len(open_cards) == PHONE_ROWS < cards.count()
    fold = opened.page.locator(".kpis-phone-rest")
    all_rows = int(opened.page.locator(".kpis-total").inner_text())
    assert str(all_rows - PHONE_ROWS) in fold.inner_text()
    fold.locator("summary").click()
    assert all(card.is_visible() for card in cards.all())
    wide = open_page("/agency?as_of=2026-11-21", address=province_site).page
    assert not wide.locator(".kpis-phone-rest").is_visible()
    assert all(row.is_visible() for row in wide.locator(".kpis-list > table tbody tr").all())


@pytest.mark.parametrize("path", ["province?as_of=2026-11-21", "agency?as_of=2026-11-21&agency=Sở Công Thương"])
def test_on_a_phone_the_page_of_a_plan_or_agency_folds_what_nobody_owes(
    open_page: PageOpener, province_site: str, path: str
) -> None:
    page = open_page(f"/{path}", "phone", address=province_site).page
    lines = page.locator(".kpis-phone-more")
    assert lines.count() > 3
    height = "main => main.scrollHeight"
    assert page.locator("[data-testid=stMain]").evaluate(height) < MAX_FOLDED_HEIGHT
    assert not page.locator(".kpis table").first.is_visible()
    for line in lines.all():
        line.evaluate("part => part.open = true")
    assert page.locator("[data-testid=stMain]").evaluate(height) > 2 * MAX_FOLDED_HEIGHT
    wide = open_page(f"/{path}", address=province_site).page
    assert not any(line.is_visible() for line in wide.locator(".kpis-phone-more").all())
    assert wide.locator(".kpis table").last.is_visible()


def test_on_a_phone_a_link_to_a_target_opens_its_card(open_page: PageOpener, province_site: str) -> None:
    page = open_page("/province?as_of=2026-11-21", "phone", address=province_site).page
    attained = page.locator(".kpis-targets > li.kpis-attained[id]").first
    assert not attained.is_visible()
    target = attained.get_attribute("id")
    opened = open_page(f"/province?as_of=2026-11-21#{target}", "phone", address=province_site).page
    card = opened.locator(f"[id='{target}']")
    card.locator(".kpis-basis").wait_for()
    box = card.bounding_box()
    assert box and -1 < box["y"] < opened.evaluate("innerHeight")
