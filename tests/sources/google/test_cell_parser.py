"""What Google says about the look of a cell: pattern, strikes by people, formulas, pictures."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kpis.sources.google.cell_parser import parse_cell
from kpis.sources.google.client import CELL_FIELDS, GoogleClient
from kpis.sources.google.sheet_reader import read_google_sheet
from tests.google_stand_in import SheetCell as Typed
from tests.google_stand_in.fixtures import NOW, build_source
from tests.sources.google.test_sheet_reader import MakeFile

STRUCK = {"strikethrough": True}


def make_number(value: float, format_type: str, pattern: str) -> dict[str, Any]:
    number_format = {"type": format_type, "pattern": pattern}
    return {"effectiveValue": {"numberValue": value}, "effectiveFormat": {"numberFormat": number_format}}


def make_text(
    text: str, cell_format: dict[str, Any] | None = None, *runs: tuple[int, dict[str, Any]]
) -> dict[str, Any]:
    data: dict[str, Any] = {"effectiveValue": {"stringValue": text}}
    if cell_format is not None:
        data["userEnteredFormat"] = {"textFormat": cell_format}
    if runs:
        data["textFormatRuns"] = [{**({"startIndex": at} if at else {}), "format": look} for at, look in runs]
    return data


@pytest.mark.parametrize(
    ("data", "kind", "shown_text"),
    [
        (make_number(50, "NUMBER", '0"%"'), "number", "50%"),
        (make_number(12345, "NUMBER", "#,##0,"), "number", "12"),
        (make_number(5, "NUMBER", "#,##0"), "number", None),
        (make_number(5, "CURRENCY", '#,##0\\ "₫"'), "number", None),
        (make_number(0.5, "NUMBER", "0%"), "percent", None),
        (make_number(46086, "DATE", "mm/yyyy"), "date", "03/2026"),
        (make_number(46086, "DATE", "dd/mm/yyyy"), "date", None),
        (make_number(46086, "DATE", ""), "date", None),
        (make_number(46086.5, "DATE_TIME", 'd"/"m"/"yyyy h:mm'), "date", None),
    ],
)
def test_the_pattern_says_what_is_shown(data: dict[str, Any], kind: str, shown_text: str | None) -> None:
    cell = parse_cell(data)
    assert (cell.kind, cell.shown_text) == (kind, shown_text)


@pytest.mark.parametrize(
    ("data", "is_struck", "has_marked_runs"),
    [
        (make_text("Hủy", STRUCK), True, False),
        (make_text("Hủy", {"strikethrough": False}), False, False),
        (make_text("25", None, (0, STRUCK), (1, {})), False, True),
        (make_text("2 5", None, (1, STRUCK), (2, {})), False, False),
        (make_text("Hủy hết", None, (0, STRUCK), (4, {"strikethrough": True, "bold": True})), True, False),
        (make_text("25", STRUCK, (0, {"strikethrough": False}), (1, {})), False, True),
        (make_text("📌25", None, (0, {}), (3, STRUCK)), False, True),
        ({**make_number(5, "NUMBER", "0"), "userEnteredFormat": {"textFormat": STRUCK}}, True, False),
        ({**make_text("5"), "effectiveFormat": {"textFormat": STRUCK}}, False, False),
    ],
)
def test_only_people_strike_a_cell_or_part_of_it(data: dict[str, Any], is_struck: bool, has_marked_runs: bool) -> None:
    cell = parse_cell(data)
    assert (cell.is_struck, cell.has_marked_runs) == (is_struck, has_marked_runs)


def test_a_formula_over_its_own_column_is_marked() -> None:
    data = {"effectiveValue": {"numberValue": 35}, "userEnteredValue": {"formulaValue": "=SUM(D2:D3)"}}
    assert parse_cell(data, 4, "Tiến độ").sums_own_column
    assert not parse_cell(data, 5, "Tiến độ").sums_own_column


def test_a_picture_is_a_filled_cell() -> None:
    cell = parse_cell({"userEnteredValue": {"formulaValue": '=IMAGE("https://example.org/a.png")'}})
    assert (cell.kind, cell.text) == ("text", "(ảnh)")


def test_the_request_asks_for_all_this_and_never_for_the_effective_text_format(
    make_file: MakeFile, client: GoogleClient
) -> None:
    number = Typed(50, "NUMBER", '0"%"', other_fields={"userEnteredFormat": {"textFormat": STRUCK}})
    file = make_file([["Ngày"], [date(2026, 3, 5), number]])
    (day, cell) = read_google_sheet(build_source(file), client, NOW).sheet.tabs[0].rows[1].cells
    assert (cell.shown_text, cell.is_struck, day.shown_text) == ("50%", True, None)
    assert "effectiveFormat(numberFormat(type,pattern))" in CELL_FIELDS
