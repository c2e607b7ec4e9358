"""The recipe of the fingerprint has names of its own, which stay when fields are renamed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

from kpis.measures.attainment_rows import Attainment
from kpis.measures.changes import Changes, LoweredFigure
from kpis.pack.figures.compressed_rows import CompressedRows
from kpis.pack.figures.edition_figures import PlaceFigures
from kpis.pack.figures.fingerprint import format_recipe
from kpis.register.model import ReportingDay

ROW = cast(Attainment, {"target": "p.01", "actual": 3, "is_ceiling": False, "due_on": date(2026, 12, 31)})
RECIPE_ROW = {"target": "p.01", "actual": 3, "due_on": "2026-12-31"}


def read_recipe(part: object) -> Any:
    return json.loads(format_recipe(part))


def test_changes_have_the_names_of_the_first_release() -> None:
    changes = Changes(
        baseline_day=date(2026, 11, 15),
        baseline_known_at=datetime(2026, 11, 15, 17),
        unread_plans=("q",),
        current_counts={},
        baseline_counts={},
        newly_met=[ROW],
        newly_late=[],
        newly_late_unread_count=2,
        lowered_figures=[LoweredFigure(ROW, ROW, lost_attainment=True)],
        silent_agencies=[],
        newly_silent_agencies=[],
    )
    assert read_recipe(changes) == {
        "since": "2026-11-15",
        "known_then": "2026-11-15T17:00:00",
        "unread_then": ["q"],
        "counts_now": {},
        "counts_then": {},
        "newly_met": [RECIPE_ROW],
        "newly_late": [],
        "late_unread": 2,
        "lowered": [{"then": RECIPE_ROW, "now": RECIPE_ROW, "lost": True}],
        "silent": [],
        "newly_silent": [],
    }


def test_the_number_of_a_task_and_a_yearly_reporting_day_are_those_of_the_first_release() -> None:
    days = (ReportingDay("15/12", "year"),)
    place = PlaceFigures(
        "p", "X", True, "X", "12", "Kế hoạch", "Plan", days, 2026, "Sở A", True, [], CompressedRows(()),
        [{"number": "12"}, {"number": "1.1"}, {"number": None}],  # type: ignore[typeddict-item]
    )  # fmt: skip
    recipe = read_recipe(place)
    assert (recipe["number"], recipe["reporting_day"]) == ("12", "12-15")
    assert [task["number"] for task in recipe["tasks"]] == [12, "1.1", None]
    others = (*days, ReportingDay("20", "month"))
    assert read_recipe(replace(place, reporting_days=others))["other_reporting_days"] == [
        {"day": "20", "of": "month", "next_year": False}
    ]


def test_a_place_has_the_names_of_the_first_release() -> None:
    place = PlaceFigures(
        "p", "X", True, "X", None, "Kế hoạch", "Plan", (), 2026, "Sở A", True, [ROW], CompressedRows(()), []
    )
    names = ("plan", "name", "ward", "province", "number", "title_vi", "title_en", "reporting_day")
    assert set(read_recipe(place)) == {*names, "focal_agency", "read", "targets", "agencies", "tasks"}
    assert read_recipe(place)["targets"] == [RECIPE_ROW]


def test_vietnamese_text_is_written_as_it_is() -> None:
    assert format_recipe({"place": "Đồng Tháp"}) == '{"place":"Đồng Tháp"}'


def test_a_weak_reading_is_part_of_it_only_where_there_is_a_doubt() -> None:
    without = {**ROW, "actual_weak": 3, "doubts": []}
    assert read_recipe(without) == RECIPE_ROW
    doubted = {**ROW, "actual_weak": 1, "doubts": [{"code": "struck_through"}]}
    assert read_recipe(doubted) == {**RECIPE_ROW, "actual_weak": 1, "doubts": [{"code": "struck_through"}]}
