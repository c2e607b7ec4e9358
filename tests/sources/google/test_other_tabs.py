"""Tabs of a Google Sheet that look like ours are named; of them only ten rows and the size are asked."""

from __future__ import annotations

from dataclasses import replace

from kpis.sheet.model import UnreadTab
from kpis.sources.google.client import GoogleClient
from kpis.sources.google.sheet_reader import GoogleReadResult, TabSnapshot, read_google_sheet
from tests.google_stand_in import SheetError, SheetTab, Spreadsheet, StandIn
from tests.google_stand_in.fixtures import NOW, ROWS, build_source
from tests.sources.google.test_sheet_reader import GET, MakeFile


def read(file: Spreadsheet, client: GoogleClient, last_tabs: tuple[TabSnapshot, ...] = ()) -> GoogleReadResult:
    return read_google_sheet(build_source(file), client, NOW, last_tabs, find_unread=True)


def add_copy(file: Spreadsheet, title: str) -> SheetTab:
    tab = SheetTab(title)
    tab.fill_rows(ROWS)
    file.sheets.append(tab)
    return tab


def test_a_copy_is_named_with_the_most_rows_it_can_have(
    make_file: MakeFile, client: GoogleClient, google: StandIn
) -> None:
    file = make_file()
    first = read(file, client)
    copy = add_copy(file, "Bản sao của Tiến độ")
    copy.type_value("A900", SheetError("LOADING"))
    copy.type_value("A5", SheetError("LOADING"))
    add_copy(file, "Tháng 11")
    file.sheets.append(SheetTab("Biểu đồ", kind="OBJECT"))
    file.sheets.append(SheetTab("Nháp"))
    google.calls.clear()
    result = read(file, client, first.tabs)
    assert result.sheet.unread_tabs == (
        UnreadTab("Bản sao của Tiến độ", 999, "header", is_upper_bound=True),
        UnreadTab("Tháng 11", 999, "header", is_upper_bound=True),
    )
    assert result.sheet.tabs == first.sheet.tabs
    assert google.count_calls(GET) == 2
    assert "'Tháng 11'!A1:AZ10" in google.calls[-1].query["ranges"]


def test_the_sources_file_silences_a_tab(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    add_copy(file, "Tháng 11")
    source = replace(build_source(file), ignored_tabs=("tháng 11",))
    assert read_google_sheet(source, client, NOW, find_unread=True).sheet.unread_tabs == ()


def test_tabs_of_years_are_read_too(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    first = read(file, client)
    add_copy(file, "Tiến độ 2027")
    second = read(file, client, first.tabs)
    third = read(file, client, second.tabs)
    assert [tab.name for tab in second.sheet.tabs] == ["Tiến độ", "Tiến độ 2027", "Nhiệm vụ"]
    assert second.sheet.unread_tabs == () and third == second
    assert len(second.tabs) == 3


def test_a_second_tab_of_the_same_name_is_named_after_a_good_read(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    first = read(file, client)
    add_copy(file, "TIEN DO")
    second = read(file, client, first.tabs)
    assert second.sheet.tabs == first.sheet.tabs
    assert second.sheet.unread_tabs == (UnreadTab("TIEN DO", 999, "same_name", is_upper_bound=True),)


def test_a_hidden_tab_that_is_read_is_known_to_be_hidden(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    file.get_sheet("Tiến độ").properties["hidden"] = True
    assert [tab.is_hidden for tab in read(file, client).sheet.tabs] == [True, False]


def test_a_tab_renamed_between_the_two_requests_is_still_read(
    make_file: MakeFile, client: GoogleClient, google: StandIn
) -> None:
    file = make_file()
    first = read(file, client)
    file.get_sheet("Tiến độ").title = "Quý IV"
    second = read(file, client, first.tabs)
    assert second.sheet.tabs == first.sheet.tabs
