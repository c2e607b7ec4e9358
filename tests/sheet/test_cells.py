"""Cells are built in one module and restored from storage unchanged."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.sheet import cells
from kpis.sheet.cells import format_cell_name, format_column_letters, restore_cell
from kpis.sheet.model import Cell

CELLS = (
    st.text().map(cells.make_text_cell)
    | st.floats().map(cells.make_number_cell)
    | st.floats().map(cells.make_percent_cell)
    | st.floats().map(cells.make_time_cell)
    | st.floats(-10, 3_000_000).map(cells.make_serial_date_cell)
    | st.dates().map(cells.make_date_cell)
    | st.booleans().map(cells.make_boolean_cell)
    | st.text().map(cells.make_error_cell)
    | st.sampled_from(["Loading…", "#N/A", "Err:502"]).map(cells.make_text_cell)
)


@given(CELLS)
def test_a_cell_is_restored_from_its_kind_and_value(cell: Cell) -> None:
    value = cell.value.isoformat() if isinstance(cell.value, date) else cell.value
    assert restore_cell(cell.kind, value) == cell


def test_a_kind_and_a_value_that_do_not_match_are_rejected() -> None:
    with pytest.raises(ValueError, match="number 'x'"):
        restore_cell("number", "x")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (cells.make_number_cell(5.0), "5"), (cells.make_number_cell(5.5), "5,5"),
        (cells.make_number_cell(1e20), "1" + "0" * 20),
        (cells.make_number_cell(5), "5"), (cells.make_number_cell(-(10**20)), "-1" + "0" * 20),
        (cells.make_percent_cell(0.5), "50%"), (cells.make_percent_cell(0.125), "12,5%"),
        (cells.make_percent_cell(1.0), "100%"),
        (cells.make_time_cell(0.5), "12:00"), (cells.make_time_cell(1.5), "36:00"),
        (cells.make_boolean_cell(True), "TRUE"),
        (cells.make_date_cell(date(2026, 3, 5)), "05/03/2026"), (cells.make_serial_date_cell(0.0), "00:00"),
    ],
)  # fmt: skip
def test_the_text_of_a_cell_is_what_people_see(cell: Cell, text: str) -> None:
    assert cell.text == text


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#DIV/0!", "#NAME?", "Err:502", " #VALUE! "])
def test_a_text_that_spells_an_error_is_an_error_cell(text: str) -> None:
    assert cells.make_text_cell(text).kind == "error"


@pytest.mark.parametrize("text", ["#1", "#tag", "Error", "12/BC-#N/A", "Loading", "Đang tải"])
def test_a_text_that_only_resembles_an_error_is_a_text_cell(text: str) -> None:
    assert cells.make_text_cell(text).kind == "text"


def test_columns_are_named_as_in_a_spreadsheet() -> None:
    assert [format_column_letters(index) for index in (0, 25, 26, 51, 52, 701, 702, 16383)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD",
    ]  # fmt: skip
    assert format_cell_name(3, 12) == "D12"
