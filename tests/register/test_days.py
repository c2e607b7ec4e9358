"""Days of every year: dd/mm in the files, and what a refused day was most likely meant to be."""

from datetime import date

import pytest

from kpis.register.days import format_pace, format_year_day, parse_year_day, suggest_year_day


def test_a_day_is_read_and_written_as_day_and_month() -> None:
    assert parse_year_day("15/03") == "03-15"
    assert format_year_day("03-15") == "15/03"
    assert (format_pace("on:03-15"), format_pace("quarterly")) == ("on:15/03", "quarterly")


@pytest.mark.parametrize("value", ["12-15", "29/02", "31/04", "12/15", "5/3", "15/12/2026", "", " 15/12", 1512, None])
def test_nothing_else_is_a_day(value: object) -> None:
    assert parse_year_day(value) is None


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("12-15", "15/12"),
        ("03-05", "05/03"),
        ("15-12", "15/12"),
        ("12/15", "15/12"),
        ("5/3", "05/03"),
        ("15.12", "15/12"),
        (date(2026, 12, 15), "15/12"),
        ("29/02", None),
        ("ngày 15", None),
        (15, None),
    ],
)
def test_the_day_that_was_meant_is_proposed(value: object, right: str | None) -> None:
    assert suggest_year_day(value) == right
