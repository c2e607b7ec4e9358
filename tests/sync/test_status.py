"""The status of each source: last good read, last change of content, outcome, history (design.md §4)."""

from __future__ import annotations

from datetime import date, timedelta

from kpis.errors import SourceError
from kpis.store.database import Database
from kpis.store.paths import DatabasePaths
from kpis.sync.status import ABANDONED_AFTER, STALE_AFTER, SourceStatus, is_abandoned, list_source_statuses
from tests.sync.conftest import NOON, World, make_entries, make_entry, make_register, make_sheet

BROKEN = SourceError("The file {file} is damaged.", file="a.xlsx")


def read_statuses(world: World) -> dict[str, SourceStatus]:
    statuses = list_source_statuses(Database.open(world.pointer), world.pointer, world.now)
    return {status.id: status for status in statuses}


def test_no_source_is_listed_before_the_first_sync(world: World) -> None:
    assert read_statuses(world) == {}


def test_the_last_read_and_the_last_change_are_separate(world: World) -> None:
    world.sheets["s"] = make_sheet([*make_entries(3), make_entry("15/3")])
    world.sync()
    world.now += timedelta(days=15)
    world.sync()
    status = read_statuses(world)["s"]
    assert (status.last_good_at, status.changed_at) == (NOON + timedelta(days=15), NOON)
    assert (status.read, status.accepted, status.warned, status.rejected) == (4, 3, 0, 1)
    assert status.stale
    assert [attempt.result.outcome for attempt in status.history] == ["unchanged", "changed"]


def test_a_source_is_stale_after_more_than_14_days_without_a_change(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(3))
    world.sync()
    world.now += STALE_AFTER
    assert not read_statuses(world)["s"].stale
    world.now += timedelta(days=1)
    assert read_statuses(world)["s"].stale


def test_a_failure_keeps_the_figures_and_reports_the_reason(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(3))
    world.sync()
    world.sheets["s"] = BROKEN
    world.now += timedelta(hours=1)
    world.sync()
    status = read_statuses(world)["s"]
    assert status.last_attempt is not None
    assert status.last_attempt.at == NOON + timedelta(hours=1)
    assert status.last_attempt.result.outcome == "failed"
    assert status.last_attempt.result.format_messages("en") == "The file a.xlsx is damaged."
    assert (status.last_good_at, status.accepted) == (NOON, 3)


def test_a_source_that_was_never_read_has_no_figures_and_is_stale(world: World) -> None:
    world.sheets["s"] = BROKEN
    world.sync()
    status = read_statuses(world)["s"]
    assert (status.last_good_at, status.changed_at, status.read, status.stale) == (None, None, 0, True)
    assert (status.plan, status.kind, status.location) == ("p", "workbook", "s.xlsx")


def test_a_removed_source_comes_last_as_not_configured(world: World) -> None:
    world.sheets |= {"a": make_sheet(make_entries(3)), "b": make_sheet(make_entries(3, start=9))}
    world.sync()
    del world.sheets["a"]
    world.sync()
    assert [(name, status.configured) for name, status in read_statuses(world).items()] == [
        ("b", True),
        ("a", False),
    ]


def test_a_source_is_abandoned_if_it_was_removed_or_not_read_for_three_days(world: World) -> None:
    world.sheets |= {"a": make_sheet(make_entries(3)), "b": make_sheet(make_entries(3, start=9))}
    world.sync()
    limit = world.now + ABANDONED_AFTER
    assert not is_abandoned(read_statuses(world)["b"], limit)
    assert is_abandoned(read_statuses(world)["b"], limit + timedelta(minutes=1))
    world.sheets["b"] = BROKEN
    del world.sheets["a"]
    world.sync()
    statuses = read_statuses(world)
    assert is_abandoned(statuses["a"], world.now)
    assert not is_abandoned(statuses["b"], limit + timedelta(minutes=1))  # reported as failed instead


def test_without_a_journal_the_status_comes_from_the_version(world: World) -> None:
    world.sheets |= {"a": make_sheet(make_entries(3)), "b": make_sheet(make_entries(2))}
    world.sync()
    DatabasePaths(world.pointer).journal.unlink()
    status = read_statuses(world)["b"]
    assert (status.configured, status.last_attempt, status.last_good_at, status.read) == (True, None, NOON, 2)


def test_half_a_line_and_records_of_another_release_are_skipped(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(3))
    world.sync()
    with DatabasePaths(world.pointer).journal.open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-06-02T00:00:00", "sources": [{"id": "s", "outcome": "odd"}]}\n{"at": "2026')
    assert len(read_statuses(world)["s"].history) == 1


def test_a_new_register_does_not_change_the_content(world: World) -> None:
    world.register = make_register(without=["Sở Tài chính"])
    world.sheets["s"] = make_sheet([make_entry(date(2026, 3, 1), 1, "Sở Tài chính")])
    world.sync()
    world.now += timedelta(days=20)
    world.register = make_register(register_hash="second")
    world.sync()
    status = read_statuses(world)["s"]
    assert (status.changed_at, status.accepted) == (NOON, 1)
