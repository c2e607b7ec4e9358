"""Questions are written into Google Sheets once, found by their id, and told where they cannot go (design.md §5)."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kpis.errors import SourceError
from kpis.feedback.google import request_rows
from kpis.measures.explanations import Explanation, fetch_explanations
from kpis.measures.question import Question
from kpis.requests.ledger import append_events, get_ledger_path, load_ledger
from kpis.requests.model import RequestEvent
from kpis.services import request_writing
from kpis.services.refresh import refresh
from kpis.settings import load_settings
from kpis.sources.google.rate_limiter import RateLimiter
from kpis.store import journal
from kpis.store.database import Database
from kpis.store.paths import DatabasePaths
from kpis.sync.result import SyncResult
from kpis.wording.explanation_sentences import format_sheet_state
from tests.cli.conftest import VALID_ROWS, Project
from tests.google_stand_in import SheetTab, Spreadsheet, StandIn, errors, faults
from tests.google_stand_in.fixtures import HEADER, NOW

TAB_HEADER: list[object] = [
    "Mã", "Cơ quan", "Ngày yêu cầu", "Nội dung yêu cầu", "Hạn trả lời", "Giải trình", "Biện pháp", "Cam kết hoàn thành",
    "Ngày trả lời", "Người trả lời", "Mã yêu cầu", "Phản hồi",
]  # fmt: skip
ENTRY: list[object] = [date(2026, 3, 15), "Sở Công Thương", "Tin bài", 47, "Bản tin", "1/BC"]
OPENPYXL: Any = importlib.import_module("openpyxl")
APPEND, UPDATE = "sheets.spreadsheets.values.append", "sheets.spreadsheets.values.update"
ID = "YC-ha-noi-2026-0001"
HOSTILE = '=IMPORTXML("http://x") <b>Vì sao</b>?'


class Installation:
    """One sheet of Hà Nội with the tab of explanations, syncs, and questions asked between them."""

    def __init__(self, google: StandIn, folder: Path, file: Spreadsheet, header: list[object] | None = None) -> None:
        self.google, self.file, self.now = google, file, NOW
        self.pointer = folder / "kpis.json"
        tab = SheetTab("Giải trình")
        tab.fill_rows([TAB_HEADER if header is None else header])
        if header is None or header:
            file.sheets.append(tab)
        sources = folder / "sources.toml"
        sources.write_text(f'[[source]]\nid = "s1"\nplan = "ha-noi"\ngoogle = "{file.id}"\n', encoding="utf-8")
        self.environ = {
            "KPIS_GOOGLE_KEY_JSON": json.dumps(google.build_key()),
            "KPIS_GOOGLE_BASE": google.base_url,
            "KPIS_SOURCES": str(sources),
            "KPIS_DATABASE": str(self.pointer),
        }

    @property
    def tab(self) -> SheetTab:
        """The tab as it is now: each write of the stand-in replaces it."""
        return self.file.get_sheet("Giải trình")

    def sync(self) -> SyncResult:
        self.now += timedelta(minutes=5)
        return refresh(load_settings(self.environ), self.environ, self.now, explicit_now=True)

    def ask(self, number: int = 1, question: str = HOSTILE, entry: str | None = "ha-noi.02") -> None:
        details = {"plan": "ha-noi", "agency": "Sở Công Thương", "question": question}
        details |= {"entry": entry} if entry else {}
        event = RequestEvent(f"YC-ha-noi-2026-{number:04}", "asked", self.now, self.now.date(), "", details)
        append_events(self.pointer, self.now, lambda _content, at: [replace(event, at=at)])

    def list_ids(self) -> list[object]:
        """Return what stands under Mã yêu cầu, with the rows."""
        column = TAB_HEADER.index("Mã yêu cầu")
        cells = sorted((row, cell.value) for (row, at), cell in self.tab.cells.items() if at == column and row)
        return [value for _, value in cells if value is not None]

    def fetch(self) -> list[Explanation]:
        database = Database.open(self.pointer)
        assert database is not None
        try:
            return fetch_explanations(database, Question(date(2026, 11, 21)))
        finally:
            database.close()

    def list_events(self) -> list[str]:
        return [event.kind for request in load_ledger(self.pointer).requests.values() for event in request.events]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RateLimiter, "acquire", lambda _: 0.0)


@pytest.fixture
def site(google: StandIn, tmp_path: Path, make_file: Callable[..., Spreadsheet]) -> Iterator[Installation]:
    site = Installation(google, tmp_path, make_file([HEADER, ENTRY]))
    site.sync()
    yield site


def test_a_question_is_written_once_as_text_under_its_headers(site: Installation) -> None:
    site.ask()
    site.sync()
    row = [site.tab.get_value(f"{letter}2") for letter in "ABCDEFGHIJK"]
    assert row == ["ha-noi.02", "Sở Công Thương", "21/11/2026", HOSTILE, "28/11/2026", None, None, None, None, None, ID]
    assert site.list_events() == ["asked", "written"]
    site.sync()
    site.sync()
    assert (site.list_ids(), site.google.count_calls(APPEND)) == ([ID], 1)
    (item,) = site.fetch()
    assert (item.state, item.sheet_state, item.question) == ("open", "written", HOSTILE)


def test_an_answer_in_that_row_closes_the_request_also_after_sorting(site: Installation) -> None:
    site.ask()
    site.sync()
    site.tab.insert_rows(2, 3)
    site.tab.type_value("F5", "Do thiếu người.")
    site.google.cloud.touch_file(site.file)
    site.sync()
    (item,) = site.fetch()
    assert (item.state, item.answer, site.list_ids()) == ("answered", "Do thiếu người.", [ID])
    assert site.tab.get_value("L5") == f"✓ Đã ghi nhận: trả lời yêu cầu {ID}"


def test_a_kill_between_sheet_and_ledger_writes_nothing_twice(
    site: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.ask()
    with monkeypatch.context() as patch:
        patch.setattr(request_writing, "_note_outcomes", lambda *_: None)
        site.sync()
    assert (site.list_ids(), site.list_events()) == ([ID], ["asked"])
    site.sync()
    assert (site.list_ids(), site.list_events()) == ([ID], ["asked", "written"])
    assert site.google.count_calls(APPEND) == 1


@pytest.mark.parametrize("fault", [faults.cut_body(3), faults.drop_connection()])
def test_an_answer_of_google_that_was_lost_is_looked_up(site: Installation, fault: faults.Fault) -> None:
    site.ask()
    site.google.faults.add_fault(APPEND, fault)
    site.sync()
    site.sync()
    assert site.list_ids() == [ID]
    assert site.list_events()[-1] == "written"


def test_of_two_copies_the_one_that_is_exactly_ours_is_emptied(site: Installation) -> None:
    site.ask()

    def add_copy() -> None:
        texts = ["ha-noi.02", "Sở Công Thương", "21/11/2026", HOSTILE, "28/11/2026", "Đã trả lời", "", "", "", "", ID]
        site.tab.fill_rows([texts], top=2)

    site.google.faults.add_fault(APPEND, faults.run_before(add_copy))
    site.sync()
    assert site.list_ids() == [ID]
    assert site.tab.get_value("F2") == "Đã trả lời"


def test_a_row_under_shifted_columns_is_put_right_alone(site: Installation) -> None:
    site.ask()
    site.google.faults.add_fault(APPEND, faults.run_before(lambda: site.tab.insert_columns(0)))
    site.tab.type_value("A9", "của tôi")
    site.sync()
    header = {site.tab.cells[0, column].value: column for row, column in site.tab.cells if row == 0}
    (row,) = {row for (row, _), cell in site.tab.cells.items() if cell.value == ID}
    assert site.tab.cells[row, header["Mã yêu cầu"]].value == ID
    assert site.tab.cells[row, header["Cơ quan"]].value == "Sở Công Thương"
    assert sum(cell.value == "của tôi" for cell in site.tab.cells.values()) == 1


def test_a_removed_row_is_told_and_written_again_on_request_alone(site: Installation) -> None:
    site.ask()
    site.ask(2, "Câu hai", None)
    site.sync()
    site.sync()
    (row,) = {row for (row, _), cell in site.tab.cells.items() if cell.value == ID}
    site.tab.delete_row(row + 1)
    site.google.cloud.touch_file(site.file)
    site.sync()
    item = next(item for item in site.fetch() if item.id == ID)
    assert (item.state, item.sheet_state, format_sheet_state(item, "vi")) == (
        "open", "deleted", "dòng đã bị xóa khỏi bảng",
    )  # fmt: skip
    assert ID not in site.list_ids()
    event = RequestEvent(ID, "write_again", site.now, date(2026, 11, 21), "")
    append_events(site.pointer, site.now, lambda _content, at: [replace(event, at=at)])
    site.sync()
    assert sorted(map(str, site.list_ids())) == [ID, "YC-ha-noi-2026-0002"]


def test_an_edited_row_is_left_alone(site: Installation) -> None:
    site.ask()
    site.sync()
    site.tab.type_value("D2", "Câu khác")
    site.google.cloud.touch_file(site.file)
    site.sync()
    (item,) = site.fetch()
    assert (site.tab.get_value("D2"), item.question, item.sheet_state) == ("Câu khác", HOSTILE, "written")


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ([], "chưa gửi: Bảng chưa có trang tính “Giải trình”. Hãy chạy prepare-sheet để thêm."),
        (TAB_HEADER[:10], "chưa gửi: Trang tính “Giải trình” chưa có cột “Mã yêu cầu”. Hãy thêm tiêu đề này"),
    ],
)
def test_where_it_cannot_go_the_reason_is_told_once(
    google: StandIn,
    tmp_path: Path,
    make_file: Callable[..., Spreadsheet],
    header: list[object],
    sentence: str,
) -> None:
    site = Installation(google, tmp_path, make_file([HEADER, ENTRY]), header)
    site.sync()
    site.ask()
    site.sync()
    site.sync()
    (item,) = site.fetch()
    assert item.state == "open"
    assert str(format_sheet_state(item, "vi")).startswith(sentence)
    assert site.list_events() == ["asked", "not_written"]


def test_a_sheet_that_we_may_only_read_is_told(site: Installation) -> None:
    site.ask()
    site.google.faults.add_fault(APPEND, faults.refuse(errors.make_protected("data")))
    site.sync()
    (item,) = site.fetch()
    assert item.sheet_state == "unsent" and str(format_sheet_state(item, "vi")).startswith("chưa gửi: ")
    site.sync()
    assert site.list_events() == ["asked", "not_written", "written"]


def test_a_ledger_that_cannot_be_read_is_told_with_each_source(site: Installation) -> None:
    get_ledger_path(site.pointer).mkdir()
    (source,) = site.sync().sources
    assert source.outcome == "unchanged"
    assert source.format_messages("vi").startswith("Chưa ghi được các yêu cầu đang mở vào bảng")
    assert "kpis-requests.jsonl" in source.format_messages("vi")
    assert "Open requests" in json.dumps(journal.read(DatabasePaths(site.pointer).journal)[-1])


def test_an_unforeseen_fault_is_told_with_each_source_and_logged(
    site: Installation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    site.ask()
    with monkeypatch.context() as patch:
        patch.setattr(request_writing, "_note_outcomes", lambda *_: 1 / 0)
        (source,) = site.sync().sources
    assert "Có lỗi bất ngờ (ZeroDivisionError)" in source.format_messages("vi")
    assert "Traceback" in caplog.text
    (source,) = site.sync().sources
    assert (source.messages, site.list_events()) == ((), ["asked", "written"])


def test_an_error_of_ours_keeps_its_sentence_in_the_ledger(site: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise SourceError("This source has not been read yet; the next sync reads it.")

    site.ask()
    with monkeypatch.context() as patch:
        patch.setattr(request_rows, "write_request_rows", refuse)
        site.sync()
    (item,) = site.fetch()
    assert str(format_sheet_state(item, "en")).endswith("This source has not been read yet; the next sync reads it.")
    site.sync()
    assert site.list_events() == ["asked", "not_written", "written"]


def test_many_questions_take_one_write(site: Installation) -> None:
    for number in range(1, 121):
        site.ask(number, f"Câu {number}", None)
    site.sync()
    assert len(site.list_ids()) == 120
    assert site.google.count_calls(APPEND) == 1


def test_a_file_is_told_to_take_its_copy_which_has_the_question(tmp_path: Path) -> None:
    """The copy that the agency fills in comes back with the id, and answers."""
    project = Project(tmp_path)
    project.write_workbook(VALID_ROWS)
    book = OPENPYXL.load_workbook(tmp_path / "dong-thap.xlsx")
    book.create_sheet("Giải trình").append(TAB_HEADER)
    book.save(tmp_path / "dong-thap.xlsx")
    settings = load_settings({"KPIS_SOURCES": str(project.sources), "KPIS_DATABASE": str(project.database)})
    now = datetime(2026, 11, 21, 2)
    refresh(settings, {}, now, explicit_now=True)
    request = "YC-dong-thap-2026-0001"
    details = {"plan": "dong-thap", "agency": "Sở Công Thương", "question": HOSTILE}
    event = RequestEvent(request, "asked", now, now.date(), "", details)
    append_events(settings.pointer, now, lambda _content, at: [replace(event, at=at)])
    refresh(settings, {}, now + timedelta(hours=1), explicit_now=True)
    assert "kpis feedback" in str(format_sheet_state(fetch_one(settings.pointer), "vi"))
    source, out = str(tmp_path / "dong-thap.xlsx"), str(tmp_path / "ban-gui-lai.xlsx")
    run = project.run_kpis("feedback", source, "--plan", "dong-thap", "--out", out, "--now", "2026-11-21")
    assert (run.code, request in run.err) == (0, True)
    copy = OPENPYXL.load_workbook(out)
    row = [cell.value for cell in copy["Giải trình"][2]][:11]
    assert row == [None, "Sở Công Thương", "21/11/2026", HOSTILE, "28/11/2026", None, None, None, None, None, request]
    assert copy["Giải trình"]["D2"].data_type == "s"
    copy["Giải trình"]["F2"] = "Do thiếu người."
    copy.save(source)
    refresh(settings, {}, now + timedelta(hours=2), explicit_now=True)
    item = fetch_one(settings.pointer)
    assert (item.id, item.state, item.answer) == (request, "answered", "Do thiếu người.")
    second = project.run_kpis("feedback", source, "--plan", "dong-thap", "--out", out, "--now", "2026-11-21")
    assert request not in second.err


def fetch_one(pointer: Path) -> Explanation:
    database = Database.open(pointer)
    assert database is not None
    (item,) = fetch_explanations(database, Question(date(2026, 11, 21)))
    database.close()
    return item
