"""A shared sheet made ready: what is missing is added once, and nothing that people typed is touched."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import etree

from kpis.checks.source_check import check_source
from kpis.errors import UsageError
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.sheet.model import CheckedRow, Source
from kpis.sources.google.client import GoogleClient
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.sheet_reader import read_google_sheet
from kpis.templates.google.prepare import PrepareResult, prepare_spreadsheet
from kpis.templates.new_sheet import build_new_sheet
from kpis.templates.plan_sheet import LISTS_TAB, PROGRESS_COLUMNS, TASK_COLUMNS, build_template
from tests.google_stand_in import SheetTab, Spreadsheet, StandIn
from tests.google_stand_in.fixtures import NOW

GET, WRITE = "sheets.spreadsheets.get", "sheets.spreadsheets.batchUpdate"
PLAN = "dong-thap"
TAB_TITLES = ["Hướng dẫn", "Tiến độ", "Nhiệm vụ", "Chỉ tiêu", LISTS_TAB]
LAST_ROW = 60
ROW: list[object] = [date(2026, 3, 15), "Sở Công Thương", "Tin bài", 3, "Bản tin", "12/BC"]


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register()


@pytest.fixture(autouse=True)
def short_tabs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand rows to a tab would only make the stand-in slow."""
    monkeypatch.setattr("kpis.templates.google.prepare.NEW_TAB_ROWS", LAST_ROW)


@pytest.fixture
def add_file(google: StandIn) -> Callable[..., Spreadsheet]:
    """Puts a spreadsheet with these tabs into Drive, shared with the account as an editor."""

    def added(*tabs: SheetTab, **known: Any) -> Spreadsheet:
        share = known.pop("share", {google.account.email: "writer"})
        return google.cloud.add_file(Spreadsheet("Tiến độ 2026", list(tabs), share=share, **known))

    return added


AddFile = Callable[..., Spreadsheet]


@pytest.fixture
def prepare_file(client: GoogleClient, register: Register) -> Callable[..., PrepareResult]:
    def run(file: Spreadsheet, plan: str = PLAN) -> PrepareResult:
        return prepare_spreadsheet(
            f"https://docs.google.com/spreadsheets/d/{file.id}/edit", client, register, plan
        )

    return run


PrepareFile = Callable[..., PrepareResult]


def make_empty_tab() -> SheetTab:
    return SheetTab("Trang tính1", 0, LAST_ROW)


def make_filled_tab(title: str, rows: list[list[object]], top: int = 1, tab_id: int = 7) -> SheetTab:
    tab = SheetTab(title, tab_id, LAST_ROW)
    tab.fill_rows(rows, top)
    return tab


def read_header(tab: SheetTab, row: int = 1) -> list[object]:
    cells = {column: cell.value for (at, column), cell in tab.cells.items() if at == row - 1}
    return [cells.get(column) for column in range(max(cells) + 1)]


def check_rows(file: Spreadsheet, client: GoogleClient, register: Register) -> tuple[CheckedRow, ...]:
    sheet = read_google_sheet(Source("s", PLAN, "google", file.id), client, NOW).sheet
    return check_source(sheet, PLAN, register, date(2026, 11, 21)).rows


def read_values(file: Spreadsheet) -> dict[tuple[str, int, int], object]:
    return {
        (tab.title, row, column): cell.value
        for tab in file.sheets
        for (row, column), cell in tab.cells.items()
        if cell.value is not None
    }


def list_rule_types(tab: SheetTab, column: int) -> set[str]:
    kinds = {
        cell.rule["condition"]["type"] for (_, at), cell in tab.cells.items() if at == column and cell.rule
    }
    return kinds or {"none"}


def test_a_new_file_is_made_ready_in_one_read_and_one_write(
    add: AddFile, ready: PrepareFile, google: StandIn, client: GoogleClient, register: Register
) -> None:
    file = add(make_empty_tab(), locale="en_US", time_zone="America/New_York")
    found = ready(file)
    assert (google.count_calls(GET), google.count_calls(WRITE)) == (1, 1)
    assert (file.locale, file.time_zone) == ("vi_VN", "Asia/Ho_Chi_Minh")
    assert found.notes == ()
    assert len(found.changes) >= 5
    assert [tab.title for tab in file.sheets] == TAB_TITLES
    assert read_header(file.get_sheet("Tiến độ")) == [column.header for column in PROGRESS_COLUMNS]
    assert read_header(file.get_sheet("Nhiệm vụ")) == [column.header for column in TASK_COLUMNS]
    assert file.get_sheet(LISTS_TAB).properties["hidden"] is True
    assert check_rows(file, client, register) == ()


def test_lists_hold_every_agency_target_and_task(
    add: AddFile, ready: PrepareFile, register: Register
) -> None:
    file = add(make_empty_tab())
    ready(file)
    lists, known = file.get_sheet(LISTS_TAB), build_template(register, PLAN)
    for column, items in enumerate((known.agencies, known.target_names, known.tasks)):
        held = [lists.cells[row, column].value for row in range(1, len(items) + 1)]
        assert held == list(items)
    rule = file.get_sheet("Tiến độ").cells[1, 1].rule
    assert rule is not None
    (value,) = rule["condition"]["values"]
    assert value["userEnteredValue"] == f"='{LISTS_TAB}'!$A$2:$A${len(known.agencies) + 1}"


def test_cells_are_checked_and_the_column_of_verdicts_is_ours(
    add: AddFile, ready: PrepareFile, google: StandIn
) -> None:
    file = add(make_empty_tab())
    ready(file)
    tab = file.get_sheet("Tiến độ")
    kinds = ["DATE_BETWEEN", "ONE_OF_RANGE", "ONE_OF_RANGE", "CUSTOM_FORMULA", "CUSTOM_FORMULA", "none"]
    assert [list_rule_types(tab, column) for column in range(6)] == [{kind} for kind in kinds]
    day = tab.cells[LAST_ROW - 1, 0].rule
    assert day is not None
    assert [one["userEnteredValue"] for one in day["condition"]["values"]] == ["2026-01-01", "2030-12-31"]
    count = tab.cells[1, 3].rule
    assert count is not None
    assert count["condition"]["values"] == [{"userEnteredValue": "=(D2>=0)*(INT(D2)=D2)"}]
    (guard,) = tab.protected_ranges
    assert guard["editors"]["users"] == [google.account.email]
    assert (guard["range"]["startColumnIndex"], guard["range"]["endColumnIndex"]) == (8, 9)
    assert tab.properties["gridProperties"]["frozenRowCount"] == 1


def test_a_second_run_sends_nothing(add: AddFile, ready: PrepareFile, google: StandIn) -> None:
    file = add(make_empty_tab(), locale="en_US")
    ready(file)
    before = copy.deepcopy(file)
    google.calls.clear()
    found = ready(file)
    assert (google.count_calls(GET), google.count_calls(WRITE)) == (1, 0)
    assert (found.changes, found.notes) == ((), ())
    assert file == before


def test_rows_and_headers_that_are_there_stay_as_they_are(
    add: AddFile, ready: PrepareFile, client: GoogleClient, register: Register
) -> None:
    rows: list[list[object]] = [
        ["Tỉnh Đồng Tháp"],
        [],
        ["Link", "Ghi chú", "Kết quả", "Mã chỉ tiêu", "Đơn vị", "Ngày thực hiện"],
        ["12/BC", "của tôi", 3, "Tin bài", "Sở Công Thương", date(2026, 3, 15)],
        [None, None, "hai", None, None, None, None, "xa"],
    ]
    file = add(make_filled_tab("TIEN DO", rows))
    before = dict(file.sheets[0].cells)
    ready(file)
    tab = file.get_sheet("TIEN DO")
    for place, cell in before.items():
        assert tab.cells[place].value == cell.value
    assert read_header(tab, 3) == [*rows[2], None, None, "Tổng số", "Nội dung", "Người nhập", "Phản hồi"]
    assert list_rule_types(tab, 5) == {"DATE_BETWEEN"}
    assert tab.cells[2, 5].rule is None, "no check on the header"
    assert tab.cells[3, 5].rule is not None
    assert len([row for row in check_rows(file, client, register) if row.entry]) == 1
    assert tab.properties["gridProperties"]["frozenRowCount"] == 3


def test_running_again_after_people_typed_changes_no_row(
    add: AddFile, ready: PrepareFile, google: StandIn, client: GoogleClient, register: Register
) -> None:
    file = add(make_empty_tab())
    ready(file)
    file.get_sheet("Tiến độ").fill_rows([["15/3/2026", "SCT", "Tin bài", 3]], top=2)
    file.get_sheet("Nhiệm vụ").type_value("D2", "Hoàn thành")
    file.get_sheet("Nhiệm vụ").type_value("C3", None)
    google.calls.clear()
    before = read_values(file)
    ready(file)
    assert read_values(file) == before


def test_what_was_taken_away_comes_back(add: AddFile, ready: PrepareFile) -> None:
    file = add(make_empty_tab())
    ready(file)
    tab = file.get_sheet("Tiến độ")
    tab.cells[9, 1].rule = None
    tab.protected_ranges.clear()
    found = ready(file)
    assert len(found.changes) == 2
    assert file.get_sheet("Tiến độ").cells[9, 1].rule
    assert len(file.get_sheet("Tiến độ").protected_ranges) == 1
    assert ready(file).changes == ()


def test_tasks_are_filled_in_only_where_the_tab_has_no_row(
    add: AddFile, ready: PrepareFile, register: Register
) -> None:
    mine = make_filled_tab(
        "Nhiệm vụ", [["Mã", "Nhiệm vụ", "Trạng thái"], ["dong-thap.III.5", "của tôi", None]]
    )
    file = add(
        make_filled_tab("Tiến độ", [["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng"], ROW[:4]], tab_id=3), mine
    )
    ready(file)
    tab = file.get_sheet("Nhiệm vụ")
    assert tab.get_value("B2") == "của tôi"
    assert tab.get_value("A3") is None
    assert "Thời hạn" not in read_header(tab)
    empty = add(make_filled_tab("Nhiệm vụ", [["Trạng thái", "Mã", "Cơ quan"]]))
    ready(empty)
    tab = empty.get_sheet("Nhiệm vụ")
    rows = build_template(register, PLAN).task_rows
    assert [tab.get_value(f"B{at}") for at in range(2, len(rows) + 2)] == [row.task.id for row in rows]
    assert tab.get_value("A2") is None


def test_a_plan_without_annex_gets_no_tab_of_tasks(add: AddFile, ready: PrepareFile) -> None:
    file = add(make_empty_tab())
    ready(file, "ha-noi")
    assert "Nhiệm vụ" not in [tab.title for tab in file.sheets]


def test_rows_without_a_header_are_refused_and_nothing_is_written(
    add: AddFile, ready: PrepareFile, google: StandIn
) -> None:
    file = add(make_filled_tab("Tiến độ", [ROW, ROW]))
    with pytest.raises(UsageError, match="no header"):
        ready(file)
    assert google.count_calls(WRITE) == 0


def test_two_tabs_of_one_name_are_refused(add: AddFile, ready: PrepareFile, google: StandIn) -> None:
    file = add(
        make_filled_tab("Tiến độ", [["Ngày", "Cơ quan"]]),
        make_filled_tab("tien do", [["Ngày", "Cơ quan"]], tab_id=8),
    )
    with pytest.raises(UsageError, match="Two tabs"):
        ready(file)
    assert google.count_calls(WRITE) == 0


def test_a_tab_of_somebody_elses_that_bears_a_name_of_ours_is_left_alone(
    add: AddFile, ready: PrepareFile
) -> None:
    file = add(
        make_filled_tab("Hướng dẫn", [["Của cơ quan tôi"]]),
        make_filled_tab("Chỉ tiêu", [["Khác"], ["nữa"]], tab_id=9),
    )
    ready(file)
    assert file.get_sheet("Hướng dẫn").get_value("A1") == "Của cơ quan tôi"
    assert [file.get_sheet("Chỉ tiêu").get_value(cell) for cell in ("A1", "A2", "A3")] == [
        "Khác",
        "nữa",
        None,
    ]


def test_days_typed_under_another_locale_are_to_be_looked_at(add: AddFile, ready: PrepareFile) -> None:
    file = add(
        make_filled_tab("Tiến độ", [["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng"], ROW[:4]]), locale="en_US"
    )
    (note,) = ready(file).notes
    assert "en_US" in note


def test_a_column_protected_against_us_is_told(add: AddFile, ready: PrepareFile, google: StandIn) -> None:
    tab = make_filled_tab("Tiến độ", [["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng", "Tổng số", "Nội dung",
                              "Minh chứng", "Người nhập", "Phản hồi"], ROW[:4]])  # fmt: skip
    tab.protect_range("I1:I", ["chu@example.org"])
    (note,) = ready(add(tab), "ha-noi").notes
    assert google.account.email in note


def test_a_file_that_we_may_only_read_is_a_failure_that_says_so(
    add: AddFile, ready: PrepareFile, google: StandIn
) -> None:
    file = add(make_empty_tab(), share={google.account.email: "reader"})
    with pytest.raises(GoogleError) as refused:
        ready(file)
    assert refused.value.kind == "read_only"


def test_an_overlay_that_adds_an_agency_reaches_the_list(
    add: AddFile, ready: PrepareFile, client: GoogleClient, register: Register
) -> None:
    file = add(make_empty_tab())
    ready(file)
    fewer = Register(**{**vars(register), "agencies": register.agencies[:-1]})
    agencies = [agency for agency in fewer.agencies if agency.plan == PLAN]
    without = Register(**{**vars(register), "agencies": tuple(agencies[:-1])})
    prepare_spreadsheet(file.id, client, without, PLAN)
    column = [
        cell.value for (row, at), cell in sorted(file.get_sheet(LISTS_TAB).cells.items()) if at == 0 and row
    ]
    assert [value for value in column if value] == list(build_template(without, PLAN).agencies)


def test_the_sheet_that_we_hand_out_needs_nothing_more_than_protection(
    add: AddFile, ready: PrepareFile, register: Register
) -> None:
    """An uploaded and converted new sheet has its tabs and headers: none is made twice."""
    file = add(
        make_filled_tab("Tiến độ", [[column.header for column in PROGRESS_COLUMNS]], tab_id=1),
        make_filled_tab(
            "Nhiệm vụ", [[column.header for column in TASK_COLUMNS], ["dong-thap.III.5"]], tab_id=2
        ),
    )
    ready(file)
    assert len(file.sheets) == 5
    assert read_header(file.get_sheet("Nhiệm vụ")) == [column.header for column in TASK_COLUMNS]


def list_titles(file: Spreadsheet) -> list[str]:
    return [tab.title for tab in file.sheets]


def test_a_new_file_has_its_tabs_in_the_order_of_a_new_sheet(
    add: AddFile, ready: PrepareFile, register: Register
) -> None:
    file = add(make_empty_tab())
    ready(file)
    assert list_titles(file) == TAB_TITLES == list_new_sheet_tabs(build_new_sheet(register, PLAN))
    without_annex = add(make_empty_tab())
    ready(without_annex, "ha-noi")
    assert list_titles(without_annex) == [title for title in TAB_TITLES if title != "Nhiệm vụ"]


def list_new_sheet_tabs(content: bytes) -> list[str]:
    with ZipFile(BytesIO(content)) as archive:
        book = etree.fromstring(archive.read("xl/workbook.xml"))
    return [str(tab.get("name")) for tab in book.iterfind(".//{*}sheet")]


def test_peoples_tabs_stay_where_they_put_them(add: AddFile, ready: PrepareFile, google: StandIn) -> None:
    header: list[list[object]] = [["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng"]]
    file = add(
        make_filled_tab("Ghi chú", [["x"]], tab_id=5),
        make_filled_tab("tien do", header),
        make_filled_tab("Lưu", [["y"]], tab_id=8),
    )
    ready(file)
    assert list_titles(file) == ["Ghi chú", "Hướng dẫn", "tien do", "Nhiệm vụ", "Chỉ tiêu", LISTS_TAB, "Lưu"]
    file.sheets.reverse()
    moved = list_titles(file)
    ready(file)
    assert list_titles(file) == moved and google.count_calls(WRITE) == 1
    file.sheets = [tab for tab in file.sheets if tab.title != "Hướng dẫn"]
    ready(file)
    assert [title for title in list_titles(file) if title != "Hướng dẫn"] == [
        title for title in moved if title != "Hướng dẫn"
    ]
