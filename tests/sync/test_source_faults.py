"""Whatever one source provokes after its read fails that source alone; the database's own faults end the sync."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import duckdb
import pytest

from kpis.errors import StoreError
from kpis.sheet.model import RawSheet, Source
from kpis.store.staging import Staging
from kpis.sync import history, shrink_guard, sync_pass
from kpis.sync.attempts import read_attempts
from kpis.sync.cross_source_duplicates import CrossSourceDuplicates
from tests.sync.conftest import World, make_entries, make_entry, make_register, make_sheet

STEPS: list[tuple[Any, str]] = [
    (sync_pass, "check_sheet"),
    (sync_pass, "drop_later_days"),
    (sync_pass, "list_note_messages"),
    (sync_pass, "describe_doubtful_dates"),
    (sync_pass, "find_layouts"),
    (sync_pass, "build_stored_rows"),
    (sync_pass, "hash_content"),
    (sync_pass, "serialize_layout"),
    (shrink_guard, "find_shrinkage"),
    (history, "compare"),
    (history, "find_moved_findings"),
    (history, "build_changes"),
    (history, "build_raw_table"),
    (CrossSourceDuplicates, "build_lookup"),
    (CrossSourceDuplicates, "depends_on_later_source"),
]
"""Where the code that a source passes through could meet what nobody foresaw."""


class FaultyWorld(World):
    """A world in which a step raises an error while the source "bad" is processed."""

    reading = ""

    def read(self, source: Source, now: Any) -> RawSheet | None:
        FaultyWorld.reading = source.id
        return super().read(source, now)


@pytest.fixture
def faulty_world(world: World) -> World:
    """Three sources that were read once, with two of them changed since; "bad" is the one in the middle."""
    faulty = FaultyWorld(world.pointer)
    faulty.sheets = {name: make_sheet(make_entries(9, start)) for name, start in (("a", 1), ("bad", 20), ("z", 40))}
    faulty.sync()
    for name, start in (("a", 60), ("bad", 80), ("z", 100)):
        sheet = make_sheet([*make_entries(9, {"a": 1, "bad": 20, "z": 40}[name]), *make_entries(2, start)])
        faulty.sheets[name] = sheet
    faulty.now += timedelta(hours=1)
    return faulty


def inject(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, error: Exception) -> list[str]:
    """Make a step raise `error` while "bad" is processed; return a list that gets an item for each time."""
    usual: Callable[..., Any] = getattr(owner, name)
    raised: list[str] = []

    def raise_for_bad(*args: Any, **kwargs: Any) -> Any:
        if FaultyWorld.reading == "bad":
            raised.append(name)
            raise error
        return usual(*args, **kwargs)

    monkeypatch.setattr(owner, name, raise_for_bad)
    return raised


@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[name for _, name in STEPS])
def test_a_fault_anywhere_after_the_read_fails_its_source_alone(
    faulty_world: World, owner: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_rows = [row for row in faulty_world.read_content()["entries"] if row[0] == "bad"]
    # Stored rows are checked again too, and may meet the same fault.
    faulty_world.register = make_register(register_hash="second")
    with monkeypatch.context() as patch:
        raised = inject(patch, owner, name, LookupError("unforeseen"))
        results = {result.id: result for result in faulty_world.sync().sources}
    assert raised
    assert {name: result.outcome for name, result in results.items()} == {
        "a": "changed",
        "bad": "failed",
        "z": "changed",
    }
    assert "LookupError" in results["bad"].format_messages("vi")
    content = faulty_world.read_content()
    assert [row for row in content["entries"] if row[0] == "bad"] == old_rows
    assert len([row for row in content["entries"] if row[0] != "bad"]) == 22
    attempts = read_attempts(faulty_world.pointer)[-1]
    assert [attempt.result.outcome for attempt in attempts] == ["changed", "failed", "changed"]
    FaultyWorld.reading = ""
    faulty_world.now += timedelta(hours=1)
    assert [result.outcome for result in faulty_world.sync().sources] == ["unchanged", "changed", "unchanged"]
    assert len(faulty_world.read_content()["entries"]) == 33


def test_a_value_that_no_table_can_hold_leaves_no_part_of_its_source(faulty_world: World) -> None:
    sheet = faulty_world.sheets["bad"]
    assert isinstance(sheet, RawSheet)
    (tab,) = sheet.tabs
    rows = (*tab.rows[:-1], replace(tab.rows[-1], number=2**40))
    faulty_world.sheets["bad"] = replace(sheet, tabs=(replace(tab, rows=rows),))
    old_content = faulty_world.read_content()
    assert [result.outcome for result in faulty_world.sync().sources] == ["changed", "failed", "changed"]
    for table, old_rows in old_content.items():
        now = faulty_world.read_content()[table]
        assert [row for row in now if row[0] == "bad"] == [row for row in old_rows if row[0] == "bad"]


def test_a_fault_while_a_row_moves_from_one_source_to_another_fails_the_one_that_takes_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = make_entry("15/03/2026", 4, content="việc chung")
    world.sheets = {"a": make_sheet([shared, *make_entries(3)])}
    world.sync()
    world.sheets = {"b": make_sheet([shared, *make_entries(3, 10)]), **world.sheets}
    world.sync()
    world.sheets["a"] = make_sheet(make_entries(3))
    world.now += timedelta(hours=1)

    def fail(*_args: object) -> None:
        raise LookupError("unforeseen")

    with monkeypatch.context() as patch:
        patch.setattr(sync_pass.SyncPass, "_take_over_rows", fail)
        assert [result.outcome for result in world.sync().sources] == ["failed", "changed"]
    world.now += timedelta(hours=1)
    world.sync()
    assert len(world.read_content()["entries"]) == 7


@pytest.mark.parametrize("error", [StoreError("the disk is full"), duckdb.ConversionException("unforeseen")])
@pytest.mark.parametrize("step", ["insert", "execute", "fetch_table"])
def test_a_fault_of_the_database_itself_ends_the_sync_and_publishes_nothing(
    faulty_world: World, error: Exception, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_content = faulty_world.read_content()
    with monkeypatch.context() as patch:
        raised = inject(patch, Staging, step, error)
        with pytest.raises(type(error)):
            faulty_world.sync()
        assert raised
    assert faulty_world.read_content() == old_content
    FaultyWorld.reading = ""
    assert [result.outcome for result in faulty_world.sync().sources] == ["changed"] * 3
