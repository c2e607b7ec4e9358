"""The pages in words: everything that the figures hold stands on a page, worded as on the screen."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kpis.language.formatting import weeks
from kpis.language.messages import catalogue
from kpis.measures.attainment import attainment
from kpis.measures.attainment_rows import PRESSING, Attainment
from kpis.measures.changes import Lowered
from kpis.measures.owed import owes
from kpis.pack.figures.gather import Figures, compared_with_last_week, gather
from kpis.pack.figures.previous_edition import Before
from kpis.pack.pages.agencies_table import named_together, owed_part
from kpis.pack.pages.compose import asked_for, contents
from kpis.pack.pages.contents import Cell, Column, Contents, Table, Tiles
from kpis.pack.pages.overview_page import tiles
from kpis.pack.pages.place_page import countdown
from kpis.pack.pages.sources_page import state
from kpis.pack.xlsx.workbook_tabs import _sources
from kpis.store.database import Database
from kpis.wording import target_figures as words
from tests.pack.fixtures import NOW, TODAY


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
    assert len(_table(whole, "lowered").rows) == len(figures.changes.lowered) > 0


def _named(table: Table, *beside: int) -> Counter[tuple[str, ...]]:
    """Each agency that a row names, beside the texts of some of its cells; the row says how many it names."""
    found: Counter[tuple[str, ...]] = Counter()
    for row in table.rows:
        names = row[-1].text.split("; ")
        assert row[-2].number == len(names) <= 24
        found.update((*(row[at].text for at in beside), name) for name in names)
    assert found.total() == table.records
    return found


def test_every_agency_that_owes_a_part_or_is_silent_is_named_with_what_and_how_long(
    whole: Contents, figures: Figures
) -> None:
    some = 0
    for place in figures.places:
        said = _named(_table(whole, f"owing-{place.plan}"), 0)
        owing = [row for row in place.agencies if owed_part(row)]
        assert said == Counter((words.title(row, "vi"), str(row["agency"])) for row in owing)
        some += len(owing)
    assert some > 20
    silent = Counter(
        (figures.names[one["plan"]], weeks(one["days_silent"], "vi"), one["agency"])
        for one in figures.changes.silent
    )
    assert _named(_table(whole, "silent"), 0, 2) == silent


def test_who_is_said_to_owe_nothing_owes_nothing_and_who_is_on_pace_is_told_apart(
    whole: Contents, figures: Figures
) -> None:
    seen = Counter[str]()
    for place in figures.places:
        rows = list(place.agencies)
        leads = {row["lead"] for row in place.targets} | {
            name for task in place.tasks for name in task["leads"]
        }
        owing = {str(row["agency"]) for row in rows if owes(row, row["as_of"])}
        pressing = {str(row["agency"]) for row in rows if owed_part(row)}
        nothing = {str(row["agency"]) for row in rows if row["entries"]} - leads - owing
        for key, number, words_of in (
            ("agencies", len(nothing), "Thêm {} cơ quan đã báo cáo và không còn thiếu phần việc riêng."),
            ("owing", len(owing - pressing), "Thêm {} cơ quan còn thiếu phần riêng nhưng đúng nhịp."),
        ):
            note = _table(whole, f"{key}-{place.plan}").note
            assert note == (words_of.format(number) if number else "")
            seen[key] += number
    assert min(seen["agencies"], seen["owing"]) > 20


def test_more_names_than_a_row_holds_go_on_in_the_next() -> None:
    rows = list(named_together([f"Xã {number:02}" for number in range(49, 0, -1)], "vi"))
    assert [number.number for number, _ in rows] == [24, 24, 1]
    assert [(number.text, number.small) for number, _ in rows] == [("24", "/49"), ("24", "/49"), ("1", "/49")]
    assert [cell.text.split("; ")[0] for _, cell in rows] == ["Xã 01", "Xã 25", "Xã 49"]


def test_the_matrix_goes_on_in_a_second_table_with_every_indicator_once(
    whole: Contents, figures: Figures
) -> None:
    parts = [table for table in whole.tables if table.key.startswith("matrix")]
    assert all(len(table.columns) <= 8 for table in parts)
    titles = [column.title for table in parts for column in table.columns[1:]]
    assert titles == [*(name for _, name, _ in figures.shared), "Chỉ tiêu khác"]
    assert [row[0] for row in parts[0].rows] == [row[0] for row in parts[1].rows]


@pytest.mark.parametrize("plan", ["dong-thap", "tuyen-quang"])
def test_the_matrix_of_one_province_has_its_own_columns_and_no_other(
    database: Database, pointer: Path, whole: Contents, plan: str
) -> None:
    own = gather(database, pointer, compared_with_last_week(TODAY, plan), NOW)
    [place] = own.places
    alone = [table for table in contents(own, NOW, None).tables if table.key.startswith("matrix")]
    parts = [table for table in whole.tables if table.key.startswith("matrix")]
    found = {column.title: cell for one in alone for column, cell in _beside(one, place.name)}
    shown = {column.title: cell for one in parts for column, cell in _beside(one, place.name)}
    assert found == {title: cell for title, cell in shown.items() if cell.state}
    assert len(alone) == 1 + (len(found) > 7)


def _beside(table: Table, name: str) -> list[tuple[Column, Cell]]:
    [row] = [row for row in table.rows if row[0].text == name]
    return list(zip(table.columns[1:], row[1:], strict=True))


def test_a_database_younger_than_the_day_compared_with_says_so(database: Database, pointer: Path) -> None:
    young = replace(compared_with_last_week(TODAY, None), known_then=datetime(2020, 1, 1))
    figures = gather(database, pointer, young, NOW)
    assert set(figures.changes.unread_then) == {place.plan for place in figures.places}
    assert figures.before == {row["target"]: row["status"] for row in _as_known_now(database)}
    said = contents(figures, NOW, None).pages[1].subtitle
    assert said.endswith("theo số liệu hiện có: đến lúc đó chưa nhận số liệu nào.")
    partly = replace(figures, changes=replace(figures.changes, unread_then=("ha-noi",)))
    assert contents(partly, NOW, None).pages[1].subtitle.endswith("thì theo số liệu hiện có: Hà Nội.")
    against = contents(partly, NOW, Before("2026-W46", NOW, ())).pages[1].subtitle
    assert against.startswith("So với bản chốt tuần 2026-W46")
    assert against.endswith("thì theo số liệu hiện có: Hà Nội.")


def _as_known_now(database: Database) -> list[Attainment]:
    return attainment(database, date(2026, 11, 15), year=2026)


def test_tiles_name_the_day_where_there_is_no_edition_before(figures: Figures) -> None:
    def changes(before: Before | None) -> set[str]:
        return {tile.change for tile in tiles(figures, before).tiles}

    assert {"như 15/11", "thêm 3 so với 15/11"} <= changes(None)
    assert {"như lần trước", "thêm 3 so với lần trước"} <= changes(Before("2026-W46", NOW, ()))
    first, second = contents(figures, NOW, None), contents(figures, NOW, Before("2026-W46", NOW, ()))
    assert first.pages[1].title == "Thay đổi so với ngày 15/11/2026"
    assert second.pages[1].title == "Thay đổi so với bản chốt trước"


def test_members_of_a_mixed_lead_are_bodies_not_communes(whole: Contents, figures: Figures) -> None:
    for place in figures.places:
        said = {row[0].text: row[2].small for row in _table(whole, f"tasks-{place.plan}").rows}
        for task in place.tasks:
            small = said[task["task"].removeprefix(f"{place.plan}.")]
            assert small.endswith("xã, phường") == bool(task["members"] and task["communes_alone"])
            assert small.endswith("đơn vị") == bool(task["members"] and not task["communes_alone"])


def test_that_there_are_no_tasks_is_said_before_the_agencies(whole: Contents) -> None:
    keys = [table.key for table in whole.tables]
    assert keys.index("tasks-ha-noi") < keys.index("agencies-ha-noi")
    assert keys.index("agencies-dong-thap") < keys.index("tasks-dong-thap")


def test_a_week_without_a_plan_names_places_not_ids(database: Database, pointer: Path) -> None:
    figures = gather(database, pointer, compared_with_last_week(date(2019, 3, 1), "ha-noi"), NOW)
    made = contents(figures, NOW, None)
    assert figures.places == []
    assert made.scope == "Hà Nội"
    assert [row[1].text for row in _table(made, "sources").rows] == ["Hà Nội"]
    assert "ha-noi" not in [value for _, row in _sources(figures).rows() for value in row[1:]]


def test_a_source_is_up_to_date_only_while_it_is_read_and_has_rows(figures: Figures) -> None:
    one = next(source for source in figures.sources if not source.stale)
    assert one.last is not None and one.last_good_at is not None
    held = replace(one.last, result=replace(one.last.result, outcome="held"))
    empty = replace(one, read=0, accepted=0, warned=0, rejected=0)
    later = one.last_good_at + timedelta(days=3, minutes=1)
    removed = replace(one, configured=False)
    for source, now, said in (
        (one, NOW, ("đang cập nhật", "attained")),
        (empty, NOW, ("chưa có dòng nào", "no_data")),
        (removed, NOW, ("không còn được đọc", "at_risk")),
        (replace(one, history=(held,)), NOW, ("lần đọc gần nhất bị tạm giữ", "at_risk")),
        (one, later, ("quá 3 ngày chưa đọc lại", "at_risk")),
        (None, NOW, ("chưa có nguồn", "no_data")),
    ):
        cell = state(source, now, "vi")
        assert (cell.text, cell.state) == said


def test_a_place_without_a_source_stands_among_the_sources(figures: Figures) -> None:
    alone = replace(figures.places[0], read=False)
    others = [one for one in figures.sources if one.plan != alone.plan]
    without = replace(figures, places=[alone, *figures.places[1:]], sources=others)
    rows = _table(contents(without, NOW, None), "sources").rows
    assert len(rows) == len(figures.sources)
    shown = [alone.name, "chưa lần nào", "–", "chưa có nguồn"]
    assert [cell.text for cell in rows[-1]] == ["–", *shown, "–", "–", "–", "–"]
    told = [row for key, row in _sources(without).rows() if key == "sources"]
    assert len(told) == len(rows)
    assert told[-1] == (None, alone.name, None, None, None, "chưa có nguồn", None, None, None, None)


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


def test_what_is_no_longer_attained_is_marked_and_a_milestone_taken_back_is_a_word(figures: Figures) -> None:
    rows = [row for place in figures.places for row in place.targets]
    done = next(row for row in rows if row["measure"] == "milestone")
    count = next(row for row in rows if row["measure"] == "count")
    lowered = [
        Lowered({**done, "numerator": 1}, {**done, "numerator": 0, "status": "no_data"}, lost=True),
        Lowered({**count, "numerator": 7}, {**count, "numerator": 0, "status": "no_data"}, lost=False),
    ]
    made = contents(replace(figures, changes=replace(figures.changes, lowered=lowered)), NOW, None)
    first, second = _table(made, "lowered").rows
    assert [cell.text for cell in first[2:]] == ["hoàn thành", "chưa hoàn thành", "Chưa có số liệu"]
    assert [cell.number for cell in first[2:4]] == [1, 0]
    assert first[4].small == "không còn đạt"
    assert [cell.text for cell in second[2:4]] == ["7", "0"]
    assert second[4].small == ""


def test_what_was_asked_last_time_is_held_against_what_stands_now(figures: Figures) -> None:
    before = Before("2026-W46", NOW, asked_for(figures))
    gone = replace(before.asked[0], target="gone.01")
    made = contents(figures, NOW, replace(before, asked=(*before.asked, gone)))
    rows = _table(made, "asked").rows
    assert len(rows) == len(before.asked) + 1
    assert rows[0][3].state == before.asked[0].status
    assert rows[-1][3].text == "không còn trong danh mục"


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


def test_the_columns_of_the_matrix_are_part_of_what_an_edition_says(figures: Figures) -> None:
    assert replace(figures, shared=figures.shared[:-1]).fingerprint() != figures.fingerprint()
    assert replace(figures, sources=[]).fingerprint() == figures.fingerprint()


def test_what_is_due_in_years_comes_after_what_is_due_within_one_as_on_the_screen(whole: Contents) -> None:
    far = [(row[4].number or 0) > 366 for row in _table(whole, "owed").rows]
    assert far == sorted(far)
    assert True in far and False in far
