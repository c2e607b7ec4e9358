"""A file that has not changed is neither read nor parsed; one that has is, whatever its time and size say."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from kpis.services.refresh import refresh
from kpis.settings import Settings
from kpis.sheet.model import Source
from kpis.sources import file_memory
from kpis.sources.bounds import TooCostlyError
from kpis.sources.file_parser import FileParser, ParsedFile
from kpis.sources.reader_version import READER_VERSION
from kpis.store.database import Database
from kpis.sync.note_messages import UNREAD_TAB_NOTE
from kpis.sync.result import SourceResult
from kpis.sync.status import list_source_statuses
from tests.cli.conftest import PROGRESS_HEADER, VALID_ROWS, Project

NOW = datetime(2026, 11, 21, 2)


class Runs:
    """Syncs one project again and again, and says which sources were parsed in the last sync."""

    def __init__(self, project: Project) -> None:
        self.project, self.parsed, self.now = project, list[str](), NOW
        self.settings = Settings("vi", project.sources, project.database, None, sample=False)

    def sync(self, *accept: str, interval: timedelta | None = None) -> SourceResult:
        self.parsed.clear()
        self.now += timedelta(minutes=5)
        (result,) = refresh(
            self.settings, {}, self.now, explicit_now=True, accept_shrink=accept, interval=interval
        ).sources
        return result


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    project = Project(tmp_path)
    project.write_workbook(VALID_ROWS)
    runs = Runs(project)
    original = FileParser.parse

    def parse(self: FileParser, source: Source, now: datetime) -> ParsedFile:
        runs.parsed.append(source.id)
        return original(self, source, now)

    monkeypatch.setattr(FileParser, "parse", parse)
    return runs


def make_settled(path: Path) -> None:
    """Give a file a time long past, so that its size and time are enough."""
    os.utime(path, ns=(time.time_ns(), time.time_ns() - 10**11))


def get_workbook(runs: Runs) -> Path:
    return runs.project.folder / "dong-thap.xlsx"


def test_an_unchanged_file_is_not_parsed_and_counts_as_a_good_read(runs: Runs) -> None:
    first = runs.sync()
    assert (first.outcome, first.read, runs.parsed) == ("changed", 3, ["dong-thap"])
    second = runs.sync()
    assert (second.outcome, second.read, second.accepted, runs.parsed) == ("unchanged", 3, 3, [])
    database = Database.open(runs.project.database)
    assert database is not None
    (status,) = list_source_statuses(database, runs.project.database, runs.now)
    database.close()
    assert status.last_good_at == runs.now


def test_an_unchanged_file_is_not_even_opened(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.sync()
    runs.sync()
    monkeypatch.setattr("kpis.sources.file_memory.TIME_RESOLUTION_NS", -1)
    runs.sync()  # from now on its size and time are enough

    def refuse(_source: Source) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr("kpis.sources.file_memory.compute_digests", refuse)
    assert runs.sync().outcome == "unchanged"
    assert runs.parsed == []


def test_where_only_the_time_differs_the_content_decides(runs: Runs) -> None:
    runs.sync()
    make_settled(get_workbook(runs))
    assert (runs.sync().outcome, runs.parsed) == ("unchanged", [])


def test_other_content_of_the_same_size_and_time_is_read(tmp_path: Path, runs: Runs) -> None:
    folder = tmp_path / "csv"
    folder.mkdir()
    sheet = folder / "Tiến độ.csv"
    runs.project.sources.write_text(
        '[[source]]\nid = "dong-thap"\nplan = "dong-thap"\nworkbook = "csv"\n', encoding="utf-8"
    )
    text = "Ngày,Cơ quan,Chỉ tiêu,Số lượng\n15/03/2026,Sở Công Thương,dong-thap.03,{}\n"
    sheet.write_text(text.format(1), encoding="utf-8")
    stamp = sheet.stat().st_mtime_ns
    runs.sync()
    sheet.write_text(text.format(0), encoding="utf-8")
    os.utime(sheet, ns=(stamp, stamp))
    assert (runs.sync().outcome, runs.parsed) == ("changed", ["dong-thap"])
    (folder / "Nhiệm vụ.csv").write_text("Mã,Trạng thái\n", encoding="utf-8")  # a tab more
    runs.sync()
    assert runs.parsed == ["dong-thap"]


def test_a_failed_or_held_read_is_not_remembered(runs: Runs) -> None:
    runs.project.write_workbook([*VALID_ROWS, *((*VALID_ROWS[0][:3], n, None, f"{n}/BC") for n in range(20))])
    runs.sync()
    runs.project.write_workbook(VALID_ROWS)
    assert [(runs.sync().outcome, list(runs.parsed)) for _ in range(2)] == [("held", ["dong-thap"])] * 2
    assert runs.sync("dong-thap").outcome == "changed"
    assert runs.sync().messages == ()  # an accepted loss is said once
    get_workbook(runs).write_bytes(b"PK")
    assert [(runs.sync().outcome, list(runs.parsed)) for _ in range(2)] == [("failed", ["dong-thap"])] * 2


def test_a_database_that_went_back_is_read_again(runs: Runs, tmp_path: Path) -> None:
    runs.sync()
    shutil.copytree(runs.project.database.parent, tmp_path / "backup")
    runs.project.write_workbook(VALID_ROWS[:2])
    runs.sync()
    for path in (tmp_path / "backup").iterdir():
        if path.name != "kpis-files.json":  # the memory is newer than the figures
            shutil.copy(path, runs.project.database.parent)
    assert (runs.sync().read, runs.parsed) == (2, ["dong-thap"])


def test_another_plan_or_reader_reads_again(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.sync()
    monkeypatch.setattr("kpis.sources.file_memory.compute_reader_hash", lambda: "another release")
    runs.sync()
    assert runs.parsed == ["dong-thap"]
    text = runs.project.sources.read_text(encoding="utf-8")
    runs.project.sources.write_text(text.replace('plan = "dong-thap"', 'plan = "ha-noi"'), encoding="utf-8")
    runs.sync()
    assert runs.parsed == ["dong-thap"]


def test_rows_of_another_version_of_the_reader_are_read_again(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("kpis.sync.sync_pass.READER_VERSION", READER_VERSION - 1)
        runs.sync()
    runs.sync()
    assert runs.parsed == ["dong-thap"]
    runs.sync()
    assert runs.parsed == []


def test_an_unread_tab_is_named_once_until_it_is_to_be_ignored(runs: Runs) -> None:
    with Workbook(get_workbook(runs)) as book:
        for name in ("Tiến độ", "Tiến độ (2)"):
            tab = book.add_worksheet(name)
            tab.write_row(0, 0, ["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng"])
            tab.write_row(1, 0, ["15/03/2026", "Sở Công Thương", "Tin bài", 3])
    messages = [[message.key for message in runs.sync().messages] for _ in range(2)]
    assert (messages, runs.parsed) == ([[UNREAD_TAB_NOTE]] * 2, [])
    with runs.project.sources.open("a", encoding="utf-8") as file:
        file.write('ignore_tabs = ["Tiến độ (2)"]\n')
    assert (runs.sync().messages, runs.parsed) == ((), ["dong-thap"])


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1, "reader": null}', "[" * 5000])
def test_a_damaged_memory_costs_one_read(runs: Runs, content: str) -> None:
    runs.sync()
    memory = runs.project.database.with_name("kpis-files.json")
    assert json.loads(memory.read_text(encoding="utf-8"))["sources"]
    memory.write_text(content, encoding="utf-8")
    assert (runs.sync().outcome, runs.parsed) == ("unchanged", ["dong-thap"])
    assert (runs.sync().outcome, runs.parsed) == ("unchanged", [])


def test_what_one_source_provokes_stops_no_other(runs: Runs) -> None:
    runs.project.write_sources("bad", "dong-thap")
    runs.project.write_workbook(VALID_ROWS, name="bad")

    def parse(_self: FileParser, source: Source, _now: datetime) -> ParsedFile:
        raise MemoryError

    original = FileParser.parse

    def parse_all_but_one(self: FileParser, source: Source, now: datetime) -> ParsedFile:
        return parse(self, source, now) if source.id == "bad" else original(self, source, now)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FileParser, "parse", parse_all_but_one)
        results = refresh(runs.settings, {}, NOW, explicit_now=True).sources
    assert [result.outcome for result in results] == ["failed", "changed"]
    assert "bad.xlsx" in results[0].format_messages("vi")
    assert "MemoryError" in results[0].format_messages("vi")


def test_a_file_that_costs_too_much_is_not_parsed_at_every_turn_of_a_watch(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(self: FileParser, source: Source, now: datetime) -> ParsedFile:
        runs.parsed.append(source.id)
        raise TooCostlyError("{file} takes longer than {seconds} seconds to read.", file="a.xlsx", seconds=60)

    monkeypatch.setattr(file_memory, "TIME_RESOLUTION_NS", -1)
    monkeypatch.setattr(FileParser, "parse", parse)
    turn = timedelta(minutes=5)
    first = runs.sync(interval=turn)
    assert (first.outcome, runs.parsed) == ("failed", ["dong-thap"])
    second = runs.sync(interval=turn)
    assert (second.outcome, second.messages, runs.parsed) == ("failed", first.messages, [])
    runs.sync()  # somebody asked for it
    assert runs.parsed == ["dong-thap"]
    os.utime(get_workbook(runs))
    runs.sync(interval=turn)
    assert runs.parsed == ["dong-thap"]
    monkeypatch.setattr(file_memory, "COSTLY_RETRY_NS", 0)
    runs.sync(interval=turn)
    assert runs.parsed == ["dong-thap"]
    monkeypatch.undo()
    assert [runs.sync(interval=interval).outcome for interval in (turn, None, turn)] == [
        "failed", "changed", "unchanged",
    ]  # fmt: skip


EXPLANATIONS = ("Mã", "Cơ quan", "Nội dung yêu cầu", "Giải trình")


def write_tabs(runs: Runs, rows: Sequence[Sequence[object]], explanations: Sequence[Sequence[object]]) -> None:
    with Workbook(get_workbook(runs), {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, lines in (("Tiến độ", [PROGRESS_HEADER, *rows]), ("Giải trình", [EXPLANATIONS, *explanations])):
            tab = book.add_worksheet(name)
            for number, line in enumerate(lines):
                tab.write_row(number, 0, line)


def read_answers(runs: Runs) -> list[object]:
    database = Database.open(runs.project.database)
    assert database is not None
    rows = database.fetch_rows("select answer from explanations where retired_at is null order by answer")
    database.close()
    return [row["answer"] for row in rows]


def test_explanations_of_a_lost_version_are_read_again(runs: Runs) -> None:
    question = ("dong-thap.03", "Sở Công Thương", "Vì sao?", "Do mưa.")
    write_tabs(runs, VALID_ROWS, [question])
    runs.sync()
    write_tabs(runs, VALID_ROWS, [question, ("dong-thap.10", "Sở Công Thương", "Vì sao?", "Do lũ.")])
    assert (runs.sync().outcome, read_answers(runs)) == ("changed", ["Do lũ.", "Do mưa."])
    newest = max(runs.project.database.parent.glob("kpis-?.duckdb"))
    newest.rename(newest.with_name(newest.name + ".damaged"))
    assert read_answers(runs) == ["Do mưa."]
    runs.sync()
    assert (runs.parsed, read_answers(runs)) == (["dong-thap"], ["Do lũ.", "Do mưa."])


def test_a_tab_of_explanations_that_lost_its_rows_is_read_until_that_is_accepted(runs: Runs) -> None:
    write_tabs(runs, VALID_ROWS, [("dong-thap.03", "Sở Công Thương", "Vì sao?", "Do mưa.")])
    runs.sync()
    write_tabs(runs, VALID_ROWS, [])
    assert [(len(runs.sync().messages), list(runs.parsed)) for _ in range(2)] == [(1, ["dong-thap"])] * 2
    runs.sync("dong-thap")
    assert (read_answers(runs), runs.parsed) == ([], ["dong-thap"])


def test_lost_places_of_rows_to_fix_are_read_again(runs: Runs) -> None:
    wrong = ("31/02/2026", "Sở Công Thương", "Tin bài", 3, None, "https://a.example/3")
    runs.project.write_workbook([wrong, *VALID_ROWS])
    runs.sync()
    runs.project.write_workbook([*VALID_ROWS, wrong])
    runs.sync()
    moved = runs.project.database.with_name("kpis-positions.json")
    places = moved.read_bytes()
    moved.unlink()
    runs.sync()
    assert (runs.parsed, moved.read_bytes()) == (["dong-thap"], places)


def test_another_register_reads_again(runs: Runs) -> None:
    runs.sync()
    overlay = runs.project.folder / "register"
    (overlay / "agencies").mkdir(parents=True)
    text = '[[agency]]\nname = "Sở Công Thương"\nplan = "dong-thap"\naliases = ["Cơ quan thử"]\n'
    (overlay / "agencies" / "dong-thap.toml").write_text(text, encoding="utf-8")
    runs.settings = replace(runs.settings, overlay=overlay)
    assert (runs.sync().outcome, runs.parsed) == ("unchanged", ["dong-thap"])
    runs.sync()
    assert runs.parsed == []
