"""design.md §4 Numbers: Vietnamese whole numbers, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.checks.quantities import InvalidNumber, read_milestone, read_quantity
from kpis.language.formatting import format_number
from kpis.sheet import cells
from kpis.sheet.model import Cell

WHOLE_NUMBERS = {
    "0": 0, "5": 5, " 5 ": 5, "02": 2, "007": 7, "1000": 1000, "1.000": 1000, "12.345": 12345,
    "1.000.000": 1_000_000,
    "1,0": 1, "2,00": 2, "1.000,0": 1000, "-0": 0, "999999999999": 999_999_999_999, "\u00a05\u200b": 5,
}  # fmt: skip
NOT_WHOLE = ["1,5", "1,50", "0,5", "1.234,5", "1.234,56", "1,2345"]
NEGATIVE = ["-5", "−5", "-1.000", "-1,5"]
UNREADABLE = [
    "1,000", "0,125", "1.234,567", "1.5", "1.50", "12,345,678", "1,234.5", "0.500", "0.5", "1.0000",
    "1000.000",
    "12.34.567", "1.000.00", ".5", ",5", "5,", "5.", "1 000", "1\u00a0000", "- 5", "+5", "(5)", "5-10",
    "3/4", "1e3",
    "1_000", "٣", "５", "½", "²", "hai", "khoảng 50", "2 sự kiện", "50%", "~5", "5?", "x", "0x10", "nan",
    "inf", "∞",
    "1000000000000", "9" * 400, "Hoàn thành",
]  # fmt: skip


@pytest.mark.parametrize(("text", "number"), WHOLE_NUMBERS.items())
def test_a_whole_vietnamese_number_is_read(text: str, number: int) -> None:
    assert read_quantity(cells.make_text_cell(text)) == number


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        *(("not_whole", text) for text in NOT_WHOLE),
        *(("negative", text) for text in NEGATIVE),
        *(("unreadable", text) for text in UNREADABLE),
        ("missing", " \u200b "),
        ("formula_error", "#N/A"),
    ],
)
def test_any_other_text_is_rejected(problem: str, text: str) -> None:
    result = read_quantity(cells.make_text_cell(text))
    assert isinstance(result, InvalidNumber)
    assert result.problem == problem


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (cells.make_number_cell(5.0), 5),
        (cells.make_number_cell(0.0), 0),
        (cells.make_number_cell(-0.0), 0),
        (cells.make_number_cell(999_999_999_999.0), 999_999_999_999),
        (cells.make_number_cell(5.5), "not_whole"),
        (cells.make_number_cell(-5.5), "negative"),
        (cells.make_number_cell(1e20), "unreadable"),
        (cells.make_number_cell(float("nan")), "formula_error"),
        (cells.make_number_cell(float("inf")), "formula_error"),
        (cells.make_percent_cell(1.0), "unreadable"),
        (cells.make_time_cell(0.5), "unreadable"),
        (cells.make_serial_date_cell(46086.0), "unreadable"),
        (cells.make_boolean_cell(True), "unreadable"),
        (cells.make_error_cell("#REF!"), "formula_error"),
        (cells.EMPTY_CELL, "missing"),
    ],
)
def test_a_number_cell_is_read_unless_its_format_makes_it_something_else(cell: Cell, expected: int | str) -> None:
    result = read_quantity(cell)
    assert (result.problem if isinstance(result, InvalidNumber) else result) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (cells.make_text_cell("Hoàn thành"), 1),
        (cells.make_text_cell("HOÀN THÀNH"), 1),
        (cells.make_text_cell("Hoa\u0300n tha\u0300nh"), 1),
        (cells.make_number_cell(1.0), 1),
        (cells.make_text_cell("1"), 1),
        (cells.make_number_cell(0.0), 0),
        (cells.make_number_cell(2.0), "unreadable"),
        (cells.make_number_cell(0.5), "not_whole"),
        (cells.make_number_cell(-1.0), "negative"),
        (cells.make_text_cell("Chưa hoàn thành"), "unreadable"),
        (cells.make_boolean_cell(True), "unreadable"),
        (cells.EMPTY_CELL, "missing"),
    ],
)
def test_a_milestone_is_one_or_hoan_thanh_or_zero(cell: Cell, expected: int | str) -> None:
    result = read_milestone(cell)
    assert (result.problem if isinstance(result, InvalidNumber) else result) == expected


@given(st.integers(0, 10**12 - 1))
def test_a_number_in_our_own_format_is_read_back(number: int) -> None:
    assert read_quantity(cells.make_text_cell(format_number(number, "vi"))) == number
    assert read_quantity(cells.make_text_cell(str(number))) == number


@given(st.integers(1000, 10**12 - 1))
def test_an_english_number_is_never_read_as_a_vietnamese_one(number: int) -> None:
    assert isinstance(read_quantity(cells.make_text_cell(format_number(number, "en"))), InvalidNumber)


@given(st.text(alphabet=st.sampled_from("0123456789.,-− %e٣x")) | st.text())
def test_any_text_is_rejected_or_read_as_the_number_of_its_digits(text: str) -> None:
    result = read_quantity(cells.make_text_cell(text))
    if not isinstance(result, InvalidNumber):
        digits = "".join(character for character in text.partition(",")[0] if character in "0123456789")
        assert int(digits) == result
