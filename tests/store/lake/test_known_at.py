"""What was known at a moment stays the same after many publications and after tidying."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from kpis.store.lake.address import LakeAddress
from kpis.store.lake.tidying import tidy_lake
from tests.postgres_server import PostgresServer
from tests.store.lake.lake_world import age_lake, follow_from_nothing
from tests.sync.conftest import World, make_entries, make_sheet

PUBLICATIONS = int(os.environ.get("LAKE_TEST_PUBLICATIONS", "4"))
"""How many publications come in between; 100 take a minute or two."""


@pytest.mark.slow
def test_what_was_known_last_sunday_stays_through_publications_and_tidying(
    lake_world: World, lake_address: LakeAddress, lake_folder: Path, tmp_path: Path,
    postgres: PostgresServer, lake_database: str,
) -> None:  # fmt: skip
    """Each publication retires a row and records another one."""
    sunday = lake_world.now
    expected = lake_world.read_content(sunday)
    assert len(expected["entries"]) == 10
    for step in range(1, PUBLICATIONS + 1):
        lake_world.now += timedelta(hours=1)
        lake_world.sheets["s"] = make_sheet(make_entries(10, start=step))
        assert lake_world.sync().version == step + 1
        if step in (PUBLICATIONS // 2, PUBLICATIONS):
            assert lake_world.read_content(sunday) == expected
            age_lake(postgres, lake_database, lake_folder)
            assert tidy_lake(lake_address, tmp_path / "spill", is_dry_run=False).merged > 0
    age_lake(postgres, lake_database, lake_folder)
    assert tidy_lake(lake_address, tmp_path / "spill", is_dry_run=False).removed > 0
    assert lake_world.read_content(sunday) == expected
    assert lake_world.read_content() != expected
    follow_from_nothing(lake_address, tmp_path / "new")
    assert World(tmp_path / "new" / "kpis.json").read_content(sunday) == expected
