"""The whole loop: a row is typed, a sync counts it, and the verdict stands beside it; what that costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kpis.cli.main import main
from kpis.errors import UsageError
from kpis.refresh import refresh
from kpis.settings import settings
from kpis.sheets.google.limiter import process_limiter
from kpis.sync.result import SourceResult
from tests.google.conftest import HEADER, NOW
from tests.google.standin import Spreadsheet, StandIn, errors, faults

GET, WRITE, LIST = (
    "sheets.spreadsheets.get",
    "sheets.spreadsheets.values.batchUpdate",
    "drive.files.list",
)
MakeFile = Callable[..., Spreadsheet]


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

    def sync(self, minutes: int = 5) -> dict[str, SourceResult]:
        self.google.calls.clear()
        self.now += timedelta(minutes=minutes)
        result = refresh(settings(self.environ), self.environ, self.now, asked_now=True)
        return {one.id: one for one in result.sources}

    @property
    def cost(self) -> tuple[int, int, int]:
        """Listings, reads and writes of the last sync."""
        count = self.google.count
        return count(LIST), count(GET), count(WRITE)


@pytest.fixture(autouse=True)
def own_minute() -> None:
    """The turns that earlier tests of this process took are not waited for."""
    process_limiter.cache_clear()


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


def test_an_unchanged_sheet_costs_its_listing_alone(loop: Loop, make_file: MakeFile) -> None:
    loop.name(make_file([HEADER, news(47)]))
    loop.sync()
    assert loop.cost == (1, 3, 1)  # read, look, write, look again
    loop.sync()
    assert loop.cost == (1, 1, 0)  # our own write changed its time: one read, nothing new in it
    loop.sync()
    assert loop.cost == (1, 0, 0)


def test_a_total_that_another_sheet_raised_is_mended_in_both(loop: Loop, make_file: MakeFile) -> None:
    one, other = make_file([HEADER, news(10)]), make_file([HEADER, news(5, "b")])
    loop.name(one, other)
    loop.sync()
    assert verdict(one, 2) == verdict(other, 2) == "✓ Đã tính: Tin bài 15/50"
    loop.sync()
    other.sheet("Tiến độ").fill([news(7, "c")], top=3)
    touch(loop, other)
    loop.sync()
    assert verdict(one, 2) == verdict(other, 3) == "✓ Đã tính: Tin bài 22/50"


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
    found = loop.sync()["s1"]
    assert (found.outcome, found.accepted) == ("changed", 1)
    assert google.account.email in found.message("vi")
    loop.sync()
    assert loop.cost == (1, 0, 0)  # not asked again until something changes
    file.share[google.account.email] = "writer"
    touch(loop, file)
    loop.sync()
    assert verdict(file, 2) == "✓ Đã tính: Tin bài 1/50"


def test_a_write_that_failed_in_passing_is_made_up_for_at_the_next_sync(
    loop: Loop, make_file: MakeFile, google: StandIn
) -> None:
    file = make_file([HEADER, news(1)])
    loop.name(file)
    google.faults.add(WRITE, faults.refuse(errors.sheets(503, "UNAVAILABLE", "busy")), times=2)
    assert loop.sync()["s1"].outcome == "changed"
    assert verdict(file, 2) is None
    loop.sync()
    assert verdict(file, 2) == "✓ Đã tính: Tin bài 1/50"


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
