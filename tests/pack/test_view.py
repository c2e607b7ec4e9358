"""The pages in words: everything that the figures hold stands on a page, worded as on the screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from kpis.language.messages import catalogue
from kpis.measures.rows import PRESSING
from kpis.pack.before import Before
from kpis.pack.contents import Contents, Table, Tiles
from kpis.pack.figures import Figures, compared_with_last_week, gather
from kpis.pack.view import asked_for, contents
from kpis.pack.view_place import countdown
from kpis.store.database import Database
from tests.pack.conftest import NOW, TODAY


def _table(made: Contents, key: str) -> Table:
    return next(table for table in made.tables if table.key == key)


def test_there_is_a_page_for_every_plan_between_overview_changes_and_sources(
    whole: Contents, figures: Figures
) -> None:
    kinds = [page.kind for page in whole.pages]
    assert kinds == ["overview", "changes", *["place"] * len(figures.places), "sources"]
    assert [page.key for page in whole.pages][-2] == "place-bac-kan"


def test_every_target_and_task_stands_on_its_place_and_what_presses_on_the_overview(
    whole: Contents, figures: Figures
) -> None:
    for place in figures.places:
        assert len(_table(whole, f"targets-{place.plan}").rows) == len(place.targets)
        assert len(_table(whole, f"tasks-{place.plan}").rows) == len(place.tasks)
    assert len(_table(whole, "matrix").rows) == len(figures.places)
    assert len(_table(whole, "owed").rows) == sum(one.row["status"] in PRESSING for one in figures.owed)
    assert len(_table(whole, "silent").rows) == len(figures.changes.silent)
    assert len(_table(whole, "lowered").rows) == len(figures.changes.lowered) > 0


def test_the_tiles_count_every_target_of_the_provinces_once(whole: Contents, figures: Figures) -> None:
    tiles = next(block for block in whole.pages[0].blocks if isinstance(block, Tiles))
    aside = sum(row["status"] in ("not_started", "not_applicable") for row in figures.counted)
    assert sum(tile.number for tile in tiles.tiles) + aside == len(figures.counted)
    assert not any(row["plan"] == "bac-kan" for row in figures.counted)


def test_every_row_has_a_cell_per_column_and_keys_are_never_used_twice(whole: Contents) -> None:
    for table in whole.tables:
        assert all(len(row) == len(table.columns) for row in table.rows), table.key
    assert len({table.key for table in whole.tables}) == len(whole.tables)


def test_every_page_says_as_of_scope_moment_version_and_that_figures_are_made_up(whole: Contents) -> None:
    assert whole.foot == (
        "Tính đến ngày 21/11/2026",
        "tất cả kế hoạch (5)",
        "lập lúc 10:00 21/11/2026",
        "số liệu bản 3",
        "Số liệu minh họa",
    )
    assert whole.page_of.format(page=2, pages=9) == "trang 2/9"


def test_what_was_asked_last_time_is_held_against_what_stands_now(figures: Figures) -> None:
    before = Before("2026-W46", NOW, asked_for(figures))
    gone = replace(before.asked[0], target="gone.01")
    made = contents(figures, NOW, replace(before, asked=(*before.asked, gone)))
    rows = _table(made, "asked").rows
    assert len(rows) == len(before.asked) + 1
    assert rows[0][3].state == before.asked[0].status
    assert rows[-1][3].text == "đã hết kỳ"


def test_a_year_without_plans_gives_pages_that_say_so(database: Database, pointer: Path) -> None:
    figures = gather(database, pointer, compared_with_last_week(date(2020, 3, 1), None), NOW)
    made = contents(figures, NOW, None)
    assert [page.kind for page in made.pages] == ["overview", "changes", "sources"]
    assert len(_table(made, "sources").rows) == 5


def test_the_deadline_counts_down_from_eight_weeks_before(figures: Figures) -> None:
    places = {place.plan: place for place in figures.places}
    assert countdown(places["dong-thap"], TODAY, "vi") == "Hạn báo cáo 15/12/2026: còn 3 tuần."
    assert countdown(places["dong-thap"], date(2026, 10, 1), "vi") == ""
    assert countdown(places["thai-nguyen"], TODAY, "vi") == "Hạn báo cáo 15/11/2026 đã qua 6 ngày."
    assert countdown(places["ha-noi"], TODAY, "vi") == ""


def test_the_english_pages_say_the_same(database: Database, pointer: Path) -> None:
    asked = compared_with_last_week(TODAY, "bac-kan", "en")
    made = contents(gather(database, pointer, asked, NOW), NOW, None)
    assert made.foot[0] == "As of 21 Nov 2026"
    texts = {table.title for table in made.tables}
    assert not texts & set(catalogue("vi").values())
