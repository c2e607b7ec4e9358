"""The stand-in itself: it refuses what Google refuses and answers like Google."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import requests

from kpis.sources.google.client import GoogleClient
from kpis.sources.google.column_tags import build_tag_request, list_tags
from kpis.sources.google.credentials import ServiceAccountKey
from kpis.sources.google.failures import GoogleError
from tests.google_stand_in import (
    SheetCell,
    SheetError,
    SheetTab,
    Spreadsheet,
    StandIn,
    a1,
    discovery,
    drive_query,
    field_mask,
    make_percent_cell,
)
from tests.google_stand_in.fixtures import HEADER
from tests.google_stand_in.spreadsheet import parse_grid_range, to_grid_range

MakeFile = Callable[..., Spreadsheet]


@pytest.fixture
def session(google: StandIn, key: ServiceAccountKey) -> Iterator[requests.Session]:
    """Yield a session for requests that the product would not send."""
    from google.auth.transport.requests import Request

    credentials = key.create_credentials(write=True)
    with requests.Session() as http_session:
        http_session.trust_env = False
        credentials.refresh(Request(http_session))
        http_session.headers["Authorization"] = f"Bearer {credentials.token}"
        yield http_session


@pytest.mark.parametrize(
    ("path", "params", "message"),
    [
        ("/v4/spreadsheets/{id}", {"field": "x"}, "unknown query parameter"),
        ("/v4/spreadsheets/{id}", {"fields": "sheets(cells)"}, "invalid field selection cells"),
        ("/v4/spreadsheets/{id}", {"fields": "sheets("}, "invalid field selection"),
        ("/v4/spreadsheets/{id}", {"includeGridData": "True"}, "no boolean"),
        ("/v4/spreadsheets/{id}", {"fields": ["a", "b"]}, "given 2 times"),
        ("/v4/spreadsheets/{id}/values:batchGet", {"valueRenderOption": "RAW"}, "valueRenderOption"),
        ("/drive/v3/files", {"pageSize": "1001"}, "no integer"),
        ("/drive/v3/files", {"fields": "files(modified)"}, "invalid field selection"),
        ("/v4/sheets/{id}", {}, "no such method"),
    ],
)
def test_a_request_that_google_does_not_know_is_a_violation(
    google: StandIn,
    session: requests.Session,
    make_file: MakeFile,
    path: str,
    params: dict[str, str],
    message: str,
) -> None:
    answer = session.get(google.base_url + path.format(id=make_file().id), params=params)
    assert answer.status_code in {400, 404}
    (violation,) = google.violations
    assert message in violation
    google.violations.clear()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (":batchUpdate", {"requests": [{"addSheets": {}}]}),
        (":batchUpdate", {"requests": [{"addSheet": {"properties": {"name": "x"}}}]}),
        (":batchUpdate", {"requests": [{"setDataValidation": {"rule": {"condition": {"type": "LIST"}}}}]}),
        ("/values:batchUpdateByDataFilter", {"valueInputOption": "raw", "data": []}),
        ("/values:batchUpdateByDataFilter", {"valueInputOption": "RAW", "data": [{"dataFilter": 5}]}),
    ],
)
def test_a_body_that_google_does_not_know_is_a_violation(
    google: StandIn, session: requests.Session, make_file: MakeFile, path: str, body: dict[str, Any]
) -> None:
    answer = session.post(f"{google.base_url}/v4/spreadsheets/{make_file().id}{path}", json=body)
    assert answer.status_code == 400 and len(google.violations) == 1
    google.violations.clear()


def test_an_answer_that_google_would_not_give_is_a_violation(
    google: StandIn, make_file: MakeFile, session: requests.Session
) -> None:
    file = make_file()
    file.get_sheet("Tiến độ").properties["colour"] = "red"
    session.get(f"{google.base_url}/v4/spreadsheets/{file.id}")
    (violation,) = google.violations
    assert "answer of sheets.spreadsheets.get" in violation and "colour" in violation
    google.violations.clear()


def test_a_request_without_a_token_is_refused(google: StandIn, make_file: MakeFile) -> None:
    answer = requests.get(f"{google.base_url}/v4/spreadsheets/{make_file().id}", timeout=5)
    assert answer.status_code == 401 and answer.json()["error"]["status"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("text", "value", "selected"),
    [
        ("a", {"a": 1, "b": 2}, {"a": 1}),
        ("a,b/c", {"a": 1, "b": {"c": 2, "d": 3}}, {"a": 1, "b": {"c": 2}}),
        ("a(b,c.d)", {"a": [{"b": 1}, {"c": {"d": 2, "e": 3}}, {}]}, {"a": [{"b": 1}, {"c": {"d": 2}}, {}]}),
        ("a/*/c", {"a": {"x": {"c": 1, "d": 2}}}, {"a": {"x": {"c": 1, "d": 2}}}),
        ("*", {"a": 1}, {"a": 1}),
    ],
)
def test_a_field_mask_selects_what_it_names(text: str, value: object, selected: object) -> None:
    assert field_mask.apply_mask(field_mask.parse_mask(text), value) == selected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'Tiến độ'!A1:B2", ("Tiến độ", a1.A1Range(0, 0, 2, 2))),
        ("'a''b'!C5", ("a'b", a1.A1Range(4, 2, 5, 3))),
        ("Tab!B:D", ("Tab", a1.A1Range(0, 1, None, 4))),
        ("Tab!3:7", ("Tab", a1.A1Range(2, 0, 7, None))),
        ("Tab!A5:B", ("Tab", a1.A1Range(4, 0, None, 2))),
        ("A1:ZZ9", (None, a1.A1Range(0, 0, 9, 702))),
        ("'Tiến độ'", ("Tiến độ", a1.A1Range())),
        ("Tab!?", None),
    ],
)
def test_a1_notation_is_parsed_to_tab_and_area(text: str, expected: object) -> None:
    assert a1.split_range(text) == expected


def test_areas_are_converted_to_grid_ranges_and_back() -> None:
    for area in (a1.A1Range(), a1.A1Range(1, 2, 3, 4), a1.A1Range(0, 1, None, 2)):
        assert parse_grid_range(to_grid_range(5, area)) == area


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("mimeType = 'application/vnd.google-apps.spreadsheet' and trashed = false", True),
        ("trashed = true or name contains 'Tiến'", True),
        ("not (sharedWithMe and trashed = false)", False),
        ("modifiedTime > '2025-01-01T00:00:00' and modifiedTime <= '2026-01-01T07:00:00+07:00'", True),
        (r"name = 'l\'eau'", False),
    ],
)
def test_queries_in_drives_search_language_are_evaluated(text: str, matches: bool) -> None:
    assert drive_query.parse_query(text, "a@b")(Spreadsheet("Tiến độ", share={"a@b": "reader"})) is matches


@pytest.mark.parametrize("text", ["id = 'x'", "name", "name ~ 'x'", "(trashed = false", "trashed = 'false'"])
def test_invalid_queries_are_refused(text: str) -> None:
    with pytest.raises(drive_query.QueryError):
        drive_query.parse_query(text, "a@b")


def test_a_batch_of_requests_is_applied_completely_or_not_at_all(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    tab = file.get_sheet("Tiến độ")
    valid_requests: list[dict[str, Any]] = [
        {"updateSpreadsheetProperties": {"properties": {"locale": "en_US"}, "fields": "locale"}},
        {"addSheet": {"properties": {"title": "Hướng dẫn", "gridProperties": {"frozenRowCount": 1}}}},
        {"updateSheetProperties": {"properties": {"sheetId": tab.id, "title": "Mới"}, "fields": "title"}},
        {
            "updateCells": {
                "start": {"sheetId": tab.id, "rowIndex": 0, "columnIndex": 7},
                "rows": [{"values": [{"userEnteredValue": {"stringValue": "x"}, "note": "n"}]}],
                "fields": "userEnteredValue,note",
            }
        },
        {
            "repeatCell": {
                "range": {"sheetId": tab.id, "startRowIndex": 1, "endRowIndex": 3, "endColumnIndex": 1},
                "cell": {"userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": "dd/mm/yyyy"}}},
                "fields": "userEnteredFormat.numberFormat",
            }
        },
        {
            "setDataValidation": {
                "range": {"sheetId": tab.id, "startRowIndex": 1, "startColumnIndex": 1, "endColumnIndex": 2},
                "rule": {
                    "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Sở Công Thương"}]},
                    "strict": False,
                },
            }
        },
        {"addProtectedRange": {"protectedRange": {"range": {"sheetId": tab.id, "startColumnIndex": 6}}}},
    ]
    with pytest.raises(Exception, match="rejects"):
        client.batch_update(file.id, [*valid_requests, {"addSheet": {"properties": {"title": "Mới"}}}])
    assert (file.locale, len(file.sheets)) == ("vi_VN", 2)
    replies = client.batch_update(file.id, valid_requests)["replies"]
    assert [set(reply) for reply in replies] == [
        set(), {"addSheet"}, set(), set(), set(), set(), {"addProtectedRange"},
    ]  # fmt: skip
    tab = file.get_sheet("Mới")
    assert (file.locale, tab.get_value("H1"), tab.cells[1, 0].format) == ("en_US", "x", "DATE")
    assert tab.cells[500, 1].rule and tab.protected_ranges[0]["editors"]["users"] == [client.account]
    range_id = tab.protected_ranges[0]["protectedRangeId"]
    protection = {"protectedRangeId": range_id, "warningOnly": True}
    client.batch_update(file.id, [{"updateProtectedRange": {"protectedRange": protection, "fields": "warningOnly"}}])
    assert file.get_sheet("Mới").protected_ranges[0]["warningOnly"]


def test_values_are_returned_unformatted(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file([HEADER, [date(2026, 3, 2), None, make_percent_cell(0.5), SheetError("N_A")], [], [None, "x"]])
    (values,) = client.get_values(file.id, ["'Tiến độ'!A2:G"])
    assert values == [[46083, "", 0.5, "#N/A"], [], ["", "x"]]


def test_values_are_written_into_their_cells_without_formulas(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    modified_time = file.modified_time
    tag_column(file, client, 6)
    assert client.update_columns(file.id, {get_tag(file): {2: "=1+1", 4: "x"}}) == 2
    tab = file.get_sheet("Tiến độ")
    assert tab.cells[1, 6] == SheetCell("=1+1") and (2, 6) not in tab.cells  # RAW: no formula
    assert file.modified_time > modified_time
    client.update_columns(file.id, {get_tag(file): {2: "=1+1"}}, allow_formulas=True)
    assert file.get_sheet("Tiến độ").cells[1, 6].other_fields == {"userEnteredValue": {"formulaValue": "=1+1"}}


def tag_column(file: Spreadsheet, client: GoogleClient, column: int) -> None:
    client.batch_update(file.id, [build_tag_request(file.get_sheet("Tiến độ").id, column)])


def get_tag(file: Spreadsheet) -> int:
    (tag,) = file.get_sheet("Tiến độ").column_metadata
    return tag.id


def find_tagged_columns(file: Spreadsheet, client: GoogleClient) -> list[int]:
    fields = "sheets(data(startColumn,columnMetadata(developerMetadata(metadataId,metadataKey))))"
    sheets = client.get_spreadsheet(file.id, fields=fields)["sheets"]
    return [tag.column for sheet in sheets for tag in list_tags(sheet)]


def test_metadata_follows_its_column_and_is_deleted_with_it(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    tag_column(file, client, 6)
    edits: list[tuple[Callable[[SheetTab], object], list[int]]] = [
        (lambda tab: tab.insert_columns(6), [7]),
        (lambda tab: tab.insert_columns(8), [7]),
        (lambda tab: tab.delete_column(0), [6]),
        (lambda tab: tab.delete_column(7), [6]),
        (lambda tab: tab.move_column(6, 1), [1]),
        (lambda tab: tab.move_column(0, 3), [0]),
        (lambda tab: tab.move_cells(0, 4), [0]),
        (lambda tab: tab.insert_rows(1), [0]),
        (lambda tab: tab.delete_column(0), []),
    ]
    for edit, columns in edits:
        edit(file.get_sheet("Tiến độ"))
        assert find_tagged_columns(file, client) == columns


def test_the_metadata_of_a_duplicated_tab_has_another_id(make_file: MakeFile, client: GoogleClient) -> None:
    file = make_file()
    tag_column(file, client, 6)
    copied = file.duplicate_sheet("Tiến độ", "Bản sao của Tiến độ")
    client.update_columns(file.id, {get_tag(file): {2: "x"}})
    assert file.get_sheet("Tiến độ").get_value("G2") == "x"
    assert file.get_sheet("Bản sao của Tiến độ").get_value("G2") is None
    assert find_tagged_columns(file, client) == [6, 6] and copied.column_metadata[0].id != get_tag(file)


def test_values_for_deleted_metadata_are_written_nowhere_and_too_many_are_refused(
    make_file: MakeFile, client: GoogleClient
) -> None:
    file = make_file()
    tag_column(file, client, 6)
    tag = get_tag(file)
    with pytest.raises(GoogleError):
        client.update_columns(file.id, {tag: {1001: "x"}})
    file.get_sheet("Tiến độ").delete_column(6)
    old_cells = copy.deepcopy(file.get_sheet("Tiến độ").cells)
    assert client.update_columns(file.id, {tag: {2: "x"}}) == 0
    assert file.get_sheet("Tiến độ").cells == old_cells


def test_the_discovery_documents_have_every_method_that_the_product_uses() -> None:
    methods = {method.id for interface in discovery.load_interfaces() for method in interface.methods}
    assert {
        "sheets.spreadsheets.get",
        "sheets.spreadsheets.values.batchUpdateByDataFilter",
        "drive.files.list",
    } <= methods
