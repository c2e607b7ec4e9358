"""Plans ranked by their targets, and what many plans have to do by indicator (design.md §5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpis.measures.attainment_rows import Attainment
from kpis.measures.indicator_todo import compute_progress, list_late_indicators
from kpis.measures.plan_ranking import add_standings, rank_plans
from tests.ui.handmade_rows import build_target

NAMES = {name: name for name in ("Đồng Nai", "Đà Nẵng", "Cà Mau", "An Giang")}


def build_rows(plan: str, *statuses: str, **overrides: Any) -> list[Attainment]:
    return [build_target(plan=plan, status=status, **overrides) for status in statuses]


def rank(rows: Sequence[Attainment], read: Sequence[str] = tuple(NAMES)) -> list[str]:
    return [standing.plan for standing in rank_plans(rows, NAMES, read)]


def test_the_greatest_share_overdue_comes_first_then_behind_then_without_data() -> None:
    rows = [
        *build_rows("An Giang", "overdue", "attained", "attained", "attained"),
        *build_rows("Cà Mau", "overdue", "attained"),
        *build_rows("Đà Nẵng", "behind", "no_data"),
        *build_rows("Đồng Nai", "behind", "no_data", "no_data", "behind", "attained", "attained"),
    ]
    assert rank(rows) == ["Cà Mau", "An Giang", "Đà Nẵng", "Đồng Nai"]


def test_ties_are_in_vietnamese_order() -> None:
    rows = [row for plan in NAMES for row in build_rows(plan, "behind", "attained")]
    assert rank(rows) == ["An Giang", "Cà Mau", "Đà Nẵng", "Đồng Nai"]


def test_plans_that_were_never_read_come_last_whatever_their_status_is() -> None:
    rows = [*build_rows("An Giang", "overdue"), *build_rows("Đồng Nai", "attained")]
    assert rank(rows, read=["Đồng Nai", "Cà Mau"])[:2] == ["Cà Mau", "Đồng Nai"]
    assert rank(rows, read=["Đồng Nai", "Cà Mau"])[2:] == ["An Giang", "Đà Nẵng"]


def test_what_is_carried_is_judged_nowhere() -> None:
    (first, *_) = rank_plans(build_rows("Cà Mau", "overdue", "carried", "attained_late"), NAMES, NAMES)
    assert (first.plan, first.judged, first.met, first.worst) == ("Cà Mau", 2, 1, "overdue")


def test_two_plans_of_a_place_are_added_of_those_that_were_read() -> None:
    rows = [*build_rows("An Giang", "overdue", "attained"), *build_rows("Cà Mau", "behind")]
    standings = rank_plans(rows, NAMES, {"An Giang", "Cà Mau"})
    both = add_standings([standing for standing in standings if standing.plan in ("An Giang", "Cà Mau")])
    assert (both.judged, both.met, both.worst) == (3, 1, "overdue")
    assert add_standings(rank_plans(rows, NAMES, {"Cà Mau"})).worst == "behind"


def test_an_indicator_has_one_line_and_names_who_has_least_of_what_is_expected() -> None:
    rows = [
        *build_rows("Cà Mau", "behind", actual=20, expected=40),
        *build_rows("An Giang", "overdue", actual=10, expected=50),
        *build_rows("Đà Nẵng", "behind", actual=20, expected=40),
        *build_rows("Đồng Nai", "at_risk", actual=1, expected=40),
        *build_rows("Đồng Nai", "behind", indicator="hotline", actual=0, expected=1),
    ]
    news, hotline = list_late_indicators(rows, NAMES, NAMES)
    assert (news.indicator, news.plans, news.overdue) == ("news_items", ["An Giang", "Cà Mau", "Đà Nẵng"], 1)
    assert (hotline.indicator, hotline.plans, hotline.overdue) == ("hotline", ["Đồng Nai"], 0)
    assert list_late_indicators(rows, NAMES, {"Đồng Nai"}) == [hotline]


def test_of_a_ceiling_the_greatest_excess_is_the_least_progress() -> None:
    ceiling: dict[str, Any] = {"comparator": "<=", "is_ceiling": True, "status": "behind", "expected": 5}
    slight, great = (build_target(**ceiling, actual=actual) for actual in (6, 20))
    assert compute_progress(great) < compute_progress(slight) < 1
    assert compute_progress(build_target(actual=None, expected=5)) == 0
    assert compute_progress(build_target(actual=3, expected=0)) == 0
