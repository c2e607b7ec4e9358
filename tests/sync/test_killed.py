"""After a kill at any moment nothing published is lost and the next sync just works (design.md §4, §7)."""

from __future__ import annotations

import random
import re
import time
from datetime import timedelta

import pytest

from kpis.store import journal
from kpis.store.paths import DatabasePaths
from tests.sync.conftest import Content, World, make_entries, make_entry, make_sheet
from tests.sync.sync_process import KillAt, SyncProcess, count_points, sync_and_report

pytestmark = pytest.mark.slow

EXPECTED_FILES = re.compile(r"kpis(\.json|\.lock|-journal\.jsonl|-positions\.json|-\d+\.duckdb)")


def change_sheet(world: World, step: int) -> None:
    """Change the sheet: a row to retire, a row to record, a rejection that moves."""
    world.sheets["s"] = make_sheet([*make_entries(10 + step, start=step), make_entry("31/02/2026")])
    world.now += timedelta(hours=1)


def check_after_kill(world: World, old_content: Content) -> None:
    """Check that the content is the old or the new one and that the next sync succeeds and tidies up."""
    version = world.open_database().version
    content = world.read_content()
    world.sync()
    assert content in (old_content, world.read_content())
    assert world.open_database().version >= version
    assert not world.sync().published
    assert [path.name for path in world.pointer.parent.iterdir() if not EXPECTED_FILES.fullmatch(path.name)] == []
    assert journal.read(DatabasePaths(world.pointer).journal)


def test_killed_at_any_step_of_the_store(world: World) -> None:
    change_sheet(world, 0)
    world.sync()
    change_sheet(world, 1)
    counting = SyncProcess(world, count_points)
    count = counting.receive()
    assert counting.wait() == 0
    assert isinstance(count, int)
    assert count > 60
    # The last steps publish; the earlier ones touch only the staging file.
    steps = [*range(0, count - 45, 25), *range(count - 45, count, 4)]
    for step, point in enumerate(steps, start=2):
        old_content = world.read_content()
        change_sheet(world, step)
        assert SyncProcess(world, KillAt(point)).wait() == -9
        check_after_kill(world, old_content)


def test_killed_at_any_step_of_the_first_sync(world: World) -> None:
    change_sheet(world, 0)
    for point in range(0, 60, 9):
        assert SyncProcess(world, KillAt(point)).wait() == -9
    world.sync()
    assert len(world.read_content()["entries"]) == 10
    assert not world.sync().published


def test_killed_at_any_moment(world: World) -> None:
    change_sheet(world, 0)
    world.sync()
    rng = random.Random(3)
    for step in range(1, 11):
        old_content = world.read_content()
        change_sheet(world, step)
        run = SyncProcess(world, sync_and_report)
        assert run.receive() == "started"
        time.sleep(rng.uniform(0, 0.25))
        run.kill()
        run.wait()
        check_after_kill(world, old_content)


def test_a_reported_version_survives_a_kill(world: World) -> None:
    change_sheet(world, 0)
    run = SyncProcess(world, sync_and_report)
    assert run.receive() == "started"
    version = run.receive()
    run.kill()
    run.wait()
    assert world.open_database().version == version
    assert len(world.read_content()["entries"]) == 10
