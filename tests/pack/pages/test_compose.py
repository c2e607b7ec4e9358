"""The contents of the pages: every figure is on a page, with the same wording as on the screen."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kpis.language.formatting import format_weeks
from kpis.language.messages import load_catalogue
from kpis.measures.attainment import compute_attainment
from kpis.measures.attainment_rows import LATE_STATUSES, URGENT_STATUSES, Attainment
from kpis.measures.changes import LoweredFigure
from kpis.measures.owed import DAYS_PER_YEAR, compute_owed
from kpis.measures.question import Question
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.figures.fingerprint import compute_fingerprint
from kpis.pack.figures.gather import build_last_week_query, gather_figures
from kpis.pack.figures.previous_edition import PreviousEdition
from kpis.pack.pages.agencies_table import group_names, is_part_to_do
from kpis.pack.pages.compose import build_contents, list_follow_ups
from kpis.pack.pages.contents import Contents, Table, TableCell, TableColumn, Tiles
from kpis.pack.pages.overview_page import build_tiles
from kpis.pack.pages.place_page import list_countdowns
from kpis.pack.pages.sources_page import build_state_cell
from kpis.pack.xlsx.workbook_tabs import _build_sources_tab
from kpis.store.database import Database
from kpis.wording import target_figures
from tests.pack.fixtures import NOW, TODAY


def _find_table(contents: Contents, key: str) -> Table:
    return next(table for table in contents.tables if table.key == key)


def test_every_plan_has_a_page_between_changes_and_sources(edition_contents: Contents, figures: EditionFigures) -> None:
    kinds = [page.kind for page in edition_contents.pages]
    assert kinds == ["overview", "changes", *["place"] * len(figures.places), "sources"]
    assert [page.key for page in edition_contents.pages][-2] == "place-bac-kan"


def test_place_pages_have_every_target_and_task_and_the_overview_what_is_urgent(
    edition_contents: Contents, figures: EditionFigures
) -> None:
    for place in figures.places:
        assert len(_find_table(edition_contents, f"targets-{place.plan}").rows) == len(place.targets)
        assert len(_find_table(edition_contents, f"tasks-{place.plan}").rows) == len(place.tasks)
    assert len(_find_table(edition_contents, "matrix").rows) == len(figures.places)
    assert len(_find_table(edition_contents, "owed").rows) == sum(
        owed.row["status"] in (URGENT_STATUSES if owed.days_left <= DAYS_PER_YEAR else LATE_STATUSES)
        for owed in figures.owed
    )
    assert len(_find_table(edition_contents, "lowered").rows) == len(figures.changes.lowered_figures) > 0


def _count_named_agencies(table: Table, *columns: int) -> Counter[tuple[str, ...]]:
    """Count each agency name with the texts of some columns, and check the number of names of each row."""
    counts: Counter[tuple[str, ...]] = Counter()
    for row in table.rows:
        names = row[-1].text.split("; ")
        assert row[-2].number == len(names) <= 24
        counts.update((*(row[at].text for at in columns), name) for name in names)
    assert counts.total() == table.record_count
    return counts


def test_every_owing_or_silent_agency_is_named_with_what_it_owes_or_for_how_long(
    edition_contents: Contents, figures: EditionFigures
) -> None:
    owing_count = 0
    for place in figures.places:
        named = _count_named_agencies(_find_table(edition_contents, f"owing-{place.plan}"), 0)
        owing = [row for row in place.agency_rows if is_part_to_do(row)]
        assert named == Counter((target_figures.get_title(row, "vi"), str(row["agency"])) for row in owing)
        owing_count += len(owing)
    assert owing_count > 20
    silent = Counter(
        (figures.place_names[agency["plan"]], format_weeks(agency["days_silent"], "vi"), agency["agency"])
        for agency in figures.changes.silent_agencies
    )
    assert _count_named_agencies(_find_table(edition_contents, "silent"), 0, 2) == silent


def test_the_notes_count_agencies_that_owe_nothing_and_agencies_on_pace(
    edition_contents: Contents, figures: EditionFigures
) -> None:
    counts = Counter[str]()
    for place in figures.places:
        rows = list(place.agency_rows)
        leads = {row["lead"] for row in place.targets} | {name for task in place.tasks for name in task["leads"]}
        owing = {str(row["agency"]) for row in rows if compute_owed(row, row["as_of"])}
        pressing = {str(row["agency"]) for row in rows if is_part_to_do(row)}
        nothing = {str(row["agency"]) for row in rows if row["entries"]} - leads - owing
        for key, number, words_of in (
            ("agencies", len(nothing), "Thêm {} cơ quan đã báo cáo và không còn thiếu phần việc riêng."),
            ("owing", len(owing - pressing), "Thêm {} cơ quan còn thiếu phần riêng nhưng đúng nhịp."),
        ):
            note = _find_table(edition_contents, f"{key}-{place.plan}").note
            assert note == (words_of.format(number) if number else "")
            counts[key] += number
    assert min(counts["agencies"], counts["owing"]) > 20


def test_more_names_than_fit_a_row_continue_in_the_next() -> None:
    rows = list(group_names([f"Xã {number:02}" for number in range(49, 0, -1)], "vi"))
    assert [number.number for number, _ in rows] == [24, 24, 1]
    assert [(number.text, number.subtext) for number, _ in rows] == [
        ("24", "/49"),
        ("24", "/49"),
        ("1", "/49"),
    ]
    assert [cell.text.split("; ")[0] for _, cell in rows] == ["Xã 01", "Xã 25", "Xã 49"]


def test_the_matrix_is_split_into_tables_with_every_indicator_once(
    edition_contents: Contents, figures: EditionFigures
) -> None:
    parts = [table for table in edition_contents.tables if table.key.startswith("matrix")]
    assert all(len(table.columns) <= 8 for table in parts)
    titles = [column.title for table in parts for column in table.columns[1:]]
    names = [*(name for _, name, _ in figures.shared_indicators), "Chỉ tiêu khác"]
    assert [title.partition(" (")[0] for title in titles] == names
    assert "Tổng đài tư vấn, hỗ trợ người tiêu dùng (hệ thống)" in titles
    assert [row[0] for row in parts[0].rows] == [row[0] for row in parts[1].rows]


@pytest.mark.parametrize("plan", ["dong-thap", "tuyen-quang"])
def test_the_matrix_of_one_province_has_only_its_own_columns(
    database: Database, pointer: Path, edition_contents: Contents, plan: str
) -> None:
    plan_figures = gather_figures(database, pointer, build_last_week_query(TODAY, plan), NOW)
    [place] = plan_figures.places
    plan_tables = [table for table in build_contents(plan_figures, NOW, None).tables if table.key.startswith("matrix")]
    parts = [table for table in edition_contents.tables if table.key.startswith("matrix")]
    plan_cells = {column.title: cell for table in plan_tables for column, cell in _pair_cells(table, place.name)}
    cells = {column.title: cell for table in parts for column, cell in _pair_cells(table, place.name)}
    # Which indicators have a column of their own is decided by the plans that the edition is about.
    common = (plan_cells.keys() & cells.keys()) - {"Chỉ tiêu khác"}
    assert common and all(plan_cells[title] == cells[title] for title in common)
    assert all(cell.state for cell in plan_cells.values()), "a column of another plan alone would be empty"
    assert len(plan_tables) == 1 + (len(plan_cells) > 7)


def _pair_cells(table: Table, name: str) -> list[tuple[TableColumn, TableCell]]:
    [row] = [row for row in table.rows if row[0].text == name]
    return list(zip(table.columns[1:], row[1:], strict=True))


def test_places_first_read_after_the_day_compared_with_are_named(database: Database, pointer: Path) -> None:
    young = replace(build_last_week_query(TODAY, None), since_known_at=datetime(2020, 1, 1))
    figures = gather_figures(database, pointer, young, NOW)
    assert set(figures.changes.unread_plans) == {place.plan for place in figures.places}
    assert figures.previous_statuses == {row["target"]: row["status"] for row in _load_known_now(database)}
    subtitle = build_contents(figures, NOW, None).pages[1].subtitle
    assert subtitle.endswith("theo số liệu hiện có: đến lúc đó chưa nhận số liệu nào.")
    partly = replace(figures, changes=replace(figures.changes, unread_plans=("ha-noi",)))
    assert build_contents(partly, NOW, None).pages[1].subtitle.endswith("thì theo số liệu hiện có: Hà Nội.")
    against = build_contents(partly, NOW, PreviousEdition("2026-W46", NOW, ())).pages[1].subtitle
    assert against.startswith("So với bản chốt tuần 2026-W46")
    assert against.endswith("thì theo số liệu hiện có: Hà Nội.")


def _load_known_now(database: Database) -> list[Attainment]:
    return compute_attainment(database, Question(date(2026, 11, 15), year=2026))


def test_tiles_name_the_day_if_there_is_no_previous_edition(figures: EditionFigures) -> None:
    def list_changes(previous: PreviousEdition | None) -> set[str]:
        return {tile.change_text for tile in build_tiles(figures, previous).tiles}

    assert {"như 15/11", "thêm 3 so với 15/11"} <= list_changes(None)
    assert {"như lần trước", "thêm 3 so với lần trước"} <= list_changes(PreviousEdition("2026-W46", NOW, ()))
    first, second = (
        build_contents(figures, NOW, None),
        build_contents(figures, NOW, PreviousEdition("2026-W46", NOW, ())),
    )
    assert first.pages[1].title == "Thay đổi so với ngày 15/11/2026"
    assert second.pages[1].title == "Thay đổi so với bản chốt trước"


def test_members_of_a_mixed_lead_are_bodies_not_communes(edition_contents: Contents, figures: EditionFigures) -> None:
    for place in figures.places:
        lead_subtexts = {
            row[0].text: row[2].subtext for row in _find_table(edition_contents, f"tasks-{place.plan}").rows
        }
        for task in place.tasks:
            small = lead_subtexts[task["task"].removeprefix(f"{place.plan}.")]
            alone = task["communes_alone"]
            words = "đã báo cáo" if task["timing"] == "ongoing" else "báo cáo hoàn thành"
            assert (f"xã, phường {words}" in small) == bool(task["members"] and alone)
            assert (f"đơn vị {words}" in small) == bool(task["members"] and not alone)


def test_an_empty_table_of_tasks_comes_before_the_agencies(edition_contents: Contents) -> None:
    keys = [table.key for table in edition_contents.tables]
    assert keys.index("tasks-ha-noi") < keys.index("agencies-ha-noi")
    assert keys.index("agencies-dong-thap") < keys.index("tasks-dong-thap")


def test_a_week_without_a_plan_names_places_not_ids(database: Database, pointer: Path) -> None:
    figures = gather_figures(database, pointer, build_last_week_query(date(2019, 3, 1), "ha-noi"), NOW)
    contents = build_contents(figures, NOW, None)
    assert figures.places == []
    assert contents.scope == "Hà Nội"
    assert [row[1].text for row in _find_table(contents, "sources").rows] == ["Hà Nội"]
    assert "ha-noi" not in [value for _, row in _build_sources_tab(figures).iterate_rows() for value in row[1:]]


def test_a_source_is_up_to_date_only_while_it_is_read_and_has_rows(figures: EditionFigures) -> None:
    current = next(source for source in figures.sources if not source.stale)
    assert current.last_attempt is not None and current.last_good_at is not None
    held_attempt = replace(current.last_attempt, result=replace(current.last_attempt.result, outcome="held"))
    empty = replace(current, read=0, accepted=0, warned=0, rejected=0)
    later = current.last_good_at + timedelta(days=3, minutes=1)
    removed = replace(current, configured=False)
    for source, now, expected in (
        (current, NOW, ("đang cập nhật", "attained")),
        (empty, NOW, ("chưa có dòng nào", "no_data")),
        (removed, NOW, ("không còn được đọc", "at_risk")),
        (replace(current, history=(held_attempt,)), NOW, ("lần đọc gần nhất bị tạm giữ", "at_risk")),
        (current, later, ("quá 3 ngày chưa đọc lại", "at_risk")),
        (None, NOW, ("chưa có nguồn", "no_data")),
    ):
        cell = build_state_cell(source, now, "vi")
        assert (cell.text, cell.state) == expected


def test_the_page_and_the_tab_of_sources_count_the_rows_that_are_no_data(figures: EditionFigures) -> None:
    source = replace(figures.sources[0], read=12, accepted=5, warned=1, rejected=4, set_aside=3)
    one_source = replace(figures, sources=[source])
    table = _find_table(build_contents(one_source, NOW, None), "sources")
    assert table.columns[-1].title == "Không phải số liệu"
    assert [cell.number for cell in table.rows[0][-5:]] == [12, 5, 1, 4, 3]
    tab = _build_sources_tab(one_source)
    assert tab.titles[-1] == "Không phải số liệu"
    ((_, row), *_) = tab.iterate_rows()
    assert row[-5:] == (12, 5, 1, 4, 3)


def test_a_place_without_a_source_has_a_row_among_the_sources(figures: EditionFigures) -> None:
    unread_place = replace(figures.places[0], has_been_read=False)
    others = [source for source in figures.sources if source.plan != unread_place.plan]
    without = replace(figures, places=[unread_place, *figures.places[1:]], sources=others)
    rows = _find_table(build_contents(without, NOW, None), "sources").rows
    assert len(rows) == len(figures.sources)
    expected = [unread_place.name, "chưa lần nào", "–", "chưa có nguồn"]
    assert [cell.text for cell in rows[-1]] == ["–", *expected, "–", "–", "–", "–", "–"]
    tab_rows = [row for key, row in _build_sources_tab(without).iterate_rows() if key == "sources"]
    assert len(tab_rows) == len(rows)
    assert tab_rows[-1] == (
        None,
        unread_place.name,
        None,
        None,
        None,
        "chưa có nguồn",
        None,
        None,
        None,
        None,
        None,
    )


def test_the_tiles_count_every_target_of_the_provinces_once(
    edition_contents: Contents, figures: EditionFigures
) -> None:
    tiles = next(block for block in edition_contents.pages[0].blocks if isinstance(block, Tiles))
    aside = sum(row["status"] in ("not_started", "not_applicable") for row in figures.counted_targets)
    assert sum(tile.number for tile in tiles.tiles) + aside == len(figures.counted_targets)
    assert not any(row["plan"] == "bac-kan" for row in figures.counted_targets)


def test_every_row_has_a_cell_per_column_and_table_keys_are_unique(edition_contents: Contents) -> None:
    for table in edition_contents.tables:
        assert all(len(row) == len(table.columns) for row in table.rows), table.key
    assert len({table.key for table in edition_contents.tables}) == len(edition_contents.tables)


def test_the_footer_has_as_of_scope_sealing_time_version_and_sample(
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


def test_lowered_figures_mark_lost_attainment_and_name_undone_milestones(
    figures: EditionFigures,
) -> None:
    rows = [row for place in figures.places for row in place.targets]
    done = next(row for row in rows if row["measure"] == "milestone")
    count = next(row for row in rows if row["measure"] == "count")
    lowered = [
        LoweredFigure({**done, "numerator": 1}, {**done, "numerator": 0, "status": "no_data"}, lost_attainment=True),
        LoweredFigure({**count, "numerator": 7}, {**count, "numerator": 0, "status": "no_data"}, lost_attainment=False),
    ]
    contents = build_contents(replace(figures, changes=replace(figures.changes, lowered_figures=lowered)), NOW, None)
    first, second = _find_table(contents, "lowered").rows
    assert [cell.text for cell in first[2:]] == ["hoàn thành", "chưa hoàn thành", "Chưa có số liệu"]
    assert [cell.number for cell in first[2:4]] == [1, 0]
    assert first[4].subtext == "không còn đạt"
    assert [cell.text for cell in second[2:4]] == [f"7 {count['unit']}", f"0 {count['unit']}"]
    assert second[4].subtext == ""


def test_follow_ups_show_the_present_status(figures: EditionFigures) -> None:
    previous = PreviousEdition("2026-W46", NOW, list_follow_ups(figures))
    gone = replace(previous.follow_ups[0], target="gone.01")
    contents = build_contents(figures, NOW, replace(previous, follow_ups=(*previous.follow_ups, gone)))
    rows = _find_table(contents, "asked").rows
    assert len(rows) == len(previous.follow_ups) + 1
    assert rows[0][3].state == previous.follow_ups[0].status
    assert rows[-1][3].text == "không còn trong danh mục"


def test_follow_ups_of_an_edition_without_ends_of_periods_are_found_and_of_another_end_are_not(
    figures: EditionFigures,
) -> None:
    first = list_follow_ups(figures)[0]
    earlier, other = replace(first, period_end=None), replace(first, period_end="2099-12-31")
    previous = PreviousEdition("2026-W46", NOW, (earlier, other))
    rows = _find_table(build_contents(figures, NOW, previous), "asked").rows
    assert [row[3].text == "không còn trong danh mục" for row in rows] == [False, True]


def test_what_a_ward_owes_is_marked_as_counted_separately(figures: EditionFigures) -> None:
    rows = _find_table(build_contents(figures, NOW, None), "owed").rows
    marked = {row[0].text for row in rows if row[0].subtext}
    assert marked == {"Phường Bắc Kạn"}


def test_overdue_tasks_are_on_the_overview_and_asked_for(figures: EditionFigures) -> None:
    overdue = [task for place in figures.places for task in place.tasks if task["state"] == "overdue"]
    contents = build_contents(figures, NOW, None)
    rows = _find_table(contents, "overdue-tasks").rows
    assert len(rows) == len(overdue) > 0
    assert rows[0][3].text.startswith("quá hạn ")
    follow_ups = [follow_up for follow_up in list_follow_ups(figures) if follow_up.status == "overdue"]
    assert {task["task"] for task in overdue} <= {follow_up.target for follow_up in follow_ups}


def test_a_year_without_plans_gives_pages_that_say_so(database: Database, pointer: Path) -> None:
    figures = gather_figures(database, pointer, build_last_week_query(date(2020, 3, 1), None), NOW)
    contents = build_contents(figures, NOW, None)
    assert [page.kind for page in contents.pages] == ["overview", "changes", "sources"]
    assert len(_find_table(contents, "sources").rows) == 5


def test_the_deadline_counts_down_from_eight_weeks_before(figures: EditionFigures) -> None:
    places = {place.plan: place for place in figures.places}
    assert list_countdowns(places["dong-thap"], TODAY, "vi") == ["Hạn báo cáo 15/12/2026: còn 3 tuần."]
    assert list_countdowns(places["dong-thap"], date(2026, 10, 1), "vi") == []
    assert list_countdowns(places["thai-nguyen"], TODAY, "vi") == ["Hạn báo cáo 15/11/2026 đã qua 6 ngày."]
    assert list_countdowns(places["ha-noi"], TODAY, "vi") == []


def test_the_english_pages_have_no_vietnamese_title(database: Database, pointer: Path) -> None:
    query = build_last_week_query(TODAY, "bac-kan", "en")
    contents = build_contents(gather_figures(database, pointer, query, NOW), NOW, None)
    assert contents.footer_lines[0] == "As of 21 Nov 2026"
    texts = {table.title for table in contents.tables}
    assert not texts & set(load_catalogue("vi").values())


def test_the_fingerprint_includes_the_matrix_columns_but_not_the_sources(figures: EditionFigures) -> None:
    assert compute_fingerprint(
        replace(figures, shared_indicators=figures.shared_indicators[:-1])
    ) != compute_fingerprint(figures)
    assert compute_fingerprint(replace(figures, sources=[])) == compute_fingerprint(figures)


def test_targets_due_within_a_year_come_before_those_due_later(
    edition_contents: Contents,
) -> None:
    far = [(row[4].number or 0) > 366 for row in _find_table(edition_contents, "owed").rows]
    assert far == sorted(far)
    assert True in far and False in far
