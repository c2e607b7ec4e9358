"""design.md §4 Numbers: a number whose cell shows another value is found by its number format."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.sources.number_formats import find_shown_day, find_shown_number

ACCOUNTING = '_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)'


@pytest.mark.parametrize(
    ("value", "code", "shown_text"),
    [
        (50, '0"%"', "50%"), (50, "0\\%", "50%"), (12345, "#,##0,", "12"), (1_234_567, '0.0,,"tr"', "1,2tr"),
        (5, '0"0"', "50"), (5, '"1"0', "15"), (5, '0" nghìn"', "5 nghìn"), (5, '#,##0"k"', "5k"),
        (5, ";;;", ""), (5, '"Đã xong"', "Đã xong"), (12345, "0.00E+00", "1,23E+4"), (5, "0,", "0"),
        (1, '[=1]"Có";[=0]"Không";0', "Có"), (5, '0"x10"', "5x10"), (5, '0"000"', "5000"),
        (5, "#.##0", "5,000"), (5, "0.000", "5,000"), (50, '"-"0', "-50"), (12, "0\\/0", "1/2"),
        (123456, "000-000", "123-456"), (50, '0"."000', "0.050"), (5, '0"％"', "5％"),
        (5, '0" thousand"', "5 thousand"), (5, '0" vạn"', "5 vạn"), (5, '0" ty"', "5 ty"),
    ],
)  # fmt: skip
def test_a_format_that_shows_another_value_is_found(value: float, code: str, shown_text: str) -> None:
    assert find_shown_number(float(value), code) == shown_text


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (5, ""), (5, "General"), (5, "@"), (5, "0"), (5, "00"), (5, "#,##0"), (5, "#,##0.00"),
        (1234, "#,##0"), (5, '0" công ty"'), (5, '0" trạm"'), (5, "0.###"), (0, "0.000"), (5, "#,##0_ ;-#,##0 "),
        (1_234_567, "#\\ ##0"), (5000, "0\\.000"), (5, '#,##0\\ "đ"'), (5, '0" tin bài"'),
        (5, "[$-42A]#,##0"),
        (5, '[Red]0;[Blue]-0;"không"'), (0, ACCOUNTING), (5, ACCOUNTING), (0, "0;-0;;@"), (0, "#"),
        (2.5, "0"), (7.04, "0.0"), (5, "# ?/?"), (5, 'General" tin"'), (1, '"Hoàn thành";;"Chưa"'),
        (12, '[>=1000000]0.0,,"tr";0'), (-5, "0;(0)"), (12000, "0.0E+00"),
    ],
)  # fmt: skip
def test_a_format_that_only_decorates_or_rounds_changes_nothing(value: float, code: str) -> None:
    assert find_shown_number(float(value), code) is None


@given(st.integers(0, 10**9), st.text('0#?.,;"%\\_*[]-() tin5k@eE+/', max_size=12))
def test_no_format_is_too_strange(value: int, code: str) -> None:
    text = find_shown_number(float(value), code)
    assert text is None or isinstance(text, str)


@given(st.integers(0, 10**9), st.sampled_from(["0", "#,##0", "0.00", '0" tin"', "[$-42A]#,##0", ACCOUNTING]))
def test_usual_formats_show_the_stored_number(value: int, code: str) -> None:
    assert find_shown_number(float(value), code) is None


@pytest.mark.parametrize(
    ("code", "shown_text"),
    [
        ("mm/yyyy", "03/2026"), ("m/yyyy;@", "3/2026"), ("yyyy", "2026"), ("mmm-yy", "tháng 3-26"),
        ('"Tháng "m"/"yyyy', "Tháng 3/2026"), ("[$-42A]mm/yyyy", "03/2026"), ("dddd", "thứ 5"),
        ("dd/mm/yyyy", None), ("d/m", None), ("[$-F800]dddd, mmmm dd, yyyy", None),
        ("dd/mm/yyyy hh:mm", None),
        ("dddd d/m", None),
    ],
)  # fmt: skip
def test_a_date_format_without_a_day_of_the_month_is_found(code: str, shown_text: str | None) -> None:
    assert find_shown_day(date(2026, 3, 5), code) == shown_text
