"""How a change is written: cut towards the side that is not met, and a figure where it cannot be said yet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kpis.language.change_words import format_change, format_change_promise
from kpis.measures.attainment_rows import Attainment
from kpis.wording import change_figures, doubt_sentences, owed_sentences, ratios, target_figures
from tests.ui.handmade_rows import build_target


def make_change(figure: float, floor: float = 0.03, **overrides: Any) -> Attainment:
    """Return a row of "more than 3 % more than the 100 of 2025", a level reported by its lead."""
    base = overrides.get("baseline", 100)
    change: dict[str, Any] = {
        "measure": "change", "accumulation": "level", "comparator": ">" if floor > 0 else "<=", "floor": floor,
        "floor_exact": Decimal(str(floor)), "unit": "vụ", "numerator": figure, "figure": figure, "baseline": 100,
        "baseline_year": 2025, "actual": figure / base - 1 if base else None, "expected": floor / 2,
        "expected_numerator": round(floor * 500), "expected_denominator": 1000, "starts_at_baseline": True,
        "roster_size": 1, "roster_reported": 1, "is_proportion": False, "is_ceiling": floor <= 0, "is_complete": True,
    }  # fmt: skip
    return build_target(**{**change, **overrides})


@pytest.mark.parametrize(
    ("figure", "floor", "text"),
    [
        (104, 0.03, "tăng 4,0% so với 2025"),
        (102.99, 0.03, "tăng 2,9% so với 2025"),
        (103.01, 0.03, "tăng 3,01% so với 2025"),
        (100, 0.03, "không đổi so với 2025"),
        (100.01, 0.03, "tăng 0,0% so với 2025"),
        (97.99, 0.03, "giảm 2,1% so với 2025"),
        (50.01, -0.5, "giảm 49,9% so với 2025"),
        (74.61, -0.5, "giảm 25,3% so với 2025"),
        (100.01, -0.5, "tăng 0,1% so với 2025"),
        (0, -0.5, "giảm 100,0% so với 2025"),
    ],
)
def test_a_change_is_cut_towards_the_side_that_is_not_met(figure: float, floor: float, text: str) -> None:
    row = make_change(figure, floor)
    assert target_figures.format_fraction(row, "vi") == target_figures.format_actual(row, "vi") == text


@pytest.mark.parametrize(
    ("overrides", "text"),
    [
        ({"entries": 0}, "–"),
        ({"baseline": None, "status": "carried"}, "104, chưa có số gốc"),
        ({"is_complete": False}, "104, chưa đủ báo cáo"),
        ({"accumulation": "increment", "starts_at_baseline": False}, "104 đến nay, cả năm 2025: 100"),
    ],
)
def test_what_is_not_known_yet_is_no_change(overrides: dict[str, Any], text: str) -> None:
    assert target_figures.format_fraction(make_change(104, **overrides), "vi") == text


def test_promise_expected_and_baseline_are_worded() -> None:
    row = make_change(70, -0.5)
    assert target_figures.format_limit(row, "vi") == "giảm ít nhất 50%"
    assert target_figures.format_expected(row, "vi") == "giảm 25,0%"
    assert change_figures.format_baseline(row, "vi") == "100 (2025)"
    assert change_figures.format_promise(row, "en") == "down by at least 50% on 2025"
    assert ": giảm 30,0% so với 2025 (70 vụ), đến nay cần giảm 25,0%" in target_figures.format_sentence(row, "vi")
    assert "còn phải giảm 20 vụ" in owed_sentences.format_sentence(row, "vi")
    assert "thiếu 1 vụ" in owed_sentences.format_sentence(make_change(102), "vi")


def test_a_bar_is_the_way_from_the_baseline_and_a_bullet_the_figure() -> None:
    row = make_change(70, -0.5)
    assert target_figures.compute_floor_fraction(row) == pytest.approx(0.6)
    assert target_figures.compute_pace_fraction(row) == pytest.approx(0.5)
    assert (ratios.compute_bar_value(row), ratios.compute_bar_pace(row)) == (70, 75)
    assert ratios.compute_bar_limit(row, row["floor"]) == 50
    assert target_figures.compute_floor_fraction(make_change(99)) == 0


def test_a_change_in_doubt_is_said_in_both_readings() -> None:
    doubt = {"code": "struck_through", "rows": [], "reduces_by": 0.04}
    row = make_change(104, figure_weak=100, baseline_weak=100, actual_weak=0.0, doubts=[doubt])
    figures = doubt_sentences.format_figures(row, "vi")
    assert figures.startswith("tăng 4,0% so với 2025, chắc chắn không đổi so với 2025")


@pytest.mark.parametrize(
    ("comparator", "floor", "text"),
    [
        (">=", "0.1", "tăng ít nhất 10%"), (">", "0.035", "tăng trên 3,5%"), ("<=", "-0.5", "giảm ít nhất 50%"),
        ("<", "-0.02", "giảm trên 2%"), (">=", "0", "không giảm"), (">", "0", "tăng"), ("<=", "0", "không tăng"),
        ("<", "0", "giảm"), (">=", "1.5", "tăng ít nhất 150%"),
    ],
)  # fmt: skip
def test_a_promise_says_its_direction(comparator: str, floor: str, text: str) -> None:
    assert format_change_promise(comparator, Decimal(floor), "vi") == text


def test_a_change_is_exact_without_decimals() -> None:
    assert [format_change(value, "vi") for value in (0.125, -0.5, 0, 12.5)] == [
        "tăng 12,5%", "giảm 50%", "không đổi", "tăng 1.250%",
    ]  # fmt: skip
