"""How a target's figures are written: floors, ceilings, and shares of an incomplete base."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kpis.language.messages import Language
from kpis.measures.attainment_rows import Attainment, restore_attainment_row
from kpis.wording import ratios, target_figures
from kpis.wording.column_units import format_column_title
from tests.ui.handmade_rows import build_target

CEILING: dict[str, Any] = {"comparator": "<=", "floor": 12, "actual": 3, "numerator": 3, "expected": 11}


def make_ratio_row(numerator: int, denominator: int | None, **overrides: Any) -> Attainment:
    """Return a row of "100 % of officers", fully reported by a roster of three, with `overrides`."""
    actual = numerator / denominator if denominator else None
    row = {"measure": "ratio", "floor": 1.0, "expected": 0.5, "roster_size": 3, "roster_reported": 3}
    figures = {"unit": "cán bộ", "numerator": numerator, "denominator": denominator, "actual": actual}
    return build_target(**{**row, **figures, **overrides})


def make_ratio_row_without_roster(numerator: int, denominator: int | None, **overrides: Any) -> Attainment:
    return make_ratio_row(numerator, denominator, roster_size=0, roster_reported=0, **overrides)


@pytest.mark.parametrize(
    ("overrides", "fraction", "limit"),
    [
        ({}, "24/50", "50"),
        ({"floor": 2.5}, "24/2,5", "2,5"),
        (CEILING, "3, tối đa 12", "12"),
        ({**CEILING, "comparator": "<", "floor": 5, "actual": 5}, "5, phải dưới 5", "dưới 5"),
        ({**CEILING, "comparator": ">", "floor": 10, "actual": 10}, "10, phải trên 10", "trên 10"),
    ],
)
def test_a_count_says_on_which_side_of_its_floor_it_has_to_be(
    overrides: dict[str, Any], fraction: str, limit: str
) -> None:
    row = build_target(**overrides)
    assert target_figures.format_fraction(row, "vi") == fraction
    assert target_figures.format_limit(row, "vi") == limit


@pytest.mark.parametrize(
    ("overrides", "text", "english"),
    [
        ({}, "24/50 tin bài", "24/50 news items"),
        ({"floor": 1, "actual": 3}, "3/1 tin bài", "3/1 news item"),
        (CEILING, "3, tối đa 12 tin bài", "3 of at most 12 news items"),
        ({"measure": "coverage", "roster_size": 7, "numerator": 3}, "3/7 cơ quan", "3/7 agencies"),
        ({**CEILING, "entries": 0}, "–", "–"),
    ],
)
def test_a_figure_says_what_it_counts(overrides: dict[str, Any], text: str, english: str) -> None:
    row = build_target(**{**overrides, "unit_en": "news item"})
    assert target_figures.format_counted_fraction(row, "vi") == text
    assert target_figures.format_counted_fraction(row, "en") == english


def test_a_percentage_needs_no_unit() -> None:
    assert target_figures.format_counted_fraction(make_ratio_row(45, 60), "vi") == "75%"
    assert target_figures.format_counted_with_unit(make_ratio_row(45, 60), "vi") == "45/60 cán bộ"


def test_the_heading_of_a_column_says_what_its_figures_count_unless_its_words_do() -> None:
    rows = [build_target(), build_target(measure="milestone", unit="việc")]
    assert format_column_title("Truyền thông", rows, "vi") == "Truyền thông (tin bài)"
    assert format_column_title("Tin bài", rows, "vi") == "Tin bài"
    different = [build_target(), build_target(unit="sự kiện")]
    assert format_column_title("Truyền thông", different, "vi") == "Truyền thông"


def test_a_limit_is_worded_in_both_languages() -> None:
    row = build_target(comparator=">", floor=10, actual=10)
    assert target_figures.format_fraction(row, "en") == "10, must be over 10"
    assert ": 10, phải trên 10 tin bài, đến nay cần 44" in target_figures.format_sentence(row, "vi")


@pytest.mark.parametrize(("comparator", "text"), [("<=", "1%, tối đa 5%"), ("<", "1%, phải dưới 5%"), (">=", "1%")])
def test_a_share_that_must_stay_low_says_so(comparator: str, text: str) -> None:
    row = make_ratio_row(1, 100, comparator=comparator, floor=0.05, expected=0.01)
    assert target_figures.format_fraction(row, "vi") == text
    unreported = make_ratio_row(0, None, comparator=comparator, floor=0.05)
    assert target_figures.format_fraction(unreported, "vi") == "–"


def test_a_ceiling_has_no_expected_value() -> None:
    row = build_target(**CEILING)
    assert target_figures.format_expected(row, "vi") == "–"
    assert (ratios.compute_bar_pace(row), target_figures.compute_pace_fraction(row)) == (None, None)
    assert target_figures.compute_floor_fraction(row) == 0.25
    sentence = target_figures.format_sentence(row, "vi")
    assert sentence == "Tin bài <b>: 3, tối đa 12 tin bài, hạn 31/12/2026. Chậm nhịp."
    assert "expected" not in target_figures.format_sentence(row, "en")
    assert target_figures.compute_pace_fraction(build_target()) == 0.88
    assert "đến nay cần 44" in target_figures.format_sentence(build_target(), "vi")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_share_of_an_incompletely_counted_population_is_a_part_of_all_of_it(lang: Language) -> None:
    row = make_ratio_row_without_roster(5, 5, population=1000, status="on_track")
    thousand = "1.000" if lang == "vi" else "1,000"
    assert target_figures.format_fraction(row, lang) == target_figures.format_actual(row, lang) == f"5/{thousand}"
    assert target_figures.format_qualifier(row, lang) == ("5/5 trong báo cáo" if lang == "vi" else "5/5 in the reports")
    assert (target_figures.compute_floor_fraction(row), target_figures.compute_pace_fraction(row)) == (
        0.005,
        0.5,
    )
    assert "100%" not in target_figures.format_sentence(row, lang)


@pytest.mark.parametrize(
    "row",
    [
        make_ratio_row_without_roster(1000, 1000, population=1000),
        make_ratio_row(5, 5, population=1000),
        make_ratio_row(5, 5, population=1000, roster_reported=0, agency="Sở Y tế"),
    ],
)
def test_a_complete_base_gives_a_share(row: Attainment) -> None:
    assert target_figures.format_fraction(row, "vi") == target_figures.format_actual(row, "vi") == "100%"
    assert (target_figures.compute_floor_fraction(row), target_figures.format_qualifier(row, "vi")) == (
        1.0,
        "",
    )


def test_without_roster_and_population_no_share_is_shown() -> None:
    row = make_ratio_row_without_roster(5, 5, status="on_track")
    assert target_figures.format_fraction(row, "vi") == "5/?"
    assert (
        f"{target_figures.format_actual(row, 'vi')} ({target_figures.format_qualifier(row, 'vi')})"
        == "100% (5/5, chưa chốt danh sách)"
    )
    assert (target_figures.compute_floor_fraction(row), target_figures.compute_pace_fraction(row)) == (
        0.0,
        None,
    )
    assert target_figures.format_sentence(row, "vi").startswith("Tin bài <b>: 5/? cán bộ, chưa chốt danh sách, đến nay")
    unreported = make_ratio_row_without_roster(0, None)
    assert (
        target_figures.format_fraction(unreported, "vi"),
        target_figures.format_qualifier(unreported, "vi"),
    ) == (
        "–",
        "",
    )


def test_a_ceiling_without_a_roster_shows_its_share() -> None:
    row = make_ratio_row_without_roster(1, 100, comparator="<=", floor=0.05)
    assert target_figures.format_fraction(row, "vi") == "1%, tối đa 5%"
    assert target_figures.format_qualifier(row, "vi") == "1/100, 3 cơ quan đã báo cáo"
    assert "1%, tối đa 5% số cán bộ, 3 cơ quan đã báo cáo, hạn" in target_figures.format_sentence(row, "vi")
    assert target_figures.compute_floor_fraction(row) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("reporting_agencies", "fraction", "actual"),
    [(1, "1/?", "1 cơ quan đã báo cáo"), (2, "2/?", "2 cơ quan đã báo cáo"), (0, "–", "–")],
)
def test_a_coverage_without_a_roster_says_who_has_reported(reporting_agencies: int, fraction: str, actual: str) -> None:
    row = make_ratio_row_without_roster(0, 0, measure="coverage", reporting_agencies=reporting_agencies)
    assert target_figures.format_fraction(row, "vi") == fraction
    assert target_figures.format_actual(row, "vi") == actual
    assert target_figures.format_qualifier(row, "vi") == ("chưa chốt danh sách" if reporting_agencies else "")
    assert target_figures.compute_floor_fraction(row) == 0.0


def test_a_coverage_with_a_roster_counts_its_agencies() -> None:
    row = make_ratio_row(2, 3, measure="coverage", floor=0.6)
    assert (target_figures.format_fraction(row, "vi"), target_figures.format_actual(row, "vi")) == (
        "2/3",
        "66%",
    )


@pytest.mark.parametrize(
    ("numerator", "floor", "comparator", "actual", "limit"),
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
def test_a_rounded_percentage_stays_on_its_side_of_the_floor(
    numerator: int, floor: float, comparator: str, actual: str, limit: str
) -> None:
    row = make_ratio_row(numerator, 1000, floor=floor, comparator=comparator, expected=floor, due_on=date(2026, 10, 31))
    assert (target_figures.format_actual(row, "vi"), target_figures.format_limit(row, "vi")) == (
        actual,
        limit,
    )
    if comparator == ">=":
        assert target_figures.format_expected(row, "vi") == limit


def test_a_rounded_percentage_stays_below_the_pace() -> None:
    row = make_ratio_row(883, 1000, expected=0.889)
    assert (target_figures.format_actual(row, "vi"), target_figures.format_expected(row, "vi")) == (
        "88,3%",
        "88,9%",
    )
    close = make_ratio_row(8833, 10000, expected=0.8839)
    assert (target_figures.format_actual(close, "vi"), target_figures.format_expected(close, "vi")) == (
        "88,33%",
        "88,39%",
    )
    due = make_ratio_row(8833, 10000, floor=0.8839, expected=0.8839)
    assert (target_figures.format_actual(due, "vi"), target_figures.format_expected(due, "vi")) == (
        "88,33%",
        "88,39%",
    )
    closest = make_ratio_row(883_399, 1_000_000, expected=0.8834)
    assert (target_figures.format_actual(closest, "vi"), target_figures.format_expected(closest, "vi")) == (
        "88,33%",
        "88,34%",
    )
    ahead = make_ratio_row(883, 1000, expected=0.881)
    assert (target_figures.format_actual(ahead, "vi"), target_figures.format_expected(ahead, "vi")) == (
        "88%",
        "88%",
    )


def test_rows_of_older_editions_have_fewer_columns_and_are_still_shown() -> None:
    columns = (
        "measure", "comparator", "floor", "actual", "numerator", "denominator", "expected", "roster_size",
    )  # fmt: skip
    row = {name: value for name, value in make_ratio_row(5, 10).items() if name in columns}
    for changes, text in (
        ({}, "50%"),
        ({"floor": 0.505}, "50%"),
        ({"measure": "coverage", "roster_size": 0}, "–"),
    ):
        assert target_figures.format_fraction(restore_attainment_row({**row, **changes}), "vi") == text


@pytest.mark.parametrize(
    ("overrides", "text"),
    [
        ({"measure": "milestone", "actual": 1, "numerator": 0}, "đã báo hoàn thành"),
        ({"measure": "milestone", "actual": 0, "numerator": 0}, "–"),
        ({"measure": "count", "actual": 3, "numerator": 3}, "3"),
    ],
)
def test_a_milestone_shows_who_reported_it_even_if_it_is_counted_for_another(
    overrides: dict[str, Any], text: str
) -> None:
    assert target_figures.format_own_contribution(build_target(**overrides), "vi") == text


def test_a_ceiling_without_an_entry_has_no_figure() -> None:
    row = build_target(comparator="<=", floor=3, actual=0, numerator=0, entries=0, status="overdue")
    assert (target_figures.format_fraction(row, "vi"), target_figures.format_actual(row, "vi")) == ("–", "–")
    assert target_figures.format_fraction({**row, "entries": 1}, "vi") == "0, tối đa 3"
