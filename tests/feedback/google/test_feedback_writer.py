"""Feedback in a Google Sheet: beside the right row even if people edit meanwhile, only where we may write."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kpis.checks.source_check import check_source
from kpis.errors import KpisError
from kpis.feedback.google.feedback_writer import FeedbackResult, write_feedback
from kpis.feedback.status_text import PeriodTotal, format_row_feedback, format_set_aside_feedback
from kpis.language.messages import explain
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.sheet.model import CheckedRow, CheckedSheet, RawSheet, SetAsideRow
from kpis.sources.google.client import GoogleClient
from kpis.sources.google.sheet_reader import TabSnapshot, read_google_sheet
from tests.google_stand_in import SheetTab, Spreadsheet, StandIn, a1, errors, faults
from tests.google_stand_in.fixtures import HEADER, NOW, build_source

GET = "sheets.spreadsheets.get"
TAG, WRITE = "sheets.spreadsheets.batchUpdate", "sheets.spreadsheets.values.batchUpdateByDataFilter"
PLAN, TODAY = "ha-noi", date(2026, 11, 21)
MakeFile = Callable[..., Spreadsheet]


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register()


def build_news_row(number: int, evidence: str = "1/BC") -> list[object]:
    """Return a row that differs from all others in the column of contents."""
    return [date(2026, 3, 1 + number % 28), "Sở Công Thương", "Tin bài", 1, f"việc {number}", evidence]


class FeedbackSync:
    """A sync that records the rows of a file and writes feedback on them."""

    def __init__(self, file: Spreadsheet, client: GoogleClient, register: Register) -> None:
        self.file, self.client, self.register = file, client, register
        self.recorded_hashes: set[int] = set()

    def check_sheet(self, raw: RawSheet) -> CheckedSheet:
        return check_source(raw, PLAN, self.register, TODAY)

    @property
    def tab(self) -> SheetTab:
        """The current progress tab; each write replaces the tab objects."""
        return next(tab for tab in self.file.sheets if tab.id == 0)

    def read(self) -> tuple[TabSnapshot, ...]:
        """Read the file and record its rows as those of the database."""
        result = read_google_sheet(build_source(self.file), self.client, NOW)
        checked = self.check_sheet(result.sheet)
        self.recorded_hashes = {row.row_hash for row in checked.rows} | {row.row_hash for row in checked.set_aside}
        return result.tabs

    def format_text(self, row: CheckedRow | SetAsideRow) -> str:
        """Return the feedback followed by the row's content, so that feedback on another row is noticed."""
        if isinstance(row, SetAsideRow):
            return format_set_aside_feedback(row)
        text = format_row_feedback(row, self.register, lambda *_: PeriodTotal(47, 50))
        return f"{text} / {row.entry.content}" if row.entry else text

    def write_feedback(self, last_tabs: tuple[TabSnapshot, ...] = ()) -> FeedbackResult:
        return write_feedback(
            build_source(self.file),
            self.client,
            NOW,
            self.check_sheet,
            self.recorded_hashes,
            self.format_text,
            last_tabs,
        )

    def sync(self) -> FeedbackResult:
        return self.write_feedback(self.read())


@pytest.fixture
def start_sync(make_file: MakeFile, client: GoogleClient, register: Register) -> Callable[..., FeedbackSync]:
    def start(*rows: list[object], **options: Any) -> FeedbackSync:
        return FeedbackSync(make_file([HEADER, *rows], **options), client, register)

    return start


StartSync = Callable[..., FeedbackSync]


def test_each_row_gets_its_feedback_in_one_update_of_values(start_sync: StartSync, google: StandIn) -> None:
    invalid_row: list[object] = ["31/02/2026", "Sở Công Thương", "Tin bài", 1, "x", "2/BC"]
    sync = start_sync(build_news_row(1), invalid_row, build_news_row(2, ""))
    result = sync.sync()
    assert (result.written_cells, result.problem, result.without_column) == (3, None, ())
    assert sync.tab.get_value("G2") == "✓ Đã tính: Tin bài 47/50 / việc 1"
    assert str(sync.tab.get_value("G3")).startswith("✗ A3 (Ngày): 31/02/2026 không có trong lịch")
    assert str(sync.tab.get_value("G4")).startswith("! Thiếu minh chứng")
    (call,) = [call for call in google.calls if call.method == WRITE]
    assert call.body["valueInputOption"] == "RAW"
    (values,) = call.body["data"]
    (tag,) = sync.tab.column_metadata
    assert values["dataFilter"]["developerMetadataLookup"]["metadataId"] == tag.id and tag.column == 6
    assert values["majorDimension"] == "COLUMNS" and values["values"][0][0] is None


def test_rows_that_are_no_data_get_a_sentence_only_where_nobody_typed(start_sync: StartSync) -> None:
    total: list[object] = ["Cộng", None, None, 1]
    signature: list[object] = [None, None, "Người lập biểu", None, None, None, "Nguyễn Văn A"]
    sync = start_sync(build_news_row(1), total, list(HEADER), signature)
    assert sync.sync().written_cells == 2
    assert str(sync.tab.get_value("G3")).startswith("○ Không phải dòng số liệu")
    assert (sync.tab.get_value("G4"), sync.tab.get_value("G5")) == ("Phản hồi", "Nguyễn Văn A")
    for column, value in zip("ABCDEF", build_news_row(3), strict=True):
        sync.tab.type_value(f"{column}3", value)
    sync.sync()
    assert sync.tab.get_value("G3") == "✓ Đã tính: Tin bài 47/50 / việc 3"


def test_nothing_is_written_if_nothing_changed(start_sync: StartSync, google: StandIn) -> None:
    sync = start_sync(build_news_row(1), build_news_row(2))
    sync.sync()
    google.calls.clear()
    assert sync.write_feedback().written_cells == 0
    assert (google.count_calls(GET), google.count_calls(WRITE)) == (1, 0)


def test_only_cells_that_changed_are_written(start_sync: StartSync, google: StandIn) -> None:
    sync = start_sync(build_news_row(1), build_news_row(2), build_news_row(3))
    sync.sync()
    sync.tab.type_value("E3", "việc khác")
    google.calls.clear()
    assert sync.sync().written_cells == 1
    (call,) = [call for call in google.calls if call.method == WRITE]
    assert call.body["data"][0]["values"] == [[None, None, "✓ Đã tính: Tin bài 47/50 / việc khác"]]


def test_feedback_on_removed_rows_is_cleared_and_peoples_texts_stay(start_sync: StartSync) -> None:
    sync = start_sync(build_news_row(1), build_news_row(2))
    sync.sync()
    for column in "ABCDEF":
        sync.tab.type_value(f"{column}3", None)
    sync.tab.type_value("G9", "ghi chú của tôi")
    sync.sync()
    assert sync.tab.get_value("G2") is not None
    assert sync.tab.get_value("G3") is None
    assert sync.tab.get_value("G9") == "ghi chú của tôi"


def test_both_tabs_get_feedback_in_one_write_and_prefilled_tasks_get_none(
    make_file: MakeFile, client: GoogleClient, register: Register, google: StandIn
) -> None:
    file = make_file([HEADER, build_news_row(1)])
    file.get_sheet("Nhiệm vụ").fill_rows(
        [["Mã", "Nhiệm vụ", "Trạng thái", "Phản hồi"], ["k.I.1", "việc", "Đang làm"], ["k.I.2", "chờ"]]
    )
    sync = FeedbackSync(file, client, register)
    assert sync.sync().written_cells == 2
    assert google.count_calls(WRITE) == 1
    assert str(file.get_sheet("Nhiệm vụ").get_value("D2")).startswith("✗ A2")
    assert file.get_sheet("Nhiệm vụ").get_value("D3") is None


def test_a_renamed_tab_gets_feedback_under_its_new_name(start_sync: StartSync) -> None:
    sync = start_sync(build_news_row(1))
    last_tabs = sync.read()
    sync.tab.title = "Tiến độ 'quý I'"
    assert sync.write_feedback(last_tabs).written_cells == 1
    assert sync.tab.get_value("G2") is not None


def insert_row(tab: SheetTab) -> None:
    tab.insert_rows(2)
    tab.fill_rows([build_news_row(99)], top=2)


def test_rows_that_moved_since_the_read_get_their_own_feedback(start_sync: StartSync) -> None:
    sync = start_sync(build_news_row(1), build_news_row(2, ""))
    last_tabs = sync.read()
    insert_row(sync.tab)
    sync.write_feedback(last_tabs)
    assert sync.tab.get_value("G2") is None, "the row is not in the database yet"
    assert str(sync.tab.get_value("G3")).endswith("/ việc 1")
    assert str(sync.tab.get_value("G4")).startswith("! Thiếu minh chứng")


@pytest.mark.parametrize(("method", "skip"), [(GET, 1), (TAG, 0), (GET, 2), (WRITE, 0), (GET, 3)])
def test_an_edit_between_two_requests_leaves_no_row_with_feedback_on_another(
    method: str, skip: int, start_sync: StartSync, google: StandIn
) -> None:
    sync = start_sync(build_news_row(1), build_news_row(2), build_news_row(3))
    google.faults.add_fault(method, faults.run_before(lambda: insert_row(sync.tab)), skip=skip)
    assert sync.sync().problem is None
    texts = [sync.tab.get_value(f"G{row}") for row in range(2, 6)]
    assert texts == [None, *(f"✓ Đã tính: Tin bài 47/50 / việc {number}" for number in (1, 2, 3))]


def test_a_row_overwritten_between_read_and_write_has_no_feedback_on_the_old_row(
    start_sync: StartSync, google: StandIn
) -> None:
    sync = start_sync(build_news_row(1), build_news_row(2))
    google.faults.add_fault(WRITE, faults.run_before(lambda: sync.tab.fill_rows([build_news_row(50)], top=2)))
    sync.sync()
    assert sync.tab.get_value("G2") is None
    assert str(sync.tab.get_value("G3")).endswith("/ việc 2")
    assert sync.sync().written_cells == 1  # the next sync has stored the row
    assert str(sync.tab.get_value("G2")).endswith("/ việc 50")


@pytest.mark.parametrize("seed", range(12))
def test_after_random_edits_all_feedback_is_beside_its_own_row(
    seed: int, start_sync: StartSync, google: StandIn
) -> None:
    rng = random.Random(seed)
    sync = start_sync(*(build_news_row(number) for number in range(6)))
    numbers = iter(range(100, 200))

    def edit() -> None:
        match rng.choice(["insert", "delete", "swap", "retype", "nothing"]):
            case "insert":
                row = rng.randint(2, 6)
                sync.tab.insert_rows(row)
                sync.tab.fill_rows([build_news_row(next(numbers))], top=row)
            case "delete":
                sync.tab.delete_row(rng.randint(2, 6))
            case "swap":  # sorted without the feedback column, as if it were protected
                row, other = rng.sample(range(1, 5), 2)
                for column in range(6):
                    cells = sync.tab.cells
                    first, second = cells.pop((row, column), None), cells.pop((other, column), None)
                    cells |= {(row, column): second} if second else {}
                    cells |= {(other, column): first} if first else {}
            case "retype":
                sync.tab.fill_rows([build_news_row(next(numbers))], top=rng.randint(2, 6))

    for skip in range(2):
        google.faults.add_fault(WRITE, faults.run_before(edit), skip=skip)
        google.faults.add_fault(GET, faults.run_before(edit), skip=skip)
    assert sync.sync().problem is None
    for row in range(2, 12):
        text, content = sync.tab.get_value(f"G{row}"), sync.tab.get_value(f"E{row}")
        assert text is None or str(text).endswith(f"/ {content}"), (row, text, content)


def test_without_the_column_nothing_is_written_and_reading_succeeds(
    make_file: MakeFile, client: GoogleClient, register: Register, google: StandIn
) -> None:
    sync = FeedbackSync(make_file([HEADER[:6], build_news_row(1)]), client, register)
    result = sync.sync()
    assert (result.written_cells, result.without_column, result.problem) == (0, ("Tiến độ",), None)
    assert google.count_calls(WRITE) == 0


def explain_problem(problem: KpisError | None) -> str:
    assert problem is not None
    return explain(problem, "vi")


def test_a_read_only_file_is_reported_after_one_attempt(start_sync: StartSync, google: StandIn) -> None:
    sync = start_sync(build_news_row(1), share={google.account.email: "reader"})
    result = sync.sync()
    assert result.written_cells == 0
    assert google.account.email in explain_problem(result.problem)
    assert sync.tab.get_value("G2") is None
    assert (google.count_calls(TAG), google.count_calls(WRITE)) == (1, 0)


def test_if_one_column_is_protected_the_other_tab_gets_feedback(
    make_file: MakeFile, client: GoogleClient, register: Register, google: StandIn
) -> None:
    file = make_file([HEADER, build_news_row(1)])
    tasks = file.get_sheet("Nhiệm vụ")
    tasks.fill_rows([["Mã", "Trạng thái", "Phản hồi"], ["k.I.1", "Đang làm"]])
    file.get_sheet("Tiến độ").protect_range("G1:G", ["chu-tai-khoan@example.org"])
    result = FeedbackSync(file, client, register).sync()
    assert result.written_cells == 1
    assert "bảo vệ" in explain_problem(result.problem)
    assert file.get_sheet("Tiến độ").get_value("G2") is None
    assert file.get_sheet("Nhiệm vụ").get_value("C2") is not None


def test_a_failed_write_is_repeated_only_if_the_rows_have_not_moved(start_sync: StartSync, google: StandIn) -> None:
    sync = start_sync(build_news_row(1))
    google.faults.add_fault(WRITE, faults.refuse(errors.make_sheets_error(503, "UNAVAILABLE", "busy")))
    assert sync.sync().problem is None
    assert sync.tab.get_value("G2") is not None
    sync = start_sync(build_news_row(1))
    google.faults.add_fault(WRITE, faults.refuse(errors.make_sheets_error(503, "UNAVAILABLE", "busy")))
    google.faults.add_fault(GET, faults.run_before(lambda: insert_row(sync.tab)), skip=3)
    assert sync.sync().problem is not None
    assert [sync.tab.get_value("G2"), sync.tab.get_value("G3")] == [None, None]


def test_a_cell_inside_a_merged_one_is_not_written_forever(start_sync: StartSync, google: StandIn) -> None:
    sync = start_sync(build_news_row(1), build_news_row(2))
    sync.tab.merges.append(a1.A1Range(1, 6, 3, 7))
    sync.sync()
    assert google.count_calls(WRITE) <= 2


def test_feedback_is_never_a_formula(start_sync: StartSync) -> None:
    sync = start_sync(["=1", "+Sở", "-Tin", "@hai", "=cmd", "=x"])
    sync.sync()
    text = sync.tab.get_value("G2")
    assert isinstance(text, str)
    assert text[0] == "✗"


def test_a_tab_deleted_meanwhile_is_a_problem_and_not_an_exception(start_sync: StartSync, google: StandIn) -> None:
    sync = start_sync(build_news_row(1))
    last_tabs = sync.read()
    sync.file.sheets.pop(0)
    result = sync.write_feedback(last_tabs)
    assert result.written_cells == 0
    assert result.problem is not None
