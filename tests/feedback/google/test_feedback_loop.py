"""The whole loop: a row is typed, a sync counts it, and the verdict stands beside it; what that costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kpis.cli.main import main
from kpis.errors import UsageError
from kpis.services.refresh import refresh
from kpis.settings import load_settings
from kpis.sources.google.rate_limiter import RateLimiter
from kpis.sync.result import SourceResult, SyncResult
from kpis.sync.status import list_source_statuses
from tests.google_stand_in import Spreadsheet, StandIn, errors, faults
from tests.google_stand_in.fixtures import HEADER, NOW

GET, WRITE, LIST = (
    "sheets.spreadsheets.get",
    "sheets.spreadsheets.values.batchUpdate",
    "drive.files.list",
)
MakeFile = Callable[..., Spreadsheet]
FIVE_MINUTES = timedelta(minutes=5)


def build_news_row(quantity: object, content: str = "Bản tin", evidence: str | None = "1/BC") -> list[object]:
    return [date(2026, 3, 15), "Sở Công Thương", "Tin bài", quantity, content, evidence]


class FeedbackLoop:
    """Sheets of Hà Nội's plan, and syncs five minutes apart."""

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

    def refresh_sources(self, every: timedelta | None = None) -> SyncResult:
        return refresh(load_settings(self.environ), self.environ, self.now, explicit_now=True, interval=every)

    def sync(self, minutes: float = 5, every: timedelta | None = None) -> dict[str, SourceResult]:
        """By hand, or as one turn of a watch."""
        self.google.calls.clear()
        self.now += timedelta(minutes=minutes)
        return {one.id: one for one in self.refresh_sources(every).sources}

    def get_last_message(self, source_id: str = "s1") -> str:
        """What the page of sources says of the last attempt."""
        statuses = list_source_statuses(None, Path(self.environ["KPIS_DATABASE"]), self.now)
        (last,) = [status.last_attempt for status in statuses if status.id == source_id]
        return last.result.format_messages("vi") if last else ""

    @property
    def cost(self) -> tuple[int, int, int]:
        """Listings, reads and writes of the last sync."""
        count = self.google.count_calls
        return count(LIST), count(GET), count(WRITE)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are counted where they arrive; turns are not waited for."""
    monkeypatch.setattr(RateLimiter, "acquire", lambda _: 0.0)


@pytest.fixture
def loop(google: StandIn, tmp_path: Path) -> FeedbackLoop:
    return FeedbackLoop(google, tmp_path)


def read_feedback(file: Spreadsheet, row: int) -> object:
    return file.get_sheet("Tiến độ").get_value(f"G{row}")


def touch_file(loop: FeedbackLoop, file: Spreadsheet) -> None:
    """What a person types changes Drive's modified time."""
    loop.google.cloud.touch_file(file)


def test_a_row_has_its_verdict_within_the_sync_that_counts_it(
    loop: FeedbackLoop, make_file: MakeFile
) -> None:
    file = make_file(
        [HEADER, build_news_row(47), ["31/02/2026", *build_news_row(1)[1:]], build_news_row(1, "khác", None)]
    )
    loop.write_sources(file)
    found = loop.sync()["s1"]
    assert (found.outcome, found.accepted, found.rejected) == ("changed", 2, 1)
    assert found.format_messages("vi") == ""
    assert read_feedback(file, 2) == "✓ Đã tính: Tin bài 48/50"
    assert str(read_feedback(file, 3)).startswith("✗ A3: 31/02/2026 không có trong lịch")
    assert read_feedback(file, 4) == "! Thiếu minh chứng · Đã tính: Tin bài 48/50"


def test_a_row_that_another_sheet_has_too_is_told_so_and_that_stands(
    loop: FeedbackLoop, make_file: MakeFile
) -> None:
    one, other = (
        make_file([HEADER, build_news_row(47)]),
        make_file([HEADER, build_news_row(47), build_news_row(2, "khác")]),
    )
    loop.write_sources(one, other)
    loop.sync()
    assert read_feedback(one, 2) == "✓ Đã tính: Tin bài 49/50"
    assert str(read_feedback(other, 2)).startswith("✗ A2: nguồn “s1” đã có đúng dòng này")
    assert read_feedback(other, 3) == "✓ Đã tính: Tin bài 49/50"
    loop.sync()
    assert loop.cost == (1, 0, 0)


def test_an_unchanged_sheet_costs_its_listing_alone(loop: FeedbackLoop, make_file: MakeFile) -> None:
    loop.write_sources(make_file([HEADER, build_news_row(47)]))
    loop.sync()
    assert loop.cost == (2, 3, 1)  # read, look, write, the time that made, look again
    loop.sync()
    assert loop.cost == (1, 0, 0)  # our own write is known by its time


def test_a_total_that_another_sheet_raised_waits_until_the_rows_change_or_the_night(
    loop: FeedbackLoop, make_file: MakeFile
) -> None:
    one, other = make_file([HEADER, build_news_row(10)]), make_file([HEADER, build_news_row(5, "b")])
    loop.write_sources(one, other)
    loop.sync()
    assert read_feedback(one, 2) == read_feedback(other, 2) == "✓ Đã tính: Tin bài 15/50"
    other.get_sheet("Tiến độ").fill_rows([build_news_row(7, "c")], top=3)
    touch_file(loop, other)
    loop.sync()
    assert loop.cost == (2, 3, 1)  # the edited one alone
    assert [read_feedback(other, row) for row in (2, 3)] == ["✓ Đã tính: Tin bài 22/50"] * 2
    assert read_feedback(one, 2) == "✓ Đã tính: Tin bài 15/50"
    touch_file(loop, one)
    loop.sync()
    assert loop.cost == (1, 1, 0)  # read, and no row has changed
    one.get_sheet("Tiến độ").type_value("D2", 11)
    touch_file(loop, one)
    loop.sync()
    assert read_feedback(one, 2) == "✓ Đã tính: Tin bài 23/50"
    loop.sync(minutes=24 * 60)
    assert {read_feedback(one, 2), read_feedback(other, 2), read_feedback(other, 3)} == {
        "✓ Đã tính: Tin bài 23/50"
    }


def test_at_night_every_running_total_is_brought_up_to_date(loop: FeedbackLoop, make_file: MakeFile) -> None:
    files = [make_file([HEADER, build_news_row(1, f"việc {number}")]) for number in range(4)]
    loop.write_sources(*files)
    loop.sync()
    files[0].get_sheet("Tiến độ").fill_rows([build_news_row(7, "c")], top=3)
    touch_file(loop, files[0])
    loop.sync()
    loop.sync(minutes=24 * 60)
    assert loop.cost == (4, 4 + 3 * 2, 3)  # all are read; three are looked at, written in and looked at again
    assert {read_feedback(file, 2) for file in files} == {"✓ Đã tính: Tin bài 11/50"}
    loop.sync(minutes=24 * 60)
    assert loop.cost == (1, 4, 0)  # what was read is right: no look


def swap_rows(file: Spreadsheet, row: int, other_row: int) -> None:
    """Sorts two rows without the column of verdicts, as where that column is protected."""
    cells = file.get_sheet("Tiến độ").cells
    for column in range(6):
        first, second = cells.pop((row - 1, column), None), cells.pop((other_row - 1, column), None)
        cells |= {(row - 1, column): second} if second else {}
        cells |= {(other_row - 1, column): first} if first else {}


def test_rows_that_were_sorted_have_their_own_verdicts_after_the_next_sync(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER, build_news_row(3), build_news_row("hai", "khác")])
    loop.write_sources(file)
    loop.sync()
    google.cloud.edit_file(file, lambda file: swap_rows(file, 2, 3))
    assert loop.sync()["s1"].outcome == "unchanged"
    assert (
        str(read_feedback(file, 2)).startswith("✗ D2") and read_feedback(file, 3) == "✓ Đã tính: Tin bài 3/50"
    )
    google.cloud.edit_file(file, lambda file: file.get_sheet("Tiến độ").insert_rows(2))
    loop.sync()
    assert read_feedback(file, 2) is None and str(read_feedback(file, 3)).startswith("✗ D3")
    google.cloud.edit_file(file, lambda file: file.get_sheet("Tiến độ").type_value("G3", None))
    loop.sync()
    assert str(read_feedback(file, 3)).startswith("✗ D3")
    loop.sync()
    assert loop.cost == (1, 0, 0)


@pytest.mark.parametrize(("method", "after"), [(WRITE, 0), (LIST, 1), (GET, 2)])
def test_what_people_type_while_we_write_is_read_at_the_next_sync(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn, method: str, after: int
) -> None:
    file = make_file([HEADER, build_news_row(3)])
    loop.write_sources(file)

    def type_a_row() -> None:
        google.cloud.edit_file(
            file, lambda file: file.get_sheet("Tiến độ").fill_rows([build_news_row(5, "mới")], top=3)
        )

    google.faults.add_fault(method, faults.run_before(type_a_row), skip=after)
    loop.sync()
    loop.sync()
    assert read_feedback(file, 3) == "✓ Đã tính: Tin bài 8/50"
    loop.sync()
    assert loop.cost == (1, 0, 0)


def test_a_sheet_without_the_column_says_so_and_is_answered_once_it_has_one(
    loop: FeedbackLoop, make_file: MakeFile
) -> None:
    file = make_file([HEADER[:6], build_news_row(1)])
    loop.write_sources(file)
    found = loop.sync()["s1"]
    assert found.outcome == "changed"
    assert "không có cột “Phản hồi”" in found.format_messages("vi")
    loop.sync()
    assert loop.cost == (1, 0, 0)
    file.get_sheet("Tiến độ").type_value("G1", "Phản hồi")
    touch_file(loop, file)
    loop.sync()
    assert read_feedback(file, 2) == "✓ Đã tính: Tin bài 1/50"


def test_a_file_that_may_only_be_read_is_read_as_well_as_ever(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER, build_news_row(1)], share={google.account.email: "reader"})
    loop.write_sources(file)
    found = loop.sync(every=FIVE_MINUTES)["s1"]
    assert (found.outcome, found.accepted) == ("changed", 1)
    for minutes in (5, 5):
        assert google.account.email in loop.sync(minutes, every=FIVE_MINUTES)["s1"].format_messages("vi")
        assert google.account.email in loop.get_last_message()
        assert loop.cost == (1, 0, 0)
    loop.sync(every=FIVE_MINUTES)
    assert loop.cost == (1, 1, 1)  # tried again every quarter of an hour


def share_file(google: StandIn, file: Spreadsheet) -> None:
    file.share[google.account.email] = "writer"


def remove_protection(google: StandIn, file: Spreadsheet) -> None:
    file.get_sheet("Tiến độ").protected_ranges.clear()


@pytest.mark.parametrize("mend", [share_file, remove_protection])
def test_whoever_lets_us_in_sees_verdicts_at_the_next_sync_by_hand_and_soon_in_a_watch(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn, mend: Callable[[StandIn, Spreadsheet], None]
) -> None:
    file, other = make_file([HEADER, build_news_row(1)]), make_file([HEADER, build_news_row(2, "b")])
    loop.write_sources(file, other)
    for one in (file, other):
        if mend is share_file:
            one.share[google.account.email] = "reader"
        else:
            one.get_sheet("Tiến độ").protect_range("G1:G", ["chu-tai-khoan@example.org"])
    loop.sync()
    assert read_feedback(file, 2) is None
    mend(google, file)  # which does not move the time of the file
    assert loop.sync()["s1"].format_messages("vi") == ""
    assert read_feedback(file, 2) == "✓ Đã tính: Tin bài 3/50"
    mend(google, other)
    for _ in range(3):
        loop.sync(every=FIVE_MINUTES)
    assert read_feedback(other, 2) == "✓ Đã tính: Tin bài 3/50" and loop.get_last_message("s2") == ""


def test_a_note_stands_until_what_it_is_about_is_mended(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER[:6], build_news_row(1)], locale="en_US")
    loop.write_sources(file)
    for _ in range(3):
        said = loop.sync()["s1"].format_messages("vi")
        assert "Phản hồi" in said and "tháng 5" in said and said == loop.get_last_message()
    assert loop.cost == (1, 0, 0)
    google.cloud.edit_file(file, lambda file: setattr(file.get_sheet("Tiến độ"), "title", "Quý IV"))
    loop.sync()
    said = loop.sync()["s1"].format_messages("vi")
    assert "đổi tên" in said and said == loop.get_last_message() and loop.cost == (1, 0, 0)

    def mend(file: Spreadsheet) -> None:
        file.locale, file.sheets[0].title = "vi_VN", "Tiến độ"
        file.sheets[0].type_value("G1", "Phản hồi")

    google.cloud.edit_file(file, mend)
    for _ in range(2):
        assert loop.sync()["s1"].format_messages("vi") == loop.get_last_message() == ""


def test_a_write_that_failed_in_passing_is_made_up_for_at_the_next_sync(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER, build_news_row(1)])
    loop.write_sources(file)
    google.faults.add_fault(
        WRITE, faults.refuse(errors.make_sheets_error(503, "UNAVAILABLE", "busy")), times=2
    )
    found = loop.sync()["s1"]
    assert found.outcome == "changed" and "chưa ghi hết phản hồi" in found.format_messages("vi")
    assert read_feedback(file, 2) is None
    assert loop.sync()["s1"].format_messages("vi") == ""
    assert read_feedback(file, 2) == "✓ Đã tính: Tin bài 1/50"


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (faults.refuse(errors.make_quota_exceeded("Write")), "số yêu cầu mỗi phút"),
        (faults.refuse(errors.make_sheets_error(503, "UNAVAILABLE", "busy")), "HTTP 503"),
        (faults.drop_connection(), "bị ngắt"),
    ],
    ids=["quota", "busy", "cut"],
)
def test_a_failed_write_is_not_told_as_a_failed_read(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn, fault: faults.Fault, says: str
) -> None:
    loop.write_sources(make_file([HEADER, build_news_row(1)]))
    google.faults.add_fault(WRITE, fault, times=9)
    said = loop.sync()["s1"].format_messages("vi")
    assert "chưa ghi hết phản hồi" in said and says in said and said == loop.get_last_message()


def test_after_a_write_whose_look_failed_the_next_sync_is_certain_to_look(
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
    google.faults.add_fault(GET, faults.refuse(errors.make_not_shared()), skip=2)
    loop.sync(minutes=24 * 60)
    assert [str(read_feedback(file, row))[:1] for row in (2, 3)] == ["✓", "✗"]  # beside the wrong rows
    file.modified_time = modified  # Drive tells of the write late
    loop.sync()
    assert read_feedback(file, 2) is None
    assert [str(read_feedback(file, row))[:1] for row in (3, 4)] == ["✓", "✗"]


def test_of_two_syncs_that_overlap_one_answers(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn
) -> None:
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


def test_a_sync_that_is_stopped_while_it_answers_is_in_the_journal_and_reads_nothing_twice(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = make_file([HEADER, build_news_row(1)]), make_file([HEADER, build_news_row(2, "b")])
    loop.write_sources(one, other)

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
    assert loop.cost == (3, 4, 2)  # a look before each write and after it
    assert read_feedback(one, 2) == read_feedback(other, 2) == "✓ Đã tính: Tin bài 3/50"


def test_a_watch_spends_what_its_time_allows_and_goes_on_with_the_oldest(
    loop: FeedbackLoop, make_file: MakeFile, google: StandIn
) -> None:
    files = [make_file([HEADER, build_news_row(1, f"việc {number}")]) for number in range(12)]
    loop.write_sources(*files)
    every, spent = timedelta(seconds=12), list[int]()  # nine reads
    for _ in range(12):
        loop.sync(minutes=0.2, every=every)
        spent.append(loop.cost[1])
    assert max(spent) <= 9
    assert all(read_feedback(file, 2) for file in files)
    loop.sync(minutes=24 * 60)
    for _ in range(2):
        loop.sync()
    google.cloud.edit_file(
        files[7], lambda file: file.get_sheet("Tiến độ").fill_rows([build_news_row(8, "mới")], top=3)
    )
    loop.sync(minutes=24 * 60, every=every)  # what was edited goes before what is due at night
    assert read_feedback(files[7], 3) == "✓ Đã tính: Tin bài 20/50" and loop.cost[1] <= 9
    for _ in range(8):
        loop.sync(minutes=0.2, every=every)
        assert loop.cost[1] <= 9
    assert {read_feedback(file, 2) for file in files} == {"✓ Đã tính: Tin bài 20/50"}


def test_a_memory_that_is_lost_or_damaged_costs_a_look_and_no_more(
    loop: FeedbackLoop, make_file: MakeFile, tmp_path: Path
) -> None:
    loop.write_sources(make_file([HEADER, build_news_row(1)]))
    loop.sync()
    loop.sync()
    (tmp_path / "kpis-answers.json").write_text('{"s1": 3}', encoding="utf-8")
    loop.sync()
    assert loop.cost == (1, 1, 0)


def test_at_night_every_sheet_is_looked_at_and_what_was_wiped_comes_back(
    loop: FeedbackLoop, make_file: MakeFile
) -> None:
    file = make_file([HEADER, build_news_row(1)])
    loop.write_sources(file)
    loop.sync()
    loop.sync()
    file.get_sheet("Tiến độ").type_value("G2", None)
    loop.sync(minutes=24 * 60)
    assert read_feedback(file, 2) == "✓ Đã tính: Tin bài 1/50"


def test_with_feedback_switched_off_nothing_is_written_or_asked_for(
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


def test_a_held_source_keeps_the_verdicts_it_has(loop: FeedbackLoop, make_file: MakeFile) -> None:
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


def test_the_command_says_what_kept_it_from_answering(
    loop: FeedbackLoop, make_file: MakeFile, capsys: pytest.CaptureFixture[str]
) -> None:
    loop.write_sources(make_file([HEADER[:6], build_news_row(1)]))
    assert main(["sync", "--json"], environ=loop.environ, now=datetime(2026, 11, 21, 3)) == 0
    (source,) = json.loads(capsys.readouterr().out)["sources"]
    assert "prepare-sheet" in source["message"]
