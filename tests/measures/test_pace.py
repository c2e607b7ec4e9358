"""The value expected by a day (design.md §5 due_on, expected)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from kpis.measures.attainment import compute_attainment
from kpis.measures.question import Question
from kpis.measures.running_curve import compute_curves
from tests.measures.tiny_database import TinyTarget, build_database, make_year_period

Periods = tuple[tuple[date, date, date], ...]
ONE_YEAR: Periods = (make_year_period(2026),)
LONG: Periods = ((date(2026, 1, 1), date(2027, 12, 31), date(2027, 12, 15)),)


def compute_expected(target: TinyTarget, as_of: date) -> Fraction:
    (row,) = compute_attainment(build_database([target]), Question(as_of))
    return Fraction(row["expected_numerator"], row["expected_denominator"])


def compute_expected_share(pace: str, as_of: date, periods: Periods = ONE_YEAR) -> Fraction:
    """Return the exact fraction of a floor of 1 that is expected; a ratio's is not rounded."""
    return compute_expected(TinyTarget(measure="ratio", floor=Decimal(1), pace=pace, periods=periods), as_of)


@pytest.mark.parametrize("pace", ["linear", "quarterly", "on:03-15"])
def test_5_expected_is_0_before_the_period_and_whole_from_the_due_day(pace: str) -> None:
    target = TinyTarget(measure="ratio", floor=Decimal("0.9"), pace=pace)
    (row,) = compute_attainment(build_database([target]), Question(date(2025, 12, 31), year=2026))
    assert row["expected"] == 0
    assert compute_expected(target, date(2026, 12, 15)) == Fraction(9, 10)
    assert compute_expected(target, date(2026, 12, 31)) == Fraction(9, 10)


def test_5_linear_counts_the_days_from_the_periods_start_to_the_due_day() -> None:
    assert compute_expected_share("linear", date(2026, 1, 1)) == 0
    assert compute_expected_share("linear", date(2026, 7, 1)) == Fraction(181, 348)
    assert compute_expected_share("linear", date(2026, 12, 14)) == Fraction(347, 348)


def test_5_what_is_due_in_the_next_year_is_expected_whole_at_the_end_of_its_own() -> None:
    periods: Periods = ((date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 15)),)
    assert compute_expected_share("linear", date(2026, 12, 30), periods) == Fraction(363, 364)
    assert compute_expected_share("linear", date(2026, 12, 31), periods) == 1


def test_5_a_pace_on_one_day_is_nothing_before_it_and_everything_from_it() -> None:
    assert compute_expected_share("on:03-15", date(2026, 3, 14)) == 0
    assert compute_expected_share("on:03-15", date(2026, 3, 15)) == 1


def test_5_the_day_is_in_the_periods_last_year() -> None:
    assert compute_expected_share("on:03-15", date(2026, 12, 31), LONG) == 0
    assert compute_expected_share("on:03-15", date(2027, 3, 15), LONG) == 1


def test_5_a_pace_on_29_february_begins_in_march_in_other_years() -> None:
    assert compute_expected_share("on:02-29", date(2026, 2, 28)) == 0
    assert compute_expected_share("on:02-29", date(2026, 3, 1)) == 1


@pytest.mark.parametrize(
    ("day", "part"),
    [
        (date(2026, 3, 30), Fraction(0)),
        (date(2026, 3, 31), Fraction(1, 4)),
        (date(2026, 6, 30), Fraction(1, 2)),
        (date(2026, 9, 30), Fraction(3, 4)),
        (date(2026, 12, 14), Fraction(3, 4)),
        (date(2026, 12, 15), Fraction(1)),
    ],
)
def test_5_quarterly_adds_a_quarter_from_the_last_day_of_each(day: date, part: Fraction) -> None:
    assert compute_expected_share("quarterly", day) == part


def test_5_over_several_years_every_calendar_quarter_adds_an_equal_part() -> None:
    assert compute_expected_share("quarterly", date(2026, 3, 31), LONG) == Fraction(1, 8)
    assert compute_expected_share("quarterly", date(2026, 12, 31), LONG) == Fraction(1, 2)
    assert compute_expected_share("quarterly", date(2027, 12, 14), LONG) == Fraction(7, 8)


def test_5_counts_and_milestones_are_expected_in_whole_numbers_rounded_down() -> None:
    assert compute_expected(TinyTarget(floor=Decimal(50)), date(2026, 12, 14)) == 49
    assert compute_expected(TinyTarget(measure="milestone", floor=Decimal(1)), date(2026, 12, 14)) == 0


def test_5_the_drawn_pace_is_the_expected_one_unrounded() -> None:
    quarterly = TinyTarget(floor=Decimal(8), pace="quarterly")
    tied = TinyTarget(id="p.02", floor=Decimal(2), pace="on:02-29")
    curves = compute_curves(build_database([quarterly, tied]), Question(date(2026, 7, 1)))
    assert curves["p.01"].pace[:4] == [
        (date(2026, 1, 1), 0), (date(2026, 3, 30), 0), (date(2026, 3, 31), 2), (date(2026, 6, 29), 2),
    ]  # fmt: skip
    assert curves["p.01"].pace[-3:-1] == [(date(2026, 12, 15), 8), (date(2026, 12, 30), 8)]
    assert (date(2026, 2, 28), 0) in curves["p.02"].pace
    assert (date(2026, 3, 1), 2) in curves["p.02"].pace
