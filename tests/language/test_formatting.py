"""Numbers, percentages and days are written as Vietnamese readers expect."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kpis.language import formatting


def test_vietnamese_numbers_use_points_for_thousands_and_a_decimal_comma() -> None:
    assert formatting.format_number(1234.5, "vi", 1) == "1.234,5"
    assert formatting.format_number(1234.5, "en", 1) == "1,234.5"
    assert formatting.format_number(12_345_678, "vi") == "12.345.678"
    assert formatting.format_number(Decimal("2.40"), "vi", 2) == "2,4"
    assert formatting.format_number(2.0, "vi", 1) == "2"
    assert formatting.format_number(2.5, "vi") == "3"
    assert formatting.format_number(Fraction(1, 3), "vi", 2) == "0,33"
    assert formatting.format_number(-0.01, "vi", 1) == "0"
    assert formatting.format_number(100, "vi") == "100"


def test_percentages_are_rounded_down() -> None:
    assert formatting.format_percent(999, 1000, "vi") == "99%"
    assert formatting.format_percent(999, 1000, "vi", 1) == "99,9%"
    assert formatting.format_percent(0.29, 1, "vi") == "29%"
    assert formatting.format_percent(Decimal("0.999999"), 1, "en") == "99%"
    assert formatting.format_percent(6, 2, "vi") == "300%"
    assert formatting.format_percent(3, 0, "vi") == "–"


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_100_percent_is_shown_only_when_it_is_reached(numerator: int, denominator: int) -> None:
    percent = int(formatting.format_percent(numerator, denominator, "vi").rstrip("%").replace(".", ""))
    assert (percent >= 100) == (numerator >= denominator)


def test_days_and_moments_follow_the_language() -> None:
    assert formatting.format_day(date(2026, 3, 5), "vi") == "05/03/2026"
    assert formatting.format_day(date(2026, 3, 5), "en") == "5 Mar 2026"
    assert formatting.format_moment(datetime(2026, 11, 21, 2, 0), "vi") == "09:00 21/11/2026"
    assert formatting.format_moment(datetime(2026, 11, 21, 20, 0), "en") == "03:00, 22 Nov 2026"


def test_lengths_of_time_are_in_weeks_and_below_two_weeks_in_days() -> None:
    assert formatting.format_weeks(35, "vi") == "5 tuần"
    assert formatting.format_weeks(13, "vi") == "13 ngày"
    assert formatting.format_weeks(1, "en") == "1 day"
    assert formatting.format_weeks(14, "en") == "2 weeks"


def test_a_day_can_be_written_without_its_year() -> None:
    assert formatting.format_day_and_month(date(2026, 11, 2), "vi") == "02/11"
    assert formatting.format_day_and_month(date(2026, 11, 2), "en") == "2 Nov"
