"""Verdicts in a Google Sheet: beside the right row whatever people do meanwhile, only where we may write."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kpis.checks.source_check import check_source
from kpis.errors import KpisError
from kpis.feedback.google.feedback_writer import FeedbackResult, write_feedback
from kpis.feedback.status_text import PeriodTotal, format_row_feedback
from kpis.language.messages import explain
from kpis.register.load import load_register
from kpis.register.model import Register
from kpis.sheet.model import CheckedRow, CheckedSheet, RawSheet
from kpis.sources.google.client import GoogleClient
from kpis.sources.google.sheet_reader import TabSnapshot, read_google_sheet
from tests.google_stand_in import SheetTab, Spreadsheet, StandIn, a1, errors, faults
from tests.google_stand_in.fixtures import HEADER, NOW, build_source

GET, WRITE = "sheets.spreadsheets.get", "sheets.spreadsheets.values.batchUpdate"
PLAN, TODAY = "ha-noi", date(2026, 11, 21)
MakeFile = Callable[..., Spreadsheet]


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register()


def build_news_row(number: int, evidence: str = "1/BC") -> list[object]:
    """A row like no other, told apart by what was done."""
    return [date(2026, 3, 1 + number % 28), "Sở Công Thương", "Tin bài", 1, f"việc {number}", evidence]


class FeedbackSync:
    """What stands around a write-back: a sync that recorded the rows, and what it makes of each."""

    def __init__(self, file: Spreadsheet, client: GoogleClient, register: Register) -> None:
        self.file, self.client, self.register = file, client, register
        self.recorded_hashes: set[int] = set()

    def check_sheet(self, raw: RawSheet) -> CheckedSheet:
        return check_source(raw, PLAN, self.register, TODAY)

    @property
    def tab(self) -> SheetTab:
        """The tab of progress as it is now: a write puts another one in its place."""
        return next(one for one in self.file.sheets if one.id == 0)

    def read(self) -> tuple[TabSnapshot, ...]:
        """What the sync read is what the database holds."""
        found = read_google_sheet(build_source(self.file), self.client, NOW)
        self.recorded_hashes = {row.row_hash for row in self.check_sheet(found.sheet).rows}
        return found.tabs

    def format_text(self, row: CheckedRow) -> str:
        """The verdict, with the row's own content at its end, so that a wrong one shows."""
        said = format_row_feedback(row, self.register, lambda *_: PeriodTotal(47, 50))
        return f"{said} / {row.entry.content}" if row.entry else said

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
    def start(*rows: list[object], **known: Any) -> FeedbackSync:
        return FeedbackSync(make_file([HEADER, *rows], **known), client, register)

    return start


StartSync = Callable[..., FeedbackSync]


def test_each_row_gets_its_verdict_in_one_update_of_values(started: StartSync, google: StandIn) -> None:
    bad: list[object] = ["31/02/2026", "Sở Công Thương", "Tin bài", 1, "x", "2/BC"]
    sync = started(build_news_row(1), bad, build_news_row(2, ""))
    found = sync.sync()
    assert (found.written_cells, found.problem, found.without_column) == (3, None, ())
    assert sync.tab.get_value("G2") == "✓ Đã tính: Tin bài 47/50 / việc 1"
    assert str(sync.tab.get_value("G3")).startswith("✗ A3: 31/02/2026 không có trong lịch")
    assert str(sync.tab.get_value("G4")).startswith("! Thiếu minh chứng")
    (call,) = [call for call in google.calls if call.method == WRITE]
    assert call.body["valueInputOption"] == "RAW"
    assert [one["range"] for one in call.body["data"]] == ["'Tiến độ'!G2:G4"]


def test_nothing_is_written_where_nothing_changed(started: StartSync, google: StandIn) -> None:
    sync = started(build_news_row(1), build_news_row(2))
    sync.sync()
    google.calls.clear()
    assert sync.write_feedback().written_cells == 0
    assert (google.count_calls(GET), google.count_calls(WRITE)) == (1, 0)


def test_only_cells_that_changed_are_written(started: StartSync, google: StandIn) -> None:
    sync = started(build_news_row(1), build_news_row(2), build_news_row(3))
    sync.sync()
    sync.tab.type_value("E3", "việc khác")
    google.calls.clear()
    assert sync.sync().written_cells == 1
    (call,) = [call for call in google.calls if call.method == WRITE]
    assert call.body["data"] == [
        {"range": "'Tiến độ'!G3:G3", "values": [["✓ Đã tính: Tin bài 47/50 / việc khác"]]}
    ]


def test_verdicts_of_rows_that_are_gone_are_cleared_and_peoples_words_stay(started: StartSync) -> None:
    sync = started(build_news_row(1), build_news_row(2))
    sync.sync()
    for column in "ABCDEF":
        sync.tab.type_value(f"{column}3", None)
    sync.tab.type_value("G9", "ghi chú của tôi")
    sync.sync()
    assert sync.tab.get_value("G2") is not None
    assert sync.tab.get_value("G3") is None
    assert sync.tab.get_value("G9") == "ghi chú của tôi"


def test_both_tabs_are_answered_at_once_and_prefilled_tasks_are_left_alone(
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


def test_a_renamed_tab_is_answered_under_its_new_name(started: StartSync) -> None:
    sync = started(build_news_row(1))
    known = sync.read()
    sync.tab.title = "Tiến độ 'quý I'"
    assert sync.write_feedback(known).written_cells == 1
    assert sync.tab.get_value("G2") is not None


def insert_row(tab: SheetTab) -> None:
    tab.insert_rows(2)
    tab.fill_rows([build_news_row(99)], top=2)


def test_rows_that_moved_since_the_sync_read_them_get_their_own_verdicts(started: StartSync) -> None:
    sync = started(build_news_row(1), build_news_row(2, ""))
    known = sync.read()
    insert_row(sync.tab)
    sync.write_feedback(known)
    assert sync.tab.get_value("G2") is None, "nobody has recorded this row yet"
    assert str(sync.tab.get_value("G3")).endswith("/ việc 1")
    assert str(sync.tab.get_value("G4")).startswith("! Thiếu minh chứng")


@pytest.mark.parametrize(("method", "after"), [(GET, 1), (WRITE, 0), (GET, 2)])
def test_an_edit_between_two_of_our_requests_leaves_no_row_with_anothers_verdict(
    method: str, after: int, started: StartSync, google: StandIn
) -> None:
    sync = started(build_news_row(1), build_news_row(2), build_news_row(3))
    google.faults.add_fault(method, faults.run_before(lambda: insert_row(sync.tab)), skip=after)
    assert sync.sync().problem is None
    said = [sync.tab.get_value(f"G{row}") for row in range(2, 6)]
    assert said == [None, *(f"✓ Đã tính: Tin bài 47/50 / việc {number}" for number in (1, 2, 3))]


def test_a_row_typed_over_between_read_and_write_keeps_no_verdict_of_the_old_row(
    started: StartSync, google: StandIn
) -> None:
    sync = started(build_news_row(1), build_news_row(2))
    google.faults.add_fault(WRITE, faults.run_before(lambda: sync.tab.fill_rows([build_news_row(50)], top=2)))
    sync.sync()
    assert sync.tab.get_value("G2") is None
    assert str(sync.tab.get_value("G3")).endswith("/ việc 2")
    assert sync.sync().written_cells == 1  # the next sync has recorded it
    assert str(sync.tab.get_value("G2")).endswith("/ việc 50")


@pytest.mark.parametrize("seed", range(12))
def test_whatever_people_edit_meanwhile_each_verdict_stands_beside_its_own_row(
    seed: int, started: StartSync, google: StandIn
) -> None:
    chance = random.Random(seed)
    sync = started(*(build_news_row(number) for number in range(6)))
    numbers = iter(range(100, 200))

    def edit() -> None:
        match chance.choice(["insert", "delete", "swap", "retype", "nothing"]):
            case "insert":
                row = chance.randint(2, 6)
                sync.tab.insert_rows(row)
                sync.tab.fill_rows([build_news_row(next(numbers))], top=row)
            case "delete":
                sync.tab.delete_row(chance.randint(2, 6))
            case "swap":  # sorted without the column of verdicts, as a protected column is
                one, other = chance.sample(range(1, 5), 2)
                for column in range(6):
                    cells = sync.tab.cells
                    first, second = cells.pop((one, column), None), cells.pop((other, column), None)
                    cells |= {(one, column): second} if second else {}
                    cells |= {(other, column): first} if first else {}
            case "retype":
                sync.tab.fill_rows([build_news_row(next(numbers))], top=chance.randint(2, 6))

    for after in range(2):
        google.faults.add_fault(WRITE, faults.run_before(edit), skip=after)
        google.faults.add_fault(GET, faults.run_before(edit), skip=after)
    found = sync.sync()
    assert found.problem is None
    for row in range(2, 12):
        said, content = sync.tab.get_value(f"G{row}"), sync.tab.get_value(f"E{row}")
        assert said is None or str(said).endswith(f"/ {content}"), (row, said, content)


def test_without_the_column_nothing_is_written_and_reading_goes_on(
    make_file: MakeFile, client: GoogleClient, register: Register, google: StandIn
) -> None:
    sync = FeedbackSync(make_file([HEADER[:6], build_news_row(1)]), client, register)
    found = sync.sync()
    assert (found.written_cells, found.without_column, found.problem) == (0, ("Tiến độ",), None)
    assert google.count_calls(WRITE) == 0


def explain_problem(problem: KpisError | None) -> str:
    assert problem is not None
    return explain(problem, "vi")


def test_a_file_that_we_may_only_read_is_told_so_once(started: StartSync, google: StandIn) -> None:
    sync = started(build_news_row(1), share={google.account.email: "reader"})
    found = sync.sync()
    assert found.written_cells == 0
    assert google.account.email in explain_problem(found.problem)
    assert sync.tab.get_value("G2") is None
    assert google.count_calls(WRITE) == 1


def test_a_protected_column_leaves_the_other_tab_answered(
    make_file: MakeFile, client: GoogleClient, register: Register, google: StandIn
) -> None:
    file = make_file([HEADER, build_news_row(1)])
    tasks = file.get_sheet("Nhiệm vụ")
    tasks.fill_rows([["Mã", "Trạng thái", "Phản hồi"], ["k.I.1", "Đang làm"]])
    file.get_sheet("Tiến độ").protect_range("G1:G", ["chu-tai-khoan@example.org"])
    found = FeedbackSync(file, client, register).sync()
    assert found.written_cells == 1
    assert "bảo vệ" in explain_problem(found.problem)
    assert file.get_sheet("Tiến độ").get_value("G2") is None
    assert file.get_sheet("Nhiệm vụ").get_value("C2") is not None


def test_a_lost_answer_is_sent_again_only_if_the_rows_have_not_moved(
    started: StartSync, google: StandIn
) -> None:
    sync = started(build_news_row(1))
    google.faults.add_fault(WRITE, faults.refuse(errors.make_sheets_error(503, "UNAVAILABLE", "busy")))
    assert sync.sync().problem is None
    assert sync.tab.get_value("G2") is not None
    sync = started(build_news_row(1))
    google.faults.add_fault(WRITE, faults.refuse(errors.make_sheets_error(503, "UNAVAILABLE", "busy")))
    google.faults.add_fault(GET, faults.run_before(lambda: insert_row(sync.tab)), skip=2)
    assert sync.sync().problem is not None
    assert [sync.tab.get_value("G2"), sync.tab.get_value("G3")] == [None, None]


def test_a_cell_under_a_merged_one_is_not_written_for_ever(started: StartSync, google: StandIn) -> None:
    sync = started(build_news_row(1), build_news_row(2))
    sync.tab.merges.append(a1.A1Range(1, 6, 3, 7))
    sync.sync()
    assert google.count_calls(WRITE) <= 2


def test_a_text_in_the_column_is_never_a_formula(started: StartSync) -> None:
    sync = started(["=1", "+Sở", "-Tin", "@hai", "=cmd", "=x"])
    sync.sync()
    text = sync.tab.get_value("G2")
    assert isinstance(text, str)
    assert text[0] == "✗"


def test_the_tab_that_vanished_meanwhile_is_a_problem_not_an_error(
    started: StartSync, google: StandIn
) -> None:
    sync = started(build_news_row(1))
    known = sync.read()
    sync.file.sheets.pop(0)
    found = sync.write_feedback(known)
    assert found.written_cells == 0
    assert found.problem is not None
