"""One sync: new rows are recorded, missing ones retired, no change publishes nothing (design.md §4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from kpis.errors import SourceError, UsageError
from kpis.language import clock
from kpis.language.clock import TIME_ZONE
from kpis.measures.publish import publish_totals
from kpis.sheet.model import RawSheet, Source
from kpis.sources.config import SourcesFile, load_sources
from kpis.store import journal
from kpis.store.lock import try_lock
from kpis.store.paths import DatabasePaths
from kpis.store.versions import find_current_version
from kpis.sync.sync import run
from tests.sync.conftest import NOON, World, make_entries, make_entry, make_register, make_report, make_sheet

DAY = date(2026, 3, 15)
BROKEN = SourceError("The file is damaged.")


def test_the_first_sync_publishes_the_register_and_every_row(world: World) -> None:
    world.sheets["s"] = make_sheet([make_entry(DAY), make_entry("31/02/2026")], [make_report("Hoàn thành", DAY)])
    result = world.sync()
    (source,) = result.sources
    assert (source.outcome, source.read, source.accepted, source.rejected) == ("changed", 3, 2, 1)
    assert (source.recorded, source.retired) == (2, 0)
    assert (result.version, result.published, result.running) == (1, True, False)
    database = world.open_database()
    assert [row["target"] for row in database.fetch_rows("select target from targets order by 1")] == [
        "p.01", "p.02", "p.03",
    ]  # fmt: skip
    assert database.fetch_rows("select count(*) as n from curve") == [{"n": 1}]
    assert database.meta["sample"] == "no"


def test_an_unchanged_source_writes_only_the_journal(world: World) -> None:
    world.sheets["s"] = make_sheet([make_entry(DAY), make_entry("31/02/2026")])
    world.sync()
    old_times = {path: path.stat().st_mtime_ns for path in world.pointer.parent.iterdir()}
    world.now += timedelta(hours=1)
    result = world.sync()
    assert [source.outcome for source in result.sources] == ["unchanged"]
    assert (result.version, result.published) == (1, False)
    times = {path: path.stat().st_mtime_ns for path in world.pointer.parent.iterdir()}
    assert {path.name for path in times if times[path] != old_times.get(path)} == {"kpis-journal.jsonl"}


def test_a_changed_row_is_recorded_and_the_old_one_retired(world: World) -> None:
    world.sheets["s"] = make_sheet([make_entry(DAY, 1), make_entry(DAY, 5, content="b")])
    world.sync()
    world.now += timedelta(days=1)
    world.sheets["s"] = make_sheet([make_entry(DAY, 2), make_entry(DAY, 5, content="b")])
    source = world.sync_one()
    assert (source.outcome, source.recorded, source.retired) == ("changed", 1, 1)
    rows = world.open_database().fetch_rows("select quantity, recorded_at, retired_at from entries order by quantity")
    later = NOON + timedelta(days=1)
    assert [tuple(row.values()) for row in rows] == [(1, NOON, later), (2, later, None), (5, NOON, None)]


def test_a_fixed_row_becomes_an_entry_and_its_rejection_ends(world: World) -> None:
    world.sheets["s"] = make_sheet([make_entry("15/3")])
    assert world.sync_one().rejected == 1
    world.sheets["s"] = make_sheet([make_entry(DAY)])
    source = world.sync_one()
    assert (source.outcome, source.recorded, source.retired, source.rejected) == ("changed", 1, 0, 0)
    assert world.read_content()["rejections"] == []


@pytest.mark.parametrize("problem", [BROKEN, make_sheet([], columns=("Ngày",))])
def test_a_source_that_cannot_be_read_keeps_its_figures_and_does_not_stop_others(
    world: World, problem: SourceError | RawSheet
) -> None:
    world.sheets |= {"a": make_sheet(make_entries(3)), "b": make_sheet([make_entry(DAY, 7)])}
    world.sync()
    world.sheets |= {"a": problem, "b": make_sheet([make_entry(DAY, 8)])}
    a, b = world.sync().sources
    assert (a.outcome, a.read, a.recorded, a.retired) == ("failed", 0, 0, 0)
    assert a.format_messages("en")
    assert (b.outcome, b.recorded, b.retired) == ("changed", 1, 1)
    assert len(world.read_content()["entries"]) == 4


def test_a_file_that_cannot_be_opened_fails_its_source(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "a.xlsx")

    world.sheets["a"] = None
    monkeypatch.setattr(world, "read", refuse)
    source = world.sync_one()
    assert source.outcome == "failed"
    assert "a.xlsx could not be read: Permission denied" in source.format_messages("en")


def test_the_register_is_published_even_if_every_source_fails(world: World) -> None:
    world.sheets["a"] = BROKEN
    assert world.sync().version == 1
    assert world.open_database().fetch_rows("select count(*) as n from targets") == [{"n": 3}]
    assert not world.sync().published


def test_a_tab_of_tasks_is_required_once_it_was_read(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(2))
    assert world.sync_one().outcome == "changed"
    world.sheets["s"] = make_sheet(make_entries(2), [make_report("Đang thực hiện")])
    assert world.sync_one().recorded == 1
    world.sheets["s"] = make_sheet(make_entries(2))
    source = world.sync_one()
    assert source.outcome == "failed"
    assert "Nhiệm vụ" in source.format_messages("en")
    assert len(world.read_content()["task_reports"]) == 1


def test_a_future_row_counts_from_its_day_if_the_source_is_read_unchanged(world: World) -> None:
    world.sheets["s"] = make_sheet([make_entry(DAY), make_entry(date(2026, 6, 10), 4)])
    assert world.sync_one().rejected == 1
    world.now = datetime(2026, 6, 9, 16, 59)  # still the 9th in Việt Nam
    assert world.sync_one().outcome == "unchanged"
    world.now = datetime(2026, 6, 9, 17, 1)
    result = world.sync()
    (source,) = result.sources
    assert (source.outcome, source.recorded, source.retired) == ("changed", 1, 0)
    assert result.published
    assert len(world.read_content()["entries"]) == 2
    assert world.read_content()["rejections"] == []
    assert not world.sync().published


@pytest.mark.parametrize("still_configured", [True, False])
def test_a_future_row_does_not_count_until_its_sheet_is_read_again(world: World, still_configured: bool) -> None:
    world.sheets |= {
        "s": make_sheet([make_entry(DAY)]),
        "t": make_sheet([make_entry(DAY, 7), make_entry(date(2026, 6, 5), 4)]),
    }
    world.sync()
    world.now = datetime(2026, 6, 6)
    planned = world.sheets.pop("t")
    if still_configured:
        world.sheets["t"] = BROKEN
    assert not world.sync().published
    assert len(world.read_content()["entries"]) == 2
    world.sheets["t"] = planned
    assert world.sync().published
    assert len(world.read_content()["entries"]) == 3
    assert world.read_content()["rejections"] == []


def test_a_new_register_rechecks_stored_rows_and_keeps_the_time_of_the_last_change(world: World) -> None:
    world.register = make_register(without=["Sở Tài chính"])
    world.sheets |= {
        "a": make_sheet([make_entry(DAY, 1, "Sở Tài chính")]),
        "b": make_sheet([make_entry(DAY, 2, "Sở Tài chính")]),
    }
    assert [source.rejected for source in world.sync().sources] == [1, 1]
    world.now += timedelta(days=1)
    world.register = make_register(register_hash="second")
    world.sheets["b"] = BROKEN
    a, b = world.sync().sources
    assert (a.outcome, a.recorded, b.outcome, b.recorded) == ("changed", 1, "failed", 1)
    rows = world.open_database().fetch_rows("select distinct changed_at from source_states")
    assert rows == [{"changed_at": NOON}]
    assert not world.sync().published


def test_entries_of_a_target_that_becomes_a_count_lose_their_denominators(world: World) -> None:
    world.sheets["s"] = make_sheet([make_entry(DAY, 5, target="p.02", total=10)])
    world.sync()
    world.register = make_register(register_hash="second", measure="count")
    assert world.sync_one().recorded == 1
    assert [row[7] for row in world.read_content()["entries"]] == [None]


def test_a_new_register_that_changes_no_row_still_publishes_a_version(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(2))
    world.sync()
    world.register = make_register(register_hash="second")
    result = world.sync()
    assert (result.sources[0].outcome, result.published, result.version) == ("unchanged", True, 2)
    assert not world.sync().published


def test_new_rules_recheck_stored_rows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.sheets["s"] = make_sheet(make_entries(2))
    world.sync()
    monkeypatch.setattr("kpis.sync.reading.compute_rules_hash", lambda: "new")
    monkeypatch.setattr("kpis.sync.draft_version.compute_rules_hash", lambda: "new")
    assert world.sync().published
    assert not world.sync().published


def test_a_removed_source_keeps_its_figures_and_is_rechecked(world: World) -> None:
    world.register = make_register(without=["Sở Tài chính"])
    world.sheets |= {"a": make_sheet(make_entries(3)), "b": make_sheet([make_entry(DAY, 1, "Sở Tài chính")])}
    world.sync()
    del world.sheets["b"]
    world.sync()
    assert [row[0] for row in world.read_content()["entries"]] == ["a", "a", "a"]
    world.register = make_register(register_hash="second")
    assert world.sync().published
    assert [row[0] for row in world.read_content()["entries"]] == ["a", "a", "a", "b"]


def test_an_unmodified_source_keeps_its_rows_and_counts_as_read(world: World) -> None:
    world.sheets["s"] = make_sheet([make_entry(DAY), make_entry(date(2026, 6, 10))])
    world.sync()
    world.sheets["s"] = None
    world.now += timedelta(hours=1)
    source = world.sync_one()
    assert (source.outcome, source.read, source.accepted, source.rejected) == ("unchanged", 2, 1, 1)
    world.now += timedelta(days=20)
    source = world.sync_one()
    assert (source.outcome, source.accepted, source.recorded) == ("changed", 2, 1)


def test_a_source_reported_as_unmodified_before_its_first_read_fails(world: World) -> None:
    world.sheets["s"] = None
    assert world.sync_one().outcome == "failed"


def test_recorded_times_never_run_backwards(world: World) -> None:
    world.sheets["s"] = make_sheet([make_entry(DAY)])
    world.sync()
    world.now -= timedelta(days=30)
    world.sheets["s"] = make_sheet([make_entry(DAY), make_entry(DAY, 3, content="b")])
    world.sync()
    rows = world.open_database().fetch_rows("select recorded_at from entries order by 1")
    assert [row["recorded_at"] for row in rows] == [NOON, NOON + timedelta(microseconds=1)]


def test_two_syncs_at_one_moment_are_told_apart(world: World) -> None:
    world.sheets["s"] = make_sheet([make_entry(DAY)])
    world.sync()
    world.sheets["s"] = make_sheet([make_entry(DAY), make_entry(DAY, 3, content="b")])
    world.sync()
    assert len(world.read_content(NOON)["entries"]) == 1
    assert len(world.read_content(NOON + timedelta(microseconds=1))["entries"]) == 2


def test_a_clock_that_stands_at_the_end_of_a_day_does_not_reach_the_next(world: World) -> None:
    world.now = clock.get_end_of_day(date(2026, 6, 1))
    world.sheets["s"] = make_sheet([make_entry(DAY)])
    world.sync()
    world.sheets["s"] = make_sheet([make_entry(DAY), make_entry(date(2026, 6, 2))])
    assert world.sync_one().rejected == 1


def test_a_moment_with_a_zone_is_converted_to_utc(world: World) -> None:
    world.now = datetime(2026, 6, 1, 12, tzinfo=TIME_ZONE)
    world.sheets["s"] = make_sheet([make_entry(DAY)])
    world.sync()
    assert world.open_database().fetch_rows("select recorded_at from entries") == [{"recorded_at": NOON}]


def test_a_source_that_moves_to_another_plan_leaves_no_rows_in_the_old_one(world: World) -> None:
    world.sheets["s"] = make_sheet([make_entry("15/3")])
    world.sync()
    database = world.open_database()
    assert database.fetch_rows("select distinct plan from rejections") == [{"plan": "p"}]
    plan = replace(world.register.plans["p"], id="q")
    world.register = replace(world.register, plans={**world.register.plans, "q": plan})
    file = SourcesFile((Source("s", "q", "workbook", "s.xlsx"),))
    run(file, world.pointer, world.register, world.now, publish_totals, read=world.read)
    rows = world.open_database().fetch_rows("select distinct plan from rejections where retired_at is null")
    assert rows == [{"plan": "q"}]


def test_a_new_location_with_the_same_content_publishes_only_a_new_google_link(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(2))
    world.sync()
    published = []
    for source in [
        Source("s", "p", "folder", "b"),
        Source("s", "p", "google", "link"),
        Source("s", "p", "google", "link"),
        Source("s", "p", "google", "other link"),
    ]:
        file = SourcesFile((source,))
        published.append(run(file, world.pointer, world.register, NOON, publish_totals, read=world.read).published)
    assert published == [False, True, False, True]


def test_a_plan_that_the_register_lacks_fails_the_source(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(2))
    world.sync()
    world.register = replace(make_register(register_hash="second"), plans={}, targets={}, tasks={})
    source = world.sync_one()
    assert source.outcome == "failed"
    assert "not in the register" in source.format_messages("en")
    assert len(world.read_content()["entries"]) == 2


def test_a_second_sync_at_the_same_time_reports_this_and_does_nothing(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(2))
    world.sync()
    with try_lock(DatabasePaths(world.pointer).lock) as is_acquired:
        assert is_acquired
        result = world.sync()
    assert (result.running, result.sources, result.version) == (True, (), 1)
    assert len(journal.read(DatabasePaths(world.pointer).journal)) == 1


@pytest.mark.parametrize("sample", [True, False])
def test_sample_and_real_figures_are_not_mixed(world: World, sample: bool) -> None:
    world.sheets["s"] = make_sheet(make_entries(2))
    world.sample = sample
    world.sync()
    world.sample = not sample
    with pytest.raises(UsageError, match="not mixed"):
        world.sync()
    assert find_current_version(world.pointer) == 1


def test_progress_names_each_source_as_it_is_read(world: World) -> None:
    world.sheets |= {"a": make_sheet(make_entries(1)), "b": make_sheet(make_entries(1))}
    calls: list[tuple[int, int, str]] = []
    file = SourcesFile(tuple(Source(name, "p", "workbook", name) for name in "ab"))
    run(
        file, world.pointer, world.register, NOON, publish_totals, read=world.read,
        progress=lambda done, total, name: calls.append((done, total, name)),
    )  # fmt: skip
    assert calls == [(0, 2, "a"), (1, 2, "b"), (2, 2, "")]


def test_real_workbooks_are_read_by_their_sources_file(tmp_path: Path) -> None:
    with Workbook(tmp_path / "a.xlsx", {"default_date_format": "dd/mm/yyyy"}) as book:
        tab = book.add_worksheet("Tiến độ")
        tab.write_row(0, 0, ["Ngày", "Cơ quan", "Chỉ tiêu", "Số lượng"])
        tab.write_row(1, 0, [datetime(2026, 3, 1), "Sở Công Thương", "p.01", 3])
    (tmp_path / "sources.toml").write_text('[[source]]\nid = "a"\nplan = "p"\nworkbook = "a.xlsx"\n')
    file = load_sources(tmp_path / "sources.toml")
    pointer = tmp_path / "var" / "kpis.json"
    (source,) = run(file, pointer, make_register(), NOON, publish_totals).sources
    assert (source.outcome, source.accepted, source.warned) == ("changed", 1, 1)
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 cut")
    (source,) = run(file, pointer, make_register(), NOON, publish_totals).sources
    assert source.outcome == "failed"
    (tmp_path / "a.xlsx").unlink()
    (source,) = run(file, pointer, make_register(), NOON, publish_totals).sources
    assert source.outcome == "failed"
