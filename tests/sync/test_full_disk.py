"""A full disk at any size: a named error with the next step, and nothing lost (design.md §7)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kpis.errors import StoreError
from kpis.store import journal, positions
from kpis.store.paths import Place
from tests.sync.conftest import World, entries, entry, sheet
from tests.sync.sync_process import Run, with_little_room


def synced_with(world: World, room: int) -> object:
    run = Run(world, with_little_room(room))
    told = run.told()
    assert run.end() == 0
    return told


def test_a_disk_that_is_full_at_any_size_is_told_and_loses_nothing(world: World) -> None:
    world.sheets["s"] = sheet(entries(10))
    world.sync()
    before = world.content()
    size = Place(world.pointer).version(1).stat().st_size
    world.sheets["s"] = sheet(entries(3000))
    world.now += timedelta(hours=1)
    for room in [0, 1, 100, 12_288, 100_000, size // 2, size - 1, size, size + 4096, size + 300_000]:
        told = synced_with(world, room)
        assert isinstance(told, str)
        assert "disk is full" in told
        assert world.content() == before
        assert not [path.name for path in world.pointer.parent.iterdir() if "staging" in path.name]
    assert synced_with(world, 10 * size) is None
    assert len(world.content()["entries"]) == 3000


def test_a_disk_that_is_full_at_the_first_sync_leaves_nothing_behind(world: World) -> None:
    world.sheets["s"] = sheet(entries(10))
    for room in [0, 5000, 300_000, 1_000_000]:
        assert "disk is full" in str(synced_with(world, room))
        assert not world.pointer.exists()
    assert synced_with(world, 100_000_000) is None


def test_a_journal_or_places_that_cannot_be_written_are_told_after_the_version_is_safe(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    for step, writer in enumerate((journal, positions)):
        world.sheets["s"] = sheet([entry("31/02/2026"), *entries(step + 3)])
        world.sync()
        world.sheets["s"] = sheet([*entries(step + 4), entry("31/02/2026")])
        with monkeypatch.context() as patch, pytest.raises(StoreError):
            patch.setattr(writer, "append" if writer is journal else "write", full)
            world.sync()
        assert len(world.content()["entries"]) == step + 4
        assert not world.sync().published
        (row,) = positions.put_right(world.pointer, world.findings("rejections"))
        assert row["row"] == step + 6
