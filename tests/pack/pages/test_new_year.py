"""The first edition of a year states how the year before ended, since its own targets have only begun."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kpis.charts.palette import get_task_state_label
from kpis.language.clock import parse_moment
from kpis.measures.attainment import compute_attainment
from kpis.measures.attainment_rows import MET_STATUSES
from kpis.measures.question import Question
from kpis.measures.task_status import compute_task_status
from kpis.pack.figures.edition_figures import EditionFigures
from kpis.pack.figures.gather import build_last_week_query, gather_figures
from kpis.pack.figures.previous_edition import FollowUp, PreviousEdition
from kpis.pack.pages.compose import build_contents
from kpis.pack.pages.contents import Contents, Note, Tiles
from kpis.pack.xlsx.workbook_tabs import build_tabs
from kpis.store.database import Database

DAY, SEALED_AT = date(2027, 1, 3), parse_moment("2027-01-03 20:00")


@pytest.fixture(scope="module")
def new_year_figures(database: Database, pointer: Path) -> EditionFigures:
    return gather_figures(database, pointer, build_last_week_query(DAY, None), SEALED_AT)


def _find_tiles(contents: Contents) -> Tiles:
    return next(block for block in contents.pages[0].blocks if isinstance(block, Tiles))


def test_the_tiles_show_last_year_s_numbers_and_no_change(database: Database, new_year_figures: EditionFigures) -> None:
    tiles = _find_tiles(build_contents(new_year_figures, SEALED_AT, None))
    rows = compute_attainment(database, Question(date(2026, 12, 27), year=2026))
    met = sum(row["status"] in MET_STATUSES for row in rows if row["kind"] != "ward")
    total = sum(row["kind"] != "ward" for row in rows)
    attained = tiles.tiles[-1]
    assert (attained.previous_number, attained.change_text) == (met, f"ngày 27/12/2026: {met}/{total}")


def test_how_the_year_ended_is_stated_above_the_tiles(database: Database, new_year_figures: EditionFigures) -> None:
    ended = [
        row for row in compute_attainment(database, Question(DAY, year=2026)) if row["period_end"] == date(2026, 12, 31)
    ]
    provincial = [row for row in ended if row["kind"] != "ward"]
    late = sum(row["status"] == "overdue" for row in provincial)
    assert late > 0
    notes = [
        block.text
        for block in build_contents(new_year_figures, SEALED_AT, None).pages[0].blocks
        if isinstance(block, Note)
    ]
    met = sum(row["status"] in MET_STATUSES for row in provincial)
    assert f"Trong {len(provincial)} chỉ tiêu hết kỳ năm 2026: {met} đã đạt, {late} quá hạn." in notes


def test_follow_ups_of_the_last_week_of_a_year_show_how_the_year_ended(
    new_year_figures: EditionFigures,
) -> None:
    missed = next(row for row in new_year_figures.ended_targets if row["status"] == "overdue")
    follow_up = FollowUp(missed["target"], missed["plan"], "2026-01-01", "", "", "", "behind", "")
    gone = replace(follow_up, target="ha-noi.999")
    contents = build_contents(
        new_year_figures,
        SEALED_AT,
        PreviousEdition("2026-W52", parse_moment("2026-12-27 20:00"), (follow_up, gone)),
    )
    table = next(table for table in contents.tables if table.key == "asked")
    assert [(row[3].text, row[3].subtext) for row in table.rows] == [
        ("Quá hạn", "đã hết kỳ"),
        ("không còn trong danh mục", ""),
    ]


def test_follow_ups_on_tasks_of_last_year_say_what_became_of_them(
    database: Database, new_year_figures: EditionFigures
) -> None:
    """A yearly task has another instance now, and a plan that ended has no page: their tasks are not lost."""
    plans = {place.plan for place in new_year_figures.places}
    rows = compute_task_status(database, Question(DAY, year=2026))
    overdue = next(row for row in rows if (row["timing"], row["state"]) == ("yearly", "overdue"))
    done = next(row for row in rows if row["timing"] == "yearly" and row["state"] in ("done", "done_late"))
    ended = next(row for row in rows if row["plan"] not in plans and row["timing"] == "once")
    contents = build_contents(
        new_year_figures,
        SEALED_AT,
        PreviousEdition(
            "2026-W52",
            parse_moment("2026-12-27 20:00"),
            tuple(
                FollowUp(row["task"], row["plan"], row["starts_on"].isoformat(), "", "", "", "overdue", "")
                for row in (overdue, done, ended)
            ),
        ),
    )
    table = next(table for table in contents.tables if table.key == "asked")
    states = [get_task_state_label(row["state"], "vi") for row in (overdue, done, ended)]
    assert [row[3].text for row in table.rows] == states
    assert [row[3].subtext for row in table.rows] == ["đã hết kỳ", "đã hết kỳ", ""]
    assert table.rows[0][4].text.startswith("quá hạn ")


def test_the_workbook_has_what_ended_and_no_change_across_years(new_year_figures: EditionFigures) -> None:
    tabs = {tab.name: tab for tab in build_tabs(new_year_figures, build_contents(new_year_figures, SEALED_AT, None))}
    targets = tabs["Chỉ tiêu"]
    at = [list(targets.titles).index(title) for title in ("Mã", "Kỳ đến ngày", "Trạng thái ngày so sánh")]
    rows = [[row[place] for place in at] for _, row in targets.iterate_rows()]
    assert {row["target"] for row in new_year_figures.ended_targets} <= {
        row[0] for row in rows if row[1] == date(2026, 12, 31)
    }
    assert not [row for row in rows if row[1] == date(2027, 12, 31) and row[2]]
    overview = tabs["Tổng quan"]
    change = list(overview.titles).index("Tăng, giảm")
    assert {row[change] for _, row in overview.iterate_rows()} == {None}


def test_within_a_year_nothing_has_ended(figures: EditionFigures) -> None:
    assert figures.ended_targets == ()
    assert "/2026:" not in _find_tiles(build_contents(figures, SEALED_AT, None)).tiles[0].change_text
