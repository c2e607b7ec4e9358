"""The pages in words: everything that the figures hold stands on a page, worded as on the screen."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kpis.language.formatting import format_weeks
from kpis.language.messages import load_catalogue
from kpis.measures.attainment import compute_attainment
from kpis.measures.attainment_rows import URGENT_STATUSES, Attainment
from kpis.measures.changes import LoweredFigure
from kpis.measures.owed import compute_owed
from kpis.pack.figures.gather import EditionFigures, build_last_week_query, gather_figures
from kpis.pack.figures.previous_edition import PreviousEdition
from kpis.pack.pages.agencies_table import find_owed_part, group_names
from kpis.pack.pages.compose import build_contents, list_follow_ups
from kpis.pack.pages.contents import Contents, Table, TableCell, TableColumn, Tiles
from kpis.pack.pages.overview_page import build_tiles
from kpis.pack.pages.place_page import format_countdown
from kpis.pack.pages.sources_page import build_state_cell
from kpis.pack.xlsx.workbook_tabs import _build_sources_tab
from kpis.store.database import Database
from kpis.wording import target_figures as words
from tests.pack.fixtures import NOW, TODAY


def _find_table(contents: Contents, key: str) -> Table:
    return next(table for table in contents.tables if table.key == key)


def test_there_is_a_page_for_every_plan_between_overview_changes_and_sources(
    edition_contents: Contents, figures: EditionFigures
) -> None:
    kinds = [page.kind for page in edition_contents.pages]
    assert kinds == ["overview", "changes", *["place"] * len(figures.places), "sources"]
    assert [page.key for page in edition_contents.pages][-2] == "place-bac-kan"


def test_every_target_and_task_stands_on_its_place_and_what_presses_on_the_overview(
    edition_contents: Contents, figures: EditionFigures
) -> None:
    for place in figures.places:
        assert len(_find_table(edition_contents, f"targets-{place.plan}").rows) == len(place.targets)
        assert len(_find_table(edition_contents, f"tasks-{place.plan}").rows) == len(place.tasks)
    assert len(_find_table(edition_contents, "matrix").rows) == len(figures.places)
    assert len(_find_table(edition_contents, "owed").rows) == sum(
        one.row["status"] in URGENT_STATUSES for one in figures.owed
    )
    assert len(_find_table(edition_contents, "lowered").rows) == len(figures.changes.lowered_figures) > 0


def _count_named(table: Table, *columns: int) -> Counter[tuple[str, ...]]:
    """Each agency that a row names, beside the texts of some of its cells; the row says how many it names."""
    found: Counter[tuple[str, ...]] = Counter()
    for row in table.rows:
        names = row[-1].text.split("; ")
        assert row[-2].number == len(names) <= 24
        found.update((*(row[at].text for at in columns), name) for name in names)
    assert found.total() == table.record_count
    return found


def test_every_agency_that_owes_a_part_or_is_silent_is_named_with_what_and_how_long(
    edition_contents: Contents, figures: EditionFigures
) -> None:
    some = 0
    for place in figures.places:
        said = _count_named(_find_table(edition_contents, f"owing-{place.plan}"), 0)
        owing = [row for row in place.agency_rows if find_owed_part(row)]
        assert said == Counter((words.get_title(row, "vi"), str(row["agency"])) for row in owing)
        some += len(owing)
    assert some > 20
    silent = Counter(
        (figures.place_names[one["plan"]], format_weeks(one["days_silent"], "vi"), one["agency"])
        for one in figures.changes.silent_agencies
    )
    assert _count_named(_find_table(edition_contents, "silent"), 0, 2) == silent


def test_who_is_said_to_owe_nothing_owes_nothing_and_who_is_on_pace_is_told_apart(
    edition_contents: Contents, figures: EditionFigures
) -> None:
    seen = Counter[str]()
    for place in figures.places:
        rows = list(place.agency_rows)
        leads = {row["lead"] for row in place.targets} | {
            name for task in place.tasks for name in task["leads"]
        }
        owing = {str(row["agency"]) for row in rows if compute_owed(row, row["as_of"])}
        pressing = {str(row["agency"]) for row in rows if find_owed_part(row)}
        nothing = {str(row["agency"]) for row in rows if row["entries"]} - leads - owing
        for key, number, words_of in (
            ("agencies", len(nothing), "Thêm {} cơ quan đã báo cáo và không còn thiếu phần việc riêng."),
            ("owing", len(owing - pressing), "Thêm {} cơ quan còn thiếu phần riêng nhưng đúng nhịp."),
        ):
            note = _find_table(edition_contents, f"{key}-{place.plan}").note
            assert note == (words_of.format(number) if number else "")
            seen[key] += number
    assert min(seen["agencies"], seen["owing"]) > 20


def test_more_names_than_a_row_holds_go_on_in_the_next() -> None:
    rows = list(group_names([f"Xã {number:02}" for number in range(49, 0, -1)], "vi"))
    assert [number.number for number, _ in rows] == [24, 24, 1]
    assert [(number.text, number.subtext) for number, _ in rows] == [
        ("24", "/49"),
        ("24", "/49"),
        ("1", "/49"),
    ]
    assert [cell.text.split("; ")[0] for _, cell in rows] == ["Xã 01", "Xã 25", "Xã 49"]


def test_the_matrix_goes_on_in_a_second_table_with_every_indicator_once(
    edition_contents: Contents, figures: EditionFigures
) -> None:
    parts = [table for table in edition_contents.tables if table.key.startswith("matrix")]
    assert all(len(table.columns) <= 8 for table in parts)
    titles = [column.title for table in parts for column in table.columns[1:]]
    assert titles == [*(name for _, name, _ in figures.shared_indicators), "Chỉ tiêu khác"]
    assert [row[0] for row in parts[0].rows] == [row[0] for row in parts[1].rows]


@pytest.mark.parametrize("plan", ["dong-thap", "tuyen-quang"])
def test_the_matrix_of_one_province_has_its_own_columns_and_no_other(
    database: Database, pointer: Path, edition_contents: Contents, plan: str
) -> None:
    own = gather_figures(database, pointer, build_last_week_query(TODAY, plan), NOW)
    [place] = own.places
    alone = [table for table in build_contents(own, NOW, None).tables if table.key.startswith("matrix")]
    parts = [table for table in edition_contents.tables if table.key.startswith("matrix")]
    found = {column.title: cell for one in alone for column, cell in _pair_cells(one, place.name)}
    shown = {column.title: cell for one in parts for column, cell in _pair_cells(one, place.name)}
    assert found == {title: cell for title, cell in shown.items() if cell.state}
    assert len(alone) == 1 + (len(found) > 7)


def _pair_cells(table: Table, name: str) -> list[tuple[TableColumn, TableCell]]:
    [row] = [row for row in table.rows if row[0].text == name]
    return list(zip(table.columns[1:], row[1:], strict=True))


def test_a_database_younger_than_the_day_compared_with_says_so(database: Database, pointer: Path) -> None:
    young = replace(build_last_week_query(TODAY, None), since_known_at=datetime(2020, 1, 1))
    figures = gather_figures(database, pointer, young, NOW)
    assert set(figures.changes.unread_plans) == {place.plan for place in figures.places}
    assert figures.previous_statuses == {row["target"]: row["status"] for row in _load_known_now(database)}
    said = build_contents(figures, NOW, None).pages[1].subtitle
    assert said.endswith("theo số liệu hiện có: đến lúc đó chưa nhận số liệu nào.")
    partly = replace(figures, changes=replace(figures.changes, unread_plans=("ha-noi",)))
    assert build_contents(partly, NOW, None).pages[1].subtitle.endswith("thì theo số liệu hiện có: Hà Nội.")
    against = build_contents(partly, NOW, PreviousEdition("2026-W46", NOW, ())).pages[1].subtitle
    assert against.startswith("So với bản chốt tuần 2026-W46")
    assert against.endswith("thì theo số liệu hiện có: Hà Nội.")


def _load_known_now(database: Database) -> list[Attainment]:
    return compute_attainment(database, date(2026, 11, 15), year=2026)


def test_tiles_name_the_day_where_there_is_no_edition_before(figures: EditionFigures) -> None:
    def list_changes(before: PreviousEdition | None) -> set[str]:
        return {tile.change_text for tile in build_tiles(figures, before).tiles}

    assert {"như 15/11", "thêm 3 so với 15/11"} <= list_changes(None)
    assert {"như lần trước", "thêm 3 so với lần trước"} <= list_changes(PreviousEdition("2026-W46", NOW, ()))
    first, second = (
        build_contents(figures, NOW, None),
        build_contents(figures, NOW, PreviousEdition("2026-W46", NOW, ())),
    )
    assert first.pages[1].title == "Thay đổi so với ngày 15/11/2026"
    assert second.pages[1].title == "Thay đổi so với bản chốt trước"


def test_members_of_a_mixed_lead_are_bodies_not_communes(
    edition_contents: Contents, figures: EditionFigures
) -> None:
    for place in figures.places:
        said = {
            row[0].text: row[2].subtext for row in _find_table(edition_contents, f"tasks-{place.plan}").rows
        }
        for task in place.tasks:
            small = said[task["task"].removeprefix(f"{place.plan}.")]
            assert small.endswith("xã, phường") == bool(task["members"] and task["communes_alone"])
            assert small.endswith("đơn vị") == bool(task["members"] and not task["communes_alone"])


def test_that_there_are_no_tasks_is_said_before_the_agencies(edition_contents: Contents) -> None:
    keys = [table.key for table in edition_contents.tables]
    assert keys.index("tasks-ha-noi") < keys.index("agencies-ha-noi")
    assert keys.index("agencies-dong-thap") < keys.index("tasks-dong-thap")


def test_a_week_without_a_plan_names_places_not_ids(database: Database, pointer: Path) -> None:
    figures = gather_figures(database, pointer, build_last_week_query(date(2019, 3, 1), "ha-noi"), NOW)
    made = build_contents(figures, NOW, None)
    assert figures.places == []
    assert made.scope == "Hà Nội"
    assert [row[1].text for row in _find_table(made, "sources").rows] == ["Hà Nội"]
    assert "ha-noi" not in [
        value for _, row in _build_sources_tab(figures).iterate_rows() for value in row[1:]
    ]


def test_a_source_is_up_to_date_only_while_it_is_read_and_has_rows(figures: EditionFigures) -> None:
    one = next(source for source in figures.sources if not source.stale)
    assert one.last_attempt is not None and one.last_good_at is not None
    held = replace(one.last_attempt, result=replace(one.last_attempt.result, outcome="held"))
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
        cell = build_state_cell(source, now, "vi")
        assert (cell.text, cell.state) == said


def test_a_place_without_a_source_stands_among_the_sources(figures: EditionFigures) -> None:
    alone = replace(figures.places[0], has_been_read=False)
    others = [one for one in figures.sources if one.plan != alone.plan]
    without = replace(figures, places=[alone, *figures.places[1:]], sources=others)
    rows = _find_table(build_contents(without, NOW, None), "sources").rows
    assert len(rows) == len(figures.sources)
    shown = [alone.name, "chưa lần nào", "–", "chưa có nguồn"]
    assert [cell.text for cell in rows[-1]] == ["–", *shown, "–", "–", "–", "–"]
    told = [row for key, row in _build_sources_tab(without).iterate_rows() if key == "sources"]
    assert len(told) == len(rows)
    assert told[-1] == (None, alone.name, None, None, None, "chưa có nguồn", None, None, None, None)


def test_the_tiles_count_every_target_of_the_provinces_once(
    edition_contents: Contents, figures: EditionFigures
) -> None:
    tiles = next(block for block in edition_contents.pages[0].blocks if isinstance(block, Tiles))
    aside = sum(row["status"] in ("not_started", "not_applicable") for row in figures.counted_targets)
    assert sum(tile.number for tile in tiles.tiles) + aside == len(figures.counted_targets)
    assert not any(row["plan"] == "bac-kan" for row in figures.counted_targets)


def test_every_row_has_a_cell_per_column_and_keys_are_never_used_twice(edition_contents: Contents) -> None:
    for table in edition_contents.tables:
        assert all(len(row) == len(table.columns) for row in table.rows), table.key
    assert len({table.key for table in edition_contents.tables}) == len(edition_contents.tables)


def test_every_page_says_as_of_scope_moment_version_and_that_figures_are_made_up(
    edition_contents: Contents,
) -> None:
    assert edition_contents.footer_lines == (
        "Tính đến ngày 21/11/2026",
        "tất cả kế hoạch (5)",
        "lập lúc 10:00 21/11/2026",
        "số liệu bản 3",
        "Số liệu minh họa",
    )
    assert edition_contents.page_number_template.format(page=2, pages=9) == "trang 2/9"


def test_what_is_no_longer_attained_is_marked_and_a_milestone_taken_back_is_a_word(
    figures: EditionFigures,
) -> None:
    rows = [row for place in figures.places for row in place.targets]
    done = next(row for row in rows if row["measure"] == "milestone")
    count = next(row for row in rows if row["measure"] == "count")
    lowered = [
        LoweredFigure(
            {**done, "numerator": 1}, {**done, "numerator": 0, "status": "no_data"}, lost_attainment=True
        ),
        LoweredFigure(
            {**count, "numerator": 7}, {**count, "numerator": 0, "status": "no_data"}, lost_attainment=False
        ),
    ]
    made = build_contents(
        replace(figures, changes=replace(figures.changes, lowered_figures=lowered)), NOW, None
    )
    first, second = _find_table(made, "lowered").rows
    assert [cell.text for cell in first[2:]] == ["hoàn thành", "chưa hoàn thành", "Chưa có số liệu"]
    assert [cell.number for cell in first[2:4]] == [1, 0]
    assert first[4].subtext == "không còn đạt"
    assert [cell.text for cell in second[2:4]] == ["7", "0"]
    assert second[4].subtext == ""


def test_what_was_asked_last_time_is_held_against_what_stands_now(figures: EditionFigures) -> None:
    before = PreviousEdition("2026-W46", NOW, list_follow_ups(figures))
    gone = replace(before.follow_ups[0], target="gone.01")
    made = build_contents(figures, NOW, replace(before, follow_ups=(*before.follow_ups, gone)))
    rows = _find_table(made, "asked").rows
    assert len(rows) == len(before.follow_ups) + 1
    assert rows[0][3].state == before.follow_ups[0].status
    assert rows[-1][3].text == "không còn trong danh mục"


def test_a_year_without_plans_gives_pages_that_say_so(database: Database, pointer: Path) -> None:
    figures = gather_figures(database, pointer, build_last_week_query(date(2020, 3, 1), None), NOW)
    made = build_contents(figures, NOW, None)
    assert [page.kind for page in made.pages] == ["overview", "changes", "sources"]
    assert len(_find_table(made, "sources").rows) == 5


def test_the_deadline_counts_down_from_eight_weeks_before(figures: EditionFigures) -> None:
    places = {place.plan: place for place in figures.places}
    assert format_countdown(places["dong-thap"], TODAY, "vi") == "Hạn báo cáo 15/12/2026: còn 3 tuần."
    assert format_countdown(places["dong-thap"], date(2026, 10, 1), "vi") == ""
    assert format_countdown(places["thai-nguyen"], TODAY, "vi") == "Hạn báo cáo 15/11/2026 đã qua 6 ngày."
    assert format_countdown(places["ha-noi"], TODAY, "vi") == ""


def test_the_english_pages_say_the_same(database: Database, pointer: Path) -> None:
    asked = build_last_week_query(TODAY, "bac-kan", "en")
    made = build_contents(gather_figures(database, pointer, asked, NOW), NOW, None)
    assert made.footer_lines[0] == "As of 21 Nov 2026"
    texts = {table.title for table in made.tables}
    assert not texts & set(load_catalogue("vi").values())


def test_the_columns_of_the_matrix_are_part_of_what_an_edition_says(figures: EditionFigures) -> None:
    assert (
        replace(figures, shared_indicators=figures.shared_indicators[:-1]).compute_fingerprint()
        != figures.compute_fingerprint()
    )
    assert replace(figures, sources=[]).compute_fingerprint() == figures.compute_fingerprint()


def test_what_is_due_in_years_comes_after_what_is_due_within_one_as_on_the_screen(
    edition_contents: Contents,
) -> None:
    far = [(row[4].number or 0) > 366 for row in _find_table(edition_contents, "owed").rows]
    assert far == sorted(far)
    assert True in far and False in far
