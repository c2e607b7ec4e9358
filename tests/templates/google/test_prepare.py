"""Preparing a shared sheet: what is missing is added once, and nothing that people typed is changed."""

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
TODAY = date(2026, 11, 21)
TAB_TITLES = ["Hướng dẫn", "Tiến độ", "Nhiệm vụ", "Giải trình", "Chỉ tiêu", LISTS_TAB]
LAST_ROW = 60
ROW: list[object] = [date(2026, 3, 15), "Sở Công Thương", "Tin bài", 3, "Bản tin", "12/BC"]


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register()


@pytest.fixture(autouse=True)
def short_tabs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give new tabs few rows, since a thousand would only make the stand-in slow."""
    monkeypatch.setattr("kpis.templates.google.prepare.NEW_TAB_ROWS", LAST_ROW)


@pytest.fixture
def add_file(google: StandIn) -> Callable[..., Spreadsheet]:
    """Return a function that adds a spreadsheet with given tabs to Drive, shared with the account."""

    def add(*tabs: SheetTab, **options: Any) -> Spreadsheet:
        options = {"share": {google.account.email: "writer"}, **options}
        return google.cloud.add_file(Spreadsheet("Tiến độ 2026", list(tabs), **options))

    return add


AddFile = Callable[..., Spreadsheet]


@pytest.fixture
def prepare_file(client: GoogleClient, register: Register) -> Callable[..., PrepareResult]:
    def run(file: Spreadsheet, plan: str = PLAN) -> PrepareResult:
        return prepare_spreadsheet(
            f"https://docs.google.com/spreadsheets/d/{file.id}/edit", client, register, plan, TODAY
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
    cells = {column: cell.value for (index, column), cell in tab.cells.items() if index == row - 1}
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
    rules = [cell.rule for (_, index), cell in tab.cells.items() if index == column]
    return {rule["condition"]["type"] for rule in rules if rule} or {"none"}


def test_a_new_file_is_prepared_with_one_read_and_one_write(
    add_file: AddFile, prepare_file: PrepareFile, google: StandIn, client: GoogleClient, register: Register
) -> None:
    file = add_file(make_empty_tab(), locale="en_US", time_zone="America/New_York")
    result = prepare_file(file)
    assert (google.count_calls(GET), google.count_calls(WRITE)) == (1, 1)
    assert (file.locale, file.time_zone) == ("vi_VN", "Asia/Ho_Chi_Minh")
    assert result.notes == ()
    assert len(result.changes) >= 5
    assert [tab.title for tab in file.sheets] == TAB_TITLES
    assert read_header(file.get_sheet("Tiến độ")) == [column.header for column in PROGRESS_COLUMNS]
    assert read_header(file.get_sheet("Nhiệm vụ")) == [column.header for column in TASK_COLUMNS]
    assert file.get_sheet(LISTS_TAB).properties["hidden"] is True
    assert check_rows(file, client, register) == ()


def test_lists_hold_every_agency_target_and_task(
    add_file: AddFile, prepare_file: PrepareFile, register: Register
) -> None:
    file = add_file(make_empty_tab())
    prepare_file(file)
    lists, template = file.get_sheet(LISTS_TAB), build_template(register, PLAN, TODAY)
    for column, items in enumerate((template.agencies, template.target_names, template.tasks)):
        values = [lists.cells[row, column].value for row in range(1, len(items) + 1)]
        assert values == list(items)
    rule = file.get_sheet("Tiến độ").cells[1, 1].rule
    assert rule is not None
    (value,) = rule["condition"]["values"]
    assert value["userEnteredValue"] == f"='{LISTS_TAB}'!$A$2:$A${len(template.agencies) + 1}"


def test_cells_are_checked_and_the_feedback_column_is_protected(
    add_file: AddFile, prepare_file: PrepareFile, google: StandIn
) -> None:
    file = add_file(make_empty_tab())
    prepare_file(file)
    tab = file.get_sheet("Tiến độ")
    kinds = ["DATE_BETWEEN", "ONE_OF_RANGE", "ONE_OF_RANGE", "CUSTOM_FORMULA", "CUSTOM_FORMULA", "none"]
    assert [list_rule_types(tab, column) for column in range(6)] == [{kind} for kind in kinds]
    day = tab.cells[LAST_ROW - 1, 0].rule
    assert day is not None
    assert [value["userEnteredValue"] for value in day["condition"]["values"]] == ["2026-01-01", "2030-12-31"]
    count = tab.cells[1, 3].rule
    assert count is not None
    assert count["condition"]["values"] == [{"userEnteredValue": "=(D2>=0)*(INT(D2)=D2)"}]
    (protection,) = tab.protected_ranges
    assert protection["editors"]["users"] == [google.account.email]
    assert (protection["range"]["startColumnIndex"], protection["range"]["endColumnIndex"]) == (10, 11)
    assert tab.properties["gridProperties"]["frozenRowCount"] == 1


def test_a_second_run_sends_nothing(add_file: AddFile, prepare_file: PrepareFile, google: StandIn) -> None:
    file = add_file(make_empty_tab(), locale="en_US")
    prepare_file(file)
    prepared = copy.deepcopy(file)
    google.calls.clear()
    result = prepare_file(file)
    assert (google.count_calls(GET), google.count_calls(WRITE)) == (1, 0)
    assert (result.changes, result.notes) == ((), ())
    assert file == prepared


def test_existing_rows_and_headers_are_not_changed(
    add_file: AddFile, prepare_file: PrepareFile, client: GoogleClient, register: Register
) -> None:
    rows: list[list[object]] = [
        ["Tỉnh Đồng Tháp"],
        [],
        ["Link", "Ghi chú", "Kết quả", "Mã chỉ tiêu", "Đơn vị", "Ngày thực hiện"],
        ["12/BC", "của tôi", 3, "Tin bài", "Sở Công Thương", date(2026, 3, 15)],
        [None, None, "hai", None, None, None, None, "xa"],
    ]
    file = add_file(make_filled_tab("TIEN DO", rows))
    original_cells = dict(file.sheets[0].cells)
    prepare_file(file)
    tab = file.get_sheet("TIEN DO")
    for position, cell in original_cells.items():
        assert tab.cells[position].value == cell.value
    assert read_header(tab, 3) == [
        *rows[2],
        None,
        None,
        "Tổng số",
        "Nội dung",
        "Người nhập",
        "Xác nhận",
        "Sự kiện chung",
        "Phản hồi",
    ]
    assert list_rule_types(tab, 5) == {"DATE_BETWEEN"}
    assert tab.cells[2, 5].rule is None, "no check on the header"
    assert tab.cells[3, 5].rule is not None
    assert len([row for row in check_rows(file, client, register) if row.entry]) == 1
    assert tab.properties["gridProperties"]["frozenRowCount"] == 3


def test_running_again_after_people_typed_changes_no_row(
    add_file: AddFile, prepare_file: PrepareFile, google: StandIn, client: GoogleClient, register: Register
) -> None:
    file = add_file(make_empty_tab())
    prepare_file(file)
    file.get_sheet("Tiến độ").fill_rows([["15/3/2026", "SCT", "Tin bài", 3]], top=2)
    file.get_sheet("Nhiệm vụ").type_value("D2", "Hoàn thành")
    file.get_sheet("Nhiệm vụ").type_value("C3", None)
    google.calls.clear()
    values = read_values(file)
    prepare_file(file)
    assert read_values(file) == values


def test_removed_rules_and_protections_are_added_again(add_file: AddFile, prepare_file: PrepareFile) -> None:
    file = add_file(make_empty_tab())
    prepare_file(file)
    tab = file.get_sheet("Tiến độ")
    tab.cells[9, 1].rule = None
    tab.protected_ranges.clear()
    assert len(prepare_file(file).changes) == 2
    assert file.get_sheet("Tiến độ").cells[9, 1].rule
    assert len(file.get_sheet("Tiến độ").protected_ranges) == 1
    assert prepare_file(file).changes == ()


def test_tasks_are_filled_in_only_if_the_tab_has_no_rows(
    add_file: AddFile, prepare_file: PrepareFile, register: Register
) -> None:
    file = add_file(
        make_filled_tab("Tiến độ", [["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng"], ROW[:4]], tab_id=3),
        make_filled_tab("Nhiệm vụ", [["Mã", "Nhiệm vụ", "Trạng thái"], ["dong-thap.III.5", "của tôi", None]]),
    )
    prepare_file(file)
    tab = file.get_sheet("Nhiệm vụ")
    assert tab.get_value("B2") == "của tôi"
    assert tab.get_value("A3") is None
    assert "Thời hạn" not in read_header(tab)
    empty = add_file(make_filled_tab("Nhiệm vụ", [["Trạng thái", "Mã", "Cơ quan"]]))
    prepare_file(empty)
    tab = empty.get_sheet("Nhiệm vụ")
    rows = build_template(register, PLAN, TODAY).task_rows
    assert [tab.get_value(f"B{row}") for row in range(2, len(rows) + 2)] == [row.task.id for row in rows]
    assert tab.get_value("A2") is None


def test_a_plan_without_annex_gets_no_tab_of_tasks(add_file: AddFile, prepare_file: PrepareFile) -> None:
    file = add_file(make_empty_tab())
    prepare_file(file, "ha-noi")
    assert "Nhiệm vụ" not in [tab.title for tab in file.sheets]


def test_rows_without_a_header_are_refused_and_nothing_is_written(
    add_file: AddFile, prepare_file: PrepareFile, google: StandIn
) -> None:
    file = add_file(make_filled_tab("Tiến độ", [ROW, ROW]))
    with pytest.raises(UsageError, match="no known header"):
        prepare_file(file)
    assert google.count_calls(WRITE) == 0


def test_two_tabs_of_the_same_name_are_refused(add_file: AddFile, prepare_file: PrepareFile, google: StandIn) -> None:
    file = add_file(
        make_filled_tab("Tiến độ", [["Ngày", "Cơ quan"]]),
        make_filled_tab("tien do", [["Ngày", "Cơ quan"]], tab_id=8),
    )
    with pytest.raises(UsageError, match="Two tabs"):
        prepare_file(file)
    assert google.count_calls(WRITE) == 0


def test_a_tab_of_somebody_else_with_a_standard_name_is_left_alone(
    add_file: AddFile, prepare_file: PrepareFile
) -> None:
    file = add_file(
        make_filled_tab("Hướng dẫn", [["Của cơ quan tôi"]]),
        make_filled_tab("Chỉ tiêu", [["Khác"], ["nữa"]], tab_id=9),
    )
    prepare_file(file)
    assert file.get_sheet("Hướng dẫn").get_value("A1") == "Của cơ quan tôi"
    assert [file.get_sheet("Chỉ tiêu").get_value(cell) for cell in ("A1", "A2", "A3")] == [
        "Khác",
        "nữa",
        None,
    ]


def test_days_typed_under_another_locale_give_a_note(add_file: AddFile, prepare_file: PrepareFile) -> None:
    file = add_file(make_filled_tab("Tiến độ", [["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng"], ROW[:4]]), locale="en_US")
    (note,) = prepare_file(file).notes
    assert "en_US" in note


def test_a_column_protected_against_the_account_gives_a_note(
    add_file: AddFile, prepare_file: PrepareFile, google: StandIn
) -> None:
    tab = make_filled_tab("Tiến độ", [["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng", "Tổng số", "Nội dung",
                              "Minh chứng", "Người nhập", "Xác nhận", "Sự kiện chung",
                              "Phản hồi"], ROW[:4]])  # fmt: skip
    tab.protect_range("K1:K", ["chu@example.org"])
    (note,) = prepare_file(add_file(tab), "ha-noi").notes
    assert google.account.email in note


def test_a_read_only_file_is_a_failure_of_that_kind(
    add_file: AddFile, prepare_file: PrepareFile, google: StandIn
) -> None:
    file = add_file(make_empty_tab(), share={google.account.email: "reader"})
    with pytest.raises(GoogleError) as failure:
        prepare_file(file)
    assert failure.value.kind == "read_only"


def test_a_change_of_the_agencies_updates_the_list(
    add_file: AddFile, prepare_file: PrepareFile, client: GoogleClient, register: Register
) -> None:
    file = add_file(make_empty_tab())
    prepare_file(file)
    agencies = [agency for agency in register.agencies if agency.plan == PLAN]
    smaller_register = Register(**{**vars(register), "agencies": tuple(agencies[:-1])})
    prepare_spreadsheet(file.id, client, smaller_register, PLAN, TODAY)
    cells = sorted(file.get_sheet(LISTS_TAB).cells.items())
    values = [cell.value for (row, column), cell in cells if column == 0 and row]
    assert [value for value in values if value] == list(build_template(smaller_register, PLAN, TODAY).agencies)


def test_a_converted_new_sheet_gets_no_second_tab_or_header(
    add_file: AddFile, prepare_file: PrepareFile, register: Register
) -> None:
    """A workbook of `new-sheet` that was uploaded and converted has its tabs and headers already."""
    file = add_file(
        make_filled_tab("Tiến độ", [[column.header for column in PROGRESS_COLUMNS]], tab_id=1),
        make_filled_tab("Nhiệm vụ", [[column.header for column in TASK_COLUMNS], ["dong-thap.III.5"]], tab_id=2),
    )
    prepare_file(file)
    assert len(file.sheets) == len(TAB_TITLES)
    assert read_header(file.get_sheet("Nhiệm vụ")) == [column.header for column in TASK_COLUMNS]


def list_titles(file: Spreadsheet) -> list[str]:
    return [tab.title for tab in file.sheets]


def test_a_new_file_has_its_tabs_in_the_order_of_a_new_sheet(
    add_file: AddFile, prepare_file: PrepareFile, register: Register
) -> None:
    file = add_file(make_empty_tab())
    prepare_file(file)
    assert list_titles(file) == TAB_TITLES == list_new_sheet_tabs(build_new_sheet(register, PLAN, TODAY))
    without_annex = add_file(make_empty_tab())
    prepare_file(without_annex, "ha-noi")
    assert list_titles(without_annex) == [title for title in TAB_TITLES if title != "Nhiệm vụ"]


def list_new_sheet_tabs(content: bytes) -> list[str]:
    with ZipFile(BytesIO(content)) as archive:
        book = etree.fromstring(archive.read("xl/workbook.xml"))
    return [str(tab.get("name")) for tab in book.iterfind(".//{*}sheet")]


def test_existing_tabs_are_not_moved(add_file: AddFile, prepare_file: PrepareFile, google: StandIn) -> None:
    header: list[list[object]] = [["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng"]]
    file = add_file(
        make_filled_tab("Ghi chú", [["x"]], tab_id=5),
        make_filled_tab("tien do", header),
        make_filled_tab("Lưu", [["y"]], tab_id=8),
    )
    prepare_file(file)
    assert list_titles(file) == [
        "Ghi chú",
        "Hướng dẫn",
        "tien do",
        "Nhiệm vụ",
        "Giải trình",
        "Chỉ tiêu",
        LISTS_TAB,
        "Lưu",
    ]
    file.sheets.reverse()
    titles = list_titles(file)
    prepare_file(file)
    assert list_titles(file) == titles and google.count_calls(WRITE) == 1
    file.sheets = [tab for tab in file.sheets if tab.title != "Hướng dẫn"]
    prepare_file(file)
    assert [title for title in list_titles(file) if title != "Hướng dẫn"] == [
        title for title in titles if title != "Hướng dẫn"
    ]
