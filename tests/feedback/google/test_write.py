"""Verdicts in a Google Sheet: beside the right row whatever people do meanwhile, only where we may write."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kpis.checks.check import check
from kpis.errors import KpisError
from kpis.feedback.google.write import Answer, answer
from kpis.feedback.status_text import Total, verdict
from kpis.language.messages import explain
from kpis.register.load import load
from kpis.register.model import Register
from kpis.sheet.model import CheckedRow, CheckedSheet, RawSheet
from kpis.sources.google.client import GoogleClient
from kpis.sources.google.read import KnownTab, read_google
from tests.google_stand_in import Sheet, Spreadsheet, StandIn, a1, errors, faults
from tests.google_stand_in.fixtures import HEADER, NOW, source_of

GET, WRITE = "sheets.spreadsheets.get", "sheets.spreadsheets.values.batchUpdate"
PLAN, TODAY = "ha-noi", date(2026, 11, 21)
MakeFile = Callable[..., Spreadsheet]


@pytest.fixture(scope="module")
def register() -> Register:
    return load()


def news(number: int, evidence: str = "1/BC") -> list[object]:
    """A row like no other, told apart by what was done."""
    return [date(2026, 3, 1 + number % 28), "Sở Công Thương", "Tin bài", 1, f"việc {number}", evidence]


class Sync:
    """What stands around a write-back: a sync that recorded the rows, and what it makes of each."""

    def __init__(self, file: Spreadsheet, client: GoogleClient, register: Register) -> None:
        self.file, self.client, self.register = file, client, register
        self.recorded: set[int] = set()

    def judge(self, raw: RawSheet) -> CheckedSheet:
        return check(raw, PLAN, self.register, TODAY)

    @property
    def tab(self) -> Sheet:
        """The tab of progress as it is now: a write puts another one in its place."""
        return next(one for one in self.file.sheets if one.id == 0)

    def read(self) -> tuple[KnownTab, ...]:
        """What the sync read is what the database holds."""
        found = read_google(source_of(self.file), self.client, NOW)
        self.recorded = {row.row_hash for row in self.judge(found.sheet).rows}
        return found.tabs

    def text(self, row: CheckedRow) -> str:
        """The verdict, with the row's own content at its end, so that a wrong one shows."""
        said = verdict(row, self.register, lambda *_: Total(47, 50))
        return f"{said} / {row.entry.content}" if row.entry else said

    def answer(self, known: tuple[KnownTab, ...] = ()) -> Answer:
        return answer(source_of(self.file), self.client, NOW, self.judge, self.recorded, self.text, known)

    def sync(self) -> Answer:
        return self.answer(self.read())


@pytest.fixture
def started(make_file: MakeFile, client: GoogleClient, register: Register) -> Callable[..., Sync]:
    def start(*rows: list[object], **known: Any) -> Sync:
        return Sync(make_file([HEADER, *rows], **known), client, register)

    return start


Started = Callable[..., Sync]


def test_each_row_gets_its_verdict_in_one_update_of_values(started: Started, google: StandIn) -> None:
    bad: list[object] = ["31/02/2026", "Sở Công Thương", "Tin bài", 1, "x", "2/BC"]
    sync = started(news(1), bad, news(2, ""))
    found = sync.sync()
    assert (found.written, found.problem, found.without_column) == (3, None, ())
    assert sync.tab.value("G2") == "✓ Đã tính: Tin bài 47/50 / việc 1"
    assert str(sync.tab.value("G3")).startswith("✗ A3: 31/02/2026 không có trong lịch")
    assert str(sync.tab.value("G4")).startswith("! Thiếu minh chứng")
    (call,) = [call for call in google.calls if call.method == WRITE]
    assert call.body["valueInputOption"] == "RAW"
    assert [one["range"] for one in call.body["data"]] == ["'Tiến độ'!G2:G4"]


def test_nothing_is_written_where_nothing_changed(started: Started, google: StandIn) -> None:
    sync = started(news(1), news(2))
    sync.sync()
    google.calls.clear()
    assert sync.answer().written == 0
    assert (google.count(GET), google.count(WRITE)) == (1, 0)


def test_only_cells_that_changed_are_written(started: Started, google: StandIn) -> None:
    sync = started(news(1), news(2), news(3))
    sync.sync()
    sync.tab.put("E3", "việc khác")
    google.calls.clear()
    assert sync.sync().written == 1
    (call,) = [call for call in google.calls if call.method == WRITE]
    assert call.body["data"] == [
        {"range": "'Tiến độ'!G3:G3", "values": [["✓ Đã tính: Tin bài 47/50 / việc khác"]]}
    ]


def test_verdicts_of_rows_that_are_gone_are_cleared_and_peoples_words_stay(started: Started) -> None:
    sync = started(news(1), news(2))
    sync.sync()
    for column in "ABCDEF":
        sync.tab.put(f"{column}3", None)
    sync.tab.put("G9", "ghi chú của tôi")
    sync.sync()
    assert sync.tab.value("G2") is not None
    assert sync.tab.value("G3") is None
    assert sync.tab.value("G9") == "ghi chú của tôi"


def test_both_tabs_are_answered_at_once_and_prefilled_tasks_are_left_alone(
    make_file: MakeFile, client: GoogleClient, register: Register, google: StandIn
) -> None:
    file = make_file([HEADER, news(1)])
    file.sheet("Nhiệm vụ").fill(
        [["Mã", "Nhiệm vụ", "Trạng thái", "Phản hồi"], ["k.I.1", "việc", "Đang làm"], ["k.I.2", "chờ"]]
    )
    sync = Sync(file, client, register)
    assert sync.sync().written == 2
    assert google.count(WRITE) == 1
    assert str(file.sheet("Nhiệm vụ").value("D2")).startswith("✗ A2")
    assert file.sheet("Nhiệm vụ").value("D3") is None


def test_a_renamed_tab_is_answered_under_its_new_name(started: Started) -> None:
    sync = started(news(1))
    known = sync.read()
    sync.tab.title = "Tiến độ 'quý I'"
    assert sync.answer(known).written == 1
    assert sync.tab.value("G2") is not None


def insert(tab: Sheet) -> None:
    tab.insert_rows(2)
    tab.fill([news(99)], top=2)


def test_rows_that_moved_since_the_sync_read_them_get_their_own_verdicts(started: Started) -> None:
    sync = started(news(1), news(2, ""))
    known = sync.read()
    insert(sync.tab)
    sync.answer(known)
    assert sync.tab.value("G2") is None, "nobody has recorded this row yet"
    assert str(sync.tab.value("G3")).endswith("/ việc 1")
    assert str(sync.tab.value("G4")).startswith("! Thiếu minh chứng")


@pytest.mark.parametrize(("method", "after"), [(GET, 1), (WRITE, 0), (GET, 2)])
def test_an_edit_between_two_of_our_requests_leaves_no_row_with_anothers_verdict(
    method: str, after: int, started: Started, google: StandIn
) -> None:
    sync = started(news(1), news(2), news(3))
    google.faults.add(method, faults.before(lambda: insert(sync.tab)), after=after)
    assert sync.sync().problem is None
    said = [sync.tab.value(f"G{row}") for row in range(2, 6)]
    assert said == [None, *(f"✓ Đã tính: Tin bài 47/50 / việc {number}" for number in (1, 2, 3))]


def test_a_row_typed_over_between_read_and_write_keeps_no_verdict_of_the_old_row(
    started: Started, google: StandIn
) -> None:
    sync = started(news(1), news(2))
    google.faults.add(WRITE, faults.before(lambda: sync.tab.fill([news(50)], top=2)))
    sync.sync()
    assert sync.tab.value("G2") is None
    assert str(sync.tab.value("G3")).endswith("/ việc 2")
    assert sync.sync().written == 1  # the next sync has recorded it
    assert str(sync.tab.value("G2")).endswith("/ việc 50")


@pytest.mark.parametrize("seed", range(12))
def test_whatever_people_edit_meanwhile_each_verdict_stands_beside_its_own_row(
    seed: int, started: Started, google: StandIn
) -> None:
    chance = random.Random(seed)
    sync = started(*(news(number) for number in range(6)))
    numbers = iter(range(100, 200))

    def edit() -> None:
        match chance.choice(["insert", "delete", "swap", "retype", "nothing"]):
            case "insert":
                row = chance.randint(2, 6)
                sync.tab.insert_rows(row)
                sync.tab.fill([news(next(numbers))], top=row)
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
                sync.tab.fill([news(next(numbers))], top=chance.randint(2, 6))

    for after in range(2):
        google.faults.add(WRITE, faults.before(edit), after=after)
        google.faults.add(GET, faults.before(edit), after=after)
    found = sync.sync()
    assert found.problem is None
    for row in range(2, 12):
        said, content = sync.tab.value(f"G{row}"), sync.tab.value(f"E{row}")
        assert said is None or str(said).endswith(f"/ {content}"), (row, said, content)


def test_without_the_column_nothing_is_written_and_reading_goes_on(
    make_file: MakeFile, client: GoogleClient, register: Register, google: StandIn
) -> None:
    sync = Sync(make_file([HEADER[:6], news(1)]), client, register)
    found = sync.sync()
    assert (found.written, found.without_column, found.problem) == (0, ("Tiến độ",), None)
    assert google.count(WRITE) == 0


def said(problem: KpisError | None) -> str:
    assert problem is not None
    return explain(problem, "vi")


def test_a_file_that_we_may_only_read_is_told_so_once(started: Started, google: StandIn) -> None:
    sync = started(news(1), share={google.account.email: "reader"})
    found = sync.sync()
    assert found.written == 0
    assert google.account.email in said(found.problem)
    assert sync.tab.value("G2") is None
    assert google.count(WRITE) == 1


def test_a_protected_column_leaves_the_other_tab_answered(
    make_file: MakeFile, client: GoogleClient, register: Register, google: StandIn
) -> None:
    file = make_file([HEADER, news(1)])
    tasks = file.sheet("Nhiệm vụ")
    tasks.fill([["Mã", "Trạng thái", "Phản hồi"], ["k.I.1", "Đang làm"]])
    file.sheet("Tiến độ").protect("G1:G", ["chu-tai-khoan@example.org"])
    found = Sync(file, client, register).sync()
    assert found.written == 1
    assert "bảo vệ" in said(found.problem)
    assert file.sheet("Tiến độ").value("G2") is None
    assert file.sheet("Nhiệm vụ").value("C2") is not None


def test_a_lost_answer_is_sent_again_only_if_the_rows_have_not_moved(
    started: Started, google: StandIn
) -> None:
    sync = started(news(1))
    google.faults.add(WRITE, faults.refuse(errors.sheets(503, "UNAVAILABLE", "busy")))
    assert sync.sync().problem is None
    assert sync.tab.value("G2") is not None
    sync = started(news(1))
    google.faults.add(WRITE, faults.refuse(errors.sheets(503, "UNAVAILABLE", "busy")))
    google.faults.add(GET, faults.before(lambda: insert(sync.tab)), after=2)
    assert sync.sync().problem is not None
    assert [sync.tab.value("G2"), sync.tab.value("G3")] == [None, None]


def test_a_cell_under_a_merged_one_is_not_written_for_ever(started: Started, google: StandIn) -> None:
    sync = started(news(1), news(2))
    sync.tab.merges.append(a1.Area(1, 6, 3, 7))
    sync.sync()
    assert google.count(WRITE) <= 2


def test_a_text_in_the_column_is_never_a_formula(started: Started) -> None:
    sync = started(["=1", "+Sở", "-Tin", "@hai", "=cmd", "=x"])
    sync.sync()
    text = sync.tab.value("G2")
    assert isinstance(text, str)
    assert text[0] == "✗"


def test_the_tab_that_vanished_meanwhile_is_a_problem_not_an_error(started: Started, google: StandIn) -> None:
    sync = started(news(1))
    known = sync.read()
    sync.file.sheets.pop(0)
    found = sync.answer(known)
    assert found.written == 0
    assert found.problem is not None
