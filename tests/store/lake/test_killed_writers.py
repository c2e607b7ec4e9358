"""Writers that are killed at any moment, half of them at the commit, lose nothing acknowledged and leave no part."""

from __future__ import annotations

import os
import random
import time
from contextlib import closing
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from kpis.store.lake.address import LakeAddress
from kpis.store.lake.connection import open_lake
from kpis.store.lake.contents import count_contents, read_contents
from kpis.store.lake.durable_files import NewFiles
from kpis.store.lake.lake_version import LakeVersion
from tests.store.lake.lake_world import follow_from_nothing, make_lake_world, read_tables
from tests.sync.conftest import World, make_entries, make_sheet
from tests.sync.sync_process import SyncProcess

KILLS = int(os.environ.get("LAKE_TEST_KILLS", "12"))
"""How many writers are killed; 200 take some minutes."""

ROWS = 8
LONGEST_COMMIT = 0.03
"""Seconds after the last word before a commit, within which half of the writers are killed."""
PATIENCE = 120.0

Word = tuple[str, int]


def show_step(world: World, step: int) -> None:
    """Let the sheet be that of a step: as many rows, all others."""
    world.now += timedelta(hours=1)
    world.sheets["s"] = make_sheet(make_entries(ROWS, start=step))


class Writer:
    """Publishes one step after the other in a process, and says before each commit and after it where it is."""

    def __init__(self, first: int) -> None:
        self.first = first

    def __call__(self, world: World, pipe: Connection) -> None:
        step, write_through = self.first, NewFiles.write_through

        def write_and_tell(self: NewFiles) -> None:
            write_through(self)
            pipe.send(("commits", step))

        NewFiles.write_through = write_and_tell  # type: ignore[method-assign]
        pipe.send(("started", step))
        while True:
            show_step(world, step)
            while not world.sync().published:  # the session of a killed writer may still be there for a moment
                time.sleep(0.01)
            pipe.send(("published", step))
            step += 1


def kill_writer(world: World, first: int, rng: random.Random, pace: float, *, is_at_commit: bool) -> list[Word]:
    """Run a writer from a step on, kill it, and return what it has said."""
    words: list[Word] = []
    run = SyncProcess(world, Writer(first))
    awaited = [("commits", first + rng.randrange(2)) if is_at_commit else ("started", first)]
    while awaited[0] not in words:
        assert run.pipe.poll(PATIENCE)
        words.append(run.receive())  # type: ignore[arg-type]
    time.sleep(rng.uniform(0, LONGEST_COMMIT if is_at_commit else 2 * pace))
    run.kill()
    try:
        while run.pipe.poll(PATIENCE):
            words.append(run.receive())  # type: ignore[arg-type]
    except EOFError:
        pass
    assert run.wait() == -9
    return words


def find_step(address: LakeAddress, spill: Path) -> int:
    """Return the step whose rows are the current ones, all of them and each once; counts must be the recorded ones."""
    with closing(LakeVersion(address, open_lake(address, spill, is_read_only=True))) as lake:
        expected = {key: content.figures for key, content in read_contents(lake.connection).items() if content.rows}
        assert {key: content.figures for key, content in count_contents(lake.connection).items()} == expected
        count = lake.fetch_rows("select count(*) as n from entries")[0]["n"]
        rows = lake.fetch_rows("select content, retired_at from entries")
        assert count == len(rows)
    numbers = sorted(int(str(row["content"]).split()[1]) for row in rows if row["retired_at"] is None)
    assert numbers == list(range(numbers[0], numbers[0] + ROWS))
    return numbers[0]


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_nothing_is_there_in_part(
    lake_address: LakeAddress, lake_folder: Path, tmp_path: Path
) -> None:
    world = make_lake_world(lake_address, lake_folder, tmp_path / "local")
    rng, step, publications = random.Random(11), 1, 1
    show_step(world, step)
    began = time.monotonic()
    world.sync()
    pace = time.monotonic() - began
    for kill in range(KILLS):
        words = kill_writer(world, step + 1, rng, pace, is_at_commit=kill % 2 == 0)
        acknowledged = max((number for word, number in words if word == "published"), default=step)
        begun = max((number for word, number in words if word == "commits"), default=step)
        current = find_step(lake_address, tmp_path / "spill")
        assert acknowledged <= current <= begun
        publications += current - step
        world.now, step = world.now + timedelta(hours=current - step), current
    show_step(world, step + 1)
    result = world.sync()
    assert result.published
    assert result.version == publications + 1
    assert read_tables(world.pointer) == follow_from_nothing(lake_address, tmp_path / "new")
