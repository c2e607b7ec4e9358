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
from kpis.settings import settings
from kpis.sources.google.limiter import Limiter
from kpis.sync.result import SourceResult, SyncResult
from kpis.sync.status import source_statuses
from tests.google_stand_in import Spreadsheet, StandIn, errors, faults
from tests.google_stand_in.fixtures import HEADER, NOW

GET, WRITE, LIST = (
    "sheets.spreadsheets.get",
    "sheets.spreadsheets.values.batchUpdate",
    "drive.files.list",
)
MakeFile = Callable[..., Spreadsheet]
FIVE_MINUTES = timedelta(minutes=5)


def news(quantity: object, content: str = "Bản tin", evidence: str | None = "1/BC") -> list[object]:
    return [date(2026, 3, 15), "Sở Công Thương", "Tin bài", quantity, content, evidence]


class Loop:
    """Sheets of Hà Nội's plan, and syncs five minutes apart."""

    def __init__(self, google: StandIn, folder: Path) -> None:
        self.google, self.sources, self.now = google, folder / "sources.toml", NOW
        self.environ = {
            "KPIS_GOOGLE_KEY_JSON": json.dumps(google.key()),
            "KPIS_GOOGLE_BASE": google.base,
            "KPIS_SOURCES": str(self.sources),
            "KPIS_DATABASE": str(folder / "kpis.json"),
        }

    def name(self, *files: Spreadsheet) -> None:
        tables = (
            f'[[source]]\nid = "s{number}"\nplan = "ha-noi"\ngoogle = "{file.id}"\n'
            for number, file in enumerate(files, 1)
        )
        self.sources.write_text("\n".join(tables), encoding="utf-8")

    def run(self, every: timedelta | None = None) -> SyncResult:
        return refresh(settings(self.environ), self.environ, self.now, asked_now=True, every=every)

    def sync(self, minutes: float = 5, every: timedelta | None = None) -> dict[str, SourceResult]:
        """By hand, or as one turn of a watch."""
        self.google.calls.clear()
        self.now += timedelta(minutes=minutes)
        return {one.id: one for one in self.run(every).sources}

    def shown(self, name: str = "s1") -> str:
        """What the page of sources says of the last attempt."""
        statuses = source_statuses(None, Path(self.environ["KPIS_DATABASE"]), self.now)
        (last,) = [status.last for status in statuses if status.id == name]
        return last.result.message("vi") if last else ""

    @property
    def cost(self) -> tuple[int, int, int]:
        """Listings, reads and writes of the last sync."""
        count = self.google.count
        return count(LIST), count(GET), count(WRITE)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are counted where they arrive; turns are not waited for."""
    monkeypatch.setattr(Limiter, "turn", lambda _: 0.0)


@pytest.fixture
def loop(google: StandIn, tmp_path: Path) -> Loop:
    return Loop(google, tmp_path)


def verdict(file: Spreadsheet, row: int) -> object:
    return file.sheet("Tiến độ").value(f"G{row}")


def touch(loop: Loop, file: Spreadsheet) -> None:
    """What a person types changes Drive's modified time."""
    loop.google.cloud.touch(file)


def test_a_row_has_its_verdict_within_the_sync_that_counts_it(loop: Loop, make_file: MakeFile) -> None:
    file = make_file([HEADER, news(47), ["31/02/2026", *news(1)[1:]], news(1, "khác", None)])
    loop.name(file)
    found = loop.sync()["s1"]
    assert (found.outcome, found.accepted, found.rejected) == ("changed", 2, 1)
    assert found.message("vi") == ""
    assert verdict(file, 2) == "✓ Đã tính: Tin bài 48/50"
    assert str(verdict(file, 3)).startswith("✗ A3: 31/02/2026 không có trong lịch")
    assert verdict(file, 4) == "! Thiếu minh chứng · Đã tính: Tin bài 48/50"


def test_a_row_that_another_sheet_has_too_is_told_so_and_that_stands(loop: Loop, make_file: MakeFile) -> None:
    one, other = make_file([HEADER, news(47)]), make_file([HEADER, news(47), news(2, "khác")])
    loop.name(one, other)
    loop.sync()
    assert verdict(one, 2) == "✓ Đã tính: Tin bài 49/50"
    assert str(verdict(other, 2)).startswith("✗ A2: nguồn “s1” đã có đúng dòng này")
    assert verdict(other, 3) == "✓ Đã tính: Tin bài 49/50"
    loop.sync()
    assert loop.cost == (1, 0, 0)


def test_an_unchanged_sheet_costs_its_listing_alone(loop: Loop, make_file: MakeFile) -> None:
    loop.name(make_file([HEADER, news(47)]))
    loop.sync()
    assert loop.cost == (2, 3, 1)  # read, look, write, the time that made, look again
    loop.sync()
    assert loop.cost == (1, 0, 0)  # our own write is known by its time


def test_a_total_that_another_sheet_raised_waits_until_the_rows_change_or_the_night(
    loop: Loop, make_file: MakeFile
) -> None:
    one, other = make_file([HEADER, news(10)]), make_file([HEADER, news(5, "b")])
    loop.name(one, other)
    loop.sync()
    assert verdict(one, 2) == verdict(other, 2) == "✓ Đã tính: Tin bài 15/50"
    other.sheet("Tiến độ").fill([news(7, "c")], top=3)
    touch(loop, other)
    loop.sync()
    assert loop.cost == (2, 3, 1)  # the edited one alone
    assert [verdict(other, row) for row in (2, 3)] == ["✓ Đã tính: Tin bài 22/50"] * 2
    assert verdict(one, 2) == "✓ Đã tính: Tin bài 15/50"
    touch(loop, one)
    loop.sync()
    assert loop.cost == (1, 1, 0)  # read, and no row has changed
    one.sheet("Tiến độ").put("D2", 11)
    touch(loop, one)
    loop.sync()
    assert verdict(one, 2) == "✓ Đã tính: Tin bài 23/50"
    loop.sync(minutes=24 * 60)
    assert {verdict(one, 2), verdict(other, 2), verdict(other, 3)} == {"✓ Đã tính: Tin bài 23/50"}


def test_at_night_every_running_total_is_brought_up_to_date(loop: Loop, make_file: MakeFile) -> None:
    files = [make_file([HEADER, news(1, f"việc {number}")]) for number in range(4)]
    loop.name(*files)
    loop.sync()
    files[0].sheet("Tiến độ").fill([news(7, "c")], top=3)
    touch(loop, files[0])
    loop.sync()
    loop.sync(minutes=24 * 60)
    assert loop.cost == (4, 4 + 3 * 2, 3)  # all are read; three are looked at, written in and looked at again
    assert {verdict(file, 2) for file in files} == {"✓ Đã tính: Tin bài 11/50"}
    loop.sync(minutes=24 * 60)
    assert loop.cost == (1, 4, 0)  # what was read is right: no look


def swap(file: Spreadsheet, one: int, other: int) -> None:
    """Sorts two rows without the column of verdicts, as where that column is protected."""
    cells = file.sheet("Tiến độ").cells
    for column in range(6):
        first, second = cells.pop((one - 1, column), None), cells.pop((other - 1, column), None)
        cells |= {(one - 1, column): second} if second else {}
        cells |= {(other - 1, column): first} if first else {}


def test_rows_that_were_sorted_have_their_own_verdicts_after_the_next_sync(
    loop: Loop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER, news(3), news("hai", "khác")])
    loop.name(file)
    loop.sync()
    google.cloud.edit(file, lambda file: swap(file, 2, 3))
    assert loop.sync()["s1"].outcome == "unchanged"
    assert str(verdict(file, 2)).startswith("✗ D2") and verdict(file, 3) == "✓ Đã tính: Tin bài 3/50"
    google.cloud.edit(file, lambda file: file.sheet("Tiến độ").insert_rows(2))
    loop.sync()
    assert verdict(file, 2) is None and str(verdict(file, 3)).startswith("✗ D3")
    google.cloud.edit(file, lambda file: file.sheet("Tiến độ").put("G3", None))
    loop.sync()
    assert str(verdict(file, 3)).startswith("✗ D3")
    loop.sync()
    assert loop.cost == (1, 0, 0)


@pytest.mark.parametrize(("method", "after"), [(WRITE, 0), (LIST, 1), (GET, 2)])
def test_what_people_type_while_we_write_is_read_at_the_next_sync(
    loop: Loop, make_file: MakeFile, google: StandIn, method: str, after: int
) -> None:
    file = make_file([HEADER, news(3)])
    loop.name(file)

    def type_a_row() -> None:
        google.cloud.edit(file, lambda file: file.sheet("Tiến độ").fill([news(5, "mới")], top=3))

    google.faults.add(method, faults.before(type_a_row), after=after)
    loop.sync()
    loop.sync()
    assert verdict(file, 3) == "✓ Đã tính: Tin bài 8/50"
    loop.sync()
    assert loop.cost == (1, 0, 0)


def test_a_sheet_without_the_column_says_so_and_is_answered_once_it_has_one(
    loop: Loop, make_file: MakeFile
) -> None:
    file = make_file([HEADER[:6], news(1)])
    loop.name(file)
    found = loop.sync()["s1"]
    assert found.outcome == "changed"
    assert "không có cột “Phản hồi”" in found.message("vi")
    loop.sync()
    assert loop.cost == (1, 0, 0)
    file.sheet("Tiến độ").put("G1", "Phản hồi")
    touch(loop, file)
    loop.sync()
    assert verdict(file, 2) == "✓ Đã tính: Tin bài 1/50"


def test_a_file_that_may_only_be_read_is_read_as_well_as_ever(
    loop: Loop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER, news(1)], share={google.account.email: "reader"})
    loop.name(file)
    found = loop.sync(every=FIVE_MINUTES)["s1"]
    assert (found.outcome, found.accepted) == ("changed", 1)
    for minutes in (5, 5):
        assert google.account.email in loop.sync(minutes, every=FIVE_MINUTES)["s1"].message("vi")
        assert google.account.email in loop.shown()
        assert loop.cost == (1, 0, 0)
    loop.sync(every=FIVE_MINUTES)
    assert loop.cost == (1, 1, 1)  # tried again every quarter of an hour


def share(google: StandIn, file: Spreadsheet) -> None:
    file.share[google.account.email] = "writer"


def lift(google: StandIn, file: Spreadsheet) -> None:
    file.sheet("Tiến độ").protected.clear()


@pytest.mark.parametrize("mend", [share, lift])
def test_whoever_lets_us_in_sees_verdicts_at_the_next_sync_by_hand_and_soon_in_a_watch(
    loop: Loop, make_file: MakeFile, google: StandIn, mend: Callable[[StandIn, Spreadsheet], None]
) -> None:
    file, other = make_file([HEADER, news(1)]), make_file([HEADER, news(2, "b")])
    loop.name(file, other)
    for one in (file, other):
        if mend is share:
            one.share[google.account.email] = "reader"
        else:
            one.sheet("Tiến độ").protect("G1:G", ["chu-tai-khoan@example.org"])
    loop.sync()
    assert verdict(file, 2) is None
    mend(google, file)  # which does not move the time of the file
    assert loop.sync()["s1"].message("vi") == ""
    assert verdict(file, 2) == "✓ Đã tính: Tin bài 3/50"
    mend(google, other)
    for _ in range(3):
        loop.sync(every=FIVE_MINUTES)
    assert verdict(other, 2) == "✓ Đã tính: Tin bài 3/50" and loop.shown("s2") == ""


def test_a_note_stands_until_what_it_is_about_is_mended(
    loop: Loop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER[:6], news(1)], locale="en_US")
    loop.name(file)
    for _ in range(3):
        said = loop.sync()["s1"].message("vi")
        assert "Phản hồi" in said and "tháng 5" in said and said == loop.shown()
    assert loop.cost == (1, 0, 0)
    google.cloud.edit(file, lambda file: setattr(file.sheet("Tiến độ"), "title", "Quý IV"))
    loop.sync()
    said = loop.sync()["s1"].message("vi")
    assert "đổi tên" in said and said == loop.shown() and loop.cost == (1, 0, 0)

    def mend(file: Spreadsheet) -> None:
        file.locale, file.sheets[0].title = "vi_VN", "Tiến độ"
        file.sheets[0].put("G1", "Phản hồi")

    google.cloud.edit(file, mend)
    for _ in range(2):
        assert loop.sync()["s1"].message("vi") == loop.shown() == ""


def test_a_write_that_failed_in_passing_is_made_up_for_at_the_next_sync(
    loop: Loop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER, news(1)])
    loop.name(file)
    google.faults.add(WRITE, faults.refuse(errors.sheets(503, "UNAVAILABLE", "busy")), times=2)
    found = loop.sync()["s1"]
    assert found.outcome == "changed" and "chưa ghi hết phản hồi" in found.message("vi")
    assert verdict(file, 2) is None
    assert loop.sync()["s1"].message("vi") == ""
    assert verdict(file, 2) == "✓ Đã tính: Tin bài 1/50"


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (faults.refuse(errors.quota("Write")), "số yêu cầu mỗi phút"),
        (faults.refuse(errors.sheets(503, "UNAVAILABLE", "busy")), "HTTP 503"),
        (faults.lost(), "bị ngắt"),
    ],
    ids=["quota", "busy", "cut"],
)
def test_a_failed_write_is_not_told_as_a_failed_read(
    loop: Loop, make_file: MakeFile, google: StandIn, fault: faults.Fault, says: str
) -> None:
    loop.name(make_file([HEADER, news(1)]))
    google.faults.add(WRITE, fault, times=9)
    said = loop.sync()["s1"].message("vi")
    assert "chưa ghi hết phản hồi" in said and says in said and said == loop.shown()


def test_after_a_write_whose_look_failed_the_next_sync_is_certain_to_look(
    loop: Loop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER, news(1), news("hai", "khác")])
    loop.name(file)
    loop.sync()
    loop.sync()
    modified = file.modified
    for row in (2, 3):
        file.sheet("Tiến độ").put(f"G{row}", None)
    google.faults.add(WRITE, faults.before(lambda: file.sheet("Tiến độ").insert_rows(2)))
    google.faults.add(GET, faults.refuse(errors.not_shared()), after=2)
    loop.sync(minutes=24 * 60)
    assert [str(verdict(file, row))[:1] for row in (2, 3)] == ["✓", "✗"]  # beside the wrong rows
    file.modified = modified  # Drive tells of the write late
    loop.sync()
    assert verdict(file, 2) is None
    assert [str(verdict(file, row))[:1] for row in (3, 4)] == ["✓", "✗"]


def test_of_two_syncs_that_overlap_one_answers(loop: Loop, make_file: MakeFile, google: StandIn) -> None:
    file = make_file([HEADER, news(1)])
    loop.name(file)
    others: list[SyncResult] = []

    def overlap() -> None:
        google.cloud.edit(file, lambda file: file.sheet("Tiến độ").fill([news(5, "mới")], top=3))
        others.append(loop.run())

    google.faults.add(WRITE, faults.before(overlap))
    loop.sync()
    assert [other.running for other in others] == [True]
    loop.sync()
    assert [verdict(file, row) for row in (2, 3)] == ["✓ Đã tính: Tin bài 6/50"] * 2


def test_a_sync_that_is_stopped_while_it_answers_is_in_the_journal_and_reads_nothing_twice(
    loop: Loop, make_file: MakeFile, google: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = make_file([HEADER, news(1)]), make_file([HEADER, news(2, "b")])
    loop.name(one, other)

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("kpis.feedback.google.write.answer", stop)
        loop.sync()
    statuses = source_statuses(None, Path(loop.environ["KPIS_DATABASE"]), loop.now)
    assert [status.last.result.outcome for status in statuses if status.last] == ["changed", "changed"]
    loop.sync()
    assert loop.cost == (3, 4, 2)  # a look before each write and after it
    assert verdict(one, 2) == verdict(other, 2) == "✓ Đã tính: Tin bài 3/50"


def test_a_watch_spends_what_its_time_allows_and_goes_on_with_the_oldest(
    loop: Loop, make_file: MakeFile, google: StandIn
) -> None:
    files = [make_file([HEADER, news(1, f"việc {number}")]) for number in range(12)]
    loop.name(*files)
    every, spent = timedelta(seconds=12), list[int]()  # nine reads
    for _ in range(12):
        loop.sync(minutes=0.2, every=every)
        spent.append(loop.cost[1])
    assert max(spent) <= 9
    assert all(verdict(file, 2) for file in files)
    loop.sync(minutes=24 * 60)
    for _ in range(2):
        loop.sync()
    google.cloud.edit(files[7], lambda file: file.sheet("Tiến độ").fill([news(8, "mới")], top=3))
    loop.sync(minutes=24 * 60, every=every)  # what was edited goes before what is due at night
    assert verdict(files[7], 3) == "✓ Đã tính: Tin bài 20/50" and loop.cost[1] <= 9
    for _ in range(8):
        loop.sync(minutes=0.2, every=every)
        assert loop.cost[1] <= 9
    assert {verdict(file, 2) for file in files} == {"✓ Đã tính: Tin bài 20/50"}


def test_a_memory_that_is_lost_or_damaged_costs_a_look_and_no_more(
    loop: Loop, make_file: MakeFile, tmp_path: Path
) -> None:
    loop.name(make_file([HEADER, news(1)]))
    loop.sync()
    loop.sync()
    (tmp_path / "kpis-answers.json").write_text('{"s1": 3}', encoding="utf-8")
    loop.sync()
    assert loop.cost == (1, 1, 0)


def test_at_night_every_sheet_is_looked_at_and_what_was_wiped_comes_back(
    loop: Loop, make_file: MakeFile
) -> None:
    file = make_file([HEADER, news(1)])
    loop.name(file)
    loop.sync()
    loop.sync()
    file.sheet("Tiến độ").put("G2", None)
    loop.sync(minutes=24 * 60)
    assert verdict(file, 2) == "✓ Đã tính: Tin bài 1/50"


def test_with_feedback_switched_off_nothing_is_written_or_asked_for(
    loop: Loop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER, news(1)])
    loop.name(file)
    loop.environ["KPIS_GOOGLE_FEEDBACK"] = "off"
    loop.sync()
    assert loop.cost == (1, 1, 0)
    assert verdict(file, 2) is None
    (scopes,) = set(google.account.tokens.values())
    assert not [scope for scope in scopes if scope.endswith("/spreadsheets")]
    loop.environ["KPIS_GOOGLE_FEEDBACK"] = "maybe"
    with pytest.raises(UsageError, match="on or off"):
        loop.sync()


def test_a_held_source_keeps_the_verdicts_it_has(loop: Loop, make_file: MakeFile) -> None:
    file = make_file([HEADER, *(news(1, f"việc {number}") for number in range(20))])
    loop.name(file)
    loop.sync()
    tab = file.sheet("Tiến độ")
    for row in range(4, 22):
        for column in "ABCDEFG":
            tab.put(f"{column}{row}", None)
    touch(loop, file)
    assert loop.sync()["s1"].outcome == "held"
    assert verdict(file, 2) == "✓ Đã tính: Tin bài 20/50"


def test_the_command_says_what_kept_it_from_answering(
    loop: Loop, make_file: MakeFile, capsys: pytest.CaptureFixture[str]
) -> None:
    loop.name(make_file([HEADER[:6], news(1)]))
    assert main(["sync", "--json"], environ=loop.environ, now=datetime(2026, 11, 21, 3)) == 0
    (source,) = json.loads(capsys.readouterr().out)["sources"]
    assert "prepare-sheet" in source["message"]
