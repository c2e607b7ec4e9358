"""The rows of the bench about lakes run, at a tiny size; no timings."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from bench import databases, lake_moving, lake_publication
from bench.lake import find_file_system
from tests.postgres_server import PostgresServer


@pytest.mark.slow
@pytest.mark.usefixtures("lake_database")
def test_a_change_on_a_lake_and_a_move_are_measured(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "FOLDER", tmp_path)
    monkeypatch.setattr(databases, "ENTRY_COUNTS", {"2k": 200})
    monkeypatch.setattr(lake_publication, "_BASELINE_SIZE", "2k")
    monkeypatch.setattr(lake_publication, "_TURNS", 1)
    for module in (lake_publication, lake_moving):
        monkeypatch.setattr(module, "serve_postgres", lambda: nullcontext(postgres))
    lines = lake_publication.measure(["2k"], float("inf"))
    assert [line.row for line in lines] == [26, 27, 28]
    assert all(line.ratio for line in lines)
    assert all(find_file_system(tmp_path) in line.note for line in lines)
    (moved,) = lake_moving.measure(["2k"], float("inf"))
    assert moved.goal_met
    assert "200 entries: to the lake " in moved.note
