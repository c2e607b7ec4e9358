"""A disk that is full at any size: a named error that says what to do, and nothing lost (design.md §7)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kpis.errors import StoreError
from kpis.store import journal, positions
from kpis.store.paths import DatabasePaths
from tests.sync.conftest import World, make_entries, make_entry, make_sheet
from tests.sync.sync_process import LimitFileSize, SyncProcess

pytestmark = pytest.mark.slow


def sync_with_limit(world: World, max_bytes: int) -> object:
    run = SyncProcess(world, LimitFileSize(max_bytes))
    message = run.receive()
    assert run.wait() == 0
    return message


def test_a_disk_that_is_full_at_any_size_is_reported_and_loses_nothing(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(10))
    world.sync()
    old_content = world.read_content()
    size = DatabasePaths(world.pointer).get_version_path(1).stat().st_size
    world.sheets["s"] = make_sheet(make_entries(3000))
    world.now += timedelta(hours=1)
    for room in [0, 1, 100, 12_288, 100_000, size // 2, size - 1, size, size + 4096, size + 300_000]:
        message = sync_with_limit(world, room)
        assert isinstance(message, str)
        assert "disk is full" in message
        assert world.read_content() == old_content
        assert not [path.name for path in world.pointer.parent.iterdir() if "staging" in path.name]
    assert sync_with_limit(world, 10 * size) is None
    assert len(world.read_content()["entries"]) == 3000


def test_a_disk_that_is_full_at_the_first_sync_leaves_nothing_behind(world: World) -> None:
    world.sheets["s"] = make_sheet(make_entries(10))
    for room in [0, 5000, 300_000, 1_000_000]:
        assert "disk is full" in str(sync_with_limit(world, room))
        assert not world.pointer.exists()
    assert sync_with_limit(world, 100_000_000) is None


def test_a_journal_or_positions_that_cannot_be_written_are_reported_after_the_publication(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raise_full(*_: object) -> None:
        raise StoreError("The disk is full.")

    for step, writer in enumerate((journal, positions)):
        world.sheets["s"] = make_sheet([make_entry("31/02/2026"), *make_entries(step + 3)])
        world.sync()
        world.sheets["s"] = make_sheet([*make_entries(step + 4), make_entry("31/02/2026")])
        with monkeypatch.context() as patch, pytest.raises(StoreError):
            patch.setattr(writer, "append" if writer is journal else "write", raise_full)
            world.sync()
        assert len(world.read_content()["entries"]) == step + 4
        assert not world.sync().published
        (row,) = positions.apply_moved_positions(world.pointer, world.list_findings("rejections"))
        assert row["row"] == step + 6
