"""What a killed write replaced is put back first, whatever else happened since, and people are told for a week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from kpis.feedback.google.write_journal import WriteJournal
from kpis.sources.google.rate_limiter import RateLimiter
from kpis.store.shared_files import InstallationFiles
from tests.feedback.google.test_feedback_loop import FeedbackLoop, build_news_row
from tests.google_stand_in import Spreadsheet, StandIn, faults
from tests.google_stand_in.fixtures import HEADER

pytestmark = pytest.mark.slow

WRITE = "sheets.spreadsheets.values.batchUpdateByDataFilter"
EVIDENCE, FEEDBACK = 5, 6
MakeFile = Callable[..., Spreadsheet]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RateLimiter, "acquire", lambda _: 0.0)


@pytest.fixture
def loop(google: StandIn, tmp_path: Path) -> FeedbackLoop:
    return FeedbackLoop(google, tmp_path)


def kill_while_cells_move(loop: FeedbackLoop, file: Spreadsheet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a person move the evidence onto the column before a write, and the process end right after the write."""
    loop.google.faults.add_fault(
        WRITE, faults.run_before(lambda: file.get_sheet("Tiến độ").move_cells(EVIDENCE, FEEDBACK))
    )

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("kpis.sources.google.poll.GooglePass.fetch_modified_time", end)
        loop.sync()
    loop.google.cloud.touch_file(file)


def find_journals(loop: FeedbackLoop) -> list[Path]:
    return list(Path(loop.environ["KPIS_DATABASE"]).parent.glob("kpis-writing-*.json"))


def test_cells_that_were_put_back_are_told_for_a_week(
    loop: FeedbackLoop, make_file: MakeFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make_file([HEADER, build_news_row(1, evidence="7/BC")])
    loop.write_sources(file)
    kill_while_cells_move(loop, file, monkeypatch)
    for _ in range(3):
        assert "lịch sử phiên bản" in loop.sync()["s1"].format_messages("vi")
    assert file.get_sheet("Tiến độ").get_value("G2") == "7/BC"
    assert "lịch sử phiên bản" in loop.sync(minutes=6 * 24 * 60)["s1"].format_messages("vi")
    assert "lịch sử phiên bản" not in loop.sync(minutes=2 * 24 * 60)["s1"].format_messages("vi")


def test_they_are_put_back_and_told_in_a_source_that_cannot_be_read_now(
    loop: FeedbackLoop, make_file: MakeFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make_file([HEADER, build_news_row(1, evidence="7/BC")])
    loop.write_sources(file)
    kill_while_cells_move(loop, file, monkeypatch)
    file.get_sheet("Tiến độ").type_value("D1", "Ghi chú")  # a required column is gone
    loop.google.cloud.touch_file(file)
    result = loop.sync()["s1"]
    assert result.outcome == "failed" and "lịch sử phiên bản" in result.format_messages("vi")
    assert file.get_sheet("Tiến độ").get_value("G2") == "7/BC"


def test_they_are_put_back_although_the_records_are_lost(
    loop: FeedbackLoop, make_file: MakeFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make_file([HEADER, build_news_row(1, evidence="7/BC")])
    loop.write_sources(file)
    kill_while_cells_move(loop, file, monkeypatch)
    (find_journals(loop)[0].parent / "kpis-answers.json").unlink()
    loop.sync()
    assert file.get_sheet("Tiến độ").get_value("G2") == "7/BC" and not find_journals(loop)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"changes": 3}', b"[" * 100_000, b"\xff"])
def test_a_damaged_note_of_a_write_is_told(
    loop: FeedbackLoop, make_file: MakeFile, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    file = make_file([HEADER, build_news_row(1)])
    loop.write_sources(file)
    kill_while_cells_move(loop, file, monkeypatch)
    (path,) = find_journals(loop)
    path.write_bytes(content)
    for _ in range(2):
        assert path.name in loop.sync()["s1"].format_messages("vi")
    assert not find_journals(loop)


def test_interrupted_writes_come_first_and_keep_the_read_budget(
    loop: FeedbackLoop, make_file: MakeFile, tmp_path: Path
) -> None:
    files = [make_file([HEADER, build_news_row(1, f"việc {number}")]) for number in range(12)]
    loop.write_sources(*files)
    for _ in range(2):
        loop.sync()
    pointer = tmp_path / "kpis.json"
    for number in range(1, 13):
        path = WriteJournal(InstallationFiles(pointer), f"s{number}")._path
        path.write_text('{"changes": [], "tabs": []}', encoding="utf-8")
    for _ in range(12):
        loop.sync(minutes=0.2, interval=timedelta(seconds=12))  # nine reads
        assert loop.cost[1] <= 9
    assert not find_journals(loop)
