"""The feedback loop: a row is typed, a sync counts it and writes feedback beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kpis.cli.main import main
from kpis.errors import UsageError
from kpis.feedback.google import feedback_writer, sheet_look, snapshot
from kpis.services.refresh import refresh
from kpis.settings import load_settings
from kpis.sources.google.rate_limiter import RateLimiter
from kpis.sync.result import SourceResult, SyncResult
from kpis.sync.status import list_source_statuses
from tests.google_stand_in import Spreadsheet, StandIn, errors, faults
from tests.google_stand_in.fixtures import HEADER, NOW

pytestmark = pytest.mark.slow

GET, TAG, WRITE, LIST = (
    "sheets.spreadsheets.get",
    "sheets.spreadsheets.batchUpdate",
    "sheets.spreadsheets.values.batchUpdateByDataFilter",
    "drive.files.list",
)
MakeFile = Callable[..., Spreadsheet]
FIVE_MINUTES = timedelta(minutes=5)


def build_news_row(quantity: object, content: str = "Bản tin", evidence: str | None = "1/BC") -> list[object]:
    return [date(2026, 3, 15), "Sở Công Thương", "Tin bài", quantity, content, evidence]


class FeedbackLoop:
    """Sheets of the plan of Hà Nội, and syncs five minutes apart."""

    def __init__(self, google: StandIn, folder: Path) -> None:
        self.google, self.sources, self.now = google, folder / "sources.toml", NOW
        self.environ = {
            "KPIS_GOOGLE_KEY_JSON": json.dumps(google.build_key()),
            "KPIS_GOOGLE_BASE": google.base_url,
            "KPIS_SOURCES": str(self.sources),
            "KPIS_DATABASE": str(folder / "kpis.json"),
        }

    def write_sources(self, *files: Spreadsheet) -> None:
        tables = (
            f'[[source]]\nid = "s{number}"\nplan = "ha-noi"\ngoogle = "{file.id}"\n'
            for number, file in enumerate(files, 1)
        )
        self.sources.write_text("\n".join(tables), encoding="utf-8")

    def refresh_sources(self, interval: timedelta | None = None) -> SyncResult:
        return refresh(load_settings(self.environ), self.environ, self.now, explicit_now=True, interval=interval)

    def sync(self, minutes: float = 5, interval: timedelta | None = None) -> dict[str, SourceResult]:
        """Sync manually, or with `interval` as one turn of a watch."""
        self.google.calls.clear()
        self.now += timedelta(minutes=minutes)
        return {result.id: result for result in self.refresh_sources(interval).sources}

    def get_last_message(self, source_id: str = "s1") -> str:
        """Return the message of the last attempt, as on the page of sources."""
        statuses = list_source_statuses(None, Path(self.environ["KPIS_DATABASE"]), self.now)
        (attempt,) = [status.last_attempt for status in statuses if status.id == source_id]
        return attempt.result.format_messages("vi") if attempt else ""

    @property
    def cost(self) -> tuple[int, int, int]:
        """Listings, reads of cells and writes of the last sync; the first write also tags its column."""
        count = self.google.count_calls
        reads = sum("rowData" in str(call.query.get("fields")) for call in self.google.calls)
        return count(LIST), reads, count(TAG) + count(WRITE)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the waits of the rate limiter; requests are counted by the stand-in."""
    monkeypatch.setattr(RateLimiter, "acquire", lambda _: 0.0)


@pytest.fixture
def loop(google: StandIn, tmp_path: Path) -> FeedbackLoop:
    return FeedbackLoop(google, tmp_path)


def read_feedback(file: Spreadsheet, row: int) -> object:
    return file.get_sheet("Tiến độ").get_value(f"G{row}")


def touch_file(loop: FeedbackLoop, file: Spreadsheet) -> None:
    """Change Drive's modified time, as typing does."""
    loop.google.cloud.touch_file(file)


def test_a_row_gets_its_feedback_in_the_sync_that_counts_it(loop: FeedbackLoop, make_file: MakeFile) -> None:
    file = make_file(
        [HEADER, build_news_row(47), ["31/02/2026", *build_news_row(1)[1:]], build_news_row(1, "khác", None)]
    )
    loop.write_sources(file)
    result = loop.sync()["s1"]
    assert (result.outcome, result.accepted, result.rejected) == ("changed", 2, 1)
    assert result.format_messages("vi") == ""
    assert read_feedback(file, 2) == "✓ Đã tính: Tin bài 48/50"
    assert str(read_feedback(file, 3)).startswith("✗ A3 (Ngày): 31/02/2026 không có trong lịch")
    assert read_feedback(file, 4) == "! Thiếu minh chứng · Đã tính: Tin bài 48/50"


def test_feedback_on_a_row_that_another_sheet_counts_names_it_and_stays(
    loop: FeedbackLoop, make_file: MakeFile
) -> None:
    file = make_file([HEADER, build_news_row(47)])
    other = make_file([HEADER, build_news_row(47), build_news_row(2, "khác")])
    loop.write_sources(file, other)
    loop.sync()
    assert read_feedback(file, 2) == "✓ Đã tính: Tin bài 49/50"
    assert str(read_feedback(other, 2)).startswith("✗ A2: nguồn “s1” đã có đúng dòng này")
    assert read_feedback(other, 3) == "✓ Đã tính: Tin bài 49/50"
    loop.sync()
    assert loop.cost == (1, 0, 0)


def test_an_unchanged_sheet_costs_only_its_listing(loop: FeedbackLoop, make_file: MakeFile) -> None:
    loop.write_sources(make_file([HEADER, build_news_row(47)]))
    loop.sync()
    assert loop.cost == (
        2,
        4,
        2,
    )  # reads: sync, before and after the tag, after the write; the modified time is listed after the write
    loop.sync()
    assert loop.cost == (1, 0, 0)  # our own write is recognized by its modified time


def test_a_total_raised_by_another_sheet_is_updated_when_rows_change_or_at_night(
    loop: FeedbackLoop, make_file: MakeFile
) -> None:
    file, other = make_file([HEADER, build_news_row(10)]), make_file([HEADER, build_news_row(5, "b")])
    loop.write_sources(file, other)
    loop.sync()
    assert read_feedback(file, 2) == read_feedback(other, 2) == "✓ Đã tính: Tin bài 15/50"
    other.get_sheet("Tiến độ").fill_rows([build_news_row(7, "c")], top=3)
    touch_file(loop, other)
    loop.sync()
    assert loop.cost == (2, 3, 1)  # only the edited sheet
    assert [read_feedback(other, row) for row in (2, 3)] == ["✓ Đã tính: Tin bài 22/50"] * 2
    assert read_feedback(file, 2) == "✓ Đã tính: Tin bài 15/50"
    touch_file(loop, file)
    loop.sync()
    assert loop.cost == (1, 1, 0)  # read, but no row has changed
    file.get_sheet("Tiến độ").type_value("D2", 11)
    touch_file(loop, file)
    loop.sync()
    assert read_feedback(file, 2) == "✓ Đã tính: Tin bài 23/50"
    loop.sync(minutes=24 * 60)
    assert {read_feedback(file, 2), read_feedback(other, 2), read_feedback(other, 3)} == {"✓ Đã tính: Tin bài 23/50"}


def test_at_night_every_running_total_is_updated(loop: FeedbackLoop, make_file: MakeFile) -> None:
    files = [make_file([HEADER, build_news_row(1, f"việc {number}")]) for number in range(4)]
    loop.write_sources(*files)
    loop.sync()
    files[0].get_sheet("Tiến độ").fill_rows([build_news_row(7, "c")], top=3)
    touch_file(loop, files[0])
    loop.sync()
    loop.sync(minutes=24 * 60)
    assert loop.cost == (4, 4 + 3 * 2, 3)  # all are read; three are also read before and after their write
    assert {read_feedback(file, 2) for file in files} == {"✓ Đã tính: Tin bài 11/50"}
    loop.sync(minutes=24 * 60)
    assert loop.cost == (1, 4, 0)  # the feedback is up to date: no other read


def swap_rows(file: Spreadsheet, row: int, other_row: int) -> None:
    """Swap two rows without the feedback column, as sorting does if that column is protected."""
    cells = file.get_sheet("Tiến độ").cells
    for column in range(6):
        first, second = cells.pop((row - 1, column), None), cells.pop((other_row - 1, column), None)
        cells |= {(row - 1, column): second} if second else {}
        cells |= {(other_row - 1, column): first} if first else {}


def test_sorted_rows_have_their_own_feedback_after_the_next_sync(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER, build_news_row(3), build_news_row("hai", "khác")])
    loop.write_sources(file)
    loop.sync()
    google.cloud.edit_file(file, lambda file: swap_rows(file, 2, 3))
    assert loop.sync()["s1"].outcome == "unchanged"
    assert str(read_feedback(file, 2)).startswith("✗ D2") and read_feedback(file, 3) == "✓ Đã tính: Tin bài 3/50"
    google.cloud.edit_file(file, lambda file: file.get_sheet("Tiến độ").insert_rows(2))
    loop.sync()
    assert read_feedback(file, 2) is None and str(read_feedback(file, 3)).startswith("✗ D3")
    google.cloud.edit_file(file, lambda file: file.get_sheet("Tiến độ").type_value("G3", None))
    loop.sync()
    assert str(read_feedback(file, 3)).startswith("✗ D3")
    loop.sync()
    assert loop.cost == (1, 0, 0)


@pytest.mark.parametrize(("method", "skip"), [(WRITE, 0), (LIST, 1), (GET, 2)])
def test_rows_typed_during_a_write_are_read_by_the_next_sync(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn, method: str, skip: int
) -> None:
    file = make_file([HEADER, build_news_row(3)])
    loop.write_sources(file)

    def type_row() -> None:
        google.cloud.edit_file(
            file, lambda file: file.get_sheet("Tiến độ").fill_rows([build_news_row(5, "mới")], top=3)
        )

    google.faults.add_fault(method, faults.run_before(type_row), skip=skip)
    loop.sync()
    loop.sync()
    assert read_feedback(file, 3) == "✓ Đã tính: Tin bài 8/50"
    loop.sync()
    assert loop.cost == (1, 0, 0)


def test_a_sheet_without_the_column_is_reported_and_gets_feedback_once_it_has_one(
    loop: FeedbackLoop, make_file: MakeFile
) -> None:
    file = make_file([HEADER[:6], build_news_row(1)])
    loop.write_sources(file)
    result = loop.sync()["s1"]
    assert result.outcome == "changed"
    assert "không có cột “Phản hồi”" in result.format_messages("vi")
    loop.sync()
    assert loop.cost == (1, 0, 0)
    file.get_sheet("Tiến độ").type_value("G1", "Phản hồi")
    touch_file(loop, file)
    loop.sync()
    assert read_feedback(file, 2) == "✓ Đã tính: Tin bài 1/50"


def test_a_read_only_file_is_read_as_usual(loop: FeedbackLoop, make_file: MakeFile, google: StandIn) -> None:
    file = make_file([HEADER, build_news_row(1)], share={google.account.email: "reader"})
    loop.write_sources(file)
    result = loop.sync(interval=FIVE_MINUTES)["s1"]
    assert (result.outcome, result.accepted) == ("changed", 1)
    for minutes in (5, 5):
        assert google.account.email in loop.sync(minutes, interval=FIVE_MINUTES)["s1"].format_messages("vi")
        assert google.account.email in loop.get_last_message()
        assert loop.cost == (1, 0, 0)
    loop.sync(interval=FIVE_MINUTES)
    assert loop.cost == (1, 1, 1)  # retried every 15 minutes


def share_file(google: StandIn, file: Spreadsheet) -> None:
    file.share[google.account.email] = "writer"


def remove_protection(google: StandIn, file: Spreadsheet) -> None:
    file.get_sheet("Tiến độ").protected_ranges.clear()


@pytest.mark.parametrize("grant_access", [share_file, remove_protection])
def test_after_access_is_granted_the_next_manual_sync_writes_feedback_and_a_watch_soon(
    loop: FeedbackLoop,
    make_file: MakeFile,
    google: StandIn,
    grant_access: Callable[[StandIn, Spreadsheet], None],
) -> None:
    file, other = make_file([HEADER, build_news_row(1)]), make_file([HEADER, build_news_row(2, "b")])
    loop.write_sources(file, other)
    for refused_file in (file, other):
        if grant_access is share_file:
            refused_file.share[google.account.email] = "reader"
        else:
            refused_file.get_sheet("Tiến độ").protect_range("G1:G", ["chu-tai-khoan@example.org"])
    loop.sync()
    assert read_feedback(file, 2) is None
    grant_access(google, file)  # does not change the modified time
    assert loop.sync()["s1"].format_messages("vi") == ""
    assert read_feedback(file, 2) == "✓ Đã tính: Tin bài 3/50"
    grant_access(google, other)
    for _ in range(3):
        loop.sync(interval=FIVE_MINUTES)
    assert read_feedback(other, 2) == "✓ Đã tính: Tin bài 3/50" and loop.get_last_message("s2") == ""


def test_a_message_stays_until_its_cause_is_fixed(loop: FeedbackLoop, make_file: MakeFile, google: StandIn) -> None:
    file = make_file([HEADER[:6], build_news_row(1)], locale="en_US")
    loop.write_sources(file)
    for _ in range(3):
        message = loop.sync()["s1"].format_messages("vi")
        assert "Phản hồi" in message and "tháng 5" in message and message == loop.get_last_message()
    assert loop.cost == (1, 0, 0)
    google.cloud.edit_file(file, lambda file: setattr(file.get_sheet("Tiến độ"), "title", "Quý IV"))
    loop.sync()
    message = loop.sync()["s1"].format_messages("vi")
    assert "đổi tên" in message and message == loop.get_last_message() and loop.cost == (1, 0, 0)

    def fix_causes(file: Spreadsheet) -> None:
        file.locale, file.sheets[0].title = "vi_VN", "Tiến độ"
        file.sheets[0].type_value("G1", "Phản hồi")

    google.cloud.edit_file(file, fix_causes)
    for _ in range(2):
        assert loop.sync()["s1"].format_messages("vi") == loop.get_last_message() == ""


def test_a_temporary_failure_to_write_is_made_good_by_the_next_sync(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER, build_news_row(1)])
    loop.write_sources(file)
    google.faults.add_fault(WRITE, faults.refuse(errors.make_sheets_error(503, "UNAVAILABLE", "busy")), times=2)
    result = loop.sync()["s1"]
    assert result.outcome == "changed" and "chưa ghi hết phản hồi" in result.format_messages("vi")
    assert read_feedback(file, 2) is None
    assert loop.sync()["s1"].format_messages("vi") == ""
    assert read_feedback(file, 2) == "✓ Đã tính: Tin bài 1/50"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (faults.refuse(errors.make_quota_exceeded("Write")), "số yêu cầu mỗi phút"),
        (faults.refuse(errors.make_sheets_error(503, "UNAVAILABLE", "busy")), "HTTP 503"),
        (faults.drop_connection(), "bị ngắt"),
    ],
    ids=["quota", "busy", "cut"],
)
def test_a_failed_write_is_not_reported_as_a_failed_read(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn, fault: faults.Fault, words: str
) -> None:
    loop.write_sources(make_file([HEADER, build_news_row(1)]))
    google.faults.add_fault(WRITE, fault, times=9)
    message = loop.sync()["s1"].format_messages("vi")
    assert "chưa ghi hết phản hồi" in message and words in message and message == loop.get_last_message()


def test_if_the_read_after_a_write_failed_the_next_sync_reads_again(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER, build_news_row(1), build_news_row("hai", "khác")])
    loop.write_sources(file)
    loop.sync()
    loop.sync()
    modified = file.modified_time
    for row in (2, 3):
        file.get_sheet("Tiến độ").type_value(f"G{row}", None)
    google.faults.add_fault(WRITE, faults.run_before(lambda: file.get_sheet("Tiến độ").insert_rows(2)))
    google.faults.add_fault(GET, faults.refuse(errors.make_not_shared()), skip=3)
    loop.sync(minutes=24 * 60)
    assert [str(read_feedback(file, row))[:1] for row in (2, 3)] == ["✓", "✗"]  # beside the wrong rows
    file.modified_time = modified  # Drive lists the write late
    loop.sync()
    assert read_feedback(file, 2) is None
    assert [str(read_feedback(file, row))[:1] for row in (3, 4)] == ["✓", "✗"]


@pytest.mark.parametrize("step", ["snapshot_feedback", "look_at_sheet"])
def test_what_one_sheet_provokes_stops_neither_its_figures_nor_the_feedback_of_others(
    step: str, loop: FeedbackLoop, make_file: MakeFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_file([HEADER, build_news_row(3)]), make_file([HEADER, build_news_row(4, "khác")])
    loop.write_sources(first, second)
    modules = {"snapshot_feedback": [snapshot, sheet_look], "look_at_sheet": [feedback_writer]}[step]
    usual = getattr(modules[0], step)
    calls: list[int] = []

    def fail_once(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise LookupError("unforeseen")
        return usual(*args)

    with monkeypatch.context() as patch:
        for module in modules:
            patch.setattr(module, step, fail_once)
        results = loop.sync()
    assert [result.accepted for result in results.values()] == [1, 1]
    assert second.get_sheet("Tiến độ").get_value("G2") == "✓ Đã tính: Tin bài 7/50"
    if step == "look_at_sheet":
        assert "LookupError" in results["s1"].format_messages("vi")
        assert "LookupError" not in results["s2"].format_messages("vi")
    results = loop.sync()
    assert first.get_sheet("Tiến độ").get_value("G2") == "✓ Đã tính: Tin bài 7/50"
    assert "LookupError" not in results["s1"].format_messages("vi")


def test_of_two_overlapping_syncs_only_one_writes(loop: FeedbackLoop, make_file: MakeFile, google: StandIn) -> None:
    file = make_file([HEADER, build_news_row(1)])
    loop.write_sources(file)
    others: list[SyncResult] = []

    def overlap() -> None:
        google.cloud.edit_file(
            file, lambda file: file.get_sheet("Tiến độ").fill_rows([build_news_row(5, "mới")], top=3)
        )
        others.append(loop.refresh_sources())

    google.faults.add_fault(WRITE, faults.run_before(overlap))
    loop.sync()
    assert [other.running for other in others] == [True]
    loop.sync()
    assert [read_feedback(file, row) for row in (2, 3)] == ["✓ Đã tính: Tin bài 6/50"] * 2


def test_a_sync_stopped_while_writing_feedback_is_in_the_journal_and_reads_nothing_twice(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, other = make_file([HEADER, build_news_row(1)]), make_file([HEADER, build_news_row(2, "b")])
    loop.write_sources(file, other)

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("kpis.feedback.google.feedback_writer.write_feedback", stop)
        loop.sync()
    statuses = list_source_statuses(None, Path(loop.environ["KPIS_DATABASE"]), loop.now)
    assert [status.last_attempt.result.outcome for status in statuses if status.last_attempt] == [
        "changed",
        "changed",
    ]
    loop.sync()
    assert loop.cost == (3, 6, 4)  # a read before each tag, after it, and after the write
    assert read_feedback(file, 2) == read_feedback(other, 2) == "✓ Đã tính: Tin bài 3/50"


def test_a_watch_keeps_its_read_budget_and_continues_with_the_oldest(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn
) -> None:
    files = [make_file([HEADER, build_news_row(1, f"việc {number}")]) for number in range(12)]
    loop.write_sources(*files)
    interval = timedelta(seconds=12)  # nine reads
    read_counts: list[int] = []
    for _ in range(12):
        loop.sync(minutes=0.2, interval=interval)
        read_counts.append(loop.cost[1])
    assert max(read_counts) <= 9
    assert all(read_feedback(file, 2) for file in files)
    loop.sync(minutes=24 * 60)
    for _ in range(2):
        loop.sync()
    google.cloud.edit_file(
        files[7], lambda file: file.get_sheet("Tiến độ").fill_rows([build_news_row(8, "mới")], top=3)
    )
    loop.sync(minutes=24 * 60, interval=interval)  # edited rows come before nightly totals
    assert read_feedback(files[7], 3) == "✓ Đã tính: Tin bài 20/50" and loop.cost[1] <= 9
    for _ in range(8):
        loop.sync(minutes=0.2, interval=interval)
        assert loop.cost[1] <= 9
    assert {read_feedback(file, 2) for file in files} == {"✓ Đã tính: Tin bài 20/50"}


def test_a_damaged_records_file_costs_one_read(loop: FeedbackLoop, make_file: MakeFile, tmp_path: Path) -> None:
    loop.write_sources(make_file([HEADER, build_news_row(1)]))
    loop.sync()
    loop.sync()
    (tmp_path / "kpis-answers.json").write_text('{"s1": 3}', encoding="utf-8")
    loop.sync()
    assert loop.cost == (1, 1, 0)


def test_at_night_deleted_feedback_is_written_again(loop: FeedbackLoop, make_file: MakeFile) -> None:
    file = make_file([HEADER, build_news_row(1)])
    loop.write_sources(file)
    loop.sync()
    loop.sync()
    file.get_sheet("Tiến độ").type_value("G2", None)
    loop.sync(minutes=24 * 60)
    assert read_feedback(file, 2) == "✓ Đã tính: Tin bài 1/50"


def test_with_feedback_off_nothing_is_written_and_no_write_scope_is_requested(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER, build_news_row(1)])
    loop.write_sources(file)
    loop.environ["KPIS_GOOGLE_FEEDBACK"] = "off"
    loop.sync()
    assert loop.cost == (1, 1, 0)
    assert read_feedback(file, 2) is None
    (scopes,) = set(google.account.tokens.values())
    assert not [scope for scope in scopes if scope.endswith("/spreadsheets")]
    loop.environ["KPIS_GOOGLE_FEEDBACK"] = "maybe"
    with pytest.raises(UsageError, match="on or off"):
        loop.sync()


def test_a_held_source_keeps_its_feedback(loop: FeedbackLoop, make_file: MakeFile) -> None:
    file = make_file([HEADER, *(build_news_row(1, f"việc {number}") for number in range(20))])
    loop.write_sources(file)
    loop.sync()
    tab = file.get_sheet("Tiến độ")
    for row in range(4, 22):
        for column in "ABCDEFG":
            tab.type_value(f"{column}{row}", None)
    touch_file(loop, file)
    assert loop.sync()["s1"].outcome == "held"
    assert read_feedback(file, 2) == "✓ Đã tính: Tin bài 20/50"


def test_the_command_reports_why_feedback_is_missing(
    loop: FeedbackLoop, make_file: MakeFile, capsys: pytest.CaptureFixture[str]
) -> None:
    loop.write_sources(make_file([HEADER[:6], build_news_row(1)]))
    assert main(["sync", "--json"], environ=loop.environ, now=datetime(2026, 11, 21, 3)) == 0
    (source,) = json.loads(capsys.readouterr().out)["sources"]
    assert "prepare-sheet" in source["message"]
