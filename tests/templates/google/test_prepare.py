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

from kpis.checks.check import check
from kpis.errors import UsageError
from kpis.register.load import load
from kpis.register.model import Register
from kpis.sheet.model import CheckedRow, Source
from kpis.sources.google.client import GoogleClient
from kpis.sources.google.failures import GoogleError
from kpis.sources.google.read import read_google
from kpis.templates.google.prepare import Prepared, prepare
from kpis.templates.new_sheet import new_sheet
from kpis.templates.plan_sheet import LISTS, PROGRESS_COLUMNS, TASK_COLUMNS, template
from tests.google_stand_in import Sheet, Spreadsheet, StandIn
from tests.google_stand_in.fixtures import NOW

GET, WRITE = "sheets.spreadsheets.get", "sheets.spreadsheets.batchUpdate"
PLAN = "dong-thap"
IN_ORDER = ["Hướng dẫn", "Tiến độ", "Nhiệm vụ", "Chỉ tiêu", LISTS]
LAST_ROW = 60
ROW: list[object] = [date(2026, 3, 15), "Sở Công Thương", "Tin bài", 3, "Bản tin", "12/BC"]


@pytest.fixture(scope="module")
def register() -> Register:
    return load()


@pytest.fixture(autouse=True)
def short_tabs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand rows to a tab would only make the stand-in slow."""
    monkeypatch.setattr("kpis.templates.google.prepare.ROWS", LAST_ROW)


@pytest.fixture
def add(google: StandIn) -> Callable[..., Spreadsheet]:
    """Puts a spreadsheet with these tabs into Drive, shared with the account as an editor."""

    def added(*tabs: Sheet, **known: Any) -> Spreadsheet:
        share = known.pop("share", {google.account.email: "writer"})
        return google.cloud.add(Spreadsheet("Tiến độ 2026", list(tabs), share=share, **known))

    return added


Add = Callable[..., Spreadsheet]


@pytest.fixture
def ready(client: GoogleClient, register: Register) -> Callable[..., Prepared]:
    def run(file: Spreadsheet, plan: str = PLAN) -> Prepared:
        return prepare(f"https://docs.google.com/spreadsheets/d/{file.id}/edit", client, register, plan)

    return run


Ready = Callable[..., Prepared]


def empty() -> Sheet:
    return Sheet("Trang tính1", 0, LAST_ROW)


def filled(name: str, rows: list[list[object]], top: int = 1, number: int = 7) -> Sheet:
    tab = Sheet(name, number, LAST_ROW)
    tab.fill(rows, top)
    return tab


def header(tab: Sheet, row: int = 1) -> list[object]:
    cells = {column: cell.value for (at, column), cell in tab.cells.items() if at == row - 1}
    return [cells.get(column) for column in range(max(cells) + 1)]


def judged(file: Spreadsheet, client: GoogleClient, register: Register) -> tuple[CheckedRow, ...]:
    sheet = read_google(Source("s", PLAN, "google", file.id), client, NOW).sheet
    return check(sheet, PLAN, register, date(2026, 11, 21)).rows


def values(file: Spreadsheet) -> dict[tuple[str, int, int], object]:
    return {
        (tab.title, row, column): cell.value
        for tab in file.sheets
        for (row, column), cell in tab.cells.items()
        if cell.value is not None
    }


def rules(tab: Sheet, column: int) -> set[str]:
    kinds = {
        cell.rule["condition"]["type"] for (_, at), cell in tab.cells.items() if at == column and cell.rule
    }
    return kinds or {"none"}


def test_a_new_file_is_made_ready_in_one_read_and_one_write(
    add: Add, ready: Ready, google: StandIn, client: GoogleClient, register: Register
) -> None:
    file = add(empty(), locale="en_US", time_zone="America/New_York")
    found = ready(file)
    assert (google.count(GET), google.count(WRITE)) == (1, 1)
    assert (file.locale, file.time_zone) == ("vi_VN", "Asia/Ho_Chi_Minh")
    assert found.notes == ()
    assert len(found.done) >= 5
    assert [tab.title for tab in file.sheets] == IN_ORDER
    assert header(file.sheet("Tiến độ")) == [column.header for column in PROGRESS_COLUMNS]
    assert header(file.sheet("Nhiệm vụ")) == [column.header for column in TASK_COLUMNS]
    assert file.sheet(LISTS).properties["hidden"] is True
    assert judged(file, client, register) == ()


def test_lists_hold_every_agency_target_and_task(add: Add, ready: Ready, register: Register) -> None:
    file = add(empty())
    ready(file)
    lists, known = file.sheet(LISTS), template(register, PLAN)
    for column, items in enumerate((known.agencies, known.target_names, known.tasks)):
        held = [lists.cells[row, column].value for row in range(1, len(items) + 1)]
        assert held == list(items)
    rule = file.sheet("Tiến độ").cells[1, 1].rule
    assert rule is not None
    (value,) = rule["condition"]["values"]
    assert value["userEnteredValue"] == f"='{LISTS}'!$A$2:$A${len(known.agencies) + 1}"


def test_cells_are_checked_and_the_column_of_verdicts_is_ours(
    add: Add, ready: Ready, google: StandIn
) -> None:
    file = add(empty())
    ready(file)
    tab = file.sheet("Tiến độ")
    kinds = ["DATE_BETWEEN", "ONE_OF_RANGE", "ONE_OF_RANGE", "CUSTOM_FORMULA", "CUSTOM_FORMULA", "none"]
    assert [rules(tab, column) for column in range(6)] == [{kind} for kind in kinds]
    day = tab.cells[LAST_ROW - 1, 0].rule
    assert day is not None
    assert [one["userEnteredValue"] for one in day["condition"]["values"]] == ["2026-01-01", "2030-12-31"]
    count = tab.cells[1, 3].rule
    assert count is not None
    assert count["condition"]["values"] == [{"userEnteredValue": "=(D2>=0)*(INT(D2)=D2)"}]
    (guard,) = tab.protected
    assert guard["editors"]["users"] == [google.account.email]
    assert (guard["range"]["startColumnIndex"], guard["range"]["endColumnIndex"]) == (8, 9)
    assert tab.properties["gridProperties"]["frozenRowCount"] == 1


def test_a_second_run_sends_nothing(add: Add, ready: Ready, google: StandIn) -> None:
    file = add(empty(), locale="en_US")
    ready(file)
    before = copy.deepcopy(file)
    google.calls.clear()
    found = ready(file)
    assert (google.count(GET), google.count(WRITE)) == (1, 0)
    assert (found.done, found.notes) == ((), ())
    assert file == before


def test_rows_and_headers_that_are_there_stay_as_they_are(
    add: Add, ready: Ready, client: GoogleClient, register: Register
) -> None:
    rows: list[list[object]] = [
        ["Tỉnh Đồng Tháp"],
        [],
        ["Link", "Ghi chú", "Kết quả", "Mã chỉ tiêu", "Đơn vị", "Ngày thực hiện"],
        ["12/BC", "của tôi", 3, "Tin bài", "Sở Công Thương", date(2026, 3, 15)],
        [None, None, "hai", None, None, None, None, "xa"],
    ]
    file = add(filled("TIEN DO", rows))
    before = dict(file.sheets[0].cells)
    ready(file)
    tab = file.sheet("TIEN DO")
    for place, cell in before.items():
        assert tab.cells[place].value == cell.value
    assert header(tab, 3) == [*rows[2], None, None, "Tổng số", "Nội dung", "Người nhập", "Phản hồi"]
    assert rules(tab, 5) == {"DATE_BETWEEN"}
    assert tab.cells[2, 5].rule is None, "no check on the header"
    assert tab.cells[3, 5].rule is not None
    assert len([row for row in judged(file, client, register) if row.entry]) == 1
    assert tab.properties["gridProperties"]["frozenRowCount"] == 3


def test_running_again_after_people_typed_changes_no_row(
    add: Add, ready: Ready, google: StandIn, client: GoogleClient, register: Register
) -> None:
    file = add(empty())
    ready(file)
    file.sheet("Tiến độ").fill([["15/3/2026", "SCT", "Tin bài", 3]], top=2)
    file.sheet("Nhiệm vụ").put("D2", "Hoàn thành")
    file.sheet("Nhiệm vụ").put("C3", None)
    google.calls.clear()
    before = values(file)
    ready(file)
    assert values(file) == before


def test_what_was_taken_away_comes_back(add: Add, ready: Ready) -> None:
    file = add(empty())
    ready(file)
    tab = file.sheet("Tiến độ")
    tab.cells[9, 1].rule = None
    tab.protected.clear()
    found = ready(file)
    assert len(found.done) == 2
    assert file.sheet("Tiến độ").cells[9, 1].rule
    assert len(file.sheet("Tiến độ").protected) == 1
    assert ready(file).done == ()


def test_tasks_are_filled_in_only_where_the_tab_has_no_row(
    add: Add, ready: Ready, register: Register
) -> None:
    mine = filled("Nhiệm vụ", [["Mã", "Nhiệm vụ", "Trạng thái"], ["dong-thap.III.5", "của tôi", None]])
    file = add(filled("Tiến độ", [["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng"], ROW[:4]], number=3), mine)
    ready(file)
    tab = file.sheet("Nhiệm vụ")
    assert tab.value("B2") == "của tôi"
    assert tab.value("A3") is None
    assert "Thời hạn" not in header(tab)
    empty = add(filled("Nhiệm vụ", [["Trạng thái", "Mã", "Cơ quan"]]))
    ready(empty)
    tab = empty.sheet("Nhiệm vụ")
    rows = template(register, PLAN).task_rows
    assert [tab.value(f"B{at}") for at in range(2, len(rows) + 2)] == [row.task.id for row in rows]
    assert tab.value("A2") is None


def test_a_plan_without_annex_gets_no_tab_of_tasks(add: Add, ready: Ready) -> None:
    file = add(empty())
    ready(file, "ha-noi")
    assert "Nhiệm vụ" not in [tab.title for tab in file.sheets]


def test_rows_without_a_header_are_refused_and_nothing_is_written(
    add: Add, ready: Ready, google: StandIn
) -> None:
    file = add(filled("Tiến độ", [ROW, ROW]))
    with pytest.raises(UsageError, match="no header"):
        ready(file)
    assert google.count(WRITE) == 0


def test_two_tabs_of_one_name_are_refused(add: Add, ready: Ready, google: StandIn) -> None:
    file = add(filled("Tiến độ", [["Ngày", "Cơ quan"]]), filled("tien do", [["Ngày", "Cơ quan"]], number=8))
    with pytest.raises(UsageError, match="Two tabs"):
        ready(file)
    assert google.count(WRITE) == 0


def test_a_tab_of_somebody_elses_that_bears_a_name_of_ours_is_left_alone(add: Add, ready: Ready) -> None:
    file = add(filled("Hướng dẫn", [["Của cơ quan tôi"]]), filled("Chỉ tiêu", [["Khác"], ["nữa"]], number=9))
    ready(file)
    assert file.sheet("Hướng dẫn").value("A1") == "Của cơ quan tôi"
    assert [file.sheet("Chỉ tiêu").value(cell) for cell in ("A1", "A2", "A3")] == ["Khác", "nữa", None]


def test_days_typed_under_another_locale_are_to_be_looked_at(add: Add, ready: Ready) -> None:
    file = add(filled("Tiến độ", [["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng"], ROW[:4]]), locale="en_US")
    (note,) = ready(file).notes
    assert "en_US" in note


def test_a_column_protected_against_us_is_told(add: Add, ready: Ready, google: StandIn) -> None:
    tab = filled("Tiến độ", [["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng", "Tổng số", "Nội dung",
                              "Minh chứng", "Người nhập", "Phản hồi"], ROW[:4]])  # fmt: skip
    tab.protect("I1:I", ["chu@example.org"])
    (note,) = ready(add(tab), "ha-noi").notes
    assert google.account.email in note


def test_a_file_that_we_may_only_read_is_a_failure_that_says_so(
    add: Add, ready: Ready, google: StandIn
) -> None:
    file = add(empty(), share={google.account.email: "reader"})
    with pytest.raises(GoogleError) as refused:
        ready(file)
    assert refused.value.kind == "read_only"


def test_an_overlay_that_adds_an_agency_reaches_the_list(
    add: Add, ready: Ready, client: GoogleClient, register: Register
) -> None:
    file = add(empty())
    ready(file)
    fewer = Register(**{**vars(register), "agencies": register.agencies[:-1]})
    agencies = [agency for agency in fewer.agencies if agency.plan == PLAN]
    without = Register(**{**vars(register), "agencies": tuple(agencies[:-1])})
    prepare(file.id, client, without, PLAN)
    column = [cell.value for (row, at), cell in sorted(file.sheet(LISTS).cells.items()) if at == 0 and row]
    assert [value for value in column if value] == list(template(without, PLAN).agencies)


def test_the_sheet_that_we_hand_out_needs_nothing_more_than_protection(
    add: Add, ready: Ready, register: Register
) -> None:
    """An uploaded and converted new sheet has its tabs and headers: none is made twice."""
    file = add(
        filled("Tiến độ", [[column.header for column in PROGRESS_COLUMNS]], number=1),
        filled("Nhiệm vụ", [[column.header for column in TASK_COLUMNS], ["dong-thap.III.5"]], number=2),
    )
    ready(file)
    assert len(file.sheets) == 5
    assert header(file.sheet("Nhiệm vụ")) == [column.header for column in TASK_COLUMNS]


def titles(file: Spreadsheet) -> list[str]:
    return [tab.title for tab in file.sheets]


def test_a_new_file_has_its_tabs_in_the_order_of_a_new_sheet(
    add: Add, ready: Ready, register: Register
) -> None:
    file = add(empty())
    ready(file)
    assert titles(file) == IN_ORDER == new_sheet_tabs(new_sheet(register, PLAN))
    without_annex = add(empty())
    ready(without_annex, "ha-noi")
    assert titles(without_annex) == [title for title in IN_ORDER if title != "Nhiệm vụ"]


def new_sheet_tabs(content: bytes) -> list[str]:
    with ZipFile(BytesIO(content)) as archive:
        book = etree.fromstring(archive.read("xl/workbook.xml"))
    return [str(tab.get("name")) for tab in book.iterfind(".//{*}sheet")]


def test_peoples_tabs_stay_where_they_put_them(add: Add, ready: Ready, google: StandIn) -> None:
    header: list[list[object]] = [["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng"]]
    file = add(
        filled("Ghi chú", [["x"]], number=5), filled("tien do", header), filled("Lưu", [["y"]], number=8)
    )
    ready(file)
    assert titles(file) == ["Ghi chú", "Hướng dẫn", "tien do", "Nhiệm vụ", "Chỉ tiêu", LISTS, "Lưu"]
    file.sheets.reverse()
    moved = titles(file)
    ready(file)
    assert titles(file) == moved and google.count(WRITE) == 1
    file.sheets = [tab for tab in file.sheets if tab.title != "Hướng dẫn"]
    ready(file)
    assert [title for title in titles(file) if title != "Hướng dẫn"] == [
        title for title in moved if title != "Hướng dẫn"
    ]
