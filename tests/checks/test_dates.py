"""design.md §4 Ngày: date cells, serial numbers and four ways of writing a day, never guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.checks.dates import FIRST_SERIAL, LAST_SERIAL, DateReason, InvalidDay, read_day
from kpis.sheet import cells
from kpis.sheet.model import Cell

MARCH_FIFTH = date(2026, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "5/3/2026", "05/03/2026", "5-3-2026", "05-03-2026", "5.3.2026", "2026-03-05", " 05/03/2026 ",
        "05/03/2026 14:30", "05/03/2026 14:30:59", "2026-03-05T14:30:59.123", "2026-03-05 00:00:00",
        "05/03/2026, 9:05", "05/03/2026 14h30", "05/03/2026 8h", "5/3/2026 2:30 PM", "46086",
        "05/03/2026 9:30:00 SA", "05/03/2026 2:15 CH", "08:30 05/03/2026", "03:31, 05/03/2026",
        "8h30 5/3/2026",
    ],
)  # fmt: skip
def test_a_day_is_read_without_its_time_of_day(text: str) -> None:
    assert read_day(cells.make_text_cell(text)) == MARCH_FIFTH


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/02/2026", "calendar"), ("2026-02-31", "calendar"), ("03/15/2026", "calendar"),
        ("0/3/2026", "calendar"),
        ("15/3", "year"), ("5/3/26", "year"), ("15-3", "year"), ("quý I", "words"), ("tháng 3", "words"),
        ("5/3-2026", "words"), ("5 / 3 / 2026", "words"), ("2026/03/05", "words"), ("2026-3-5", "words"),
        ("20260305", "words"), ("05/03/2026 25:00", "words"), ("05/03/2026 14:75", "words"),
        ("2026", "words"), ("08:30 05/03/2026 09:30", "words"), ("05/03/2026 SA", "words"),
        ("2026-03-05T14:30Z", "words"), ("2026-03-05T23:30+07:00", "words"), ("ngày 5/3/2026", "words"),
        ("５/３/２０２６", "words"), ("5/3/2026-6/3/2026", "words"), ("46086,5", "words"),
        ("36525", "number"),
        ("73051", "number"),
    ],
)  # fmt: skip
def test_a_text_that_is_not_a_day_is_rejected_with_a_reason(text: str, reason: DateReason) -> None:
    assert read_day(cells.make_text_cell(text)) == InvalidDay("unreadable", reason)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (cells.make_date_cell(MARCH_FIFTH), MARCH_FIFTH),
        (cells.make_number_cell(46086.0), MARCH_FIFTH),
        (cells.make_number_cell(46086.75), MARCH_FIFTH),
        (cells.make_number_cell(36526.0), date(2000, 1, 1)),
        (cells.make_number_cell(73050.9), date(2099, 12, 31)),
        (cells.make_number_cell(36525.9), "unreadable"),
        (cells.make_number_cell(73051.0), "unreadable"),
        (cells.make_number_cell(2026.0), "unreadable"),
        (cells.make_number_cell(-46086.0), "unreadable"),
        (cells.make_percent_cell(46086.0), "unreadable"),
        (cells.make_time_cell(46086.0), "unreadable"),
        (cells.make_boolean_cell(True), "unreadable"),
        (cells.make_error_cell("#VALUE!"), "formula_error"),
        (cells.EMPTY_CELL, "missing"),
    ],
)
def test_a_cell_is_a_day_by_its_format_or_its_serial_number(cell: Cell, expected: date | str) -> None:
    result = read_day(cell)
    assert (result.problem if isinstance(result, InvalidDay) else result) == expected


def test_serial_numbers_of_a_1904_workbook_are_four_years_later() -> None:
    assert read_day(cells.make_number_cell(46086.0 - 1462), date1904=True) == MARCH_FIFTH
    assert read_day(cells.make_date_cell(MARCH_FIFTH), date1904=True) == MARCH_FIFTH


@pytest.mark.parametrize(
    ("serial", "date1904", "day"),
    [
        (1, False, date(1900, 1, 1)), (59, False, date(1900, 2, 28)), (60, False, None),
        (61, False, date(1900, 3, 1)),
        (0, False, None), (-1, False, None), (2958465, False, date(9999, 12, 31)), (2958466, False, None),
        (0, True, date(1904, 1, 1)), (44624, True, MARCH_FIFTH),
    ],
)  # fmt: skip
def test_serial_numbers_are_the_days_that_excel_shows(serial: int, date1904: bool, day: date | None) -> None:
    assert cells.convert_serial_day(float(serial), date1904=date1904) == day


@given(st.integers(FIRST_SERIAL, LAST_SERIAL))
def test_a_serial_number_is_a_day_of_this_century(serial: int) -> None:
    day = date(2000, 1, 1) + timedelta(days=serial - FIRST_SERIAL)
    assert read_day(cells.make_number_cell(float(serial))) == day
    assert read_day(cells.make_text_cell(str(serial))) == day


@given(st.dates())
def test_a_day_is_read_back_in_every_accepted_form(day: date) -> None:
    year = f"{day.year:04}"
    for text in (f"{day.day}/{day.month}/{year}", f"{day.day:02}.{day.month:02}.{year}", day.isoformat()):
        assert read_day(cells.make_text_cell(text)) == day


@given(st.text(alphabet=st.sampled_from("0123456789/-.: Tth")) | st.text())
def test_any_text_is_read_or_rejected(text: str) -> None:
    assert isinstance(read_day(cells.make_text_cell(text)), date | InvalidDay)
