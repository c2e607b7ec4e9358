"""Machines that follow one lake show the same at the same version, whatever they saw before, and none goes back."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from kpis.access.identities import OPEN_VIEWER
from kpis.language import clock
from kpis.services.reading_duty import ReadingDuty
from kpis.store.database import Database
from kpis.store.lake.address import LakeAddress
from kpis.store.lake.follower import follow
from kpis.store.versions import find_current_version
from kpis.ui import pages
from kpis.ui.frame.startup import OpenVersion
from kpis.ui.frame.view_resolution import resolve_view
from kpis.ui.overview.page import render_overview
from kpis.ui.province.page import render_province
from kpis.ui.sources.page import build_source_list
from tests.postgres_server import LEADER, PostgresServer
from tests.store.lake.lake_world import change, read_tables
from tests.sync.conftest import World


def render_pages(pointer: Path, moment: datetime) -> list[str]:
    """Return the HTML of three pages on one machine, nothing of which was kept: for a day, and for a month before."""
    database = Database.open(pointer)
    assert database is not None
    with closing(database):
        version = OpenVersion(pointer, database.version, database, clock.to_local_day(moment), sample=False)
        rendered = []
        for day in (version.today, version.today - timedelta(days=30)):
            view = resolve_view({"plan": "p", "as_of": day.isoformat()}, version, OPEN_VIEWER, pages.OVERVIEW).view
            rendered += [str(render_overview(database, view)), str(render_province(database, view))]
            rendered.append(repr(build_source_list(database, view)))
        return rendered


def test_at_the_same_version_every_machine_shows_the_same_and_none_goes_back(
    lake_world: World, lake_address: LakeAddress, follower_address: LakeAddress, tmp_path: Path
) -> None:
    """One follows each publication, one some of them, one begins at the end; the leader itself is one more."""
    every, some, late = (tmp_path / name / "kpis.json" for name in ("every", "some", "late"))
    for pointer in (every, some, late):
        pointer.parent.mkdir()
    seen: dict[Path, list[int | None]] = {every: [], some: []}
    for step in range(1, 5):
        change(lake_world, step)
        lake_world.sync()
        for pointer in [every] if step % 2 else [every, some]:
            follow(follower_address, pointer)
            seen[pointer].append(find_current_version(pointer))
    assert seen == {every: [2, 3, 4, 5], some: [3, 5]}
    assert follow(follower_address, late) == 5
    rendered = [render_pages(pointer, lake_world.now) for pointer in (lake_world.pointer, every, some, late)]
    assert all("Sở Công Thương" in page for page in rendered[0][:2])
    assert rendered[1:] == rendered[:1] * 3
    assert [read_tables(pointer) for pointer in (every, some, late)] == [read_tables(lake_world.pointer)] * 3


def test_of_three_watches_one_reads_and_another_at_the_next_turn_when_its_session_ends(
    lake_address: LakeAddress, postgres: PostgresServer
) -> None:
    with ReadingDuty(lake_address) as first, ReadingDuty(lake_address) as second, ReadingDuty(lake_address) as third:
        watches = [first, second, third]
        assert [watch.is_ours() for watch in watches] == [True, False, False]
        with closing(postgres.connect(lake_address.parameters["dbname"])) as connection:
            connection.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = %s", [LEADER]
            )
        assert [watch.is_ours() for watch in (second, third, first)] == [True, False, False]
        assert [watch.is_ours() for watch in watches] == [False, True, False]
