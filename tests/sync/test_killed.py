"""Killed at any moment, nothing acknowledged is lost and the next run needs no help (design.md §4, §7)."""

from __future__ import annotations

import random
import re
import time
from datetime import timedelta

from kpis.store import journal
from kpis.store.paths import Place
from tests.sync.conftest import Content, World, entries, entry, sheet
from tests.sync.sync_process import Run, die_at, points, sync_and_tell

TIDY = re.compile(r"kpis(\.json|\.lock|-journal\.jsonl|-positions\.json|-\d+\.duckdb)")


def changed(world: World, step: int) -> None:
    """A sheet that differs in a row to retire, rows to record, a rejection that moves."""
    world.sheets["s"] = sheet([*entries(10 + step, start=step), entry("31/02/2026")])
    world.now += timedelta(hours=1)


def after_the_kill(world: World, before: Content) -> None:
    """The database opens as it was or as it was to be; the next sync finishes, and leaves the folder tidy."""
    version = world.database().version
    now = world.content()
    world.sync()
    after = world.content()
    assert now in (before, after)
    assert world.database().version >= version
    assert not world.sync().published
    assert [path.name for path in world.pointer.parent.iterdir() if not TIDY.fullmatch(path.name)] == []
    assert journal.read(Place(world.pointer).journal)


def test_killed_at_any_step_of_the_store(world: World) -> None:
    changed(world, 0)
    world.sync()
    changed(world, 1)
    counting = Run(world, points)
    count = counting.told()
    assert counting.end() == 0
    assert isinstance(count, int)
    assert count > 60
    # The last steps publish; the earlier ones touch only the staging file.
    steps = [*range(0, count - 45, 25), *range(count - 45, count, 4)]
    for step, point in enumerate(steps, start=2):
        before = world.content()
        changed(world, step)
        assert Run(world, die_at(point)).end() == -9
        after_the_kill(world, before)


def test_killed_at_any_step_of_the_first_sync(world: World) -> None:
    changed(world, 0)
    for point in range(0, 60, 9):
        assert Run(world, die_at(point)).end() == -9
    world.sync()
    assert len(world.content()["entries"]) == 10
    assert not world.sync().published


def test_killed_at_any_moment(world: World) -> None:
    changed(world, 0)
    world.sync()
    drawn = random.Random(3)
    for step in range(1, 11):
        before = world.content()
        changed(world, step)
        run = Run(world, sync_and_tell)
        assert run.told() == "started"
        time.sleep(drawn.uniform(0, 0.25))
        run.kill()
        run.end()
        after_the_kill(world, before)


def test_what_was_told_to_be_done_is_there_after_a_kill(world: World) -> None:
    changed(world, 0)
    run = Run(world, sync_and_tell)
    assert run.told() == "started"
    version = run.told()
    run.kill()
    run.end()
    assert world.database().version == version
    assert len(world.content()["entries"]) == 10
