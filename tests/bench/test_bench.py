"""The bench at tiny sizes: turns, the table, stored results, and that measurements run; no timings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from bench import __main__ as bench
from bench import database_queries, databases, plan_import_speed, results, sessions, sheet_files, sync_speed
from bench.results import BenchLine
from bench.servers import serve_bare_page
from bench.timing import Spread, take_turns
from bench.websocket_session import Session
from kpis.register.load import load_register

pytestmark = pytest.mark.slow

NO_DEADLINE = float("inf")
SLOW, FAST = Spread(30.0, 20.0, 40.0, 3), Spread(20.0, 10.0, 30.0, 3)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(databases, "FOLDER", tmp_path)
    monkeypatch.setattr(databases.ensure_database, "__defaults__", (tmp_path,))
    monkeypatch.setattr(databases, "ENTRY_COUNTS", {"2k": 200, "100k": 300, "nation": 400})
    monkeypatch.setattr(sync_speed, "SHEET_ROWS", {"100k": 40})
    return tmp_path


def test_timers_take_turns_and_warm_ups_are_not_counted() -> None:
    order: list[str] = []

    def record_turn(name: str) -> float:
        order.append(name)
        return len(order)

    assert take_turns([lambda: record_turn("a"), lambda: record_turn("b")], turns=2, warm_up_turns=1) == [
        [3, 5],
        [4, 6],
    ]
    assert order == ["a", "b"] * 3


def test_three_turns_are_taken_even_past_the_deadline() -> None:
    assert take_turns([lambda: 1.0], turns=9, deadline=0.0) == [[1.0, 1.0, 1.0]]


def test_a_goal_is_compared_with_the_ratio_of_medians() -> None:
    line = BenchLine(1, "sample", "overview", "empty", 1.5, SLOW, FAST)
    assert line.ratio == 1.5
    assert line.is_reached
    assert not BenchLine(1, "sample", "overview", "empty", 1.4, SLOW, FAST).is_reached
    assert BenchLine(1, "sample", "overview", "empty", 1.4).is_reached is None


def test_the_table_has_a_row_per_line_with_its_goal_and_sign() -> None:
    table = results.format_table(
        [
            BenchLine(1, "sample", "overview", "empty", 1.4, SLOW, FAST),
            BenchLine(9, "nation", "unchanged", "one read", None, note="1 read", goal_met=True),
        ]
    ).splitlines()
    assert "| 1.4 | **1.5** | ✗ | 30 ms (20–40, 3 ×) |" in table[2]
    assert "| – | – | ✓ |" in table[3]
    assert len({line.count("|") for line in table}) == 1


def test_updated_rows_replace_their_results_and_leave_the_others(tmp_path: Path) -> None:
    old = [BenchLine(row, size, "old", "", None) for row in (1, 2) for size in ("sample", "nation")]
    merged = results.merge_results(old, [(2, "sample")], [BenchLine(2, "sample", "new", "", 2.0, SLOW, FAST)])
    assert [(line.row, line.size, line.subject) for line in merged] == [
        (1, "sample", "old"),
        (1, "nation", "old"),
        (2, "sample", "new"),
        (2, "nation", "old"),
    ]
    results.write_results(tmp_path / "kept.json", merged)
    assert results.read_results(tmp_path / "kept.json") == merged


@pytest.mark.usefixtures("folder")
def test_attainment_is_measured_against_a_group_by_of_as_many_rows() -> None:
    raw, published = database_queries.measure(["100k"], NO_DEADLINE)
    assert raw.measured
    assert raw.baseline
    assert published.baseline == raw.measured


def test_a_database_is_reused_until_its_inputs_change(folder: Path) -> None:
    pointer = databases.ensure_database("2k")
    first = pointer.with_name("kpis-1.duckdb").stat().st_mtime_ns
    assert databases.ensure_database("2k") == pointer
    assert pointer.with_name("kpis-1.duckdb").stat().st_mtime_ns == first
    (folder / "2k" / "made-by").write_text("something else")
    databases.ensure_database("2k")
    assert pointer.with_name("kpis-1.duckdb").stat().st_mtime_ns > first


def test_workbook_and_csv_have_the_same_valid_rows_and_all_their_cells_are_loaded(tmp_path: Path) -> None:
    register = load_register()
    for write in (sheet_files.write_workbook, sheet_files.write_csv_folder):
        source = write(tmp_path, register, sync_speed.PLAN, 40)
        [result] = sync_speed.run_sync(source, tmp_path / write.__name__ / "kpis.json", register).sources
        assert (result.read, result.accepted, result.recorded) == (40, 40, 40)
        file = tmp_path / f"{write.__name__}.duckdb"
        sync_speed.bulk_load(source, file)
        with duckdb.connect(file) as connection:
            assert connection.execute("select count(*), count(c0), count(c7) from cells").fetchall() == [(41, 41, 41)]


def test_a_workbook_keeps_every_text_however_many_look_like_links(tmp_path: Path) -> None:
    rows = 66_000  # a sheet may have 65,530 links
    source = sheet_files.write_workbook(tmp_path, load_register(), sync_speed.PLAN, rows)
    read = sync_speed.build_text_table([list(map(str, row)) for row in sync_speed._read_with_calamine(source)])
    assert read.num_rows == rows + 1
    assert "" not in read.column("c6").to_pylist()


@pytest.mark.usefixtures("folder")
def test_reading_a_workbook_is_measured_against_calamine() -> None:
    [line] = sync_speed.measure_reading(["100k"], NO_DEADLINE)
    assert (line.row, line.size, line.goal) == (24, "100k", None)
    assert line.ratio


@pytest.mark.usefixtures("folder")
def test_an_unchanged_source_is_read_once_and_nothing_is_written() -> None:
    [line] = sync_speed.measure_unchanged(["100k"], NO_DEADLINE)
    assert line.is_reached, line.note


def test_the_command_measures_the_requested_rows_and_writes_the_page(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, stored = folder / "docs" / "bench.md", folder / "results.json"
    arguments = ["--sizes", "100k", "--rows", "9", "--out", str(page), "--kept", str(stored)]
    bench.main(arguments)
    assert "an unchanged source" in capsys.readouterr().out
    assert "python -m bench" in page.read_text(encoding="utf-8")
    bench.main([*arguments, "--minutes", "0"])
    output = capsys.readouterr()
    assert "left out" in output.err
    assert "an unchanged source" in output.out
    assert "not measured in the last run: 0 minutes were over" in page.read_text(encoding="utf-8")


def test_a_row_that_fails_says_why_and_the_next_one_is_measured(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_sizes: Sequence[str], _deadline: float) -> list[BenchLine]:
        raise OSError("no browser | here")

    def measure(sizes: Sequence[str], _deadline: float) -> list[BenchLine]:
        return [BenchLine(2, size, "measured", "", None) for size in sizes]

    monkeypatch.setattr(bench, "BENCHMARKS", (((1,), 1.0, fail), ((2,), 1.0, measure)))
    arguments = ["--sizes", "100k", "--out", str(folder / "bench.md"), "--kept", str(folder / "kept.json")]
    bench.main(arguments)
    page = (folder / "bench.md").read_text(encoding="utf-8")
    assert "not measured in the last run: OSError: no browser / here" in page
    assert "| 2 | measured | 100 thousand |" in page


def test_a_row_that_cannot_be_measured_says_so_and_where_it_failed(capsys: pytest.CaptureFixture[str]) -> None:
    def measure() -> list[BenchLine]:
        raise TimeoutError("nothing came\nafter a minute")

    (line,) = bench._measure_rows([], [(1, "sample")], measure)
    assert line.left_out == "TimeoutError: nothing came"
    assert "in measure" in capsys.readouterr().err


def test_a_left_out_row_keeps_its_earlier_figures_and_says_so_until_it_is_measured() -> None:
    old = [BenchLine(1, "sample", "old", "", 2.0, SLOW, FAST, note="as usual")]
    marked = results.mark_left_out(old, [(1, "sample"), (2, "sample")], "no time")
    assert [(line.row, line.ratio, line.left_out) for line in marked] == [(1, 1.5, "no time"), (2, None, "no time")]
    assert "**not measured in the last run: no time** as usual" in results.format_table(marked)
    assert results.merge_results(marked, [(1, "sample"), (2, "sample")], old) == old


def test_the_time_left_is_shared_by_the_rows_that_are_left() -> None:
    assert bench._compute_share([1.0, 3.0], 100.0) == pytest.approx(25 * bench._PLANNED_SHARE)
    assert bench._compute_share([3.0], 100.0) < 100
    assert bench._compute_share([3.0], -5.0) == 0


def test_twice_a_text_is_measured_against_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_import_speed, "PARAGRAPHS", 2)
    monkeypatch.setattr(plan_import_speed, "REPEATS", 2)
    lines = plan_import_speed.measure(["sample", "nation"], 0.0)
    assert [(line.row, line.size, line.measured is not None and line.measured.count) for line in lines] == [
        (14, "sample", 3)
    ] * 3
    assert plan_import_speed.measure(["nation"], NO_DEADLINE) == []


@pytest.mark.usefixtures("folder")
def test_sessions_are_measured_against_one_and_against_a_bare_page_that_sends_as_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions, "SESSION_COUNT", 6)
    monkeypatch.setattr(sessions, "_TURNS", 1)
    monkeypatch.setattr(sessions, "_SINGLE_TURNS", 1)
    against_one, against_bare = sessions.measure_signed_in(["2k"], NO_DEADLINE)
    assert against_one.measured == against_bare.measured
    assert against_one.baseline is not None and against_one.baseline.count == 2
    assert "a bare Streamlit page in the same turns: " in against_one.note
    assert against_bare.compared_with == "6 sessions of a bare Streamlit page at once, p95"


def test_a_bare_page_sends_as_many_bytes_as_it_is_told() -> None:
    with serve_bare_page(100_000) as host, Session(host) as session:
        session.run()
        assert 95_000 < session.received_bytes < 105_000
