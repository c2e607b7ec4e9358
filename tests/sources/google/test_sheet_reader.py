"""Reading: cells by their format, tabs by id and name, one request per file, nothing lost silently."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest

from kpis.language.messages import load_catalogue
from kpis.sheet.model import Cell, RawSheet
from kpis.sources.google import sheet_reader, sheet_resource
from kpis.sources.google.cell_parser import parse_cell
from kpis.sources.google.client import GoogleClient
from kpis.sources.google.sheet_reader import read_google_sheet
from tests.google_stand_in import SheetCell as Typed
from tests.google_stand_in import SheetError, SheetTab, Spreadsheet, StandIn, a1, make_percent_cell, to_serial
from tests.google_stand_in.fixtures import NOW, ROWS, build_source
from tests.google_stand_in.spreadsheet import ErrorType

GET = "sheets.spreadsheets.get"
MakeFile = Callable[..., Spreadsheet]


def read_file(file: Spreadsheet, client: GoogleClient) -> RawSheet:
    return read_google_sheet(build_source(file), client, NOW).sheet


def find_cell(sheet: RawSheet, name: str, tab: str = "Tiến độ") -> Cell:
    row, column = a1.parse_cell(name)
    rows = next(raw_tab for raw_tab in sheet.tabs if raw_tab.name == tab).rows
    return next(raw_row for raw_row in rows if raw_row.number == row + 1).cells[column]


def test_a_file_is_read_with_one_request_for_all_its_tabs(
    make_file: MakeFile, client: GoogleClient, google: StandIn
) -> None:
    file = make_file()
    file.get_sheet("Nhiệm vụ").fill_rows([["Mã", "Trạng thái"], ["ha-noi.III.5", "Hoàn thành"]])
    sheet = read_file(file, client)
    assert [(tab.name, len(tab.rows)) for tab in sheet.tabs] == [("Tiến độ", 3), ("Nhiệm vụ", 2)]
    assert sheet.read_at == NOW and sheet.notes == ()
    assert google.count_calls(GET) == 1


def test_the_kind_of_a_cell_depends_on_its_value_and_format(make_file: MakeFile, client: GoogleClient) -> None:
    values: list[object] = [
        date(2026, 11, 5),
        datetime(2026, 11, 5, 14, 30),
        time(9, 30),
        make_percent_cell(0.5),
        46086,
        1.5,
        "  Sở\u00a0Công  Thương ",
        True,
        Typed(5, "CURRENCY"),
        Typed(46086, "TEXT"),
        "",
    ]
    sheet = read_file(make_file([["Ngày"], values, ["cuối"]]), client)
    assert [(cell.kind, cell.value) for cell in sheet.tabs[0].rows[1].cells] == [
        ("date", date(2026, 11, 5)),
        ("date", date(2026, 11, 5)),
        ("time", pytest.approx(9.5 / 24)),
        ("percent", 0.5),
        ("number", 46086.0),
        ("number", 1.5),
        ("text", "Sở Công  Thương"),
        ("boolean", True),
        ("number", 5.0),
        ("number", 46086.0),
    ]


def test_a_date_outside_the_calendar_is_neither_a_date_nor_a_number(make_file: MakeFile, client: GoogleClient) -> None:
    sheet = read_file(make_file([[Typed(1e9, "DATE"), Typed(-1e9, "DATE_TIME"), Typed(1.0, "DATE")]]), client)
    assert [cell.kind for cell in sheet.tabs[0].rows[0].cells] == ["time", "time", "date"]
    assert find_cell(sheet, "C1").value == date(1899, 12, 31)  # Sheets has no 29/2/1900


def test_error_cells_have_their_code_and_loading_cells_are_recognised(
    make_file: MakeFile, client: GoogleClient
) -> None:
    errors: list[ErrorType] = [
        "REF",
        "N_A",
        "DIVIDE_BY_ZERO",
        "NAME",
        "VALUE",
        "NUM",
        "NULL_VALUE",
        "ERROR",
        "LOADING",
    ]
    sheet = read_file(make_file([[SheetError(error) for error in errors]]), client)
    cells = sheet.tabs[0].rows[0].cells
    assert [cell.text for cell in cells] == [
        "#REF!", "#N/A", "#DIV/0!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!", "#ERROR!", "Loading…",
    ]  # fmt: skip
    assert {cell.kind for cell in cells[:-1]} == {"error"} and cells[-1].kind == "loading"


def test_rows_have_the_sheets_numbers_even_after_empty_rows(make_file: MakeFile, client: GoogleClient) -> None:
    sheet = read_file(make_file([["Ngày", "Số lượng"], [], [None, 5], [], ["x"]]), client)
    assert [(row.number, len(row.cells)) for row in sheet.tabs[0].rows] == [(1, 2), (3, 2), (5, 1)]
    assert find_cell(sheet, "A3").kind == "empty"


def test_a_tab_without_row_data_is_an_empty_tab(make_file: MakeFile, client: GoogleClient) -> None:
    sheet = read_file(make_file([]), client)
    assert [(tab.name, tab.rows) for tab in sheet.tabs] == [("Tiến độ", ()), ("Nhiệm vụ", ())]


def test_only_the_first_of_merged_cells_counts(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file([["Ngày", "Cơ quan"], ["a", "b"], ["c", "d"], ["e", "f"]])
    file.get_sheet("Tiến độ").merges.append(a1.A1Range(1, 0, 3, 2))
    sheet = read_file(file, client)
    assert [(row.number, [cell.text for cell in row.cells]) for row in sheet.tabs[0].rows] == [
        (1, ["Ngày", "Cơ quan"]), (2, ["a"]), (4, ["e", "f"]),
    ]  # fmt: skip


def test_our_tabs_are_found_in_any_spelling_and_others_ignored(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    file.get_sheet("Tiến độ").title = " TIEN DO "
    file.sheets.insert(0, SheetTab("Nháp"))
    file.sheets.append(SheetTab("Biểu đồ", kind="OBJECT"))
    assert [tab.name for tab in read_file(file, client).tabs] == ["TIEN DO", "Nhiệm vụ"]


def test_without_our_tabs_the_names_of_the_others_are_returned(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    file.sheets = [SheetTab("Sheet1"), SheetTab("Sheet2")]
    assert [(tab.name, tab.rows) for tab in read_file(file, client).tabs] == [("Sheet1", ()), ("Sheet2", ())]


def test_two_tabs_of_one_name_are_both_returned(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    file.sheets.append(SheetTab("Tien do"))
    result = read_google_sheet(build_source(file), client, NOW)
    assert [tab.name for tab in result.sheet.tabs] == ["Tiến độ", "Tien do", "Nhiệm vụ"]
    assert [tab.kind for tab in result.tabs] == ["tasks"]


def test_the_next_read_requests_bounded_ranges_of_the_known_tabs(
    make_file: MakeFile, client: GoogleClient, google: StandIn
) -> None:
    file = make_file()
    file.get_sheet("Nhiệm vụ").title = "Nhiệm 'vụ'"
    file.sheets.append(SheetTab("Nháp"))
    first = read_google_sheet(build_source(file), client, NOW)
    assert "ranges" not in google.calls[-1].query
    second = read_google_sheet(build_source(file), client, NOW, first.tabs)
    assert google.calls[-1].query["ranges"] == ["'Tiến độ'!A1:AJ2000", "'Nhiệm ''vụ'''!A1:AJ2000"]
    assert google.count_calls(GET) == 2 and second == first


def test_a_renamed_tab_is_read_under_its_usual_name_with_a_note(
    make_file: MakeFile, client: GoogleClient, google: StandIn
) -> None:
    file = make_file()
    first = read_google_sheet(build_source(file), client, NOW)
    file.get_sheet("Tiến độ").title = "Quý IV"
    second = read_google_sheet(build_source(file), client, NOW, first.tabs)
    assert [tab.name for tab in second.sheet.tabs] == ["Tiến độ", "Nhiệm vụ"]
    assert second.sheet.tabs == first.sheet.tabs
    assert second.sheet.notes == (sheet_reader.RENAMED_TAB_NOTES["progress"],)
    assert google.count_calls(GET) == 3
    read_google_sheet(build_source(file), client, NOW, second.tabs)
    assert google.count_calls(GET) == 4  # its new name is known now


def test_a_renamed_tab_takes_precedence_over_a_new_one_with_its_name(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    first = read_google_sheet(build_source(file), client, NOW)
    file.get_sheet("Tiến độ").title = "Năm 2026"
    file.sheets.insert(0, SheetTab("Tiến độ"))
    second = read_google_sheet(build_source(file), client, NOW, first.tabs)
    assert second.sheet.tabs == first.sheet.tabs
    assert second.sheet.notes == (
        sheet_reader.RENAMED_TAB_NOTES["progress"],
        sheet_reader.DUPLICATE_NAME_NOTE,
    )


def test_a_deleted_tab_is_replaced_by_one_with_its_name(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    first = read_google_sheet(build_source(file), client, NOW)
    file.sheets[0] = SheetTab("Tiến độ")
    file.sheets[0].fill_rows(ROWS[:2])
    second = read_google_sheet(build_source(file), client, NOW, first.tabs)
    assert len(second.sheet.tabs[0].rows) == 2 and second.sheet.notes == ()
    assert {tab.id for tab in second.tabs} == {tab.id for tab in file.sheets}


def test_a_tab_that_outgrew_the_range_is_read_completely(
    make_file: MakeFile, client: GoogleClient, google: StandIn
) -> None:
    file = make_file()
    first = read_google_sheet(build_source(file), client, NOW)
    file.get_sheet("Tiến độ").type_value("A2500", "cuối")
    file.get_sheet("Tiến độ").type_value("BZ1", "rộng")
    sheet = read_google_sheet(build_source(file), client, NOW, first.tabs).sheet
    assert find_cell(sheet, "A2500").text == "cuối" and find_cell(sheet, "BZ1").text == "rộng"
    assert google.count_calls(GET) == 3


def test_a_tab_that_grew_a_little_is_read_in_one_request(
    make_file: MakeFile, client: GoogleClient, google: StandIn
) -> None:
    file = make_file()
    first = read_google_sheet(build_source(file), client, NOW)
    file.get_sheet("Tiến độ").insert_rows(2, 500)
    sheet = read_google_sheet(build_source(file), client, NOW, first.tabs).sheet
    assert [row.number for row in sheet.tabs[0].rows] == [1, 502, 503]
    assert google.count_calls(GET) == 2


def test_a_new_tab_of_tasks_is_found_at_the_next_read(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    file.sheets.pop()
    first = read_google_sheet(build_source(file), client, NOW)
    assert [tab.kind for tab in first.tabs] == ["progress"]
    file.sheets.append(SheetTab("Nhiệm vụ"))
    second = read_google_sheet(build_source(file), client, NOW, first.tabs)
    assert [tab.name for tab in second.sheet.tabs] == ["Tiến độ", "Nhiệm vụ"]


@pytest.mark.parametrize(
    ("locale", "zone", "notes"),
    [
        ("vi_VN", "Asia/Ho_Chi_Minh", ()),
        ("vi_VN", "Asia/Saigon", ()),
        ("en_US", "Asia/Ho_Chi_Minh", (sheet_reader.FOREIGN_LOCALE_NOTE,)),
        ("vi_VN", "America/Los_Angeles", (sheet_reader.FOREIGN_TIME_ZONE_NOTE,)),
        ("en_GB", "Asia/Bangkok", (sheet_reader.FOREIGN_LOCALE_NOTE, sheet_reader.FOREIGN_TIME_ZONE_NOTE)),
    ],
)
def test_a_foreign_locale_or_time_zone_is_noted(
    make_file: MakeFile, client: GoogleClient, locale: str, zone: str, notes: tuple[str, ...]
) -> None:
    assert read_file(make_file(locale=locale, time_zone=zone), client).notes == notes


def test_every_note_has_a_translation() -> None:
    notes = {
        *sheet_reader.RENAMED_TAB_NOTES.values(),
        sheet_reader.DUPLICATE_NAME_NOTE,
        sheet_reader.FOREIGN_LOCALE_NOTE,
        sheet_reader.FOREIGN_TIME_ZONE_NOTE,
    }
    assert notes <= set(load_catalogue("vi"))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({}, "empty"),
        ({"effectiveValue": {}}, "empty"),
        ({"effectiveFormat": {"numberFormat": {"type": "DATE"}}}, "empty"),
        ({"effectiveValue": {"stringValue": ""}}, "empty"),
        ({"effectiveValue": {"stringValue": "Loading..."}}, "loading"),
        ({"effectiveValue": {"numberValue": "NaN"}}, "error"),
        ({"effectiveValue": {"numberValue": 0}}, "number"),
        ({"effectiveValue": {"boolValue": False}}, "boolean"),
        ({"effectiveValue": {"errorValue": {"type": "SOMETHING_NEW"}}}, "error"),
        ({"effectiveValue": {"numberValue": 46086}, "effectiveFormat": {"numberFormat": {}}}, "number"),
    ],
)
def test_incomplete_cell_data_can_be_read(data: dict[str, Any], kind: str) -> None:
    assert parse_cell(data).kind == kind


def test_grid_data_are_placed_by_their_offsets(make_file: MakeFile) -> None:
    grid = {
        "startRow": 11,
        "startColumn": 3,
        "rowData": [{}, {"values": [{"effectiveValue": {"numberValue": 4}}]}],
    }
    (row,) = sheet_resource.parse_rows({"data": [grid]})
    assert row.number == 13 and [cell.kind for cell in row.cells] == ["empty"] * 3 + ["number"]


def test_a_serial_number_of_the_stand_in_is_the_date_that_sheets_shows() -> None:
    assert to_serial(date(2026, 3, 2)) == 46083
