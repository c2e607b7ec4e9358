"""How a target's figures are written: floors, ceilings, and shares of a whole that has not spoken."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest

from kpis.language.messages import Language
from kpis.measures.attainment_rows import Attainment
from kpis.wording import ratios, target_figures
from tests.ui.handmade_rows import target

CEILING: dict[str, Any] = {"comparator": "<=", "floor": 12, "actual": 3, "numerator": 3, "expected": 11}


def share(numerator: int, denominator: int | None, **given: Any) -> Attainment:
    """100 % of officers, whose roster of three agencies has reported; with what is given changed."""
    actual = numerator / denominator if denominator else None
    row = {"measure": "ratio", "floor": 1.0, "expected": 0.5, "roster_size": 3, "roster_reported": 3}
    made = target(**{**row, "unit": "cán bộ", "numerator": numerator, "denominator": denominator, **given})
    return {**made, "actual": actual}


def no_list(numerator: int, denominator: int | None, **given: Any) -> Attainment:
    return share(numerator, denominator, roster_size=0, roster_reported=0, **given)


@pytest.mark.parametrize(
    ("given", "short", "limit"),
    [
        ({}, "24/50", "50"),
        ({"floor": 2.5}, "24/2,5", "2,5"),
        (CEILING, "3, tối đa 12", "12"),
        ({**CEILING, "comparator": "<", "floor": 5, "actual": 5}, "5, phải dưới 5", "dưới 5"),
        ({**CEILING, "comparator": ">", "floor": 10, "actual": 10}, "10, phải trên 10", "trên 10"),
    ],
)
def test_a_count_says_which_side_of_its_floor_it_has_to_be_on(
    given: dict[str, Any], short: str, limit: str
) -> None:
    row = target(**given)
    assert target_figures.fraction(row, "vi") == short
    assert target_figures.limit(row, "vi") == limit


def test_a_bound_is_worded_in_both_languages() -> None:
    row = target(comparator=">", floor=10, actual=10)
    assert target_figures.fraction(row, "en") == "10, must be over 10"
    assert ": 10, phải trên 10 tin bài, đến nay cần 44" in target_figures.sentence(row, "vi")


@pytest.mark.parametrize(
    ("comparator", "said"), [("<=", "1%, tối đa 5%"), ("<", "1%, phải dưới 5%"), (">=", "1%")]
)
def test_a_share_that_must_stay_low_says_so(comparator: str, said: str) -> None:
    row = share(1, 100, comparator=comparator, floor=0.05, expected=0.01)
    assert target_figures.fraction(row, "vi") == said
    nobody = share(0, None, comparator=comparator, floor=0.05)
    assert target_figures.fraction(nobody, "vi") == "–"


def test_nothing_is_expected_of_a_ceiling_by_now() -> None:
    row = target(**CEILING)
    assert target_figures.expected(row, "vi") == "–"
    assert (ratios.pace(row), target_figures.pace_part(row)) == (None, None)
    assert target_figures.part(row) == 0.25
    said = target_figures.sentence(row, "vi")
    assert said == "Tin bài <b>: 3, tối đa 12 tin bài, hạn 31/12/2026. Chậm nhịp."
    assert "expected" not in target_figures.sentence(row, "en")
    assert target_figures.pace_part(target()) == 0.88
    assert "đến nay cần 44" in target_figures.sentence(target(), "vi")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_of_a_population_that_is_not_counted_a_share_is_a_part_of_all_of_it(lang: Language) -> None:
    row = no_list(5, 5, population=1000, status="on_track")
    thousand = "1.000" if lang == "vi" else "1,000"
    assert target_figures.fraction(row, lang) == target_figures.done(row, lang) == f"5/{thousand}"
    assert target_figures.beside(row, lang) == ("5/5 trong báo cáo" if lang == "vi" else "5/5 in the reports")
    assert (target_figures.part(row), target_figures.pace_part(row)) == (0.005, 0.5)
    assert "100%" not in target_figures.sentence(row, lang)


@pytest.mark.parametrize(
    "row",
    [
        no_list(1000, 1000, population=1000),
        share(5, 5, population=1000),
        {**share(5, 5, population=1000, roster_reported=0), "agency": "Sở Y tế"},
    ],
)
def test_a_whole_that_has_spoken_has_its_share(row: Attainment) -> None:
    assert target_figures.fraction(row, "vi") == target_figures.done(row, "vi") == "100%"
    assert (target_figures.part(row), target_figures.beside(row, "vi")) == (1.0, "")


def test_of_a_whole_that_nobody_fixed_no_part_is_known() -> None:
    row = no_list(5, 5, status="on_track")
    assert target_figures.fraction(row, "vi") == "5/?"
    assert (
        f"{target_figures.done(row, 'vi')} ({target_figures.beside(row, 'vi')})"
        == "100% (5/5, chưa chốt danh sách)"
    )
    assert (target_figures.part(row), target_figures.pace_part(row)) == (0.0, None)
    assert target_figures.sentence(row, "vi").startswith(
        "Tin bài <b>: 5/? cán bộ, chưa chốt danh sách, đến nay"
    )
    nobody = no_list(0, None)
    assert (target_figures.fraction(nobody, "vi"), target_figures.beside(nobody, "vi")) == ("–", "")


def test_a_ceiling_without_a_list_is_told_as_it_stands() -> None:
    row = no_list(1, 100, comparator="<=", floor=0.05)
    assert target_figures.fraction(row, "vi") == "1%, tối đa 5%"
    assert target_figures.beside(row, "vi") == "1/100, chưa chốt danh sách"
    assert target_figures.part(row) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("heard", "short", "done"),
    [(1, "1/?", "1 cơ quan đã báo cáo"), (2, "2/?", "2 cơ quan đã báo cáo"), (0, "–", "–")],
)
def test_a_coverage_without_a_roster_says_who_has_reported(heard: int, short: str, done: str) -> None:
    row = no_list(0, 0, measure="coverage", reporting_agencies=heard)
    assert target_figures.fraction(row, "vi") == short
    assert target_figures.done(row, "vi") == done
    assert target_figures.beside(row, "vi") == ("chưa chốt danh sách" if heard else "")
    assert target_figures.part(row) == 0.0


def test_a_coverage_with_a_roster_counts_its_agencies() -> None:
    row = share(2, 3, measure="coverage", floor=0.6)
    assert (target_figures.fraction(row, "vi"), target_figures.done(row, "vi")) == ("2/3", "66%")


@pytest.mark.parametrize(
    ("numerator", "floor", "comparator", "done", "limit"),
    [
        (994, 0.995, ">=", "99,4%", "99,5%"),
        (997, 0.995, ">=", "99,7%", "99,5%"),
        (999, 1.0, ">=", "99%", "100%"),
        (1000, 1.0, ">=", "100%", "100%"),
        (904, 0.9, ">=", "90%", "90%"),
        (904, 0.9, ">", "90,4%", "trên 90%"),
        (800, 0.995, ">=", "80%", "99,5%"),
        (54, 0.05, "<=", "5,4%", "5%"),
        (50, 0.05, "<=", "5%", "5%"),
        (49, 0.05, "<", "4%", "dưới 5%"),
    ],
)
def test_a_percentage_stays_on_the_side_of_its_floor_that_it_is_on(
    numerator: int, floor: float, comparator: str, done: str, limit: str
) -> None:
    row = share(
        numerator, 1000, floor=floor, comparator=comparator, expected=floor, due_on=date(2026, 10, 31)
    )
    assert (target_figures.done(row, "vi"), target_figures.limit(row, "vi")) == (done, limit)
    if comparator == ">=":
        assert target_figures.expected(row, "vi") == limit


def test_a_percentage_stays_below_the_pace_that_it_is_below() -> None:
    row = share(883, 1000, expected=0.889)
    assert (target_figures.done(row, "vi"), target_figures.expected(row, "vi")) == ("88,3%", "88,9%")
    close = share(8833, 10000, expected=0.8839)
    assert (target_figures.done(close, "vi"), target_figures.expected(close, "vi")) == ("88,33%", "88,39%")
    due = share(8833, 10000, floor=0.8839, expected=0.8839)
    assert (target_figures.done(due, "vi"), target_figures.expected(due, "vi")) == ("88,33%", "88,39%")
    closest = share(883_399, 1_000_000, expected=0.8834)
    assert (target_figures.done(closest, "vi"), target_figures.expected(closest, "vi")) == (
        "88,33%",
        "88,34%",
    )
    ahead = share(883, 1000, expected=0.881)
    assert (target_figures.done(ahead, "vi"), target_figures.expected(ahead, "vi")) == ("88%", "88%")


def test_an_edition_s_kept_figures_have_fewer_columns_and_are_still_told() -> None:
    kept = ("measure", "comparator", "floor", "actual", "numerator", "denominator", "expected", "roster_size")
    row = {name: value for name, value in share(5, 10).items() if name in kept}
    for given, said in (
        ({}, "50%"),
        ({"floor": 0.505}, "50%"),
        ({"measure": "coverage", "roster_size": 0}, "–"),
    ):
        assert target_figures.fraction(cast(Attainment, {**row, **given}), "vi") == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"measure": "milestone", "actual": 1, "numerator": 0}, "đã báo hoàn thành"),
        ({"measure": "milestone", "actual": 0, "numerator": 0}, "–"),
        ({"measure": "count", "actual": 3, "numerator": 3}, "3"),
    ],
)
def test_an_agency_that_reported_a_milestone_did_something_whoever_is_counted(
    given: dict[str, Any], said: str
) -> None:
    assert target_figures.own_deed(target(**given), "vi") == said


def test_a_ceiling_that_nobody_reported_on_has_no_figure() -> None:
    row = target(comparator="<=", floor=3, actual=0, numerator=0, entries=0, status="overdue")
    assert (target_figures.fraction(row, "vi"), target_figures.done(row, "vi")) == ("–", "–")
    assert target_figures.fraction({**row, "entries": 1}, "vi") == "0, tối đa 3"
